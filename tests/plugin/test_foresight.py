"""What the terminal says at collection: requests, tokens, and what a gate can see."""

from __future__ import annotations

import pytest

from tests.plugin.conftest import Project
from tests.support.endpoint import status

COST = "iqeval: {} requests, about * tokens (a reply taken as 256)"
SIGHT = "iqeval: gate accuracy >= 0.5: {} questions can show a change of about * points from 0.5;*"


@pytest.mark.parametrize("workers", [(), ("-n2",)])
@pytest.mark.parametrize(("args", "n"), [((), 5), (("-k", "EQ"), 2)])
def test_it_is_said_once_before_the_summary(
    project: Project, workers: tuple[str, ...], args: tuple[str, ...], n: int
) -> None:
    """With workers too, by the owner; and only of what is selected."""
    result = project.run_apart(*workers, *args, "--iqeval-gate=accuracy >= 0.5")
    assert result.ret == 0
    result.stdout.fnmatch_lines([COST.format(n), SIGHT.format(n), "*= iqeval =*"])
    assert result.stdout.str().count("a reply taken as") == 1
    assert result.stdout.str().count("can show a change") == 1


def test_collect_only_says_it_and_sends_nothing(project: Project) -> None:
    """What a run would cost is known for nothing."""
    result = project.run("--co", "--iqeval-gate=accuracy >= 0.5")
    result.stdout.fnmatch_lines(["collected 5 items", COST.format(5), SIGHT.format(5)])
    assert project.endpoint.requests == []


def test_repeats_cost_and_show_no_more_questions(project: Project) -> None:
    """Each repeat is a request; the gate still counts questions."""
    result = project.run("--co", "--iqeval-repeats=3", "--iqeval-gate=accuracy >= 0.5")
    result.stdout.fnmatch_lines([COST.format(15), SIGHT.format(5)])


@pytest.mark.parametrize("workers", [(), ("-n2",)])
def test_it_is_silent_under_q_and_in_a_replay(project: Project, workers: tuple[str, ...]) -> None:
    """A replay asks nothing, so it costs nothing."""
    for args in (("-q",), ("--iqeval-replay=last",)):
        result = project.run_apart(*args, *workers, "--iqeval-gate=accuracy >= 0.5")
        assert result.ret == 0
        assert "a reply taken as" not in result.stdout.str()


def test_a_cache_makes_it_a_limit(project: Project) -> None:
    """What the cache has is not asked."""
    result = project.run("--co", "--iqeval-cache=cache")
    result.stdout.fnmatch_lines([f"iqeval: at most {COST.format(5).removeprefix('iqeval: ')}"])


@pytest.mark.parametrize("workers", [(), ("-n2",)])
def test_a_run_that_goes_on_counts_what_is_left(project: Project, workers: tuple[str, ...]) -> None:
    """Errors are asked again; the replies of the earlier run are not, nor those of this one."""
    project.wrong |= {"one": status(500), "wen": status(500)}
    project.run()
    project.wrong.clear()
    result = project.run_apart("--iqeval-resume", *workers)
    result.stdout.fnmatch_lines(
        ["iqeval: 2 requests beside 3 replies that are kept, about * tokens (*)"]
    )
    result = project.run_apart("--iqeval-resume", "--iqeval-repeats=2", *workers)
    result.stdout.fnmatch_lines(["iqeval: 5 requests beside 5 replies that are kept, about *"])


def test_marked_tests_count_with_workers_too(project: Project) -> None:
    """Only what asks is counted: two questions of a user's own test, and no ordinary test."""
    project.pytester.makepyfile(
        """
        import pytest

        def test_plain():
            pass

        @pytest.mark.iqeval("quiz/benchmark.yaml:IQ", limit=2)
        def test_mine(iqeval_reply):
            pass
        """
    )
    project.pytester.makeini("[pytest]\niqeval_dataset = quiz/benchmark.yaml\n")
    for workers in ((), ("-n2",)):
        result = project.pytester.runpytest_subprocess(
            "--iqeval-model=m", f"--iqeval-base-url={project.endpoint.url}", *workers,
            "test_marked_tests_count_with_workers_too.py",
        )  # fmt: skip
        assert result.ret == 0
        result.stdout.fnmatch_lines([COST.format(2)])
