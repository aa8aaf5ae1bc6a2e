"""Runs that end before they are done: Ctrl-C, dead workers, a full disk."""

from __future__ import annotations

import contextlib
import os
import resource
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest

from pytest_iqeval.plugin.session import Owner
from pytest_iqeval.run import Run
from tests.plugin.conftest import Project
from tests.support.endpoint import slow, status
from tests.support.reports import lasting

INTERRUPT_AT_THREE = (
    "import os\n"
    "def pytest_runtest_setup(item):\n"
    "    if item.nodeid.endswith('::three') and os.environ.get('INTERRUPT'):\n"
    "        raise KeyboardInterrupt\n"
)


def chats(project: Project) -> list[str]:
    """The questions that were asked, as often as they were."""
    return [str(r.body["messages"]) for r in project.endpoint.requests if r.body is not None]


@pytest.fixture
def whole(project: Project) -> dict[str, Any]:
    """The lasting part of an undisturbed run, which is out of the way."""
    project.run("--iqeval-output=whole")
    (folder,) = project.pytester.path.glob("whole/*")
    project.endpoint.requests.clear()
    return lasting(folder)


# Ctrl-C


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
    assert len(chats(project)) == len(set(chats(project))) == 5
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
    assert len(chats(project)) == len(set(chats(project))) == 5
    assert lasting(project.folder) == whole


def start(project: Project, *args: str) -> subprocess.Popen[str]:
    """pytest in a process group of its own, as a shell starts it."""
    command = [sys.executable, "-m", "pytest", *project._args(args)]
    return subprocess.Popen(
        command,
        cwd=project.pytester.path,
        env={**os.environ, "PYTHONUNBUFFERED": "1"},
        start_new_session=True,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )


def wait_for_file(path: Path) -> None:
    end = time.monotonic() + 60
    while not path.exists() and time.monotonic() < end:
        time.sleep(0.02)


def wait_for_requests(project: Project, count: int) -> None:
    end = time.monotonic() + 60
    while len(chats(project)) < count and time.monotonic() < end:
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
    process = start(project, "--iqeval-concurrency=2", *workers)
    wait_for_requests(project, 2)
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
    asked = len(chats(project))
    assert asked == 2
    project.wrong.clear()
    result = project.run("--iqeval-resume")
    twice = 0 if times == 1 else 2
    assert len(chats(project)) <= 5 + twice
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
    process = start(project)
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
    process = start(project, "--iqeval-concurrency=1", *workers)
    wait_for_file(project.pytester.path / "starts")
    wait_for_requests(project, 3)
    os.killpg(process.pid, signal.SIGINT)
    out, _ = process.communicate(timeout=60)
    assert process.returncode == 2, out
    assert "Traceback" not in out
    kept = 3 if moment == "workers" else 2
    assert f"iqeval: {kept} replies are kept. To go on:" in out
    (project.pytester.path / "conftest.py").unlink()
    project.wrong.clear()
    assert project.run("--iqeval-resume").ret == 0
    assert len(chats(project)) == 3 + (5 - kept)


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
    assert len(chats(project)) == 2


# workers that die

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
    assert len(chats(project)) == len(set(chats(project))) == 5
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
    asked = len(chats(project))
    monkeypatch.delenv("DIE")
    result = run("--iqeval-resume", *args)
    result.assert_outcomes(passed=5)
    assert result.ret == 0
    assert len(chats(project)) == asked == 5


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
    assert len(chats(project)) == len(set(chats(project))) == 5
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
    assert len(chats(project)) == len(set(chats(project))) == 5


@pytest.mark.slow
def test_the_owner_alone_is_killed(project: Project, whole: dict[str, Any]) -> None:
    """Its workers end by themselves, and the run is gone on with."""
    project.wrong |= dict.fromkeys(("three", "wen", "cry"), slow("ANSWER: C", 30))
    process = start(project, "-n2", "--iqeval-concurrency=2")
    wait_for_requests(project, 3)
    os.kill(process.pid, signal.SIGKILL)
    process.communicate(timeout=60)  # until the workers have closed the output too
    project.wrong.clear()
    assert project.run("--iqeval-resume").ret == 0
    assert len(chats(project)) <= 5 + 2
    assert lasting(project.folder) == whole


@pytest.mark.parametrize("hook", ["pytest_terminal_summary", "pytest_unconfigure"])
def test_a_run_killed_while_pytest_ends_is_gone_on_with(
    project: Project, monkeypatch: pytest.MonkeyPatch, whole: dict[str, Any], hook: str
) -> None:
    """Its files are there, and pytest's own (JUnit, HTML) may not be: nothing is asked."""
    project.pytester.makeconftest(
        "import os, pytest\n"
        "@pytest.hookimpl(tryfirst=True)\n"
        f"def {hook}():\n"
        "    if 'DIE' in os.environ: os._exit(9)\n"
    )
    monkeypatch.setenv("DIE", "1")
    assert project.run_apart().ret == 9
    folder = project.folder
    assert (folder / "report.html").is_file()
    monkeypatch.delenv("DIE")
    assert project.run_apart("--iqeval-resume").ret == 0
    assert len(chats(project)) == 5
    assert project.folder == folder
    assert lasting(folder) == whole


def test_a_run_killed_while_its_files_are_written_is_gone_on_with(
    project: Project, monkeypatch: pytest.MonkeyPatch, whole: dict[str, Any]
) -> None:
    """All its replies are there, and so is ``report.json``: nothing is asked, the page is made."""
    die = "if 'DIE' in os.environ:\n    closing.write_page = lambda *_, **__: os._exit(9)\n"
    project.pytester.makeconftest(f"import os\nfrom pytest_iqeval.run import closing\n{die}")
    monkeypatch.setenv("DIE", "1")
    assert project.run_apart().ret == 9
    folder = project.folder
    assert (folder / "report.json").is_file()
    assert not (folder / "report.html").exists()
    monkeypatch.delenv("DIE")
    assert project.run_apart("--iqeval-resume").ret == 0
    assert len(chats(project)) == 5
    assert project.folder == folder
    assert (folder / "report.html").is_file()
    assert lasting(folder) == whole


@pytest.mark.slow
def test_a_killed_run_with_repeats_asks_only_the_replies_that_lack(project: Project) -> None:
    """A question that was half asked keeps the half that came."""
    project.wrong["three"] = slow("ANSWER: C", 30)
    process = start(project, "--iqeval-concurrency=1", "--iqeval-repeats=3")
    wait_for_requests(project, 7)
    process.kill()
    process.communicate()
    project.wrong.clear()
    assert project.run("--iqeval-resume", "--iqeval-repeats=3").ret == 0
    assert len(chats(project)) == 15 + 1
    assert project.report["benchmarks"][0]["outcomes"]["correct"] == 15


# two at once, a full disk, other settings


def test_two_that_go_on_with_one_run_exclude_each_other(project: Project) -> None:
    """The second is told which process has it, and does not begin a new run."""
    project.wrong["two"] = status(503)
    project.run()
    folder = project.folder
    project.wrong["two"] = slow("ANSWER: B", 20)
    count = len(chats(project))
    first = start(project, "--iqeval-resume")
    wait_for_requests(project, count + 1)
    second = project.run("--iqeval-resume")
    first.kill()
    first.communicate()
    assert second.ret == 4
    second.stderr.fnmatch_lines(
        [f"ERROR: iqeval: *{folder.name}: another process is writing*(process {first.pid} *"]
    )
    assert [run.name for run in folder.parent.iterdir()] == [folder.name]


@contextlib.contextmanager
def full_at(limit: int) -> Any:
    """A limit on a file's size stands for the disk's end."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (limit, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


def test_a_full_disk_ends_with_what_was_kept(project: Project, whole: dict[str, Any]) -> None:
    """One reason, nothing more is sent, no report, no traceback; later it is gone on with."""
    with full_at(80_000):
        project.wrong["two"] = "ANSWER: B" + " " * 100_000
        result = project.run("--iqeval-concurrency=1")
        shown = result.stdout.str() + result.stderr.str()
    assert result.ret == 6
    assert "Traceback" not in shown
    result.stdout.fnmatch_lines(["*can't be written: *", "*inconclusive: 4 of 5 got no reply*"])
    assert len(chats(project)) == 2
    project.wrong.clear()
    assert project.run("--iqeval-resume").ret == 0
    assert len(chats(project)) == 6
    assert lasting(project.folder) == whole


def test_reports_that_cannot_be_written_make_the_run_inconclusive(
    project: Project, whole: dict[str, Any]
) -> None:
    """The replies are kept, the reports did not fit: a gate that held is worth nothing then."""
    project.pytester.makeconftest(
        "import resource\n"
        "def pytest_runtest_logfinish(nodeid):\n"
        "    if nodeid.endswith('::cry'):\n"
        "        resource.setrlimit(resource.RLIMIT_FSIZE, (500, resource.RLIM_INFINITY))\n"
    )
    with full_at(10**6):
        result = project.run("--iqeval-gate=accuracy >= 0.5", "-pno:cacheprovider")
    assert result.ret == 6
    result.stdout.re_match_lines(
        [r"inconclusive: the gate held, 5 of 5 correct; its reports could not be.*"]
    )
    assert {path.name for path in project.folder.glob("*")} <= {
        *("run.sqlite3", "run.sqlite3-wal", "reviews", "benchmarks")
    }
    assert not list(project.folder.glob("reviews/*/*"))
    (project.pytester.path / "conftest.py").unlink()
    assert project.run("--iqeval-resume").ret == 0
    assert len(chats(project)) == 5
    assert lasting(project.folder) == whole


def test_with_other_settings_a_new_run_starts_and_says_what_differs(project: Project) -> None:
    """The newest unfinished run and its setting are named in the header."""
    project.wrong["two"] = status(503)
    project.run()
    old = project.folder
    result = project.run("--iqeval-resume", "--iqeval-temperature=0.7")
    result.stdout.fnmatch_lines(
        [
            "iqeval: no unfinished run of this configuration: a new run starts",
            f"iqeval: *{old.name} could be gone on with, but has another "
            "temperature (0.0, now 0.7)",
        ]
    )
    assert len(list(Path(old.parent).iterdir())) == 2
