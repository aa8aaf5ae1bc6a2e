"""How far the repeats of a run lie apart, in words: for the terminal and the HTML reports."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from pytest_iqeval.core.phrases import ending
from pytest_iqeval.core.summary import Summary
from pytest_iqeval.core.told import Told
from pytest_iqeval.reports.figures import count, share
from pytest_iqeval.reports.markup import Html, el, join


def repeats_told(summary: Summary) -> Iterator[Told]:
    """A line a benchmark: ``quiz: 5 repeats: 0.58 to 0.66 (sd 0.03), 7 questions flaky``.

    And a last one that says what the outcomes of the table count; nothing without repeats.
    """
    for benchmark in summary.benchmarks:
        spread, repeats = benchmark.spread, summary.run.repeats
        if spread is None:
            continue
        if spread.low is None or spread.high is None:
            yield ending.NO_SPREAD(name=benchmark.name, repeats=repeats)
            continue
        yield ending.SPREAD(
            name=benchmark.name,
            repeats=repeats,
            low=f"{spread.low:.2f}",
            high=f"{spread.high:.2f}",
            sd="" if spread.sd is None else ending.SD(sd=f"{spread.sd:.2f}"),
            count=spread.flaky,
        )
    if summary.run.repeats > 1:
        yield ending.WHAT_IS_COUNTED


def repeats_html(report: Mapping[str, Any], said: Mapping[str, str]) -> Html | None:
    """The same as a list, from the content of `report.json`; nothing without repeats."""
    lines = [
        el(
            "li",
            el("b", benchmark["name"]),
            ": ",
            said["repeats_spread"].format(
                repeats=count(report["run"]["repeats"]),
                low=share(spread["low"]),
                high=share(spread["high"]),
                sd=share(spread["sd"]),
                flaky=count(spread["flaky"]),
            ),
        )
        for benchmark in report["benchmarks"]
        if (spread := benchmark.get("spread")) is not None
    ]
    if not lines:
        return None
    return join(el("ul", *lines), el("p", said["repeats_counted"], class_="iqv-none"))
