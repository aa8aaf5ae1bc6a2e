"""Puts a run together and closes it: the only place that knows all the adapters."""

from pytest_iqeval.run.ending import Ending, Left
from pytest_iqeval.run.ledger import Ledger
from pytest_iqeval.run.opening import Surroundings, open_run
from pytest_iqeval.run.run import Run

__all__ = ["Ending", "Ledger", "Left", "Run", "Surroundings", "open_run"]
