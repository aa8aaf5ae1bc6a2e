"""What is told of a benchmark's subsets together, where a table would be too long to read."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from pytest_iqeval.core.metrics import MACRO
from pytest_iqeval.core.metrics.values import shown_share
from pytest_iqeval.core.phrases import ending
from pytest_iqeval.core.phrases.signs import LIST
from pytest_iqeval.core.summary import BenchmarkSummary, Group, Summary
from pytest_iqeval.core.told import Told, joined

MOST_ROWS = 8
"""So many subsets have a row each on the terminal."""
_NAMED = 3


def rows_of(benchmark: BenchmarkSummary) -> list[Group]:
    """What a terminal's table shows: subsets, or of many their categories; then all together."""
    subsets = list(benchmark.subsets.values())
    if len(subsets) == 1:
        return subsets
    shown = subsets if len(subsets) <= MOST_ROWS else []
    categories = list(benchmark.categories.values())
    if shown and all(len(one.subsets) == 1 for one in categories):  # the same rows twice
        categories = []
    return [*shown, *categories, benchmark]


def subsets_told(summary: Summary) -> Iterator[Told]:
    """The mean over subsets, where it is wanted; of many subsets the lowest and the highest."""
    for benchmark in summary.benchmarks:
        if tells_macro(benchmark):
            limits = [row.threshold for row in summary.gates if row.metric == MACRO]
            value = shown_share(benchmark.metrics[MACRO], limits)
            yield ending.MACRO(
                name=benchmark.name, metric=MACRO, value=value, count=len(benchmark.subsets)
            )
        if len(benchmark.subsets) > MOST_ROWS:
            yield from _ends(benchmark)


def tells_macro(group: Group) -> bool:
    """Whether people are told the mean over subsets: `report.json` has it of any subsets."""
    wanted = isinstance(group, BenchmarkSummary) and _wanted(group.average, group.categories)
    return wanted and MACRO in group.metrics


def metrics_told(group: Mapping[str, Any]) -> dict[str, Any]:
    """The metrics of a group of `report.json` that people are told, by name."""
    wanted = _wanted(group.get("average"), group.get("categories"))
    return {name: one for name, one in group["metrics"].items() if name != MACRO or wanted}


def _wanted(average: str | None, categories: object) -> bool:
    return average == "macro" or bool(categories)


def _ends(benchmark: BenchmarkSummary) -> Iterator[Told]:
    scored = [
        one for one in benchmark.subsets.values() if one.metrics["accuracy"].value is not None
    ]
    scored.sort(key=lambda one: one.metrics["accuracy"].value or 0.0)
    if len(scored) > 2 * _NAMED:
        yield ending.MANY_SUBSETS(
            name=benchmark.name,
            count=len(benchmark.subsets),
            lowest=_listed(scored[:_NAMED]),
            highest=_listed(scored[-_NAMED:]),
        )


def _listed(groups: Sequence[Group]) -> Told:
    return joined((f"{one.name} {one.metrics['accuracy'].value:.2f}" for one in groups), LIST)
