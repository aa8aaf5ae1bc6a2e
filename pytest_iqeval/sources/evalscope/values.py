"""What a row of EvalScope's files says, whichever generation wrote it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from pytest_iqeval.core.request import Message, Reply


@dataclass(frozen=True, slots=True, kw_only=True)
class TheirScore:
    """How EvalScope judged a reply: ``value`` by the metric ``name``, all of them in ``values``.

    ``extracted`` is the answer that it read.
    """

    name: str
    value: float | None
    values: Mapping[str, float] = field(default_factory=dict)
    extracted: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Record:
    """One reply to one question.

    ``group`` names the question within its subset, and ``repeat`` which of the replies to it this
    is. ``asked`` are the messages that were sent, empty where they are not known. ``targets`` are
    the right answers. ``row`` holds the data set's own fields, as far as the files have them;
    ``whole`` says that those are all there were, question and options too. ``error`` says why
    there is no reply.
    ``file`` and ``line`` are where it was read.
    """

    index: int
    group: str
    repeat: int
    asked: tuple[Message, ...]
    targets: tuple[str, ...]
    row: Mapping[str, object]
    whole: bool
    reply: Reply | None
    error: str | None
    score: TheirScore | None
    created_s: float | None
    file: Path
    line: int


@dataclass(frozen=True, slots=True, kw_only=True)
class TheirMetric:
    """A metric of a report: over all of the benchmark, and by subset."""

    name: str
    score: float | None
    subsets: Mapping[str, float]


@dataclass(frozen=True, slots=True, kw_only=True)
class TheirReport:
    """The aggregate that EvalScope wrote of a benchmark; its headline is the first metric."""

    benchmark: str
    model: str
    metrics: tuple[TheirMetric, ...]

    @property
    def subsets(self) -> frozenset[str]:
        """The names of its subsets."""
        return frozenset(name for metric in self.metrics for name in metric.subsets)

    def metric(self, name: str) -> TheirMetric | None:
        """The metric over the scores of that name (``mean_acc`` is over ``acc``), else the
        headline."""
        ends = [metric for metric in self.metrics if metric.name.endswith(name)]
        return next(iter([*ends, *self.metrics]), None)


@dataclass(frozen=True, slots=True, kw_only=True)
class TheirConfig:
    """What the task configuration says of a run, as far as it is there.

    ``generation`` holds the fields of the requests; ``secret`` is a key that stood there,
    so that no text shows it.
    """

    model: str | None = None
    url: str | None = None
    benchmarks: tuple[str, ...] = ()
    generation: Mapping[str, object] = field(default_factory=dict)
    limit: int | None = None
    version: str | None = None
    secret: str | None = None
