"""A benchmark over the runs of a folder: what each model reached, run after run."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from pytest_iqeval.core.metrics.values import Metric


@dataclass(frozen=True, slots=True, kw_only=True)
class Point:
    """What one run reached in a benchmark. ``started`` is ISO 8601 with offset.

    ``changed`` says what is not as it was in the run before it of this model: a step may be that.
    """

    run: str
    model: str
    benchmark: str
    started: str
    accuracy: Metric
    verdict: str
    changed: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Trend:
    """A benchmark: by model in the order of names, its points, oldest first."""

    benchmark: str
    models: tuple[tuple[str, tuple[Point, ...]], ...]


def trends(points: Iterable[Point]) -> tuple[Trend, ...]:
    """Points by benchmark and model, both in the order of names.

    :param points: oldest first.
    """
    found: dict[str, dict[str, list[Point]]] = {}
    for point in points:
        found.setdefault(point.benchmark, {}).setdefault(point.model, []).append(point)
    return tuple(
        Trend(
            benchmark=benchmark,
            models=tuple((model, tuple(models[model])) for model in sorted(models)),
        )
        for benchmark, models in sorted(found.items())
    )


def times(trend: Trend) -> Sequence[str]:
    """The different starts of its runs, oldest first."""
    started = {point.started for _, points in trend.models for point in points}
    # Not as text: a run in another time zone, or before the clocks changed, has another offset.
    return sorted(started, key=lambda time: datetime.fromisoformat(time).timestamp())
