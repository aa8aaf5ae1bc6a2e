"""`report.html`: the run on one page that needs no network.

A static head (`head`), charts over the rows (`breakdown`), then a table of all questions that the
page's script builds from packed data (`pack`). Everything that a model or a data set wrote goes in
as text; behind that stands a content security policy which runs our script, by its hash, and
nothing else.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any

from pytest_iqeval.core.errors import FolderError
from pytest_iqeval.reports.breakdown import breakdown
from pytest_iqeval.reports.facts import run_facts
from pytest_iqeval.reports.head import head_body, head_css, verdict_word
from pytest_iqeval.reports.markup import Html, el, join
from pytest_iqeval.reports.pack import Packer
from pytest_iqeval.reports.policy import policy, shipped
from pytest_iqeval.reports.sent import Sent
from pytest_iqeval.reports.since import SIGNS, changes
from pytest_iqeval.reports.tally import Tally
from pytest_iqeval.reports.words import Lang, words

_PLACE = re.compile(r"\{\{([\w.]+)\}\}")
_SCRIPTS = ("page.js", "page_rows.js", "page_question.js", "page_events.js")
_ICON_COLOURS = {
    "passed": "#14734f",
    "failed": "#b3261e",
    "inconclusive": "#8a5a00",
    "ungated": "#3d5a80",
}


def write_page(
    path: Path,
    report: Mapping[str, Any],
    rows: Iterable[Mapping[str, Any]],
    *,
    sent: Sent | None = None,
    lang: Lang = "en",
) -> None:
    """Write `report.html` to `path`; a page that was there is replaced once this one is whole.

    :param report: the content of `report.json`.
    :param rows: the review rows, in the order the table shows them; read once, never held.
    :param sent: gives the messages that a row was asked with, where they are to be shown.
    :param lang: the language of our own words.
    :raises FolderError: the file can't be written.
    """
    before, after = shipped("page.html").split("{{data}}")
    values = _values(report, lang)
    tally = Tally()
    unfinished = path.with_name(path.name + ".part")
    try:
        with unfinished.open("w", encoding="utf-8", newline="\n") as page:
            page.write(_fill(before, values))
            packer = Packer(page.write, report["run"], changes(report))
            for row in rows:
                packer.add(row, sent(row) if sent is not None else None)
                tally.add(row)
            packer.close(
                {
                    "words": words(lang),
                    "signs": dict(SIGNS),
                    "languages": {b["name"]: b["language"] for b in report["benchmarks"]},
                }
            )
            charts = breakdown(tally, report, lang=lang)
            page.write(_fill(after, {**values, "breakdown": charts}))
        unfinished.replace(path)
    except OSError as error:
        raise FolderError(
            f"{path}: the report can't be written: {error.strerror or error}",
            hint="make room or give another --iqeval-output; --iqeval-replay makes it again",
        ) from error
    finally:
        with suppress(OSError):  # gone after a success, or never made
            unfinished.unlink()


def _values(report: Mapping[str, Any], lang: Lang) -> dict[str, str]:
    """What goes into the template's places, but for the charts over the rows."""
    styles = (head_css(), shipped("page.css"))
    script = '"use strict";\n{\n' + "\n".join(map(shipped, _SCRIPTS)) + "}\n"
    names = ", ".join(b["name"] for b in report["benchmarks"])
    return {
        "lang": lang,
        "title": join(f"{verdict_word(report, lang=lang)} · {report['run']['model']} · {names}"),
        "policy": policy(styles, script),
        "icon": _icon(report["verdict"]),
        "styles": join(*(el("style", Html(style)) for style in styles)),
        "head": head_body(report, lang=lang),
        "facts": run_facts(report, words(lang)),
        "script": script,
        **{f"words.{key}": join(word) for key, word in words(lang).items()},
    }


def _fill(template: str, values: Mapping[str, str]) -> str:
    """Put the values into their places, in one pass: a value that looks like a place stays."""
    return _PLACE.sub(lambda place: values[place[1]], template)


def _icon(verdict: str) -> str:
    """A spot in the verdict's colour, for the browser's tab."""
    colour = _ICON_COLOURS.get(verdict, "#5c646d").replace("#", "%23")
    return (
        "data:image/svg+xml,%3Csvg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 16 16'%3E"
        f"%3Ccircle cx='8' cy='8' r='7' fill='{colour}'/%3E%3C/svg%3E"
    )
