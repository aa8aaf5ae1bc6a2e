"""`report.html`: the run on one page that needs no network.

A static head (`head`), charts over the rows (`breakdown`), then a table of all questions that the
page's script builds from packed data (`pack`).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from pytest_iqeval.reports.breakdown import breakdown
from pytest_iqeval.reports.facts import run_facts
from pytest_iqeval.reports.frame import filled, new_page, page_end, page_start, scripts
from pytest_iqeval.reports.head import head_body, head_css, verdict_word
from pytest_iqeval.reports.markup import el
from pytest_iqeval.reports.pack import Packer
from pytest_iqeval.reports.page_row import PageRow, PageRows
from pytest_iqeval.reports.policy import shipped
from pytest_iqeval.reports.sent import Sent
from pytest_iqeval.reports.since import SIGNS, changes
from pytest_iqeval.reports.tally import Tally
from pytest_iqeval.reports.words import Lang, words

_SCRIPTS = (
    *("page_parts.js", "page_filters.js"),
    *("page.js", "page_rows.js", "page_question.js", "page_events.js"),
)
_DATA = "<!-- data and charts -->\n"  # where they go in page.html; escaped text holds no such mark
_DETAIL = el(
    "aside", id="detail", role="dialog", aria_labelledby="detail-title", tabindex="-1", hidden=""
)
_HINT = "make room or give another --iqeval-output; --iqeval-replay makes it again"
_ICON_COLOURS = {
    "passed": "#14734f",
    "failed": "#b3261e",
    "inconclusive": "#8a5a00",
    "ungated": "#3d5a80",
}


def write_page(
    path: Path,
    report: Mapping[str, Any],
    rows: Iterable[PageRow | Mapping[str, Any]],
    *,
    sent: Sent | None = None,
    lang: Lang = "en",
) -> None:
    """Write `report.html` to `path`; a page that was there is replaced once this one is whole.

    :param report: the content of `report.json`.
    :param rows: the review rows, in the order the table shows them; read once, never held. A page
        row that was made before is taken as it is.
    :param sent: gives the messages that a review row was asked with, where they are to be shown.
    :param lang: the language of our own words.
    :raises FolderError: the file can't be written.
    """
    styles, script = (head_css(), shipped("page.css")), scripts(*_SCRIPTS)
    body = filled(
        "page.html",
        lang,
        filters=filled("filters.html", lang),
        head=head_body(report, lang=lang),
        facts=run_facts(report, words(lang)),
    )
    before, after = body.split(_DATA)
    tally = Tally()
    with new_page(path, "the report", hint=_HINT) as page:
        icon = _icon(report["verdict"])
        page.write(page_start(_title(report, lang), styles, script, lang=lang, icon=icon))
        page.write(before)
        packer, made = Packer(page.write, changes(report)), PageRows.of_report(report["run"])
        for row in rows:
            if not isinstance(row, PageRow):
                row = made.of(row, sent(row) if sent is not None else None)
            packer.add(row)
            tally.add(row.counted)
        packer.close(
            {
                "words": words(lang),
                "signs": dict(SIGNS),
                "languages": {b["name"]: b["language"] for b in report["benchmarks"]},
            }
        )
        page.write(breakdown(tally, report, lang=lang))
        page.write(after)
        page.write(page_end(script, _DETAIL))


def _title(report: Mapping[str, Any], lang: Lang) -> str:
    names = ", ".join(b["name"] for b in report["benchmarks"])
    return f"{verdict_word(report, lang=lang)} · {report['run']['model']} · {names}"


def _icon(verdict: str) -> str:
    """A spot in the verdict's colour, for the browser's tab."""
    colour = _ICON_COLOURS.get(verdict, "#5c646d").replace("#", "%23")
    return (
        "data:image/svg+xml,%3Csvg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 16 16'%3E"
        f"%3Ccircle cx='8' cy='8' r='7' fill='{colour}'/%3E%3C/svg%3E"
    )
