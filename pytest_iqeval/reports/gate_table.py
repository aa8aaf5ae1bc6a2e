"""The gates in the HTML reports: what each asked for, what was observed, where it was written."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from pytest_iqeval.reports.charts import interval_bar
from pytest_iqeval.reports.figures import NOTHING, count, ends, interval, points, seconds, share
from pytest_iqeval.reports.markup import Html, el, join, right, table

_Plain = Mapping[str, Any]

GATE_RESULTS = {True: "passed", False: "failed", None: "open"}


def gates_html(report: _Plain, said: Mapping[str, str]) -> Html:
    """A row a gate, or how to set one."""
    title = el("h3", said["gates"])
    if not report["gates"]:
        how = el("code", "--iqeval-gate 'accuracy >= 0.6'")
        return join(title, el("p", said["no_gates"], " ", how, class_="iqv-none"))
    heads = (
        el("th", said["result"]),
        el("th", said["gate"]),
        right("th", said["observed"]),
        el("th", said["interval"]),
        el("th", said["scale"]),
        right("th", said["n"]),
        el("th", said["scope"]),
    )
    return join(title, table(heads, (_gate_row(gate, said) for gate in report["gates"])))


def _gate_row(gate: _Plain, said: Mapping[str, str]) -> Html:
    result = GATE_RESULTS[gate["passed"]]
    observed, low, high = gate["observed"], gate["low"], gate["high"]
    is_share = low is not None and high is not None and not _is_difference(gate)
    threshold = gate["threshold"] if is_share else None
    bar = (
        interval_bar(observed, low, high, says=gate["expression"] + ":", threshold=threshold)
        if is_share
        else None
    )
    return el(
        "tr",
        el("td", el("span", said[f"gate_{result}"], class_=f"iqv-tag iqv-g-{result}")),
        el(
            "td",
            el("code", gate["expression"]),
            el("div", gate["reason"], class_="iqv-reason"),
            _origin(gate, said),
        ),
        right("td", gate_observed(gate, threshold)),
        el("td", gate_interval(gate), class_="iqv-interval"),
        el("td", bar),
        right("td", _of(gate, said)),
        el("td", said["whole_run"] if gate["benchmark"] is None else gate["benchmark"]),
    )


def _of(gate: _Plain, said: Mapping[str, str]) -> str:
    """``118 of 120``: what has a value, of the questions there are."""
    n, available = gate["n"], gate["available"]
    if n is None:
        return NOTHING
    # Of repeated questions some metrics count replies.
    if available is None or n > available:
        return count(n)
    return said["n_of"].format(n=count(n), available=count(available))


def _origin(gate: _Plain, said: Mapping[str, str]) -> Html | None:
    """Where it was written; reports of earlier versions do not tell."""
    if gate["implied"]:
        return el("div", said["gate_implied"], class_="iqv-reason")
    if gate["origin"] is None:
        return None
    return el("div", said["gate_from"].format(origin=gate["origin"]), class_="iqv-reason")


def _is_difference(gate: _Plain) -> bool:
    """Whether it is about a difference from the baseline, in points."""
    return str(gate["metric"]).startswith(("drop(", "not_worse("))


def gate_interval(gate: _Plain) -> str:
    """The interval that it was judged by, or that its metric has: of shares, or of points."""
    low, high = gate["low"], gate["high"]
    if low is not None and high is not None and _is_difference(gate):
        return f"{ends(low, high)} pt"
    return interval(low, high)


def gate_observed(gate: _Plain, threshold: float | None) -> str:
    """A share, points, seconds or a count, as the gate's metric is one."""
    observed = gate["observed"]
    if _is_difference(gate):
        return points(observed, None, None)
    if threshold is not None:
        return share(observed, apart_from=threshold)
    return seconds(observed) if gate["metric"].startswith("latency.") else count(observed)
