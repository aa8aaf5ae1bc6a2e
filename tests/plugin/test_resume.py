"""Runs that are gone on with: killed, without room on the disk, by two at once."""

from __future__ import annotations

import contextlib
import os
import resource
import signal
from pathlib import Path
from typing import Any

import pytest

from tests.plugin.conftest import Project
from tests.support.endpoint import slow, status
from tests.support.reports import lasting


@pytest.mark.slow
def test_the_owner_alone_is_killed(project: Project, whole: dict[str, Any]) -> None:
    """Its workers end by themselves, and the run is gone on with."""
    project.wrong |= dict.fromkeys(("three", "wen", "cry"), slow("ANSWER: C", 30))
    process = project.start("-n2", "--iqeval-concurrency=2")
    project.wait_for_requests(3)
    os.kill(process.pid, signal.SIGKILL)
    process.communicate(timeout=60)  # until the workers have closed the output too
    project.wrong.clear()
    assert project.run("--iqeval-resume").ret == 0
    assert len(project.chats()) <= 5 + 2
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
    assert len(project.chats()) == 5
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
    assert len(project.chats()) == 5
    assert project.folder == folder
    assert (folder / "report.html").is_file()
    assert lasting(folder) == whole


@pytest.mark.slow
def test_a_killed_run_with_repeats_asks_only_the_replies_that_lack(project: Project) -> None:
    """A question that was half asked keeps the half that came."""
    project.wrong["three"] = slow("ANSWER: C", 30)
    process = project.start("--iqeval-concurrency=1", "--iqeval-repeats=3")
    project.wait_for_requests(7)
    process.kill()
    process.communicate()
    project.wrong.clear()
    assert project.run("--iqeval-resume", "--iqeval-repeats=3").ret == 0
    assert len(project.chats()) == 15 + 1
    assert project.report["benchmarks"][0]["outcomes"]["correct"] == 15


def test_two_that_go_on_with_one_run_exclude_each_other(project: Project) -> None:
    """The second is told which process has it, and does not begin a new run."""
    project.wrong["two"] = status(503)
    project.run()
    folder = project.folder
    project.wrong["two"] = slow("ANSWER: B", 20)
    count = len(project.chats())
    first = project.start("--iqeval-resume")
    project.wait_for_requests(count + 1)
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
    assert len(project.chats()) == 2
    project.wrong.clear()
    assert project.run("--iqeval-resume").ret == 0
    assert len(project.chats()) == 6
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
    assert len(project.chats()) == 5
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
