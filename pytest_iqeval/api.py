"""What users' own code may import; everything else may change.

For a scorer of your own: `Sample`, `Reply`, `Score`, `Outcome`; for one that first reads an answer
also `ReadingScorer`, `Reading`, `Rule`, `Tried`, `prepare`. For a metric: `Result`, `Metric`. For a
finished run: `load_run`, and what it holds.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pytest_iqeval.core.errors import ExtraMissing, FolderError
from pytest_iqeval.core.extract.reading import Reading, Rule, Tried
from pytest_iqeval.core.extract.text import prepare
from pytest_iqeval.core.metrics.values import Metric
from pytest_iqeval.core.request import Reply
from pytest_iqeval.core.result import Result, Reviewed
from pytest_iqeval.core.sample import Sample
from pytest_iqeval.core.score import Outcome, Score
from pytest_iqeval.core.scorers.reading import ReadingScorer
from pytest_iqeval.core.summary import SCHEMA_VERSION, BenchmarkSummary, Summary
from pytest_iqeval.reports.reviews import read_reviews, read_rows
from pytest_iqeval.store.folder import find_run

if TYPE_CHECKING:
    import pandas  # an extra

__all__ = [
    "BenchmarkSummary",
    "ExtraMissing",
    "FolderError",
    "Metric",
    "Outcome",
    "Reading",
    "ReadingScorer",
    "Reply",
    "Result",
    "Reviewed",
    "Rule",
    "Sample",
    "Score",
    "StoredRun",
    "Summary",
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

    @property
    def summary(self) -> Summary:
        """The aggregate, as the hook `pytest_iqeval_summary` gets it.

        :raises FolderError: the report is of another version, or damaged.
        """
        path = self.folder / "report.json"
        version = self.report.get("schema_version")
        if version != SCHEMA_VERSION:
            raise FolderError(
                f"{path}: has schema_version {version!r}, and this version reads {SCHEMA_VERSION}",
                hint="`report` and `rows()` hold what is there",
            )
        try:
            return Summary.from_plain(self.report)
        except (ValueError, KeyError, TypeError, AttributeError) as error:
            raise FolderError(
                f"{path}: is no report of a run ({type(error).__name__}: {error})"
            ) from None

    @property
    def benchmarks(self) -> Mapping[str, BenchmarkSummary]:
        """The aggregate of each benchmark, by name."""
        return {benchmark.name: benchmark for benchmark in self.summary.benchmarks}

    @property
    def results(self) -> Iterator[Reviewed]:
        """Each question and repeat: its ``result`` and its ``reply``, read as you go through them.

        A new iterator each time.

        :raises FolderError: a file that can't be read, or a line that is no review row.
        """
        for path in sorted(self.folder.glob("reviews/*/*.jsonl")):
            yield from read_reviews(path)

    def frame(self) -> pandas.DataFrame:
        """The review rows as a pandas frame, one row a question and repeat.

        The columns are the row's keys; of the mappings ``usage``, ``timing`` and ``metadata``
        each key is a column: ``usage.prompt_tokens``, ``metadata.level``.

        :raises ExtraMissing: pandas is not installed.
        :raises FolderError: a file that can't be read.
        """
        try:
            from pandas import DataFrame  # an extra, and slow
        except ImportError:
            raise ExtraMissing(
                "run.frame() needs pandas, which is not installed",
                hint="pip install 'pytest-iqeval[pandas]'",
            ) from None
        return DataFrame.from_records([_flat(row) for row in self.rows()])

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


def _flat(row: Mapping[str, Any]) -> dict[str, Any]:
    flat: dict[str, Any] = {}
    for name, value in row.items():
        if name in ("usage", "timing", "metadata"):
            flat |= {f"{name}.{key}": inner for key, inner in value.items()}
        else:
            flat[name] = value
    return flat


def _unreadable(path: Path, error: OSError | ValueError) -> FolderError:
    said = error.strerror if isinstance(error, OSError) else error
    return FolderError(f"{path}: can't be read: {said or error}")
