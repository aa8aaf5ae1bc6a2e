"""Hooks, pytest-html and what is kept: resume."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import pytest

from tests.plugin.conftest import Project
from tests.support.endpoint import completion, status

HOOKS = """
import json
from pathlib import Path

def pytest_iqeval_summary(config, summary):
    Path("aggregate.json").write_text(json.dumps(summary.to_plain()), "utf-8")

def pytest_iqeval_score(item, sample, reply, score):
    with open("scores.txt", "a", encoding="utf-8") as file:
        file.write(f"{item.nodeid} {sample.id} {score.outcome} {len(reply.text)}\\n")
"""


def test_the_hooks_give_the_aggregate_once_and_each_score(project: Project) -> None:
    """What the hook gets is what report.json holds."""
    project.pytester.makeconftest(HOOKS)
    project.wrong["two"] = "ANSWER: A"
    project.run_apart("-n2")
    folder = project.pytester.path
    assert json.loads((folder / "aggregate.json").read_text("utf-8")) == project.report
    scores = (folder / "scores.txt").read_text("utf-8").splitlines()
    assert sorted(scores)[-1].startswith("iqeval/quiz::IQ::two two incorrect")
    assert len(scores) == 5


@pytest.mark.parametrize("args", [(), ("-W", "error")])
@pytest.mark.parametrize("fault", ["RuntimeError('chat is down')", "SystemExit('chat is down')"])
def test_a_failing_summary_hook_changes_no_verdict(
    project: Project, fault: str, args: tuple[str, ...]
) -> None:
    """It becomes a warning at the hook's own line, whatever is done with warnings."""
    project.pytester.makeconftest(
        f"def pytest_iqeval_summary(config, summary):\n    raise {fault}\n"
    )
    result = project.run(*args)
    assert result.ret == 0
    result.stdout.fnmatch_lines(["*conftest.py:2: PytestWarning: iqeval: *chat is down*"])
    assert "session.py" not in result.stdout.str()


@pytest.mark.slow
def test_pytest_html_has_our_head_columns_and_details_of_failures(project: Project) -> None:
    """The companion report: head, expected and got, a link to report.html."""
    project.wrong |= {"two": "<script>alert(1)</script> ANSWER: A"}
    for workers in ((), ("-n2",)):
        project.run_apart("--html=report/all.html", "--self-contained-html", *workers)
        page = (project.pytester.path / "report" / "all.html").read_text("utf-8")
        assert "report.html" in page
        assert "accuracy" in page.lower()
        assert "expected" in page
        assert "<script>alert(1)</script>" not in page


def test_a_cut_reply_is_marked_everywhere(project: Project) -> None:
    """In the reviews, the counts, the line under the table, -v, and pytest-html's column."""
    project.wrong |= {
        "one": completion("ANSWER: A\n\nFor 1 +", finish_reason="length"),
        "two": completion("Let me", finish_reason="length"),
    }
    result = project.run("-v", "--html=all.html", "--self-contained-html")
    cut = {row["id"]: (row["outcome"], row["cut"]) for row in project.rows()}
    assert cut["one"] == ("correct", True)
    assert cut["two"] == ("truncated", True)
    assert cut["three"] == ("correct", False)
    (quiz,) = project.report["benchmarks"]
    assert (quiz["cut"], quiz["outcomes"]["truncated"]) == (2, 1)
    assert {name: subset["cut"] for name, subset in quiz["subsets"].items()} == {"IQ": 2, "EQ": 0}
    result.stdout.fnmatch_lines(
        [
            "iqeval/quiz::IQ::one *correct A (cut)*",
            "iqeval/quiz::IQ::two *truncated *",
            "2 of 5 replies were cut by the length limit, 1 of them after they had answered:*",
        ]
    )
    assert "truncated (cut)" not in result.stdout.str()
    page = (project.pytester.path / "all.html").read_text("utf-8")
    assert "correct, cut" in page
    assert "truncated, cut" not in page


def test_a_fresh_run_is_judged_the_same_by_iqeval(project: Project) -> None:
    """The commands read what a session wrote, gates with fields and a selection included."""
    project.wrong |= {"two": "ANSWER: A", "wen": status(500)}
    gates = ("--iqeval-gate=level=1: accuracy >= 0.1", "--iqeval-gate=each(subset): n >= 1")
    project.run("--iqeval-limit=2", *gates)
    script = Path(sys.executable).parent / "iqeval"
    told = project.pytester.run(script, "rescore", "last", "--json", "--exit-code")
    assert told.ret == 0
    plain = json.loads(told.stdout.str())
    assert plain["before"] == project.report
    for key in ("benchmarks", "gates", "verdict", "headline", "exit_code", "lost", "usage"):
        assert plain["after"][key] == plain["before"][key], key
    explained = project.pytester.run(script, "explain", "last", "IQ::two")
    explained.stdout.fnmatch_lines(
        ["verdict: incorrect", "  [*] answer-en      read here: ANSWER: »A«"]
    )


def test_resume_asks_only_what_has_no_reply(project: Project) -> None:
    """After an outage the same command with --iqeval-resume mends the run in its folder."""
    project.wrong["two"] = status(503)
    assert project.run().ret == 6
    folder = project.folder
    del project.wrong["two"]
    before = len(project.endpoint.requests)
    result = project.run("--iqeval-resume")
    result.assert_outcomes(passed=5)
    chats = [r for r in project.endpoint.requests[before:] if r.body is not None]
    assert len(chats) == 1
    assert project.folder == folder
    assert project.report["benchmarks"][0]["outcomes"]["correct"] == 5


def test_resume_without_an_unfinished_run_starts_one_and_says_so(project: Project) -> None:
    """Nothing to go on with is no error."""
    result = project.run("--iqeval-resume")
    assert result.ret == 0
    result.stdout.fnmatch_lines(["*new run*"])


@pytest.mark.parametrize(("args", "exit_code"), [(["-k", "nosuch"], 5), (["nosuch.py"], 4)])
def test_a_resume_that_selects_nothing_keeps_the_run_it_goes_on_with(
    project: Project, args: list[str], exit_code: int
) -> None:
    """A typing mistake throws no paid reply away."""
    project.wrong["two"] = status(503)
    project.run()
    folder = project.folder
    assert project.run("--iqeval-resume", *args).ret == exit_code
    assert project.folder == folder
    del project.wrong["two"]
    before = len(project.endpoint.requests)
    assert project.run("--iqeval-resume").ret == 0
    assert len([r for r in project.endpoint.requests[before:] if r.body is not None]) == 1
