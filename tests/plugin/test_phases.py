"""Phases without pytest's wrappers: the same reports, and only where nobody else listens."""

from __future__ import annotations

import os
import re
import time

import pytest
from _pytest import runner

from tests.plugin.conftest import Project
from tests.support.endpoint import status
from tests.support.reports import lasting

CURRENT = "PYTEST_CURRENT_TEST"
LISTENS = "def pytest_runtest_{}(item): pass\n"


@pytest.fixture
def whole(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The node ids of items that pytest's own protocol runs."""
    ran: list[str] = []
    real = runner.runtestprotocol

    def noted(item: pytest.Item, **options: object) -> object:
        ran.append(item.nodeid)
        return real(item, **options)  # type: ignore[arg-type]

    monkeypatch.setattr(runner, "runtestprotocol", noted)
    return ran


def _without_times(text: str) -> str:
    text = re.sub(r"\d{8}_\d{6}(-\d+)?", "RUN", text)
    return re.sub(r'\d+\.\d+(s| s)?|timestamp="[^"]*"', "T", text)


@pytest.mark.parametrize(
    "workers", [(), pytest.param(("-n2",), marks=pytest.mark.slow)], ids=["alone", "workers"]
)
def test_reports_are_those_of_whole_phases(
    project: Project, whole: list[str], workers: tuple[str, ...]
) -> None:
    """Right, wrong, without an answer, and lost."""
    project.wrong |= {"one": "ANSWER: C", "wen": "不知道", "cry": status(500)}
    found = []
    for conftest in ("", LISTENS.format("teardown")):
        project.pytester.makeconftest(conftest)
        verbose = () if workers else ("-v",)
        result = project.run("--junitxml=j.xml", "--html=h.html", *workers, *verbose)
        junit = project.pytester.path.joinpath("j.xml").read_text("utf-8")
        said = re.sub(r"(?m)^\[gw\d\].*\n?", "", result.stdout.str()) if not workers else ""
        found.append(
            (result.ret, lasting(project.folder), _without_times(said), _without_times(junit))
        )
        if not workers:
            assert len(whole) == (5 if conftest else 0)
    short, long = found
    assert short[:3] == long[:3]
    if not workers:  # else the order is the workers'
        assert short[3] == long[3]


@pytest.mark.parametrize(
    "conftest",
    [
        *(LISTENS.format(phase) for phase in ("setup", "call", "teardown", "protocol")),
        "def pytest_exception_interact(node): pass\n",
        "def pytest_iqeval_score(item): print('heard')\n",
        "import pytest\n"
        "def pytest_collection_modifyitems(items):\n"
        "    for item in items: item.add_marker(pytest.mark.skipif(False, reason='no'))\n",
    ],
    ids=["setup", "call", "teardown", "protocol", "interact", "score", "mark"],
)
def test_who_listens_gets_whole_phases(project: Project, whole: list[str], conftest: str) -> None:
    project.pytester.makeconftest(conftest)
    project.run().assert_outcomes(passed=5)
    assert len(whole) == 5


@pytest.mark.parametrize("option", ["--setup-show", "--pdb"])
def test_what_shows_phases_gets_them(project: Project, whole: list[str], option: str) -> None:
    project.run(option).assert_outcomes(passed=5)
    assert len(whole) == 5


def test_a_mixed_session_has_whole_phases(project: Project, whole: list[str]) -> None:
    """Fixtures of ordinary tests end by what comes next."""
    project.pytester.makepyfile(test_plain="def test_good(): pass\n")
    project.run("test_plain.py", "iqeval/quiz").assert_outcomes(passed=6)
    assert len(whole) == 6


def test_a_marked_question_alone_has_whole_phases(project: Project, whole: list[str]) -> None:
    """The others of its subset need none."""
    project.pytester.makeconftest(
        "import pytest\n"
        "def pytest_collection_modifyitems(items):\n"
        "    items[0].add_marker(pytest.mark.skip(reason='not today'))\n"
    )
    project.run().assert_outcomes(passed=4, skipped=1)
    assert whole == ["iqeval/quiz::IQ::one"]


def test_the_running_question_is_in_the_environment(project: Project) -> None:
    """As of any item; who looks into a run that hangs finds it there."""
    seen = set()

    def answer(_body: object) -> str:
        end = time.monotonic() + 20
        while "iqeval/quiz" not in os.environ.get(CURRENT, "") and time.monotonic() < end:
            time.sleep(0.01)
        seen.add(os.environ.get(CURRENT))
        return "ANSWER: A"

    project.endpoint.answer(answer)
    project.run("--iqeval-limit=1", "iqeval/quiz::IQ::one").assert_outcomes(passed=1)
    assert seen == {"iqeval/quiz::IQ::one (setup)"}
    assert "iqeval/quiz" not in os.environ.get(CURRENT, "")
