"""Runs that Ctrl-C ends before they are done: once, twice, and at awkward moments."""

from __future__ import annotations

import os
import signal
import threading
import time
from pathlib import Path
from typing import Any

import pytest

from pytest_iqeval.plugin.session import Owner
from pytest_iqeval.run import Run
from tests.plugin.conftest import Project
from tests.support.endpoint import slow, status
from tests.support.junit import read_junit
from tests.support.reports import lasting

INTERRUPT_AT_THREE = (
    "import os\n"
    "def pytest_runtest_setup(item):\n"
    "    if item.nodeid.endswith('::three') and os.environ.get('INTERRUPT'):\n"
    "        raise KeyboardInterrupt\n"
)


def test_ctrl_c_reports_what_is_there_and_says_how_to_go_on(
    project: Project, whole: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Exit 2, inconclusive; the printed command, and it alone, asks what is left."""
    project.pytester.makeconftest(INTERRUPT_AT_THREE)
    before = signal.getsignal(signal.SIGINT)
    monkeypatch.setenv("INTERRUPT", "1")
    result = project.run("--iqeval-gate=accuracy >= 0.1", no_reraise_ctrlc=True)
    assert result.ret == 2
    assert signal.getsignal(signal.SIGINT) is before
    assert project.report["verdict"] == "inconclusive"
    assert "interrupted with 2 of 5 questions scored" in project.report["headline"]
    result.stdout.re_match_lines([r"3 of 5 questions are left.* To go on:", r"  .*iqeval-resume"])
    command = next(line for line in result.outlines if line.endswith(" --iqeval-resume"))
    assert "'--iqeval-gate=accuracy >= 0.1'" in command
    assert "--iqeval-model=m" in command
    monkeypatch.delenv("INTERRUPT")
    result = project.run("--iqeval-resume")
    assert result.ret == 0
    assert "questions are left" not in result.stdout.str()
    assert len(project.chats()) == len(set(project.chats())) == 5
    assert lasting(project.folder) == whole


def test_a_second_ctrl_c_stops_at_once_and_says_how_to_go_on(
    project: Project, whole: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    """It comes while the run waits or writes: no report, no traceback, nothing lost."""
    project.pytester.makeconftest(INTERRUPT_AT_THREE)

    def interrupted(*_: object) -> None:
        raise KeyboardInterrupt

    before = signal.getsignal(signal.SIGINT)
    with monkeypatch.context() as patched:
        patched.setenv("INTERRUPT", "1")
        patched.setattr(Run, "finish", interrupted)
        result = project.run(no_reraise_ctrlc=True)
    assert result.ret == 2
    assert signal.getsignal(signal.SIGINT) is before
    assert "Traceback" not in result.stdout.str() + result.stderr.str()
    result.stdout.re_match_lines(
        [
            "iqeval: stopped at once: no report was written",
            r"3 of 5 questions are left.* To go on:",
            r"  .* --iqeval-resume$",
        ]
    )
    assert not (project.folder / "report.json").exists()
    assert project.run("--iqeval-resume").ret == 0
    assert len(project.chats()) == len(set(project.chats())) == 5
    assert lasting(project.folder) == whole


def wait_for_file(path: Path) -> None:
    end = time.monotonic() + 60
    while not path.exists() and time.monotonic() < end:
        time.sleep(0.02)


@pytest.mark.slow
@pytest.mark.parametrize("times", [1, 2])
@pytest.mark.parametrize("workers", [(), ("-n2",)], ids=["alone", "workers"])
def test_a_real_ctrl_c_reaches_the_whole_process_group(
    project: Project, whole: dict[str, Any], workers: tuple[str, ...], times: int
) -> None:
    """Once: what is in flight is finished and kept. Twice: it is over at once."""
    project.pytester.makeconftest("def pytest_runtest_logstart(): open('items-run', 'w').close()\n")
    project.wrong |= dict.fromkeys(("one", "two", "three", "wen", "cry"), "ANSWER: A")
    released, answer = threading.Event(), project.endpoint.answers
    project.endpoint.answer(lambda body: answer(body) if released.wait(60) else status(500))
    process = project.start("--iqeval-concurrency=2", *workers)
    project.wait_for_requests(2)
    wait_for_file(project.pytester.path / "items-run")
    os.killpg(process.pid, signal.SIGINT)
    assert process.stdout is not None
    said = []
    for line in process.stdout:
        said.append(line)
        if "iqeval: waits for the 2 requests in flight, 60 s at most" in line:
            break
    if times == 2:
        os.killpg(process.pid, signal.SIGINT)
    else:
        released.set()
    rest, _ = process.communicate(timeout=60)
    released.set()
    out = "".join(said) + rest
    assert process.returncode == 2, out
    assert "Traceback" not in out
    assert "iqeval: waits for the 2 requests" in out
    assert "--iqeval-resume" in out
    assert (project.folder / "report.json").exists() == (times == 1)
    asked = len(project.chats())
    assert asked == 2
    project.wrong.clear()
    result = project.run("--iqeval-resume")
    twice = 0 if times == 1 else 2
    assert len(project.chats()) <= 5 + twice
    if times == 1:  # the two were answered A, whatever is right
        assert project.report["not_asked"] == 0
        assert "questions are left" not in result.stdout.str()
    else:
        assert lasting(project.folder) == whole


@pytest.mark.slow
def test_a_second_ctrl_c_while_pytest_formats_the_first_ends_at_once(project: Project) -> None:
    """Its terminal reporter reads source files for it, which takes a tenth of a second or more."""
    project.pytester.makeconftest(
        "import os, signal\n"
        "from _pytest.terminal import TerminalReporter\n"
        "formats = TerminalReporter.pytest_keyboard_interrupt\n"
        "def again(self, excinfo):\n"
        "    os.kill(os.getpid(), signal.SIGINT)\n"
        "    return formats(self, excinfo)\n"
        "TerminalReporter.pytest_keyboard_interrupt = again\n"
        "def pytest_runtest_teardown(item):\n"
        "    if item.name == 'two': raise KeyboardInterrupt\n"
    )
    process = project.start()
    out, _ = process.communicate(timeout=60)
    assert process.returncode == 2, out
    assert "Traceback" not in out
    assert "iqeval: stopped. To go on: " in out


IN_START = {
    "header": "def pytest_report_header(config):\n    ",
    "workers": "def pytest_configure(config):\n    if hasattr(config, 'workerinput'): ",
}


@pytest.mark.slow
@pytest.mark.parametrize("moment", IN_START)
def test_a_real_ctrl_c_before_anything_is_collected(project: Project, moment: str) -> None:
    """Requests are out, the session or its workers are starting: no traceback, nothing is lost."""
    project.wrong |= dict.fromkeys(("three", "wen", "cry"), slow("ANSWER: C", 5))
    waits = "open('starts', 'w').close(); time.sleep(60)"
    project.pytester.makeconftest(f"import time\n{IN_START[moment]}{waits}\n")
    workers = ["-n2"] if moment == "workers" else []
    process = project.start("--iqeval-concurrency=1", *workers)
    wait_for_file(project.pytester.path / "starts")
    project.wait_for_requests(3)
    os.killpg(process.pid, signal.SIGINT)
    out, _ = process.communicate(timeout=60)
    assert process.returncode == 2, out
    assert "Traceback" not in out
    kept = 3 if moment == "workers" else 2
    assert f"iqeval: {kept} replies are kept. To go on:" in out
    (project.pytester.path / "conftest.py").unlink()
    project.wrong.clear()
    assert project.run("--iqeval-resume").ret == 0
    assert len(project.chats()) == 3 + (5 - kept)


@pytest.mark.parametrize("replies", [5, 0])
def test_ctrl_c_within_the_early_start_keeps_what_there_is(
    project: Project, monkeypatch: pytest.MonkeyPatch, replies: int
) -> None:
    """pytest has no reporter yet, and finishes no session: a folder without replies is gone."""

    def interrupted(_: object, run: Run) -> None:
        end = time.monotonic() + 20
        while run._broker.stats().answered < replies and time.monotonic() < end:
            time.sleep(0.01)
        raise KeyboardInterrupt

    if not replies:
        project.endpoint.answer(lambda _: slow("ANSWER: A", 5))
    monkeypatch.setattr(Owner, "_register_reporters", interrupted)
    result = project.run(no_reraise_ctrlc=True)
    out = result.stdout.str() + result.stderr.str()
    assert result.ret == 2
    assert "Traceback" not in out
    assert "Error" not in out
    assert ("5 replies are kept. To go on:" in out) == (replies == 5)
    assert ("--iqeval-resume" in out) == (replies == 5)
    assert bool(list(project.pytester.path.glob("outputs/m/*"))) == (replies == 5)


@pytest.mark.parametrize("resumes", [False, True])
def test_ctrl_c_while_the_run_is_opened_leaves_no_empty_folder(
    project: Project, monkeypatch: pytest.MonkeyPatch, resumes: bool
) -> None:
    """That of an unfinished run stays, and can be gone on with."""
    if resumes:
        project.wrong["two"] = status(503)
        project.run()
        project.wrong.clear()

    def interrupted(*_args: object, **_more: object) -> None:
        raise KeyboardInterrupt

    args = ["--iqeval-resume"] if resumes else []
    with monkeypatch.context() as patched:
        patched.setattr("pytest_iqeval.run.opening.Broker", interrupted)
        result = project.run(*args, no_reraise_ctrlc=True)
    assert result.ret == 2
    assert len(list(project.pytester.path.glob("outputs/m/*"))) == resumes
    assert project.run(*args).ret == 0
    assert len(list(project.pytester.path.glob("outputs/m/*"))) == 1


def test_ctrl_c_during_collection_waits_for_what_is_in_flight(project: Project) -> None:
    """Nothing is selected yet; what was sent is paid for, and kept."""
    said = project.pytester.path / "said"

    def answer(_: object) -> str:
        wait_for_file(said)
        return "ANSWER: A"

    project.endpoint.answer(answer)
    project.pytester.makeconftest(
        "import time, pytest\n"
        "def pytest_report_collectionfinish(config):\n"
        "    run = config.pluginmanager.get_plugin('iqeval-owner').run\n"
        "    while run._broker.stats().in_flight < 2: time.sleep(0.01)\n"
        "    raise KeyboardInterrupt\n"
        "@pytest.hookimpl(trylast=True)\n"
        "def pytest_keyboard_interrupt(): open('said', 'w').close()\n"
    )
    result = project.run("--iqeval-concurrency=2", no_reraise_ctrlc=True)
    assert result.ret == 2
    result.stdout.fnmatch_lines(
        [
            "iqeval: waits for the 2 requests in flight, *",
            "iqeval: 2 replies are kept. To go on:",
            "  *--iqeval-resume",
        ]
    )
    assert len(project.chats()) == 2


@pytest.mark.parametrize("command", [(), ("--iqeval-repeats=2",)])
def test_an_item_that_was_set_up_alone_is_no_testcase(
    project: Project, command: tuple[str, ...]
) -> None:
    """pytest, interrupted between an item's phases, would write a testcase without a name."""
    project.pytester.makeconftest(
        "def pytest_runtest_call(item):\n    if item.name == 'two': raise KeyboardInterrupt\n"
    )
    result = project.run("--junitxml=j.xml", *command, no_reraise_ctrlc=True)
    assert result.ret == 2
    suite = read_junit(project.pytester.path / "j.xml")
    names = [case.attrib["name"] for case in suite.iter("testcase")]
    assert names == ["one", "errors <= 0"]  # an implied gate that is broken has a row
