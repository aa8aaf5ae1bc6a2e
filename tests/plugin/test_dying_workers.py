"""Runs in which workers die: in an item, before they planned, again and again."""

from __future__ import annotations

from typing import Any
from xml.etree import ElementTree

import pytest

from tests.plugin.conftest import Project
from tests.support.reports import lasting

DEATHS = {
    "exit": "os._exit(3)",
    "segfault": "os.kill(os.getpid(), signal.SIGSEGV)",
    "kill": "os.kill(os.getpid(), signal.SIGKILL)",
}
HEAD = "import os, signal, ctypes, pytest\nWORKER = os.environ.get('PYTEST_XDIST_WORKER')\n"
LIVES = "if 'DIE' in os.environ and "


@pytest.mark.slow
@pytest.mark.parametrize(
    ("hook", "death", "dist"),
    [
        # The distribution does not depend on the kind of death, nor that on the moment.
        *(("pytest_runtest_setup(item)", death, "load") for death in DEATHS),
        *(
            (f"{hook}(item)", "exit", dist)
            for hook in ("pytest_runtest_setup", "pytest_iqeval_score", "pytest_runtest_call")
            for dist in ("loadfile", "worksteal")
        ),
        ("pytest_iqeval_score(item)", "exit", "loadscope"),
        ("pytest_runtest_call(item)", "exit", "load"),
    ],
)
def test_the_item_in_which_a_worker_dies_is_one_error(
    project: Project,
    whole: dict[str, Any],
    monkeypatch: pytest.MonkeyPatch,
    hook: str,
    death: str,
    dist: str,
) -> None:
    """It names crash and worker; no other loses anything, and resuming asks nothing twice."""
    body = f"{LIVES} item.nodeid.endswith('::two'): {DEATHS[death]}"
    project.pytester.makeconftest(f"{HEAD}def {hook}:\n    {body}\n")
    monkeypatch.setenv("DIE", "1")
    result = project.run_apart("-n2", "--dist", dist, "--junitxml=junit.xml")
    assert result.ret == 6, result.stdout.str()
    result.assert_outcomes(passed=4, errors=1)
    cases = ElementTree.parse(project.pytester.path / "junit.xml").findall(".//testcase")
    assert [case.get("name") for case in cases].count("two") == 1
    report = project.report
    assert report["verdict"] == "inconclusive"
    assert report["ordinary_failures"] == 0
    assert report["benchmarks"][0]["outcomes"]["correct"] == 4
    (lost,) = report["lost"]
    assert lost["id"] == "iqeval/quiz::IQ::two"
    assert "worker 'gw" in lost["reason"]
    assert "crashed" in lost["reason"]
    first = next(line for line in result.outlines if "node down" in line)[1:4]
    assert f"worker '{first}'" in lost["reason"]
    monkeypatch.delenv("DIE")
    assert project.run("--iqeval-resume").ret == 0
    assert len(project.chats()) == len(set(project.chats())) == 5
    assert lasting(project.folder) == whole


MARKED = """
import os, pytest

@pytest.mark.iqeval("quiz/benchmark.yaml")
def test_question(iqeval_sample, iqeval_score):
    if "DIE" in os.environ and iqeval_sample.id == "two":
        os._exit(3)
    assert iqeval_score.correct
"""


@pytest.mark.slow
@pytest.mark.parametrize("dist", ["load", "loadfile"])
def test_a_marked_function_in_which_a_worker_dies_is_one_error_too(
    project: Project, monkeypatch: pytest.MonkeyPatch, dist: str
) -> None:
    """The worker that gets the rest of the file passes it over; resuming asks nothing."""
    project.pytester.makepyfile(test_marked=MARKED)
    project.pytester.makeini("[pytest]\niqeval_dataset = quiz/benchmark.yaml\n")
    run = project.pytester.runpytest_subprocess
    args = [arg for arg in project._args(()) if not arg.startswith("--iqeval-dataset")]
    args += ["-n2", "--dist", dist, "test_marked.py"]
    monkeypatch.setenv("DIE", "1")
    result = run("--junitxml=junit.xml", *args)
    result.assert_outcomes(passed=4, errors=1)
    assert result.ret == 6, result.stdout.str()
    assert result.stdout.str().count("node down") == 1
    cases = ElementTree.parse(project.pytester.path / "junit.xml").findall(".//testcase")
    assert sum("test_marked" in str(case.get("classname")) for case in cases) == 5
    report = project.report
    assert report["ordinary_failures"] == report["not_asked"] == 0
    assert report["benchmarks"][0]["outcomes"]["correct"] == 4
    (lost,) = report["lost"]
    assert lost["id"] == "iqeval/quiz::IQ::two"
    assert "crashed" in lost["reason"]
    asked = len(project.chats())
    monkeypatch.delenv("DIE")
    result = run("--iqeval-resume", *args)
    result.assert_outcomes(passed=5)
    assert result.ret == 0
    assert len(project.chats()) == asked == 5


PLANNER_DEATHS = {
    "before it plans": (
        f"def pytest_collection_modifyitems():\n    {LIVES} WORKER == 'gw0': os._exit(3)\n"
    ),
    "in the middle of its plan": (
        "from pytest_iqeval.broker import channel\n"
        "channel._PIECE = 2\n"
        "send = channel.ChannelAsker._send\n"
        "def dies(self, *message):\n"
        "    send(self, *message)\n"
        f"    {LIVES} WORKER == 'gw0' and message[0] == 'plan':\n"
        "        import time; time.sleep(0.5); os._exit(3)\n"
        "channel.ChannelAsker._send = dies\n"
    ),
}


@pytest.mark.slow
@pytest.mark.parametrize("moment", PLANNER_DEATHS)
def test_another_worker_plans_where_the_planner_dies(
    project: Project, whole: dict[str, Any], monkeypatch: pytest.MonkeyPatch, moment: str
) -> None:
    """The report has every question, in order.

    xdist hears of the collection before the plan is sent, so the planner may have had an item.
    """
    project.pytester.makeconftest(HEAD + PLANNER_DEATHS[moment])
    monkeypatch.setenv("DIE", "1")
    result = project.run_apart("-n2")
    if result.ret == 6 and moment != "before it plans":
        assert project.report["not_asked"] == 0
        assert len(project.report["lost"]) == 1
        monkeypatch.delenv("DIE")
        result = project.run("--iqeval-resume")
    assert result.ret == 0, result.stdout.str()
    assert len(project.chats()) == len(set(project.chats())) == 5
    assert lasting(project.folder) == whole


LATE_PLAN = """
import time
from pathlib import Path
from pytest_iqeval.broker import channel

plan, told = channel.ChannelAsker.plan_entries, Path("told")

def late(self, entries):
    end = time.monotonic() + 30
    while WORKER == "gw0" and not told.exists() and time.monotonic() < end:
        time.sleep(0.02)
    plan(self, entries)

channel.ChannelAsker.plan_entries = late

def pytest_runtest_setup(item):
    assert WORKER == "gw0" or told.exists(), "not yet"

@pytest.hookimpl(trylast=True)
def pytest_runtest_logreport(report):
    if WORKER is None and report.failed:
        told.touch()
"""


@pytest.mark.slow
def test_a_report_that_comes_before_the_plan_is_not_forgotten(project: Project) -> None:
    """A hook raised in a question, before the owner knew that it is one: it is an error."""
    project.pytester.makeconftest(HEAD + LATE_PLAN)
    result = project.run_apart("-n2")
    assert result.ret == 6, result.stdout.str()
    report = project.report
    assert report["not_asked"] == report["ordinary_failures"] == 0
    assert {"not yet" in lost["reason"] for lost in report["lost"]} == {True}


@pytest.mark.slow
@pytest.mark.parametrize("moment", [*PLANNER_DEATHS, "in an item"])
def test_where_xdist_gives_up_the_run_is_inconclusive(
    project: Project, monkeypatch: pytest.MonkeyPatch, moment: str
) -> None:
    """--max-worker-restart 0: what was not asked is said to be so; never exit 0.

    Where no worker came to its plan nobody knows what was selected: nothing was collected.
    """
    in_item = f"def pytest_runtest_setup(item):\n    {LIVES} 'one' in item.nodeid: os._exit(3)\n"
    project.pytester.makeconftest(HEAD + PLANNER_DEATHS.get(moment, in_item))
    monkeypatch.setenv("DIE", "1")
    result = project.run_apart("-n2", "--max-worker-restart=0")
    if moment == "before it plans":
        assert result.ret == 5, result.stdout.str() + result.stderr.str()
        return
    assert result.ret == 6, result.stdout.str()
    assert project.report["verdict"] == "inconclusive"
    monkeypatch.delenv("DIE")
    assert project.run("--iqeval-resume").ret == 0
    assert len(project.chats()) == len(set(project.chats())) == 5
