"""The same run with workers: one broker in the controller, scoring in the workers."""

from __future__ import annotations

import os
import re

import pytest

from tests.plugin.conftest import Project
from tests.support.endpoint import status
from tests.support.junit import read_junit
from tests.support.reports import lasting


def test_two_workers_give_the_same_report_as_none(project: Project) -> None:
    """Scores, gates, usage, selection and verdict are equal; each question is asked once."""
    project.wrong |= {"two": "ANSWER: A", "wen": status(500)}
    args = ("--iqeval-gate=accuracy >= 0.5", "--iqeval-gate=errors <= 1")
    project.run(*args)
    alone = lasting(project.folder)
    before = len(project.endpoint.requests)
    result = project.run_apart("-n2", *args)
    assert result.ret == alone["report"]["exit_code"] == 0
    assert lasting(project.folder) == alone
    assert len(project.endpoint.requests) == before * 2


@pytest.mark.slow
@pytest.mark.parametrize(
    "dist",
    [
        "load",
        *(pytest.param(d, marks=pytest.mark.slow) for d in ("loadscope", "loadfile", "loadgroup")),
        pytest.param("worksteal", marks=pytest.mark.slow),
    ],
)
def test_every_distribution_asks_each_question_once(project: Project, dist: str) -> None:
    """Whatever --dist hands to whom, five chat requests are sent."""
    result = project.run_apart("-n2", "--dist", dist)
    assert result.ret == 0
    result.assert_outcomes(passed=5)
    chats = [r for r in project.endpoint.requests if r.body is not None]
    assert len(chats) == 5


def test_dist_each_is_refused(project: Project) -> None:
    """It would ask every question once for each worker."""
    result = project.run_apart("-n2", "--dist", "each")
    assert result.ret == 4
    result.stderr.fnmatch_lines(["*--dist each*"])
    assert not project.endpoint.requests


@pytest.mark.slow
def test_junit_and_gates_under_workers(project: Project) -> None:
    """The file holds to the Jenkins rules, with one row a gate and the suite's properties."""
    project.wrong["two"] = "ANSWER: A"
    result = project.run_apart("-n2", "--junitxml=j.xml", "--iqeval-gate=accuracy >= 0.9")
    assert result.ret == 1
    suite = read_junit(project.pytester.path / "j.xml")
    cases = {(c.attrib["classname"], c.attrib["name"]): c for c in suite.iter("testcase")}
    assert len(cases) == 6
    assert cases["iqeval.quiz.IQ", "two"].find("failure") is not None
    assert cases["iqeval.quiz.gate", "accuracy >= 0.9"].find("failure") is not None
    properties = {p.attrib["name"]: p.attrib["value"] for p in suite.iter("property")}
    assert properties["iqeval.verdict"] == "failed"
    assert properties["iqeval.model"] == "m"


def test_a_worker_that_dies_costs_one_question(project: Project) -> None:
    """os._exit in a user's hook: that item is an error that names the crash, the rest is judged."""
    project.pytester.makeconftest(
        "import os\n"
        "def pytest_runtest_setup(item):\n"
        "    if item.nodeid.endswith('::two'): os._exit(3)\n"
    )
    result = project.run_apart("-n2")
    assert result.ret == 6
    report = project.report
    assert report["verdict"] == "inconclusive"
    assert report["benchmarks"][0]["outcomes"]["correct"] == 4
    assert [lost["id"] for lost in report["lost"]] == ["iqeval/quiz::IQ::two"]
    reason = report["lost"][0]["reason"]
    assert re.match(r"worker 'gw\d' crashed while running 'iqeval/quiz::IQ::two'", reason)


@pytest.mark.slow
def test_stopping_early_under_workers_has_the_same_exit_code(project: Project) -> None:
    """-x with workers: pytest would say 2, an evaluation is inconclusive: 6."""
    project.wrong |= dict.fromkeys(("one", "two", "three"), "no idea")
    result = project.run_apart("-n2", "-x")
    assert result.ret == 6
    assert project.report["verdict"] == "inconclusive"


@pytest.mark.skipif(not hasattr(os, "nice"), reason="the system knows no nice values")
@pytest.mark.parametrize("mixed", [False, True], ids=["questions alone", "ordinary tests too"])
def test_workers_let_the_process_that_asks_go_first(project: Project, mixed: bool) -> None:
    """Only where they run nothing but questions."""
    project.pytester.makepyfile(test_own="def test_own(): pass")
    project.pytester.makeconftest(
        "import os, pathlib\n"
        "HERE = pathlib.Path(__file__).parent\n"
        "def pytest_sessionfinish(session):\n"
        "    name = 'worker' if hasattr(session.config, 'workerinput') else 'owner'\n"
        "    (HERE / name).write_text(str(os.nice(0)))\n"
    )
    result = project.run_apart("-n1", *(["test_own.py"] if mixed else []))
    result.assert_outcomes(passed=6 if mixed else 5)
    owner, worker = (int((project.pytester.path / n).read_text()) for n in ("owner", "worker"))
    assert worker - owner == (0 if mixed else min(4, 19 - owner))
