"""Runs the command in this process, in a folder with runs in it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

import pytest

from pytest_iqeval.cli.main import main


class Told(NamedTuple):
    """What a command printed, and its exit code."""

    code: int
    out: str
    err: str

    @property
    def lines(self) -> list[str]:
        """The lines of the output."""
        return self.out.splitlines()


Iqeval = Callable[..., Told]


@pytest.fixture
def iqeval(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Iqeval:
    """``iqeval("explain", "last", "one")``, in a folder of its own, 100 columns wide."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("COLUMNS", "100")

    def call(*words: str) -> Told:
        code = main(words)
        captured = capsys.readouterr()
        return Told(code, captured.out, captured.err)

    return call
