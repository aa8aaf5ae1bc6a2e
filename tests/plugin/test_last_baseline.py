"""Which run `--iqeval-baseline last` takes: the newest that passed, and never the run itself."""

from __future__ import annotations

import shutil
from typing import Any

import pytest

from pytest_iqeval.core.phrases import header
from pytest_iqeval.core.phrases.signs import COMMA
from pytest_iqeval.core.told import joined
from tests.plugin.conftest import Project, read_report
from tests.support.endpoint import status
from tests.support.pages import blocks, read_page

LAST = "--iqeval-baseline=last"
NOT_WORSE = "--iqeval-gate=drop(accuracy) <= 10pt"


def compared_with(project: Project) -> Any:
    """The run that the newest run was compared with."""
    return project.report["baseline"]["run"]


@pytest.fixture
def good(project: Project) -> str:
    """A run without a wrong answer; its name."""
    project.run()
    return project.folder.name


def test_a_failed_run_is_no_baseline_when_it_is_run_again(project: Project, good: str) -> None:
    """Else the second try of a bad release would be green."""
    project.wrong["one"] = "ANSWER: B"
    for _ in range(2):
        assert project.run(LAST, NOT_WORSE).ret == 1
        assert compared_with(project) == good
        assert read_report(project.folder)["verdict"] == "failed"
    project.wrong["two"] = status(500)
    project.run(LAST, NOT_WORSE)
    del project.wrong["two"]
    result = project.run(LAST, NOT_WORSE)
    assert result.ret == 1
    result.stdout.fnmatch_lines(
        [
            f"iqeval: baseline: {good} (m), 5 questions; newer runs passed over: "
            "1 unfinished, 2 failed"
        ]
    )


def test_a_run_that_passed_is_the_next_baseline(project: Project, good: str) -> None:
    result = project.run(LAST, NOT_WORSE)
    result.stdout.fnmatch_lines([f"iqeval: baseline: {good} (m), 5 questions"])
    second = project.folder.name
    project.run(LAST, NOT_WORSE)
    assert compared_with(project) == second


def test_a_run_that_was_inconclusive_is_none(project: Project, good: str) -> None:
    """All answered, and a gate had no number."""
    assert project.run(LAST, NOT_WORSE, "--iqeval-temperature=0.7").ret == 6
    result = project.run(LAST, NOT_WORSE, "--iqeval-lang=zh")
    assert compared_with(project) == good
    result.stdout.fnmatch_lines([f"iqeval: 基线：{good} (m)，5 题；更新的运行未采用：1 次无结论"])


def test_where_none_passed_the_error_names_what_there_is(project: Project) -> None:
    project.run("--iqeval-gate=accuracy < 1")
    newest = project.folder.name
    project.wrong["one"] = status(500)
    project.run()
    sent = len(project.endpoint.requests)
    result = project.run(LAST)
    assert result.ret == pytest.ExitCode.USAGE_ERROR
    result.stderr.fnmatch_lines(
        [
            "*--iqeval-baseline last: none of the 2 runs in *outputs?m can be the baseline: "
            "1 unfinished, 1 failed",
            f"*hint: name one all the same: --iqeval-baseline {newest}; or *",
        ]
    )
    assert len(project.endpoint.requests) == sent


def test_a_run_that_goes_on_is_not_its_own_baseline(project: Project, good: str) -> None:
    """More repeats are asked of a run that passed; ``last`` is the one before it."""
    project.run()
    second = project.folder
    result = project.run(LAST, "--iqeval-repeats=3", "--iqeval-resume")
    assert project.folder == second
    assert compared_with(project) == good
    result.stdout.fnmatch_lines(["*; newer runs passed over: 1 that --iqeval-resume goes on with"])


@pytest.mark.parametrize("other", ["--iqeval-temperature=0.7", "--iqeval-max-tokens=99"])
def test_a_run_that_resume_leaves_alone_is_a_baseline(
    project: Project, good: str, other: str
) -> None:
    """Of another configuration, it has other replies than the run that starts."""
    result = project.run(LAST, "--iqeval-repeats=3", "--iqeval-resume", other)
    assert result.ret == 0
    assert compared_with(project) == good
    result.stdout.fnmatch_lines(
        [
            "iqeval: no unfinished run of this configuration: a new run starts",
            f"iqeval: *{good} could be gone on with, but has another *",
            f"iqeval: baseline: {good} (m), 5 questions",
        ]
    )


def test_behind_a_run_that_resume_leaves_alone_it_finds_the_one_that_goes_on(
    project: Project, good: str
) -> None:
    """The older of the two is the one whose replies are taken up."""
    project.run("--iqeval-temperature=0.7")
    other = project.folder.name
    result = project.run(LAST, "--iqeval-repeats=3", "--iqeval-resume")
    result.stdout.fnmatch_lines([f"iqeval: goes on with *{good}", f"*baseline: {other} (m)*"])


@pytest.mark.usefixtures("good")
def test_the_only_run_is_the_one_that_goes_on(project: Project) -> None:
    """To name it would be refused too: the hint says what else there is."""
    result = project.run(LAST, "--iqeval-repeats=3", "--iqeval-resume")
    assert result.ret == pytest.ExitCode.USAGE_ERROR
    result.stderr.fnmatch_lines(
        [
            "*--iqeval-baseline last: the only run in *outputs?m can't be the baseline: "
            "--iqeval-resume goes on with it",
            "*hint: leave --iqeval-resume away for a new run, or do without a baseline",
        ]
    )


@pytest.mark.usefixtures("good")
def test_without_a_key_what_is_collected_is_shown_all_the_same(project: Project) -> None:
    """Which run goes on can't be told then, and nothing is asked that could be compared with it."""
    listed = ("--co", "--iqeval-api-key-env=NOT_SET_HERE")
    result = project.run(LAST, "--iqeval-repeats=3", "--iqeval-resume", *listed)
    assert result.ret == 0


def test_a_run_that_goes_on_refuses_itself_by_name(project: Project, good: str) -> None:
    before = (project.folder / "report.json").read_bytes()
    result = project.run(f"--iqeval-baseline={good}", "--iqeval-repeats=3", "--iqeval-resume")
    assert result.ret == pytest.ExitCode.USAGE_ERROR
    result.stderr.fnmatch_lines([f"*--iqeval-baseline {good}: *--iqeval-resume*", "*hint: *"])
    assert (project.folder / "report.json").read_bytes() == before


def test_replays_of_the_same_replies_are_no_baseline(project: Project, good: str) -> None:
    """A replay of a replay neither."""
    project.run()
    second = project.folder.name
    project.run(f"--iqeval-replay={second}")
    third = project.folder.name
    for replayed in (second, third, "last"):
        result = project.run(f"--iqeval-replay={replayed}", LAST)
        assert compared_with(project) == good
    result.stdout.fnmatch_lines(["*; newer runs passed over: 4 with the same replies"])


def test_a_failed_run_is_no_baseline_when_it_is_replayed_with_a_weaker_gate(
    project: Project, good: str
) -> None:
    """Nor is a replay of that replay: whose replies they are decides."""
    project.wrong["one"] = "ANSWER: B"
    assert project.run("--iqeval-gate=accuracy >= 0.9").ret == 1
    for _ in range(2):
        project.run("--iqeval-replay=last", "--iqeval-gate=accuracy >= 0.1")
        assert project.report["verdict"] == "passed"
    result = project.run(LAST, NOT_WORSE)
    assert compared_with(project) == good
    assert result.ret == 1
    result.stdout.fnmatch_lines(
        ["*; newer runs passed over: 2 replays of a run that is no baseline, 1 failed"]
    )


def test_a_replay_of_a_run_that_passed_is_a_baseline(project: Project, good: str) -> None:
    """As long as that run is there."""
    project.run(f"--iqeval-replay={good}")
    again = project.folder.name
    project.run(LAST)
    assert compared_with(project) == again
    shutil.rmtree(project.folder)
    shutil.rmtree(project.folder.parent / good)
    result = project.run(LAST)
    result.stderr.fnmatch_lines(
        [
            "*the only run in *outputs?m can't be the baseline: "
            "it replays a run that is no baseline",
            f"*hint: *--iqeval-baseline {again}; *",
        ]
    )


def test_a_replay_that_goes_on_is_not_compared_with_the_run_that_it_replays(
    project: Project, good: str
) -> None:
    """More repeats are asked of the newest, and both have the same replies."""
    project.run()
    project.run("--iqeval-replay=last")
    result = project.run(LAST, "--iqeval-repeats=3", "--iqeval-resume")
    assert compared_with(project) == good
    result.stdout.fnmatch_lines(
        ["*; newer runs passed over: 1 that --iqeval-resume goes on with, 1 with the same replies"]
    )


def test_the_page_quotes_the_header() -> None:
    """With the run of its other examples."""
    (block,) = [block for block in blocks(read_page("baseline.md")) if block.mark == "last"]
    what = joined([header.UNFINISHED(count=1), header.FAILED(count=2)], COMMA)
    told = header.BASELINE(told="20260801_140312 (gemma3:4b)", count=120)
    assert block.text.strip() == f"iqeval: {header.PASSED_OVER(told=told, what=what)}"
