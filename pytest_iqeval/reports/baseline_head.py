"""The part of the HTML head that compares a run with its baseline."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from pytest_iqeval.core.summary import BaselineSummary
from pytest_iqeval.reports.against import p_shown, points
from pytest_iqeval.reports.figures import count
from pytest_iqeval.reports.markup import Html, el, join

_NAMED = 100  # as many as the head names of questions without a score


def against_baseline(report: Mapping[str, Any], said: Mapping[str, str]) -> Html | None:
    """Counts, differences, moved settings, and the lost questions by name; no baseline, nothing."""
    plain = report.get("baseline")
    if plain is None:
        return None
    baseline = BaselineSummary.from_plain(plain)
    pairs = [
        (said["compared_with"], f"{baseline.run} ({baseline.model})"),
        *(
            (said[f"pairs_{name}"], count(number))
            for name, number in _counts(baseline).items()
            if number or name in ("lost", "gained", "unchanged")
        ),
        *(
            (f"{said['accuracy']} {name}", points(difference))
            for name, difference in baseline.difference.items()
        ),
        *([(said["p_lost"], p_shown(baseline.p))] if baseline.pairs else []),
    ]
    entries = (el("div", el("dt", name), el("dd", value)) for name, value in pairs)
    return join(
        el("h3", said["baseline"]),
        _settings(baseline, said),
        el("dl", *entries, class_="iqv-facts"),
        _lost(baseline, said),
    )


def _counts(baseline: BaselineSummary) -> dict[str, int]:
    return {
        "lost": len(baseline.lost),
        "gained": len(baseline.gained),
        "unchanged": baseline.unchanged,
        "flaky": len(baseline.flaky),
        "unscored": len(baseline.unscored),
        "new": len(baseline.new),
        "gone": len(baseline.gone),
        "unselected": baseline.unselected,
    }


def _settings(baseline: BaselineSummary, said: Mapping[str, str]) -> Html | None:
    lines = [
        el(
            "li",
            said["allowed_change" if change in baseline.allowed_settings else "change"],
            " ",
            change,
        )
        for change in baseline.changed_settings
    ]
    return el("ul", *lines, class_="iqv-warnings") if lines else None


def _lost(baseline: BaselineSummary, said: Mapping[str, str]) -> Html | None:
    if not baseline.lost:
        return None
    shown = baseline.lost[:_NAMED]
    names = (el("li", el("code", one, class_="iqv-node")) for one in shown)
    cut = len(shown) < len(baseline.lost)
    return join(
        el(
            "p",
            el("strong", count(len(baseline.lost))),
            " · ",
            said["pairs_lost"],
            class_="iqv-why",
        ),
        el("p", said["lost_shown"].format(n=len(shown)), class_="iqv-none") if cut else None,
        el("ul", *names, class_="iqv-lost"),
    )
