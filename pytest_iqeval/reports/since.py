"""The comparison with a baseline in the HTML reports, as `report.json` holds it.

A run without a baseline has none of it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from pytest_iqeval.core.metrics.values import p_shown
from pytest_iqeval.reports.charts import flip_bar
from pytest_iqeval.reports.figures import count, points
from pytest_iqeval.reports.markup import Html, el, join

_Plain = Mapping[str, Any]

# What a question of this run may be, in the order that matters; text signs, as for the verdict.
SIGNS: Mapping[str, str] = {"lost": "▼", "gained": "▲", "flaky": "≈", "new": "+"}
_KINDS = (*SIGNS, "gone")
_NAMED = 100  # in the head; the table of questions has them all


def changes(report: _Plain) -> dict[str, str]:
    """What became of each question since the baseline, by node id; the others are not in it."""
    baseline = report.get("baseline") or {}
    return {one: kind for kind in reversed(list(SIGNS)) for one in baseline.get(kind, ())}


def since_baseline(report: _Plain, said: Mapping[str, str]) -> Html | None:
    """Counts as a chart, what else has changed, and the questions by name."""
    baseline = report.get("baseline")
    if not baseline:
        return None
    ids = {kind: baseline.get(kind, ()) for kind in _KINDS}
    counts = {kind: len(named) for kind, named in ids.items()}
    names = {kind: said[f"change_{kind}"] for kind in _KINDS}
    return join(
        el("h3", said["since_baseline"]),
        el("p", " · ".join(baseline_facts(baseline, said))),
        _settings(baseline, said),
        flip_bar(counts, names=names)
        if any(counts.values())
        else el("p", said["baseline_same"], class_="iqv-none"),
        *(_named(kind, named, names[kind], said) for kind, named in ids.items()),
    )


def baseline_facts(baseline: _Plain, said: Mapping[str, str]) -> list[str]:
    """The baseline's name, the difference of each benchmark, p, and what is as it was."""
    facts = [said["baseline_run"].format(run=baseline["run"], model=baseline["model"])]
    for benchmark, metric in baseline.get("difference", {}).items():
        difference = points(metric["value"], metric["low"], metric["high"])
        facts.append(f"{said['accuracy']} {benchmark} {difference}")
    if baseline["pairs"]:
        facts.append(said["baseline_p"].format(p=p_shown(baseline["p"])))
    turned = sum(len(baseline.get(kind, ())) for kind in ("lost", "gained", "flaky"))
    others = {
        "unchanged": baseline["pairs"] - turned,
        "unscored": len(baseline.get("unscored", ())),
        "unselected": baseline.get("unselected", 0),
    }
    return [*facts, *(f"{said[f'change_{name}']} {count(n)}" for name, n in others.items() if n)]


def _settings(baseline: _Plain, said: Mapping[str, str]) -> Html | None:
    changed = baseline.get("changed_settings", ())
    if not changed:
        return None
    allowed = baseline.get("allowed_settings", ())
    lines = (
        el("li", one, f" ({said['change_allowed']})" if one in allowed else None) for one in changed
    )
    return el("div", said["changed_settings"], el("ul", *lines), class_="iqv-warnings")


def _named(kind: str, ids: Sequence[str], name: str, said: Mapping[str, str]) -> Html | None:
    """The names under their kind; those of lost questions are open."""
    if not ids:
        return None
    title = el("summary", f"{name} ", el("strong", count(len(ids))))
    names = (el("li", el("code", one, class_="iqv-node")) for one in ids[:_NAMED])
    more = el("p", said["first_named"].format(n=_NAMED), class_="iqv-none")
    return el(
        "details",
        title,
        more if len(ids) > _NAMED else None,
        el("ul", *names, class_="iqv-lost"),
        class_="iqv-change",
        open="" if kind == "lost" else None,
    )
