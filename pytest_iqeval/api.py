"""What users' own code may import; everything else may change.

For a scorer of your own: `Sample`, `Reply`, `Score`, `Outcome`; for one that first reads an answer
also `ReadingScorer`, `Reading`, `Rule`, `Tried`, `prepare`. For a finished run: `load_run`.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pytest_iqeval.core.errors import FolderError
from pytest_iqeval.core.extract.reading import Reading, Rule, Tried
from pytest_iqeval.core.extract.text import prepare
from pytest_iqeval.core.request import Reply
from pytest_iqeval.core.sample import Sample
from pytest_iqeval.core.score import Outcome, Score
from pytest_iqeval.core.scorers.reading import ReadingScorer
from pytest_iqeval.reports.reviews import read_rows
from pytest_iqeval.store.folder import find_run

__all__ = [
    "FolderError",
    "Outcome",
    "Reading",
    "ReadingScorer",
    "Reply",
    "Rule",
    "Sample",
    "Score",
    "StoredRun",
    "Tried",
    "load_run",
    "prepare",
]


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredRun:
    """A finished run: its folder, and ``report``, what `report.json` holds."""

    folder: Path
    report: Mapping[str, Any]

    @property
    def model(self) -> str:
        """The model that was asked."""
        return str(self.report["run"]["model"])

    @property
    def verdict(self) -> str:
        """``passed``, ``failed``, ``inconclusive`` or ``ungated``."""
        return str(self.report["verdict"])

    def rows(self) -> Iterator[dict[str, Any]]:
        """The review rows, one a question and repeat, read while you go through them.

        :raises FolderError: a file that can't be read.
        """
        for path in sorted(self.folder.glob("reviews/*/*.jsonl")):
            try:
                yield from read_rows([path])
            except (OSError, ValueError) as error:
                raise _unreadable(path, error) from None


def load_run(run: str | Path, *, output: str | Path = "outputs") -> StoredRun:
    """A finished run.

    :param run: its folder, or its `report.json`; with `output` also its name, or ``last``.
    :param output: the folder that holds the runs of a model, ``outputs/<model>``.
    :raises FolderError: there is no such run, it is not finished, or it can't be read.
    """
    folder = find_run(str(run), Path(output))
    path = folder.report_json
    if not path.is_file():
        raise FolderError(
            f"{folder.path}: the run is not finished: there is no report.json",
            hint="go on with it: --iqeval-resume",
        )
    try:
        report = json.loads(path.read_text("utf-8"))
    except (OSError, ValueError) as error:
        raise _unreadable(path, error) from None
    if not isinstance(report, Mapping) or not {"run", "verdict"} <= report.keys():
        raise FolderError(f"{path}: is no report of a run")
    return StoredRun(folder=folder.path.absolute(), report=report)


def _unreadable(path: Path, error: OSError | ValueError) -> FolderError:
    said = error.strerror if isinstance(error, OSError) else error
    return FolderError(f"{path}: can't be read: {said or error}")
