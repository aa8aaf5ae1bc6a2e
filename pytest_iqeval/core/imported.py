"""What a run that another tool asked says of itself, beside what every run says."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

RECORDED = "recorded"
"""The scorer of benchmarks whose replies keep the scores that they came with."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportedBenchmark:
    """One of its benchmarks: what the tool calls it, and the ``score`` by ``metric`` in its report
    (``None``: there is no report).

    ``rescored`` says that the scores are ours; else ``why`` says why they are the tool's. Of the
    replies that both have judged, ``differing`` are judged otherwise. ``rebuilt``: its data are the
    tool's own records, since the data set was not at hand.
    """

    theirs: str
    metric: str | None
    score: float | None
    rescored: bool
    why: str | None
    differing: int
    rebuilt: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Imported:
    """Where a run comes from: the tool, its version where that is known, the ``generation`` of
    its files and the name of their folder; what of it was left out, a sentence each."""

    tool: str
    version: str | None
    generation: int
    folder: str
    benchmarks: Mapping[str, ImportedBenchmark] = field(default_factory=dict)
    left_out: tuple[str, ...] = ()

    def rebuilt(self, benchmark: str) -> bool:
        """Whether nothing is known of a benchmark's data but the questions that were asked."""
        return self.benchmarks[benchmark].rebuilt

    @classmethod
    def from_plain(cls, plain: Mapping[str, Any]) -> Imported:
        """The inverse of what `Summary.to_plain` makes of it."""
        benchmarks = {name: ImportedBenchmark(**b) for name, b in plain["benchmarks"].items()}
        return cls(**{**plain, "benchmarks": benchmarks, "left_out": tuple(plain["left_out"])})
