"""A question's three phases, without what pytest puts around each for tests of any kind.

Around setup, call and teardown pytest captures output, warnings and log records, looks for
exceptions of other threads, and evaluates marks: a third of the CPU of a run. A question that a
scorer of ours judges prints, logs and starts nothing, so where nobody else listens to these phases
they run without. Its reports go round by the hooks as ever, and are the same.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from itertools import zip_longest
from typing import Any, Literal

import pytest

from pytest_iqeval.core.scorers.reading import ReadingScorer
from pytest_iqeval.plugin.evaluation import Evaluation
from pytest_iqeval.plugin.events import KNOWN, few_will_do, ini
from pytest_iqeval.plugin.items import QuestionItem, forget_answers, shown_on_report

_HTML = "pytest_html."
_LOOP, _REPORT = "pytest_runtestloop", "pytest_runtest_makereport"
_When = Literal["setup", "call", "teardown"]
_OURS = "pytest_iqeval.core.scorers."
# What implements these hooks concerns other items, or is what is left out here.
_HOOKS = (
    *("pytest_runtest_protocol", "pytest_runtest_setup", "pytest_runtest_call"),
    *("pytest_runtest_teardown", "pytest_exception_interact", "pytest_iqeval_score"),
)
# Options that show something of these phases, or stop in them.
_OPTIONS = ("setupshow", "setuponly", "setupplan", "usepdb", "trace")
_CURRENT = "PYTEST_CURRENT_TEST"
_ENDS = (pytest.exit.Exception, KeyboardInterrupt)


class ShortPhases:
    """Registered where a session has no ordinary tests, by each process that runs items."""

    def __init__(self, config: pytest.Config, evaluation: Evaluation) -> None:
        self._config = config
        self._evaluation = evaluation
        self._unheard: bool | None = None  # not known before all plugins are there
        self._short_reports = False
        self._few_events = False
        self._begun = False
        self._plain: dict[tuple[str, pytest.Collector | None], bool] = {}

    @pytest.hookimpl
    def pytest_runtestloop(self, session: pytest.Session) -> bool | None:
        """pytest's own loop, past the wrappers of a test's protocol: they catch its warnings."""
        option, hook = self._config.option, self._config.hook
        if hasattr(self._config, "workerinput"):
            return None  # xdist's loop runs what the owner sends
        if option.collectonly or session.testsfailed or not self._only_known(hook, _LOOP):
            return None
        for item, next_item in zip_longest(session.items, session.items[1:]):
            if isinstance(item, QuestionItem) and self._is_plain(item):
                self._run(item)
            else:
                hook.pytest_runtest_protocol(item=item, nextitem=next_item)
            if session.shouldfail:
                raise session.Failed(session.shouldfail)
            if session.shouldstop:
                raise session.Interrupted(session.shouldstop)
        return True

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtest_protocol(self, item: pytest.Item) -> bool | None:
        """Run a question, if it needs no more than this."""
        if not isinstance(item, QuestionItem) or not self._is_plain(item):
            return None
        self._run(item)
        return True

    def _run(self, item: QuestionItem) -> None:
        os.environ[_CURRENT] = f"{item.nodeid} (setup)"
        if self._few_events and self._begun:
            self._report_once(item)
        else:
            self._report_all(item)
            self._begun = True  # what waits for the first item has heard of it
        os.environ.pop(_CURRENT, None)

    @staticmethod
    def _report_once(item: QuestionItem) -> None:
        call = _called(item.setup, "setup")
        if call.excinfo is None:
            call = _called(item.runtest, "call")
        item.ihook.pytest_runtest_logreport(report=_short_report(item, call))
        forget_answers(item)

    def _report_all(self, item: QuestionItem) -> None:
        hook, node_id, location = item.ihook, item.nodeid, item.location
        make = _short_report if self._short_reports else _whole_report

        def passed(when: _When, phase: Callable[[], None]) -> bool:
            report = make(item, _called(phase, when))
            hook.pytest_runtest_logreport(report=report)
            return report.passed

        hook.pytest_runtest_logstart(nodeid=node_id, location=location)
        if passed("setup", item.setup):
            passed("call", item.runtest)
        passed("teardown", _nothing)
        hook.pytest_runtest_logfinish(nodeid=node_id, location=location)

    def _is_plain(self, item: QuestionItem) -> bool:
        if len(item.own_markers) > 1:  # beside its own: skip, xfail, or a plugin's
            return False
        about = item.sample.benchmark, item.parent
        if about not in self._plain:
            scorer = self._evaluation.scorer(item.sample)
            self._plain[about] = (
                self._nobody_listens(item)
                and isinstance(scorer, ReadingScorer)
                and type(scorer).__module__.startswith(_OURS)
                and not any(node.own_markers for node in item.listchain()[:-1])
            )
        return self._plain[about]

    def _nobody_listens(self, item: QuestionItem) -> bool:
        if self._unheard is None:
            config, hook = self._config, item.ihook
            self._unheard = (
                not any(getattr(config.option, name, False) for name in _OPTIONS)
                and not float(ini(config, "faulthandler_timeout") or 0)
                and all(self._only_known(hook, name) for name in _HOOKS)
            )
            self._short_reports = self._only_known(hook, _REPORT)
            self._few_events = self._short_reports and few_will_do(config)
        return self._unheard

    def _only_known(self, hook: Any, name: str) -> bool:
        # A page of pytest-html's is not being written: then it adds nothing to a report.
        known = KNOWN if getattr(self._config.option, "htmlpath", None) else (*KNOWN, _HTML)
        found = getattr(hook, name).get_hookimpls()
        return all(one.function.__module__.startswith(known) for one in found)


def _called(phase: Callable[[], None], when: _When) -> pytest.CallInfo[None]:
    return pytest.CallInfo.from_call(phase, when=when, reraise=_ENDS)


def _whole_report(item: QuestionItem, call: pytest.CallInfo[None]) -> pytest.TestReport:
    report: pytest.TestReport = item.ihook.pytest_runtest_makereport(item=item, call=call)
    return report


def _short_report(item: QuestionItem, call: pytest.CallInfo[None]) -> pytest.TestReport:
    """What the hooks make of it, where only pytest and this plugin have any."""
    report = pytest.TestReport.from_item_and_call(item, call)
    shown_on_report(item, call, report)
    return report


def _nothing() -> None:
    """A question has nothing to tear down."""
