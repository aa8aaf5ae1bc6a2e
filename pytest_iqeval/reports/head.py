"""The static head of the HTML reports: all that matters of a run, without script.

`report.html` begins with it and pytest-html's report carries it. It is made from the content of
`report.json` alone and computes no result: verdict, gates and metrics are printed as they are.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from importlib.resources import files
from typing import Any

from pytest_iqeval.core.metrics import MACRO
from pytest_iqeval.reports.facts import asked_of, run_facts
from pytest_iqeval.reports.figures import count, interval, share
from pytest_iqeval.reports.gate_table import gates_html
from pytest_iqeval.reports.index import shown_index
from pytest_iqeval.reports.markup import Html, el, join
from pytest_iqeval.reports.result_tables import outcomes_html, results_html
from pytest_iqeval.reports.since import since_baseline
from pytest_iqeval.reports.spread import repeats_html
from pytest_iqeval.reports.words import Lang, words

_Plain = Mapping[str, Any]

# Text signs, so that the verdict does not hang on colour.
_SIGNS: Mapping[str, str] = {"passed": "✓", "failed": "✕", "inconclusive": "?", "ungated": "–"}
_LOST_NAMED = 100  # a summary names no more


def head_html(report: Mapping[str, Any], *, lang: Lang = "en") -> str:
    """The head as one fragment that stands by itself in any page, its style included.

    Class names begin with ``iqv``; nothing outside the fragment is touched.

    :param report: the content of `report.json`.
    :param lang: the language of our own words.
    """
    facts = run_facts(report, words(lang))
    return join(el("style", Html(head_css())), head_body(report, facts, lang=lang))


def head_css() -> str:
    """The fragment's style sheet (no ``</style`` in it), for a page that hashes its styles."""
    return files(__package__).joinpath("head.css").read_text(encoding="utf-8")


def head_body(report: Mapping[str, Any], *further: Html, lang: Lang = "en") -> Html:
    """The head without its style sheet and the facts of the run.

    :param further: what else goes into the same section.
    """
    said = words(lang)
    parts = (
        *(_banner, _warnings, gates_html, since_baseline),
        *(results_html, repeats_html, outcomes_html, _lost),
    )
    shown = (part(report, said) for part in parts)
    return el("section", *shown, *further, class_="iqv", lang=lang)


def verdict_word(report: Mapping[str, Any], *, lang: Lang = "en") -> str:
    """The verdict with its sign: ``✓ Passed``."""
    verdict = str(report["verdict"])
    return f"{_SIGNS.get(verdict, '')} {words(lang).get(verdict, verdict)}".strip()


def _banner(report: _Plain, said: Mapping[str, str]) -> Html:
    verdict, run, chosen = report["verdict"], report["run"], report["selection"]
    # The headline begins with the verdict's name, which stands above it already.
    headline = report["headline"].removeprefix(f"{verdict}: ").removeprefix(f"{said[verdict]}：")
    facts = (
        el("span", run["model"], class_="iqv-model"),
        *(el("span", b["name"]) for b in report["benchmarks"]),
        el("span", asked_of(chosen, said)),
        el("span", said["exit_code"].format(code=report["exit_code"])),
    )
    word = el("span", said.get(verdict, verdict), class_="iqv-word")
    sign = el("span", _SIGNS.get(verdict, ""), aria_hidden="true", class_="iqv-sign")
    return el(
        "div",
        el(
            "div",
            el("h2", sign, " ", word),
            el("p", headline, class_="iqv-headline"),
            el("p", _dotted(facts), class_="iqv-sub"),
        ),
        _banner_figure(report, said),
        class_=f"iqv-banner iqv-v-{verdict}",
        aria_label=said["verdict"],
        role="group",
    )


def _banner_figure(report: _Plain, said: Mapping[str, str]) -> Html | None:
    """The accuracy in large figures, where one benchmark makes it the run's; else the index."""
    index = shown_index(report)
    if index is not None and index["value"] is not None:
        return _figure(said["index"], index)
    metrics = report["benchmarks"][0]["metrics"] if len(report["benchmarks"]) == 1 else {}
    macro = bool(metrics) and report["benchmarks"][0].get("average") == "macro"
    name = MACRO if macro and MACRO in metrics else "accuracy"
    accuracy = metrics.get(name)
    if accuracy is None or accuracy["value"] is None:
        return None
    return _figure(said[name], accuracy)


def _figure(name: str, metric: _Plain) -> Html:
    return el(
        "p",
        el("b", share(metric["value"])),
        " ",
        el("span", f"{name} {interval(metric['low'], metric['high'])}"),
        class_="iqv-figure",
    )


def _warnings(report: _Plain, said: Mapping[str, str]) -> Html | None:
    lines = [
        el("li", said[key].format(n=count(report[key])))
        for key in ("not_asked", "ordinary_failures")
        if report[key]
    ]
    lock = report.get("gate_lock") or {}
    if weaker := [w for name in ("loosened", "data", "changed") for w in lock.get(name, ())]:
        told = said["gates_weaker"].format(file=lock["file"], what="; ".join(weaker))
        lines.append(el("li", told))
    return el("ul", *lines, class_="iqv-warnings") if lines else None


def _lost(report: _Plain, said: Mapping[str, str]) -> Html | None:
    """The questions without a score, together where they share a reason."""
    lost = report["lost"]
    if not lost:
        return None
    by_reason: dict[str, list[str]] = {}
    for one in lost:
        by_reason.setdefault(one["reason"], []).append(one["id"])
    parts: list[Html] = [el("h3", said["lost"])]
    if len(lost) >= _LOST_NAMED:
        parts.append(el("p", said["first_named"].format(n=len(lost)), class_="iqv-none"))
    for reason, ids in by_reason.items():
        names = (el("li", el("code", one, class_="iqv-node")) for one in ids)
        parts += [
            el("p", el("strong", count(len(ids))), " · ", reason, class_="iqv-why"),
            el("ul", *names, class_="iqv-lost"),
        ]
    return join(*parts)


def _dotted(parts: Iterable[Html]) -> Html:
    """Parts with a dot between them, in text, so that it is there without style."""
    joined: list[object] = []
    for part in parts:
        joined += [part, " · "]
    return join(*joined[:-1])
