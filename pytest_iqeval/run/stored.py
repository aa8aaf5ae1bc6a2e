"""A finished run, read back: its aggregate and every review row. Nothing is written or asked."""

from __future__ import annotations

import json
import shlex
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from pytest_iqeval.core.errors import FolderError, UnknownName, UsageFault
from pytest_iqeval.core.rescoring import Judge
from pytest_iqeval.core.result import Reviewed
from pytest_iqeval.core.summary import SCHEMA_VERSION, BenchmarkSummary, Summary
from pytest_iqeval.reports.reviews import read_reviews
from pytest_iqeval.run.scorers import known_scorer
from pytest_iqeval.store.folder import RunFolder


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredRun:
    """A run as its folder holds it; ``reviewed`` in the order of the report's subsets."""

    folder: RunFolder
    summary: Summary
    reviewed: tuple[Reviewed, ...]

    def benchmark(self, name: str) -> BenchmarkSummary:
        """The aggregate of a benchmark of the run.

        :raises UnknownName: it is not of this run.
        """
        by_name = {b.name: b for b in self.summary.benchmarks}
        if name not in by_name:
            raise UnknownName("benchmark of this run", name, by_name)
        return by_name[name]


def read_run(folder: RunFolder) -> StoredRun:
    """Read report and reviews of a finished run.

    :raises FolderError: it is not finished, or a file of it is missing, damaged, or of a version
        that this one can't read.
    """
    summary = read_summary(folder)
    subsets = [(b.name, name) for b in summary.benchmarks for name in b.subsets]
    paths = dict.fromkeys(folder.review(summary.run.model, *subset) for subset in subsets)
    reviewed = tuple(
        one
        for path in paths
        if path.is_file()  # none of that subset's questions may have been reached
        for one in read_reviews(path)
        if (one.result.sample.benchmark, one.result.sample.subset) in subsets
    )
    counted = sum(sum(b.outcomes.values()) for b in summary.benchmarks)
    if len(reviewed) != counted:
        raise FolderError(
            f"{folder.path}: report.json counts {counted} replies, "
            f"but reviews/ holds {len(reviewed)}",
            hint=f"copy the whole folder, or make it again: {_replay(folder)}",
        )
    return StoredRun(folder=folder, summary=summary, reviewed=reviewed)


def read_summary(folder: RunFolder) -> Summary:
    """Read the report of a finished run.

    :raises FolderError: it is not finished, or the report is damaged or of another version.
    """
    path = folder.report_json
    if not path.is_file():
        raise FolderError(
            f"{folder.path}: the run has no report.json: it did not come to its end",
            hint=f"go on with it (--iqeval-resume), or judge what it has: {_replay(folder)}",
        )
    try:
        plain: Any = json.loads(path.read_text("utf-8"))
        version = plain["schema_version"]
        if version == SCHEMA_VERSION:
            return Summary.from_plain(plain)
    except OSError as error:
        raise FolderError(f"{path}: can't be read: {error.strerror or error}") from None
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        said = f"{type(error).__name__}: {error}"
        raise FolderError(
            f"{path}: is no report of a run ({said})",
            hint=f"make it again from the journal: {_replay(folder)}",
        ) from None
    raise FolderError(
        f"{path}: has schema_version {version!r}, and this version reads {SCHEMA_VERSION}",
        hint="upgrade pytest-iqeval",
    )


def stored_judge(run: StoredRun, benchmark: BenchmarkSummary) -> Judge:
    """Today's scorer of the name and options that judged a benchmark of the run.

    :raises UsageFault: there is none of that name here, or its options can't be any more.
    """
    name, options = named_scorer(benchmark)
    try:
        scorer = known_scorer(name, options, where=f"{run.folder.path}: {benchmark.name}: ")
    except UnknownName as unknown:
        raise UsageFault(
            f"{benchmark.name} was judged by the scorer {name!r}, which is not known here",
            hint=f"if a conftest.py registers it, judge again with {_replay(run.folder)}; "
            f"of the scorers that need none, {unknown.hint}",
        ) from None
    return Judge(scorer=scorer, name=name, options=options)


def named_scorer(benchmark: BenchmarkSummary) -> tuple[str, Mapping[str, object]]:
    """Name and options of the scorer that judged a benchmark."""
    options = benchmark.scorer["options"]
    return str(benchmark.scorer["name"]), options if isinstance(options, Mapping) else {}


def _replay(folder: RunFolder) -> str:
    return f"pytest --iqeval-replay {shlex.quote(str(folder.path))}"
