"""The index of a run: the weighted mean of its benchmarks, with its interval."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any, Generic, TypeVar

from pytest_iqeval.core.definition import Benchmark
from pytest_iqeval.core.errors import SettingsError
from pytest_iqeval.core.metrics import MACRO, family_of, share_function
from pytest_iqeval.core.metrics.values import Measure
from pytest_iqeval.core.result import Result
from pytest_iqeval.core.sample import Sample
from pytest_iqeval.core.statistics.combined import weighted_mean
from pytest_iqeval.core.suite import SuiteSet, set_of


@dataclass(frozen=True, slots=True, kw_only=True)
class IndexPart:
    """A benchmark's part in the index: its ``weight``, and the mean over questions that counts."""

    benchmark: str
    weight: Fraction = Fraction(1)
    metric: str = "accuracy"


@dataclass(frozen=True, slots=True, kw_only=True)
class Index:
    """The index as reports show it, with its two-sided 95 % interval.

    ``value`` is ``None`` where a benchmark in ``missing`` has no number: a mean of the rest would
    be another index. ``weights`` and ``metrics`` are by benchmark; ``n`` counts the questions.
    ``from_suite``: a suite says which benchmarks it is of. Without one all count alike.
    """

    value: float | None
    low: float | None
    high: float | None
    n: int
    weights: Mapping[str, float]
    metrics: Mapping[str, str]
    missing: tuple[str, ...] = ()
    from_suite: bool = False

    @classmethod
    def from_plain(cls, plain: Mapping[str, Any]) -> Index:
        """As it stands in `report.json`."""
        return cls(**{**plain, "missing": tuple(plain["missing"])})

    @property
    def says_more(self) -> bool:
        """Whether it says more than a single benchmark's accuracy, over questions or subsets."""
        shown = ("accuracy", MACRO)
        return len(self.weights) > 1 or any(name not in shown for name in self.metrics.values())

    @property
    def parts(self) -> tuple[IndexPart, ...]:
        """What it is made of."""
        return tuple(
            IndexPart(benchmark=name, weight=Fraction(str(weight)), metric=self.metrics[name])
            for name, weight in self.weights.items()
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class IndexMeasure:
    """The index of a run's results: ``total`` exactly, ``None`` where ``missing`` names any."""

    total: Fraction | None
    low: float | None
    high: float | None
    n: int
    missing: tuple[str, ...]


T = TypeVar("T")


@dataclass(frozen=True, slots=True, kw_only=True)
class Cell(Generic[T]):
    """Items of a part that are averaged alike, with the share of its weight that they have."""

    weight: Fraction
    metric: str
    items: Sequence[T]


def parts_of(
    sets: Sequence[SuiteSet],
    benchmarks: Mapping[str, Benchmark],
    written: Mapping[str, Sequence[str]],
) -> tuple[IndexPart, ...]:
    """The parts that a suite says, by the benchmarks' names; none without a suite.

    :param benchmarks: those that are known, by name.
    :param written: what users wrote for each.
    """
    by_spec = {one.spec: name for name in benchmarks if (one := set_of(sets, name, written))}
    parts = []
    for one in (one for one in sets if one.weight):
        name = by_spec.get(one.spec, one.spec)
        metric = one.metric or (_headline(benchmarks[name]) if name in benchmarks else "accuracy")
        parts.append(IndexPart(benchmark=name, weight=one.weight, metric=metric))
    return tuple(parts)


def _headline(benchmark: Benchmark) -> str:
    """What the makers of a benchmark report."""
    return MACRO if benchmark.definition.average == "macro" else "accuracy"


def check_parts(parts: Iterable[IndexPart], repeats: int) -> None:
    """Refuse a metric of more replies than each question gets.

    :raises SettingsError: the first of them.
    """
    for part in parts:
        family = family_of(part.metric)
        if family is not None and family[1] > repeats:
            raise SettingsError(
                f"the index takes {part.metric} of {part.benchmark}, which needs {family[1]} "
                f"replies to a question, and {repeats} are asked for",
                hint=f"repeats: {family[1]} in the suite, or --iqeval-repeats {family[1]}",
            )


def all_alike(benchmarks: Iterable[Benchmark]) -> tuple[IndexPart, ...]:
    """The parts where no suite says any: every benchmark, with the same weight."""
    return tuple(IndexPart(benchmark=one.name, metric=_headline(one)) for one in benchmarks)


def cells(
    part: IndexPart, items: Iterable[T], sample_of: Callable[[T], Sample]
) -> tuple[Cell[T], ...]:
    """A part's items in the pieces that count as one: all, or each subset of a mean over those.

    :param items: those of all benchmarks; each has a sample.
    """
    by_subset: dict[str, list[T]] = {}
    for item in items:
        sample = sample_of(item)
        if sample.benchmark == part.benchmark:
            subset = sample.subset if part.metric == MACRO else ""
            by_subset.setdefault(subset, []).append(item)
    metric = "accuracy" if part.metric == MACRO else part.metric
    weight = part.weight / max(1, len(by_subset))
    return tuple(Cell(weight=weight, metric=metric, items=found) for found in by_subset.values())


def measure_index(
    parts: Sequence[IndexPart], results: Sequence[Result], level: float = 0.95
) -> IndexMeasure:
    """The index of results.

    :param level: coverage of the interval, between 0 and 1.
    """
    by_name: dict[str, list[Result]] = {part.benchmark: [] for part in parts}
    for result in results:
        if result.sample.benchmark in by_name:
            by_name[result.sample.benchmark].append(result)
    measured = [(part, _measure(part, by_name[part.benchmark])) for part in parts]
    n = sum(measure.n for _, measure in measured)
    missing = tuple(part.benchmark for part, measure in measured if _share(measure) is None)
    if missing or not parts:
        return IndexMeasure(total=None, low=None, high=None, n=n, missing=missing)
    total = sum((part.weight * (_share(m) or 0) for part, m in measured), start=Fraction())
    _, low, high = weighted_mean([(float(part.weight), *_ends(m, level)) for part, m in measured])
    weight = sum((part.weight for part in parts), start=Fraction())
    return IndexMeasure(total=total / weight, low=low, high=high, n=n, missing=())


def index_shown(
    parts: Sequence[IndexPart], results: Sequence[Result], *, from_suite: bool
) -> Index:
    """The index for reports."""
    found = measure_index(parts, results)
    return Index(
        value=None if found.total is None else float(found.total),
        low=found.low,
        high=found.high,
        n=found.n,
        weights={part.benchmark: float(part.weight) for part in parts},
        metrics={part.benchmark: part.metric for part in parts},
        missing=found.missing,
        from_suite=from_suite,
    )


def _measure(part: IndexPart, results: Sequence[Result]) -> Measure:
    return share_function(part.metric)(results)


def _share(measure: Measure) -> Fraction | None:
    return None if measure.gap else measure.share


def _ends(measure: Measure, level: float) -> tuple[float, float, float]:
    """Value and interval of a measure that has a number."""
    metric = measure.metric(level)
    assert metric.value is not None
    low = metric.value if metric.low is None else metric.low
    return metric.value, low, metric.value if metric.high is None else metric.high
