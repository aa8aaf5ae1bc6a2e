"""pytest-html's report: the same head as ours, a few columns, and details of what went wrong."""

from __future__ import annotations

import os
from collections.abc import Mapping
from html import escape
from pathlib import Path
from typing import Any

import pytest

from pytest_iqeval.core.clean import visible
from pytest_iqeval.core.score import Outcome
from pytest_iqeval.reports.head import head_html
from pytest_iqeval.run import Run

# A report of 14,000 items is 79 MB with every reply in it, so details are cut.
MOST_DETAIL_CHARACTERS = 4000
COLUMNS = ("subset", "expected", "got", "outcome", "latency")


class HtmlReport:
    """Hooks of pytest-html; registered only when it is there."""

    def __init__(self, config: pytest.Config, run: Run) -> None:
        self.run = run
        self.page = config.invocation_params.dir / (config.getoption("htmlpath", None) or ".")

    @pytest.hookimpl(optionalhook=True)
    def pytest_html_results_table_header(self, cells: list[str]) -> None:
        """Put our columns before the duration."""
        cells[2:2] = [f"<th>{name}</th>" for name in COLUMNS]

    @pytest.hookimpl(optionalhook=True)
    def pytest_html_results_table_row(self, report: Any, cells: list[str]) -> None:
        """Fill our columns; empty for ordinary tests."""
        if not cells:
            return
        shown = getattr(report, "iqeval", None) or {}
        latency = shown.get("latency_s")
        values = (
            shown.get("subset"),
            shown.get("expected"),
            shown.get("extracted"),
            _outcome(shown),
            None if latency is None else f"{latency:.2f} s",
        )
        cells[2:2] = [f"<td>{escape(visible(str(v)) if v else '')}</td>" for v in values]

    @pytest.hookimpl(optionalhook=True)
    def pytest_html_results_table_html(self, report: Any, data: list[str]) -> None:
        """Details of questions that are not correct only, capped."""
        if not report.nodeid.startswith("iqeval/"):
            return
        if report.passed:
            del data[:]
            return
        text = "".join(data)
        if len(text) > MOST_DETAIL_CHARACTERS:
            data[:] = [text[:MOST_DETAIL_CHARACTERS].rpartition("&")[0] or text, " …"]

    @pytest.hookimpl(optionalhook=True)
    def pytest_html_results_summary(self, prefix: list[str]) -> None:
        """The head of `report.html`, and a link to it."""
        summary = self.run.summary
        if summary is None:
            return
        link = self._link(self.run.folder.report_html)
        lang = self.run.parts.lang
        prefix.append(head_html(summary.to_plain(lang), lang=lang))
        prefix.append(f'<p><a href="{escape(link, quote=True)}">report.html</a></p>')

    def _link(self, target: Path) -> str:
        try:
            return Path(os.path.relpath(target, self.page.parent)).as_posix()
        except ValueError:  # another drive on Windows
            return target.as_uri()


def _outcome(shown: Mapping[str, Any]) -> str | None:
    """Of several replies how many are right; of one its outcome, and whether the length limit cut
    it (``truncated`` says so itself)."""
    if "count" in shown:
        return str(shown["count"])
    outcome: str | None = shown.get("outcome")
    cut = shown.get("cut") and outcome != Outcome.TRUNCATED
    return f"{outcome}, cut" if cut else outcome
