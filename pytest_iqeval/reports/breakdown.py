"""The charts of `report.html` that its rows are needed for: accuracy by level, latencies."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from pytest_iqeval.core.metrics.values import Metric
from pytest_iqeval.reports.charts import interval_bar
from pytest_iqeval.reports.figures import count, interval, seconds, share
from pytest_iqeval.reports.histogram import bins, drawn, numbers
from pytest_iqeval.reports.markup import Html, el, join, right, table
from pytest_iqeval.reports.tally import Tally
from pytest_iqeval.reports.words import Lang, words


def breakdown(tally: Tally, report: Mapping[str, Any], *, lang: Lang = "en") -> Html:
    """Both charts, each with its numbers; nothing where there is nothing to draw.

    :param report: the content of `report.json`, for the percentiles that stand in it.
    """
    said = words(lang)
    return join(_levels(tally.by_level(), said), _latencies(tally.latencies, report, said))


def _levels(found: Mapping[str, Mapping[str, Metric]], said: Mapping[str, str]) -> Html | None:
    if not found:
        return None
    heads = (
        el("th", said["benchmark"]),
        el("th", said["level"]),
        right("th", said["accuracy"]),
        el("th", said["interval"]),
        el("th", said["scale"]),
        right("th", said["n"]),
    )
    rows = [
        el(
            "tr",
            el("th", "" if position else benchmark, scope="row", class_="iqv-name-0"),
            el("td", level),
            right("td", el("strong", share(metric.value))),
            el("td", interval(metric.low, metric.high), class_="iqv-interval"),
            el("td", _bar(f"{benchmark}, {said['level']} {level}:", metric)),
            right("td", count(metric.n)),
        )
        for benchmark, levels in found.items()
        for position, (level, metric) in enumerate(levels.items())
    ]
    return join(el("h3", said["by_level"]), table(heads, rows))


def _bar(says: str, metric: Metric) -> Html | None:
    return interval_bar(metric.value, metric.low, metric.high, says=says)


def _latencies(
    values: list[float], report: Mapping[str, Any], said: Mapping[str, str]
) -> Html | None:
    made = bins(values)
    if not made:
        return None
    known = report["latency"]
    marks = [(name, known[name]) for name in ("p50", "p95") if known.get(name) is not None]
    percentiles = ", ".join(f"{name} {seconds(value)}" for name, value in marks)
    rows = numbers(made)
    heads = (el("th", said["latency"]), right("th", said["replies"]))
    chart = drawn(made, marks, says=f"{said['latency_spread']}: {percentiles}")
    listed = (el("tr", el("td", span), right("td", n)) for span, n in rows)
    return join(
        el("h3", said["latency_spread"]),
        el(
            "div",
            el("div", chart, class_="iqv-chart-scroll", tabindex="0"),
            el("details", el("summary", said["numbers"]), table(heads, listed)),
            class_="iqv-figure-box",
        ),
    )
