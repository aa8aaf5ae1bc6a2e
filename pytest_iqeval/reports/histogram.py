"""How often a reply took how long: bins of an even width, and their drawing."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from pytest_iqeval.core.statistics.percentile import percentile
from pytest_iqeval.reports.figures import count, seconds
from pytest_iqeval.reports.markup import Html
from pytest_iqeval.reports.svg import AXIS, box, drawing, line, text

_BINS = 24
_WIDTH, _HEIGHT = 640, 150
_LEFT, _RIGHT, _BOTTOM = 8, 84, 20
_LINE = 13  # the height of a mark's name; each has a line of its own


@dataclass(frozen=True, slots=True, kw_only=True)
class Bin:
    """`count` values from `low` up to, and without, `high`; the last may have no end."""

    low: float
    high: float | None
    count: int


def bins(values: Sequence[float]) -> list[Bin]:
    """At most 25 bins from 0 on, as wide as 1, 2 or 5 of some power of ten.

    They reach to the 99th percentile; the last holds what is beyond, so that one reply that took
    minutes does not press all others into one bin.
    """
    top = percentile(values, 99)
    if top is None:
        return []
    width = _step(top / _BINS)
    last = max(1, math.floor(top / width) + 1)
    counts = Counter(min(last, math.floor(value / width)) for value in values)
    made = [Bin(low=n * width, high=(n + 1) * width, count=counts[n]) for n in range(last)]
    return [*made, Bin(low=last * width, high=None, count=counts[last])] if counts[last] else made


def _step(least: float) -> float:
    """The smallest of 1, 2, 5, 10, … times a power of ten that is not below `least`."""
    power = 10.0 ** math.floor(math.log10(max(least, 0.001)))
    return next(n * power for n in (1, 2, 5, 10) if n * power >= least)


def drawn(made: Sequence[Bin], marks: Sequence[tuple[str, float]], *, says: str) -> Html:
    """The bins as bars over a scale in seconds.

    :param marks: names and values (percentiles) to draw across.
    :param says: the numbers, for who does not see the chart.
    """
    highest = max(b.count for b in made)
    wide = (_WIDTH - _LEFT - _RIGHT) / len(made)
    floor, top = _HEIGHT - _BOTTOM, _LINE * len(marks) + 4
    bars = []
    for position, one in enumerate(made):
        tall = (floor - top) * one.count / highest
        kind = "iqv-c-bar" if one.high is not None else "iqv-c-bar iqv-c-beyond"
        left = _LEFT + position * wide + 0.5
        bars.append(box(left, floor - tall, wide - 1, tall, kind, "#7f9dbd"))
    base = line(_LEFT, floor, _WIDTH - _RIGHT, floor, "axis", AXIS)
    parts = (*bars, base, *_scale(made, wide), *_marks(made, marks, wide))
    return drawing(_WIDTH, _HEIGHT, "iqv-histogram", says, *parts)


def numbers(made: Sequence[Bin]) -> list[tuple[str, str]]:
    """Each bin that holds something in words (``0.5 s – 1.0 s``, ``≥ 12.0 s``), and its count."""
    return [
        (
            f"≥ {_tick(made, one.low)}"
            if one.high is None
            else f"{_tick(made, one.low)} – {_tick(made, one.high)}",
            count(one.count),
        )
        for one in made
        if one.count
    ]


def _tick(made: Sequence[Bin], value: float) -> str:
    """An end of a bin, with as many decimals as tell it from the next."""
    width = made[0].high or 1.0
    return f"{value:.{max(0, -math.floor(math.log10(width) + 1e-9))}f} s"


def _scale(made: Sequence[Bin], wide: float) -> list[Html]:
    """At most six of the bins' ends, with their seconds."""
    every = math.ceil(len(made) / 6)
    return [
        text(_LEFT + n * wide, _HEIGHT - 5, _tick(made, one.low), "middle" if n else "start")
        for n, one in enumerate(made)
        if n % every == 0
    ]


def _marks(made: Sequence[Bin], marks: Sequence[tuple[str, float]], wide: float) -> Iterable[Html]:
    width = made[0].high or 1.0
    end = _LEFT + len(made) * wide
    for number, (name, value) in enumerate(marks):
        at = min(end, _LEFT + value / width * wide)
        y = _LINE * number + 11
        yield line(at, y - 9, at, _HEIGHT - _BOTTOM, "mark", "#1d4e80")
        yield text(at + 4, y, f"{name} {seconds(value)}", "start")
