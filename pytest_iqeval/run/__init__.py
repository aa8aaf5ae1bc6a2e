"""Puts a run together and closes it: the only place that knows all the adapters."""

from pytest_iqeval.run.opening import open_run
from pytest_iqeval.run.run import Ending, Left, Progress, Run

__all__ = ["Ending", "Left", "Progress", "Run", "open_run"]
