"""Results and outcomes in the HTML reports: a row for each benchmark and each of its subsets."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from pytest_iqeval.reports.charts import interval_bar, stacked_bar, swatch
from pytest_iqeval.reports.figures import count, interval, questions, seconds, share
from pytest_iqeval.reports.markup import Html, el, join, right, table
from pytest_iqeval.reports.subsets import metrics_told

_Plain = Mapping[str, Any]


def results_html(report: _Plain, said: Mapping[str, str]) -> Html:
    """Every metric of every benchmark and subset, with its interval."""
    groups = list(report_groups(report))
    only_accuracy = all(set(metrics_told(group)) <= {"accuracy"} for _, group in groups)
    heads = (
        el("th", said["benchmark"]),
        None if only_accuracy else el("th", said["metric"]),
        right("th", said["accuracy"] if only_accuracy else said["observed"]),
        el("th", said["interval"]),
        el("th", said["scale"]),
        right("th", said["n"]),
        right("th", said["p50"]),
        right("th", said["p95"]),
        right("th", said["tokens"]),
    )
    rows = [
        row
        for level, group in groups
        for row in _result_rows(level, group, said, named=not only_accuracy)
    ]
    return join(el("h3", said["results"]), table(heads, rows))


def _result_rows(
    level: int, group: _Plain, said: Mapping[str, str], *, named: bool
) -> Iterable[Html]:
    """A row a metric; the group's name, latency and tokens stand in the first."""
    for position, (name, metric) in enumerate(metrics_told(group).items()):
        value, low, high = metric["value"], metric["low"], metric["high"]
        called = said.get(name, name)
        first = position == 0
        says = f"{group['name']}, {called}:"
        # A user's own number may be no share; one with an interval that lies on the scale is.
        on_scale = name in ("accuracy", "credit") or low is not None
        bar = interval_bar(value, low, high, says=says) if on_scale else None
        yield el(
            "tr",
            _group_name(level, group["name"] if first else ""),
            el("td", called) if named else None,
            right("td", el("strong", share(value))),
            el("td", interval(low, high), class_="iqv-interval"),
            el("td", bar),
            right("td", questions(metric, said)),
            right("td", seconds(group["latency"].get("p50")) if first else ""),
            right("td", seconds(group["latency"].get("p95")) if first else ""),
            right("td", count(group["tokens"]) if first else ""),
            class_=f"iqv-level-{level}",
        )


def outcomes_html(report: _Plain, said: Mapping[str, str]) -> Html:
    """How many replies had which outcome."""
    groups = list(report_groups(report))
    names = list(dict.fromkeys(name for _, group in groups for name in group["outcomes"]))
    # Across the outcomes, so it is no part of the bar; a column of zeros would only puzzle.
    any_cut = any(group["cut"] for _, group in groups)
    heads = (
        el("th", said["benchmark"]),
        el("th", said["shares"]),
        *(right("th", swatch(name), " ", said.get(name, name)) for name in names),
        right("th", said["cut_of_these"]) if any_cut else None,
    )
    rows = (
        el(
            "tr",
            _group_name(level, group["name"]),
            el("td", stacked_bar(group["outcomes"], names=said)),
            *(_outcome_count(group["outcomes"].get(name, 0)) for name in names),
            _outcome_count(group["cut"]) if any_cut else None,
            class_=f"iqv-level-{level}",
        )
        for level, group in groups
    )
    return join(el("h3", said["outcomes"]), table(heads, rows))


def _outcome_count(number: int) -> Html:
    return el("td", count(number), class_="iqv-right" if number else "iqv-right iqv-zero")


def report_groups(report: _Plain) -> Iterable[tuple[int, _Plain]]:
    """Benchmarks (level 0), each followed by its subsets (level 1).

    Where there are categories, each of them (level 1) is followed by its subsets (level 2). The
    subset of a set without subsets is left out: it would say the same twice.
    """
    for benchmark in report["benchmarks"]:
        yield 0, benchmark
        subsets = benchmark["subsets"]
        if list(subsets) == ["default"]:
            continue
        in_none = dict(subsets)
        for category in benchmark.get("categories", {}).values():
            yield 1, category
            for name in category["subsets"]:
                yield 2, {"name": name, **in_none.pop(name)}
        for name, group in in_none.items():
            yield 1, {"name": name, **group}


def _group_name(level: int, name: str) -> Html:
    return el("th", name, scope="row", class_=f"iqv-name-{level}")
