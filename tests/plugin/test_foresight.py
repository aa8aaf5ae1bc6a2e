"""What the terminal says at collection: requests, tokens, and what a gate can see."""

from __future__ import annotations

import pytest

from pytest_iqeval.api import load_run
from pytest_iqeval.cli.main import main
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
    told = project.report["foresight"]
    assert (told["requests"], told["reply_tokens"], told["reply_basis"]) == (n, 256, "guess")
    assert [(row["expression"], row["n"]) for row in told["gates"]] == [("accuracy >= 0.5", n)]


def test_collect_only_says_it_and_sends_nothing(project: Project) -> None:
    """What a run would cost is known for nothing."""
    result = project.run("--co", "--iqeval-gate=accuracy >= 0.5")
    result.stdout.fnmatch_lines(["collected 5 items", COST.format(5), SIGHT.format(5)])
    assert project.endpoint.requests == []


def test_collect_only_says_what_a_gate_on_a_baseline_sees_and_sends_nothing(
    project: Project,
) -> None:
    """The baseline tells how many questions differ by chance, and how long a reply is."""
    project.wrong["one"] = "ANSWER: B"
    assert project.run("--iqeval-gate=accuracy >= 0.5").ret == 0
    asked = len(project.endpoint.requests)
    result = project.run(
        "--co", "--iqeval-baseline=last", "--iqeval-gate=not_worse(accuracy, 3pt)",
        "--iqeval-gate=no_regressions(p < 0.05)", "--iqeval-gate=accuracy >= 0.7",
    )  # fmt: skip
    assert result.ret == 0
    result.stdout.fnmatch_lines(
        [
            "iqeval: 5 requests, about * tokens (a reply taken as 3, as in 2* (m))",
            "iqeval: gate not_worse(accuracy, 3pt): 5 questions can show a change of about 61 "
            "points; this gate asks for 3: it needs about 1,390 (one-sided 2.5 %, power 80 %, "
            "16 % of the questions differing: assumed)",
            "iqeval: gate no_regressions(p < 0.05): 5 questions * (one-sided 5 %, *: assumed)",
            "iqeval: gate accuracy >= 0.7: 5 questions * from 0.7; this gate asks for 10, as the "
            "baseline has 0.8: it needs about 130 (one-sided 5 %, power 80 %)",
        ]
    )
    assert len(project.endpoint.requests) == asked


def test_the_repeats_of_a_baseline_are_used(project: Project) -> None:
    """Also those that a file has, which has no tokens; the run before has them."""
    project.run("--iqeval-repeats=2")
    assert main(["baseline", "last", "-o", "base.json"]) == 0
    result = project.run(
        "--iqeval-repeats=2", "--iqeval-baseline=base.json", "--iqeval-gate=drop(accuracy) <= 5pt"
    )
    result.stdout.fnmatch_lines(
        [
            "iqeval: 10 requests, about * tokens (a reply taken as 3, as in 2*)",
            "*5 questions * asks for 5: * 0 % of the questions differing, by the baseline's *)",
        ]
    )
    told = load_run(project.folder).summary.foresight
    assert told is not None
    assert (told.reply_tokens, told.reply_basis) == (3, "earlier")
    (row,) = told.gates
    assert (row.basis, row.at, row.n) == ("repeats", 0, 5)


@pytest.mark.parametrize(
    ("args", "told"),
    [
        (("--iqeval-max-tokens=16",), "16, its limit"),
        (("--iqeval-gen=max_tokens=20",), "20, its limit"),
        (("--iqeval-max-tokens=16", "--iqeval-gen=max_tokens="), "256"),
        (("--iqeval-max-tokens=1000",), "256"),
    ],
)
def test_a_reply_has_no_more_tokens_than_it_may(
    project: Project, args: tuple[str, ...], told: str
) -> None:
    result = project.run("--co", *args)
    result.stdout.fnmatch_lines([f"iqeval: 5 requests, about * tokens (a reply taken as {told})"])


@pytest.mark.parametrize("change", ["--iqeval-answer=letter", "--iqeval-model=other"])
def test_replies_of_another_kind_tell_no_length(project: Project, change: str) -> None:
    """A letter is shorter than a free answer, and another model may write more."""
    project.endpoint.models(["m", "other"])
    output = "--iqeval-output=out"
    project.run(output)
    project.run("--co", output).stdout.fnmatch_lines(["*(a reply taken as 3, as in 2*"])
    project.run("--co", output, change).stdout.fnmatch_lines(["*(a reply taken as 256)"])


def test_an_earlier_report_that_cannot_be_read_tells_no_length(project: Project) -> None:
    """It is an estimate less, and no fault."""
    project.run()
    report = project.folder / "report.json"
    kept = report.read_text("utf-8")
    report.write_text(kept.replace('"schema_version": 1', '"schema_version": 99'), "utf-8")
    result = project.run("--co")
    report.write_text(kept, "utf-8")
    assert result.ret == 0
    result.stdout.fnmatch_lines([COST.format(5)])


def test_repeats_cost_and_show_no_more_questions(project: Project) -> None:
    """Each repeat is a request; the gate still counts questions."""
    result = project.run("--co", "--iqeval-repeats=3", "--iqeval-gate=accuracy >= 0.5")
    result.stdout.fnmatch_lines([COST.format(15), SIGHT.format(5)])


@pytest.mark.parametrize("workers", [(), ("-n2",)])
def test_it_is_silent_under_q_and_in_a_replay(project: Project, workers: tuple[str, ...]) -> None:
    """A replay asks nothing, so it costs nothing; the report of a quiet run has it."""
    for args, there in ((("-q",), True), (("--iqeval-replay=last",), False)):
        result = project.run_apart(*args, *workers, "--iqeval-gate=accuracy >= 0.5")
        assert result.ret == 0
        assert "a reply taken as" not in result.stdout.str()
        assert (project.report["foresight"] is not None) == there


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
    result.stdout.fnmatch_lines(["iqeval: 2 requests, about * tokens (*)"])
    result = project.run_apart("--iqeval-resume", "--iqeval-repeats=2", *workers)
    result.stdout.fnmatch_lines(["iqeval: 5 requests, about * tokens (*)"])


@pytest.mark.slow
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
        result.stdout.fnmatch_lines(["iqeval: 2 requests, about * tokens (a reply taken as *)"])
