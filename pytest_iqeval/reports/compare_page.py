"""The page of `iqeval compare`: runs against each other, in one file that needs no network.

It looks like `report.html` and is as closed. All of it is there without script, which adds filters.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from pytest_iqeval.core.metrics.values import p_shown
from pytest_iqeval.core.pairwise import ALL_PAIRS_UP_TO, Contender, Standings, Versus
from pytest_iqeval.core.told import said_in
from pytest_iqeval.core.trend import Trend
from pytest_iqeval.reports.charts import interval_bar
from pytest_iqeval.reports.compare_questions import (
    KIND_SIGNS,
    SIGNS,
    question_head,
    question_html,
)
from pytest_iqeval.reports.figures import NOTHING, count, interval, minute, points, share
from pytest_iqeval.reports.frame import filled, new_page, page_end, page_start, scripts
from pytest_iqeval.reports.head import head_css
from pytest_iqeval.reports.markup import Html, el, join, right, table
from pytest_iqeval.reports.policy import shipped
from pytest_iqeval.reports.trend_chart import trend_figure
from pytest_iqeval.reports.words import Lang, words

_HINT = "make room or give another --html"
_Words = Mapping[str, str]


def write_compare_page(
    path: Path, found: Standings, trends: Sequence[Trend], *, lang: Lang = "en"
) -> None:
    """Write the page to `path`; one that was there is replaced once this one is whole.

    :param trends: of the folders that the runs lie in; a benchmark with one run has no line.
    :raises FolderError: the file can't be written.
    """
    with new_page(path, "the page", hint=_HINT, make_folder=True) as page:
        page.writelines(_page(found, trends, words(lang), lang))


def _page(found: Standings, trends: Sequence[Trend], said: _Words, lang: Lang) -> Iterator[str]:
    models = [run.summary.run.model for run in found.runs]
    title = f"{said['comparison']} · {' · '.join(dict.fromkeys(models))}"
    styles = (head_css(), shipped("page.css"), shipped("compare.css"))
    script = scripts("page_parts.js", "page_filters.js", "compare.js")
    yield page_start(title, styles, script, lang=lang)
    yield join(el("h1", said["comparison"]), _runs(found, said), _pairs(found, said))
    yield _changed(found, said, lang)
    yield _trends(trends, said)
    yield join("\n", Html('<section id="questions">'))
    yield el("h2", f"{said['differing']} ({count(len(found.differing))})")
    if found.differing:
        yield _key(models, said)
        yield _tool(said, lang)
        yield question_head(len(models), said)
    else:
        yield el("p", said["differing_none"], class_="iqv-none")
    for one in found.differing:
        yield "\n" + question_html(one, models, said)
    yield "\n</section>"
    yield page_end(script)


def _tool(said: _Words, lang: Lang) -> Html:
    """The filters, which the page's script shows and works."""
    names = ("all_benchmarks", "all_subsets", "shown", *(f"change_{kind}" for kind in KIND_SIGNS))
    needed = {"words": {name: said[name] for name in names}, "signs": dict(KIND_SIGNS)}
    return el(
        "div",
        el("p", said["kinds_how"], class_="cmp-how"),
        filled("filters.html", lang),
        el("p", said["nothing_found"], id="nothing", hidden=""),
        id="tool",
        data_page=json.dumps(needed, ensure_ascii=False),
        hidden="",
    )


def _runs(found: Standings, said: _Words) -> Html:
    heads = (
        right("th", "#"),
        el("th", said["model"]),
        el("th", said["run_id"]),
        el("th", said["date"]),
        el("th", said["benchmark"]),
        right("th", said["n"]),
        right("th", said[found.metric]),
        el("th", said["interval"]),
        el("th", said["scale"]),
    )
    rows = (
        row
        for place, run in enumerate(found.runs, start=1)
        for row in _run_rows(place, run, found.metric, said)
    )
    return join(el("h3", said["runs"]), table(heads, rows))


def _run_rows(place: int, run: Contender, name: str, said: _Words) -> Iterator[Html]:
    facts = run.summary.run
    for position, benchmark in enumerate(run.summary.benchmarks):
        metric = benchmark.metrics.get(name)
        value, low, high = (metric.value, metric.low, metric.high) if metric else (None,) * 3
        first = position == 0
        says = f"{facts.model}, {benchmark.name}, {said[name]}:"
        yield el(
            "tr",
            right("td", place if first else ""),
            el("th", facts.model if first else "", scope="row", class_="cmp-wrap"),
            el("td", facts.id if first else ""),
            el("td", minute(facts.started) if first else ""),
            el("td", benchmark.name),
            right("td", count(metric.n if metric else None)),
            right("td", el("strong", share(value))),
            el("td", interval(low, high), class_="iqv-interval"),
            el("td", interval_bar(value, low, high, says=says)),
        )


def _pairs(found: Standings, said: _Words) -> Html:
    title = el("h3", said["pairs"])
    if not found.versus:
        return join(title, el("p", said["nothing_common"], class_="iqv-none"))
    how = [said["pairs_how"]]
    if len(found.versus) > 1:
        how.append(said["pairs_corrected"].format(n=len(found.versus)))
    if len(found.runs) > ALL_PAIRS_UP_TO:
        how.append(said["against_first"])
    heads = (
        el("th", said["pair"]),
        el("th", said["benchmark"]),
        right("th", said["n"]),
        right("th", said["difference"]),
        right("th", said["change_lost"]),
        right("th", said["change_gained"]),
        right("th", said["change_flaky"]),
        right("th", said["change_p"]),
        right("th", said["change_p_holm"]),
    )
    models = [run.summary.run.model for run in found.runs]
    rows = (_pair_row(one, models) for one in found.versus)
    return join(title, el("p", " ".join(how), class_="cmp-how"), table(heads, rows))


def _pair_row(one: Versus, models: Sequence[str]) -> Html:
    d = one.difference
    pair = f"{one.second + 1} − {one.first + 1}"
    return el(
        "tr",
        el(
            "th",
            el("strong", pair),
            el("div", f"{models[one.second]} − {models[one.first]}", class_="iqv-reason"),
            scope="row",
        ),
        el("td", one.benchmark),
        right("td", count(d.n if d else 0)),
        right("td", points(d.mean, d.low, d.high) if d else NOTHING),
        *(right("td", count(number)) for number in (one.lost, one.gained, one.flaky)),
        right("td", _p(one.p)),
        right("td", el("strong", _p(one.p_holm)) if one.significant else _p(one.p_holm)),
    )


def _p(p: float | None) -> str:
    return NOTHING if p is None else p_shown(p)


def _changed(found: Standings, said: _Words, lang: Lang) -> Html:
    if not found.changed:
        return join()
    lines = (
        el("li", f"{', '.join(f'{b + 1} − {a + 1}' for a, b in pairs)}: {said_in(sentence, lang)}")
        for sentence, pairs in found.changed
    )
    return el("div", said["not_alike"], el("ul", *lines), class_="iqv-warnings")


def _trends(trends: Sequence[Trend], said: _Words) -> Html:
    drawn = [
        trend_figure(trend, said)
        for trend in trends
        if any(len(points) > 1 for _, points in trend.models)
    ]
    return join(el("h3", said["trend"]), *drawn) if drawn else join()


def _key(models: Sequence[str], said: _Words) -> Html:
    """Which run a number is, and which outcome a sign."""
    runs = (el("li", el("b", n), " ", model) for n, model in enumerate(models, start=1))
    signs = (el("li", el("b", sign), " ", said[name]) for name, sign in SIGNS.items())
    return join(el("ul", *runs, class_="cmp-key"), el("ul", *signs, class_="cmp-key"))
