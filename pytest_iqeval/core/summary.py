"""The aggregate of a run: what terminal, JUnit, HTML, `report.json` and the hooks all show."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

SCHEMA_VERSION = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Metric:
    """A value with its two-sided 95 % interval, over ``n`` scores; nothing over no scores.

    Shares are 0 to 1. ``low`` and ``high`` are ``None`` where there is no interval.
    """

    value: float | None
    low: float | None = None
    high: float | None = None
    n: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Group:
    """The scores of a benchmark or a subset: ``outcomes`` counts every `Outcome`, zeros too.

    ``latency`` holds ``p50`` and ``p95`` in seconds, ``None`` without replies; ``tokens`` is the
    sum of completion tokens that the endpoint counted, ``None`` where it counted none.
    """

    name: str
    metrics: Mapping[str, Metric]
    outcomes: Mapping[str, int]
    latency: Mapping[str, float | None]
    tokens: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class BenchmarkSummary(Group):
    """A benchmark: ``asked`` questions were selected, of ``available`` in the whole set."""

    revision: str
    language: str
    licence: str | None
    data_sha256: str
    asked: int
    available: int
    subsets: Mapping[str, Group]


@dataclass(frozen=True, slots=True, kw_only=True)
class GateRow:
    """One gate judged for one benchmark (``None``: for the run).

    ``passed`` is ``None`` where it could not be judged; ``reason`` is a sentence for people:
    ``accuracy 0.62 [0.53, 0.70] n=120 of 120``.
    """

    expression: str
    benchmark: str | None
    passed: bool | None
    observed: float | None
    low: float | None = None
    high: float | None = None
    n: int | None = None
    available: int | None = None
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RunFacts:
    """What a run was, apart from its scores. Times are ISO 8601 with offset; no secret in it."""

    id: str
    started: str
    finished: str
    model: str
    base_url: str
    provider: str | None
    generation: Mapping[str, object]
    answer: str
    versions: Mapping[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Selection:
    """Which questions were chosen: ``asked`` is how many, of ``available`` in the benchmarks."""

    limit: int | None
    sample: int | None
    seed: int | None
    keyword: str | None
    mark: str | None
    asked: int
    available: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Lost:
    """A selected question without a score, by its node id, and why."""

    id: str
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Summary:
    """The aggregate. ``to_plain`` is `report.json`.

    ``not_asked`` counts selected questions that were never reached; ``lost`` names at most 100
    questions without a score (reached or not). ``usage`` counts requests, retries and tokens,
    ``latency`` holds p50 and p95 in seconds over all replies. ``headline`` is the verdict in one
    sentence, as the terminal prints it.
    """

    run: RunFacts
    selection: Selection
    benchmarks: tuple[BenchmarkSummary, ...]
    gates: tuple[GateRow, ...]
    verdict: str
    headline: str
    exit_code: int
    not_asked: int
    ordinary_failures: int
    lost: tuple[Lost, ...]
    usage: Mapping[str, int | None]
    latency: Mapping[str, float | None]
