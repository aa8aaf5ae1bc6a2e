"""What the terminal shows: a header, one live line or heartbeats, the summary, the verdict last."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import cached_property
from typing import Any

import pytest

from pytest_iqeval.core.clean import inert, visible
from pytest_iqeval.core.told import said_in
from pytest_iqeval.core.width import cut, one_line
from pytest_iqeval.plugin.at_end import OWN_LINES
from pytest_iqeval.plugin.evaluation import Evaluation
from pytest_iqeval.plugin.interrupts import go_on_command, go_on_lines
from pytest_iqeval.plugin.own_lines import own_lines
from pytest_iqeval.plugin.short_lists import ShortLists
from pytest_iqeval.plugin.ticker import Ticker
from pytest_iqeval.reports.text import file_lines, summary_lines
from pytest_iqeval.run import Run


class Terminal:
    """Hands the run's progress and its summary to pytest's terminal reporter.

    Everything is silent where there is none (``-p no:terminal``).
    """

    def __init__(self, config: pytest.Config, evaluation: Evaluation, run: Run) -> None:
        self.config = config
        self.run = run
        self.mixed = evaluation.mixed
        # Any: pytest gives its terminal reporter no public type.
        self.reporter: Any = config.pluginmanager.get_plugin("terminalreporter")
        self.ticker: Ticker | None = None
        self.ended = False
        self._lists: ShortLists | None = None
        if not self.mixed and hasattr(config.option, "force_short_summary"):  # since pytest 9
            # Under CI pytest prints every failure a second time, whole, in its list at the end.
            config.option.force_short_summary = True

    @cached_property
    def _verbosity(self) -> int:
        return self.config.get_verbosity(pytest.Config.VERBOSITY_TEST_CASES)

    @pytest.hookimpl
    def pytest_report_header(self) -> list[str]:
        """Model, endpoint, benchmarks, gates, and what a preset changed."""
        lines = (said_in(line, self.run.parts.lang) for line in self.run.parts.header())
        return own_lines(self.config, lines)

    @pytest.hookimpl(wrapper=True)
    def pytest_runtestloop(self) -> Iterator[None]:
        """Tick while questions are asked."""
        if self.reporter is None or self._verbosity != 0 or self.config.option.verbose < 0:
            return (yield)
        if not self.mixed:
            self.reporter.showfspath = False  # questions print no letters after a file's name
        on_terminal = (
            self.reporter.isatty
            and not self.mixed
            and self.config.option.capture != "no"
            and not self.config.option.usepdb
        )
        self.ticker = Ticker(self.reporter, self.run, live=on_terminal, mixed=self.mixed)
        try:
            return (yield)
        finally:
            self.ticker.stop()

    @pytest.hookimpl
    def pytest_runtest_logstart(self) -> None:
        """The first item begins; until then xdist rewrites a line about its workers in place."""
        if self.ticker is not None:
            self.ticker.begin()

    def say(self, lines: Sequence[str]) -> None:
        """Print lines of their own in the midst of the run."""
        if self.reporter is None:
            return
        if self.ticker is not None:
            self.ticker.give_way()
        self.reporter.ensure_newline()
        if self.reporter._tw.width_of_current_line:  # letters, which xdist's reports leave there
            self.reporter.write_line("")
        for line in lines:
            self.reporter.write_line(line)

    @pytest.hookimpl(tryfirst=True)
    def pytest_report_teststatus(
        self, report: pytest.TestReport | pytest.CollectReport
    ) -> tuple[str | None, str, str | tuple[str, dict[str, bool]]] | None:
        """No letter for a question; with ``-v`` its outcome and the answer that was read.

        A passed setup or teardown gets no category: pytest searches all reports of the category
        '' once for each failure, 95 s at 14,000 questions. A crash in a marked function is an error
        as well, since xdist knows no phase of it.
        """
        if report.when != "call" and report.passed and report.nodeid.startswith("iqeval/"):
            return None if self.ended or hasattr(report, "wasxfail") else (None, "", "")
        question = report.nodeid.startswith("iqeval/") or (
            str(report.when) == "???" and self.run.ledger.planned(report.nodeid)
        )
        ours = question and (report.passed or report.failed)  # not `skipped`, nor a plugin's own
        left_out = report.skipped and hasattr(report, "iqeval_not_asked")
        if question and left_out and not self.ended:
            if self._verbosity <= 0:
                return "skipped", "s" if self.mixed else "", ""
            return "skipped", "", ("not asked", {"yellow": True})
        if self.ended or not ours or hasattr(report, "wasxfail"):
            return None
        if report.when != "call" and report.passed:  # also the second crash in an item
            return None, "", ""
        category = "passed" if report.passed else "failed" if report.when == "call" else "error"
        if self._verbosity <= 0:
            letter = (
                "" if not self.mixed else {"passed": ".", "failed": "F", "error": "E"}[category]
            )
            return category, letter, ""
        shown = getattr(report, "iqeval", None)
        word = "error" if shown is None else shown["outcome"]
        if shown is not None and category != "error" and "count" in shown:
            word = shown["count"]
        elif shown is not None and shown["extracted"]:
            word += f" {inert(one_line(shown['extracted']))}"
            word += " (cut)" if shown["cut"] else ""
        return category, "", (word.upper() if category == "error" else word, _COLOURS[category])

    @pytest.hookimpl(wrapper=True, tryfirst=True)
    def pytest_terminal_summary(self, terminalreporter: Any) -> Iterator[None]:
        """Print ours after pytest's own lists, so that the verdict is the last thing on screen."""
        self.ended = True
        if self._verbosity <= 0:
            self._lists = ShortLists(terminalreporter.stats)
            self._lists.shorten()
        try:
            result = yield
        finally:
            if self._lists is not None:
                self._lists.restore()
        self._say_how_many_more(terminalreporter)
        summary = self.run.summary
        if summary is not None:
            width = terminalreporter._tw.fullwidth
            terminalreporter.write_sep("=", "iqeval", bold=True)
            for line in summary_lines(summary, width=width, lang=self.run.parts.lang):
                markup = {line.style: True} if line.style else {}
                terminalreporter.write_line(line.text, **markup)
            for trouble in self.run.troubles():
                said = said_in(trouble, self.run.parts.lang)
                terminalreporter.write_line(one_line(said), yellow=True)
            for text in file_lines(self.run.files(), lang=self.run.parts.lang):
                terminalreporter.write_line(text)
            for own in self.config.stash.get(OWN_LINES, ()):
                terminalreporter.write_line(inert(one_line(own)))
            if self.run.left is not None and self.run.settings.replay is None:
                command = go_on_command(self.config, self.run.redact)
                for left in go_on_lines(self.run.left, command):
                    said = said_in(left, self.run.parts.lang)
                    terminalreporter.write_line(inert(visible(said)))
        return result

    @pytest.hookimpl(wrapper=True, trylast=True, specname="pytest_terminal_summary")
    def pytest_terminal_summary_of_others(self) -> Iterator[None]:
        """Inside pytest's own wrapper: users' hooks count all of them."""
        if self._lists is not None:
            self._lists.restore()
        try:
            return (yield)
        finally:
            if self._lists is not None:
                self._lists.shorten()

    def _say_how_many_more(self, reporter: Any) -> None:
        option = self.config.option
        if self._lists is None or option.no_summary:
            return
        failures = reporter.hasopt("f") or option.tbstyle != "no"
        for line in self._lists.lines(errors=reporter.hasopt("E"), failures=failures):
            said = said_in(line, self.run.parts.lang)
            reporter.write_line(cut(inert(one_line(said)), reporter._tw.fullwidth))


_COLOURS = {"passed": {"green": True}, "failed": {"red": True}, "error": {"red": True}}
