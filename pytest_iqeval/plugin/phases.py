"""A question's three phases, without what pytest puts around each for tests of any kind.

Around setup, call and teardown pytest captures output and log records, looks for exceptions of
other threads, and evaluates skip marks: a quarter of the CPU of a run. A question that a scorer of
ours judges prints, logs and starts nothing, so where nobody else listens to these phases they run
without. Its reports are made and go round by the hooks as ever.
"""

from __future__ import annotations

import os
from collections.abc import Callable

import pytest

from pytest_iqeval.core.scorers.reading import ReadingScorer
from pytest_iqeval.plugin.evaluation import Evaluation
from pytest_iqeval.plugin.items import QuestionItem

# What implements these hooks concerns other items, or is what is left out here.
_KNOWN = ("_pytest.", "pytest_iqeval.", "xdist.", "_hypothesis_pytestplugin")
_OURS = "pytest_iqeval.core.scorers."
_HOOKS = (
    *("pytest_runtest_protocol", "pytest_runtest_setup", "pytest_runtest_call"),
    *("pytest_runtest_teardown", "pytest_exception_interact", "pytest_iqeval_score"),
)
# Options that show something of these phases, or stop in them.
_OPTIONS = ("setupshow", "setuponly", "setupplan", "usepdb", "trace")
_CURRENT = "PYTEST_CURRENT_TEST"


class ShortPhases:
    """Registered where a session has no ordinary tests, by each process that runs items."""

    def __init__(self, config: pytest.Config, evaluation: Evaluation) -> None:
        self._config = config
        self._evaluation = evaluation
        self._unheard: bool | None = None  # not known before all plugins are there
        self._plain: dict[tuple[str, pytest.Collector | None], bool] = {}

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtest_protocol(self, item: pytest.Item) -> bool | None:
        """Run a question, if it needs no more than this."""
        if not isinstance(item, QuestionItem) or not self._is_plain(item):
            return None
        hook, node_id = item.ihook, item.nodeid
        hook.pytest_runtest_logstart(nodeid=node_id, location=item.location)
        os.environ[_CURRENT] = f"{node_id} (setup)"
        if _report(item, "setup", item.setup).passed:
            _report(item, "call", item.runtest)
        _report(item, "teardown", _nothing)
        os.environ.pop(_CURRENT, None)
        hook.pytest_runtest_logfinish(nodeid=node_id, location=item.location)
        return True

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
            option = self._config.option
            self._unheard = not any(getattr(option, name, False) for name in _OPTIONS) and all(
                found.function.__module__.startswith(_KNOWN)
                for hook in _HOOKS
                for found in getattr(item.ihook, hook).get_hookimpls()
            )
        return self._unheard


def _report(item: QuestionItem, when: str, phase: Callable[[], None]) -> pytest.TestReport:
    call = pytest.CallInfo.from_call(
        phase,
        when=when,  # type: ignore[arg-type]
        reraise=(pytest.exit.Exception, KeyboardInterrupt),
    )
    report: pytest.TestReport = item.ihook.pytest_runtest_makereport(item=item, call=call)
    item.ihook.pytest_runtest_logreport(report=report)
    return report


def _nothing() -> None:
    """A question has nothing to tear down."""
