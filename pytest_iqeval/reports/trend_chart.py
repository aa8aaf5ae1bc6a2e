"""The accuracy of a benchmark run after run: lines with intervals, and the numbers as a table."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Mapping, Sequence

from pytest_iqeval.core.trend import Point, Trend, times
from pytest_iqeval.reports.figures import count, interval, minute, share
from pytest_iqeval.reports.markup import Html, el, join, right, table
from pytest_iqeval.reports.svg import AXIS, at, drawing, line, swatch, text

# Attributes for pages without style; the letters beside the lines say the same without colour.
_COLOURS = ("#1d4e80", "#c8402f", "#1f8a5f", "#8460c9", "#b27708", "#4b525b")
_WIDTH, _HEIGHT = 760, 240
_LEFT, _RIGHT, _TOP, _BOTTOM = 44, 34, 12, 28
_DATES = 5
_STEP = 0.1
_Height = Callable[[float], float]


def trend_figure(trend: Trend, said: Mapping[str, str]) -> Html:
    """The chart in its box, which model each line is, and all numbers folded."""
    title = said["run_by_run"].format(benchmark=trend.benchmark)
    names = (
        el("li", _spot(place), f" {_letter(place)} · {model}")
        for place, (model, _) in enumerate(trend.models)
    )
    return el(
        "div",
        el("p", el("strong", title)),
        el("div", _chart(trend, title), class_="iqv-chart-scroll", tabindex="0"),
        el("ul", *names, class_="cmp-legend"),
        el("details", el("summary", said["numbers"]), _numbers(trend, said)),
        class_="iqv-figure-box",
    )


def _numbers(trend: Trend, said: Mapping[str, str]) -> Html:
    heads = (
        el("th", said["model"]),
        el("th", said["date"]),
        el("th", said["run_id"]),
        right("th", said["n"]),
        right("th", said["accuracy"]),
        el("th", said["interval"]),
        el("th", said["verdict"]),
    )
    rows = (
        el(
            "tr",
            el("th", model, scope="row"),
            el("td", minute(point.started)),
            el("td", point.run),
            right("td", count(point.accuracy.n)),
            right("td", share(point.accuracy.value)),
            el("td", interval(point.accuracy.low, point.accuracy.high), class_="iqv-interval"),
            el("td", said.get(point.verdict, point.verdict)),
        )
        for model, points in trend.models
        for point in points
    )
    return table(heads, rows)


def _chart(trend: Trend, title: str) -> Html:
    low, high = _range([point for _, points in trend.models for point in points])
    started = times(trend)
    # Runs stand evenly, not by the clock: ten runs of one day and one of last year stay apart.
    wide = (_WIDTH - _LEFT - _RIGHT) / max(1, len(started) - 1)
    across = {time: _LEFT + place * wide for place, time in enumerate(started)}

    def height(value: float) -> float:
        return _TOP + (high - value) / (high - low) * (_HEIGHT - _TOP - _BOTTOM)

    def line_of(place: int, points: Sequence[Point]) -> Html:
        return _series(place, [(across[p.started], p) for p in points], height)

    says = f"{title}: {'; '.join(map(_in_words, trend.models))}"
    series = (line_of(place, points) for place, (_, points) in enumerate(trend.models))
    parts = (*_scale(low, high, height), *_dates(started, across), *series)
    return drawing(_WIDTH, _HEIGHT, "cmp-trend", says, *parts)


def _in_words(model: tuple[str, Sequence[Point]]) -> str:
    """``gemma3:4b 0.610, 0.642``: every value of a line."""
    name, points = model
    return f"{name} {', '.join(share(point.accuracy.value) for point in points)}"


def _range(points: Sequence[Point]) -> tuple[float, float]:
    """The tenths around all values and their intervals."""
    ends = [
        end
        for p in points
        for end in (p.accuracy.value, p.accuracy.low, p.accuracy.high)
        if end is not None
    ]
    low = math.floor(min(ends, default=0.0) / _STEP + 1e-9) * _STEP
    high = math.ceil(max(ends, default=1.0) / _STEP - 1e-9) * _STEP
    return (low, high) if high > low else (low - _STEP, high + _STEP)


def _scale(low: float, high: float, height: _Height) -> Iterator[Html]:
    for tick in range(round((high - low) / _STEP) + 1):
        value = low + tick * _STEP
        y = height(value)
        yield line(_LEFT, y, _WIDTH - _RIGHT, y, "axis", AXIS)
        yield text(_LEFT - 7, height(value) + 4, f"{value + 0.0:.1f}", "end")


def _dates(started: Sequence[str], across: Mapping[str, float]) -> Iterator[Html]:
    """The first, the last and some between."""
    last = len(started) - 1
    shown = sorted({round(last * n / (_DATES - 1)) for n in range(_DATES)})
    for place in shown:
        anchor = "start" if place == 0 else "end" if place == last else "middle"
        yield text(across[started[place]], _HEIGHT - 7, minute(started[place])[:10], anchor)


def _series(place: int, points: Sequence[tuple[float, Point]], height: _Height) -> Html:
    """One model: its line, the interval and the dot of each run, its letter at the end."""
    colour = _COLOURS[place % len(_COLOURS)]
    placed = [(x, p.accuracy, p) for x, p in points if p.accuracy.value is not None]
    corners = " ".join(f"{at(x)},{at(height(metric.value or 0))}" for x, metric, _ in placed)
    parts = [el("polyline", points=corners, fill="none", stroke=colour, stroke_width=2)]
    for x, metric, point in placed:
        if metric.low is not None and metric.high is not None:
            parts.append(line(x, height(metric.low), x, height(metric.high), None, colour, 2))
        says = f"{point.model} {minute(point.started)} {share(metric.value)}"
        title = el("title", f"{says} {interval(metric.low, metric.high)}")
        spot = {"cx": at(x), "cy": at(height(metric.value or 0)), "r": 4}
        parts.append(el("circle", title, **spot, fill=colour))
    if placed:
        x, metric, _ = placed[-1]
        parts.append(text(x + 9, height(metric.value or 0) + 4, _letter(place), "start"))
    return el("g", join(*parts), class_=f"cmp-s-{place % len(_COLOURS)}")


def _letter(place: int) -> str:
    """What a line is called: A, B, …, Z, A2; runs have numbers."""
    turn, letter = divmod(place, 26)
    return chr(ord("A") + letter) + (str(turn + 1) if turn else "")


def _spot(place: int) -> Html:
    colour = _COLOURS[place % len(_COLOURS)]
    spot = el("circle", cx=5, cy=5, r=4, fill=colour)
    return swatch(f"cmp-s-{place % len(_COLOURS)}", spot)
