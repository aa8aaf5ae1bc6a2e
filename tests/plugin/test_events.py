"""One report a question, where nobody wants to hear more of it."""

from __future__ import annotations

import pytest

from pytest_iqeval.plugin.phases import ShortPhases
from tests.plugin.conftest import Project
from tests.support.endpoint import status
from tests.support.reports import lasting

HEARS = "def pytest_runtest_{}(): pass\n"


@pytest.fixture
def once(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The node ids of questions that are one report."""
    ran: list[str] = []
    real = ShortPhases._report_once

    def noted(item: pytest.Item) -> None:
        ran.append(item.nodeid)
        real(item)

    monkeypatch.setattr(ShortPhases, "_report_once", staticmethod(noted))
    return ran


def test_all_but_the_first_question_are_one_report(project: Project, once: list[str]) -> None:
    project.run().assert_outcomes(passed=5)
    assert len(once) == 4


COUNTS = """
from xdist.dsession import DSession

def noted(name):
    real = getattr(DSession, name)
    def note(self, *args, **named):
        with open("heard", "a") as file:
            print(name, file=file)
        return real(self, *args, **named)
    setattr(DSession, name, note)

for name in ("worker_logstart", "worker_testreport", "worker_logfinish"):
    noted(name)
"""


def test_workers_send_one_report_a_question_too(project: Project) -> None:
    """Each sends all that there is of its first question."""
    project.pytester.makeconftest(COUNTS)
    project.run("-n2").assert_outcomes(passed=5)
    heard = (project.pytester.path / "heard").read_text().split()
    begun = heard.count("worker_logstart")  # as many as workers that ran anything
    assert 1 <= begun <= 2
    assert heard.count("worker_logfinish") == begun
    assert heard.count("worker_testreport") == 3 * begun + (5 - begun)


@pytest.mark.parametrize(
    "options",
    [
        ("--junitxml=j.xml",),
        ("--html=h.html",),
        ("--durations=3",),
        ("-v",),
        ("--log-cli-level=1",),
    ],
)
def test_what_adds_up_or_shows_phases_gets_all(
    project: Project, once: list[str], options: tuple[str, ...]
) -> None:
    project.run(*options).assert_outcomes(passed=5)
    assert once == []


@pytest.mark.parametrize("hook", ["logstart", "logreport", "logfinish"])
def test_who_hears_gets_all(project: Project, once: list[str], hook: str) -> None:
    project.pytester.makeconftest(HEARS.format(hook))
    project.run().assert_outcomes(passed=5)
    assert once == []


def test_who_changes_reports_does(project: Project, once: list[str]) -> None:
    project.pytester.makeconftest("def pytest_runtest_makereport(): pass\n")
    project.run().assert_outcomes(passed=5)
    assert once == []


@pytest.mark.parametrize(
    "workers", [(), pytest.param(("-n2",), marks=pytest.mark.slow)], ids=["alone", "workers"]
)
def test_nothing_else_changes(project: Project, workers: tuple[str, ...]) -> None:
    """Right, wrong, without an answer, and lost; what `--lf` then finds, too."""
    project.wrong |= {"one": "ANSWER: C", "wen": "不知道", "cry": status(500)}
    found = []
    for conftest in ("", HEARS.format("logfinish")):
        project.pytester.makeconftest(conftest)
        result = project.run("--iqeval-gate=accuracy >= 0.1", *workers)
        report = lasting(project.folder)
        again = project.run("--lf", "--collect-only", "-q")
        named = [line for line in again.outlines if line.startswith("iqeval/")]
        found.append((result.ret, result.parseoutcomes(), report, sorted(named)))
    assert found[0] == found[1]
    assert len(found[0][3]) == 3
