"""Items in which workers died: who hears of them, and what is passed over."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest

from pytest_iqeval.plugin.crashes import CRASHED, Crashes, PassedOver
from tests.plugin.conftest import Project

TWO = "iqeval/quiz::IQ::two"


def crash(node_id: str, node: object) -> pytest.TestReport:
    """The report that xdist makes of a crash."""
    report = pytest.TestReport(
        nodeid=node_id,
        location=("x", None, "x"),
        keywords={},
        outcome="failed",
        longrepr="worker crashed",
        when="???",  # type: ignore[arg-type]
    )
    report.node = node  # type: ignore[attr-defined]
    return report


def test_the_second_crash_in_a_question_is_no_error_of_its_own() -> None:
    """And every worker, running or new, hears of the first."""
    crashes, told = Crashes(TWO.__eq__), []
    server: Any = SimpleNamespace(closed=False, tell_crashed=told.append)
    gone: Any = SimpleNamespace(closed=True)
    first, second = crash(TWO, "gw0"), crash(TWO, "gw1")
    crashes.note(first, [server, gone])
    crashes.note(second, [server, gone])
    assert (first.outcome, second.outcome) == ("failed", "passed")
    assert second.node == "gw0"  # type: ignore[attr-defined]
    assert told == [TWO]
    new = SimpleNamespace(workerinput={})
    crashes.tell(new)
    assert new.workerinput == {CRASHED: [TWO]}


def test_a_crash_in_a_users_own_test_is_left_to_xdist() -> None:
    """It is no question."""
    report, again = crash("test_a.py::test_b", "gw0"), crash("test_a.py::test_b", "gw1")
    crashes = Crashes(lambda _: False)
    crashes.note(report, [])
    crashes.note(again, [])
    assert again.outcome == "failed"


def test_what_is_passed_over_runs_no_hook_and_leaves_the_next_a_clean_stack(
    project: Project,
) -> None:
    """Also the last of a subset, whose collector the one before left set up."""
    ran: list[str] = []

    class Spy:
        def pytest_runtest_logstart(self, nodeid: str) -> None:
            ran.append(nodeid.rpartition("::")[2])

        def pytest_runtestloop(self) -> None:
            """With this here each item has its protocol, as in a worker."""

        def pytest_configure(self, config: pytest.Config) -> None:
            over = PassedOver({"iqeval/quiz::IQ::three", "iqeval/quiz::EQ::cry"})
            config.pluginmanager.register(over)

    result = project.run(plugins=[Spy()])
    assert ran == ["one", "two", "wen"]
    result.assert_outcomes(passed=3)
