"""The static head of the HTML reports: all that matters of a run, without script.

`report.html` begins with it and pytest-html's report carries it. It is made from the content of
`report.json` alone and computes no result: verdict, gates and metrics are printed as they are.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from importlib.resources import files
from typing import Any

from pytest_iqeval.reports.charts import interval_bar, stacked_bar, swatch
from pytest_iqeval.reports.facts import asked_of, run_facts
from pytest_iqeval.reports.figures import NOTHING, count, interval, points, seconds, share
from pytest_iqeval.reports.markup import Html, el, join, right, table
from pytest_iqeval.reports.since import since_baseline
from pytest_iqeval.reports.spread import repeats_html
from pytest_iqeval.reports.words import Lang, words

_Plain = Mapping[str, Any]

# Text signs, so that the verdict does not hang on colour.
_SIGNS: Mapping[str, str] = {"passed": "✓", "failed": "✕", "inconclusive": "?", "ungated": "–"}
_LOST_NAMED = 100  # a summary names no more
GATE_RESULTS = {True: "passed", False: "failed", None: "open"}


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
    parts = (_banner, _warnings, _gates, since_baseline, _results, repeats_html, _outcomes, _lost)
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
        _banner_accuracy(report, said),
        class_=f"iqv-banner iqv-v-{verdict}",
        aria_label=said["verdict"],
        role="group",
    )


def _banner_accuracy(report: _Plain, said: Mapping[str, str]) -> Html | None:
    """The accuracy in large figures, where one benchmark makes it the run's."""
    metrics = report["benchmarks"][0]["metrics"] if len(report["benchmarks"]) == 1 else {}
    accuracy = metrics.get("accuracy")
    if accuracy is None or accuracy["value"] is None:
        return None
    return el(
        "p",
        el("b", share(accuracy["value"])),
        " ",
        el("span", f"{said['accuracy']} {interval(accuracy['low'], accuracy['high'])}"),
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


def _gates(report: _Plain, said: Mapping[str, str]) -> Html:
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
    observed, low, high, n = gate["observed"], gate["low"], gate["high"], gate["n"]
    is_share = low is not None and high is not None and not _is_difference(gate)
    threshold = gate["threshold"] if is_share else None
    of = (
        NOTHING
        if n is None
        else count(n)
        if gate["available"] is None
        else said["n_of"].format(n=count(n), available=count(gate["available"]))
    )
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
        ),
        right("td", gate_observed(gate, threshold)),
        el("td", gate_interval(gate), class_="iqv-interval"),
        el("td", bar),
        right("td", of),
        el("td", said["whole_run"] if gate["benchmark"] is None else gate["benchmark"]),
    )


def _is_difference(gate: _Plain) -> bool:
    """Whether it is about a difference from the baseline, in points."""
    return str(gate["metric"]).startswith(("drop(", "not_worse("))


def gate_interval(gate: _Plain) -> str:
    """The interval that it was judged by, or that its metric has: of shares, or of points."""
    low, high = gate["low"], gate["high"]
    if low is not None and high is not None and _is_difference(gate):
        return f"[{100 * low:+.1f}, {100 * high:+.1f}] pt"
    return interval(low, high)


def gate_observed(gate: _Plain, threshold: float | None) -> str:
    """A share, points, seconds or a count, as the gate's metric is one."""
    observed = gate["observed"]
    if _is_difference(gate):
        return points(observed, None, None)
    if threshold is not None:
        return share(observed, apart_from=threshold)
    return seconds(observed) if gate["metric"].startswith("latency.") else count(observed)


def _results(report: _Plain, said: Mapping[str, str]) -> Html:
    groups = list(report_groups(report))
    only_accuracy = all(set(group["metrics"]) <= {"accuracy"} for _, group in groups)
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
    for position, (name, metric) in enumerate(group["metrics"].items()):
        value, low, high = metric["value"], metric["low"], metric["high"]
        called = said.get(name, name)
        first = position == 0
        says = f"{group['name']}, {called}:"
        yield el(
            "tr",
            _group_name(level, group["name"] if first else ""),
            el("td", called) if named else None,
            right("td", el("strong", share(value))),
            el("td", interval(low, high), class_="iqv-interval"),
            el("td", interval_bar(value, low, high, says=says)),
            right("td", count(metric["n"])),
            right("td", seconds(group["latency"].get("p50")) if first else ""),
            right("td", seconds(group["latency"].get("p95")) if first else ""),
            right("td", count(group["tokens"]) if first else ""),
            class_=f"iqv-level-{level}",
        )


def _outcomes(report: _Plain, said: Mapping[str, str]) -> Html:
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


def report_groups(report: _Plain) -> Iterable[tuple[int, _Plain]]:
    """Benchmarks (level 0), each followed by its subsets (level 1).

    The subset of a set without subsets is left out: it would say the same twice.
    """
    for benchmark in report["benchmarks"]:
        yield 0, benchmark
        if list(benchmark["subsets"]) != ["default"]:
            for name, group in benchmark["subsets"].items():
                yield 1, {"name": name, **group}


def _group_name(level: int, name: str) -> Html:
    return el("th", name, scope="row", class_=f"iqv-name-{level}")


def _dotted(parts: Iterable[Html]) -> Html:
    """Parts with a dot between them, in text, so that it is there without style."""
    joined: list[object] = []
    for part in parts:
        joined += [part, " · "]
    return join(*joined[:-1])
