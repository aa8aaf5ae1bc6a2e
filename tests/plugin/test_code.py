"""Benchmarks whose replies are code: run only when that is allowed, and told as it was run."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest

from tests.plugin.conftest import Project
from tests.support.endpoint import Body, last_user

DEFINITION = """\
name: sums
language: en
data: sums.jsonl
prompt: |-
  Complete it.
  {question}
fields: {id: task_id, question: prompt, answer: canonical_solution}
scorer: code
"""
ROWS = [
    {
        "task_id": f"Sum/{name}",
        "prompt": f'def {name}(x, y):\n    """ The {name} of x and y. """\n',
        "entry_point": name,
        "canonical_solution": f"    return x {sign} y\n",
        "test": "def check(candidate):\n"
        f"    assert candidate(7, 2) == {result}\n"
        f"    assert candidate(0, 0) == 0, 'of nothing'\n",
    }
    for name, sign, result in (("add", "+", 9), ("sub", "-", 5), ("mul", "*", 14))
]
REPLIES = {
    "add": "```python\ndef add(x, y):\n    return x + y\n```",
    "sub": "```python\ndef sub(x, y):\n    return x + y\n```",
    "mul": "I would multiply.",
}
CODE = "--iqeval-dataset=sums/benchmark.yaml"
ALLOW = "--iqeval-allow-code"


@pytest.fixture
def sums(project: Project) -> Project:
    """The project with three functions to write: one is right, one is wrong, one is not there."""
    folder = project.pytester.mkdir("sums")
    (folder / "benchmark.yaml").write_text(DEFINITION, "utf-8")
    lines = [json.dumps(row) for row in ROWS]
    (folder / "sums.jsonl").write_text("\n".join(lines) + "\n", "utf-8")

    def answer(body: Body) -> Any:
        name = re.search(r"def (\w+)", last_user(body))
        assert name is not None
        return REPLIES[name[1]]

    project.endpoint.answer(answer)
    return project


def asked(project: Project) -> int:
    return len(project.endpoint.requests)


def test_replies_are_run_where_it_is_allowed(sums: Project) -> None:
    """What was enforced is printed and recorded; the target is the canonical solution."""
    result = sums.run(CODE, ALLOW)
    result.assert_outcomes(passed=1, failed=2)
    result.stdout.fnmatch_lines(["*runs the model's code in *"])
    sandbox = sums.report["run"]["sandbox"]
    assert sandbox["kind"] in ("namespaces", "bubblewrap", "filters")
    assert sandbox["limits"]["file_bytes"] == 16 << 20
    rows = {row["id"]: row for row in sums.rows()}
    assert rows["Sum-add"]["outcome"] == "correct"
    assert rows["Sum-add"]["rule"] == "fenced-function"
    assert rows["Sum-add"]["target"].strip() == "return x + y"
    wrong = rows["Sum-sub"]
    assert wrong["outcome"] == "incorrect"
    assert wrong["note"] == (
        "AssertionError in line 2 of the test, assert candidate(7, 2) == 5: sub(7, 2) returned 9"
    )
    assert rows["Sum-mul"]["outcome"] == "unparsed"
    result.stdout.fnmatch_lines(["*incorrect: AssertionError in line 2 of the test*"])


@pytest.mark.slow
def test_workers_run_replies_too(sums: Project) -> None:
    result = sums.run_apart(CODE, ALLOW, "-n", "2")
    result.assert_outcomes(passed=1, failed=2)
    assert sums.report["run"]["sandbox"] is not None


@pytest.mark.parametrize("more", [(), ("-n", "2"), ("--iqeval-gate=accuracy >= 0.1",)])
def test_without_leave_nothing_is_asked_and_no_folder_is_left(
    sums: Project, more: tuple[str, ...]
) -> None:
    run = sums.run_apart if "-n" in more else sums.run
    result = run(CODE, *more)
    assert result.ret == 4
    result.stderr.fnmatch_lines(
        [
            "ERROR: iqeval: to judge sums, code that the model wrote has to be run",
            "*hint: add --iqeval-allow-code *",
        ]
    )
    assert not sums.endpoint.requests
    assert not sums.endpoint.others
    assert not Path(sums.pytester.path, "outputs").exists()


@pytest.mark.parametrize("more", [(), pytest.param(("-n", "2"), marks=pytest.mark.slow)])
def test_a_marker_that_names_code_is_refused_as_well(sums: Project, more: tuple[str, ...]) -> None:
    sums.pytester.makepyfile(
        """
        import pytest

        @pytest.mark.iqeval("sums/benchmark.yaml")
        def test_it(iqeval_score):
            assert iqeval_score.correct

        @pytest.mark.iqeval("quiz/benchmark.yaml")
        def test_other(iqeval_score):
            assert iqeval_score.correct
        """
    )
    run = sums.run_apart if more else sums.run
    result = run("test_a_marker_that_names_code_is_refused_as_well.py", *more)
    assert result.ret == 4
    result.stderr.fnmatch_lines(["*to judge sums, code that the model wrote has to be run*"])
    assert asked(sums) == 0
    assert not list(Path(sums.pytester.path).glob("outputs/*/*"))


def test_collecting_needs_no_leave(sums: Project) -> None:
    result = sums.run(CODE, "--co", "-q")
    assert result.ret == 0
    result.stdout.fnmatch_lines(["iqeval/sums::default::Sum-add"])


def test_an_ini_file_gives_no_leave(sums: Project) -> None:
    """There is no such key, so a file that came with a repository can't hold it unnoticed."""
    sums.pytester.makeini("[pytest]\niqeval_allow_code = true\n")
    result = sums.run(CODE, "-W", "ignore::pytest.PytestConfigWarning")
    assert result.ret == 4
    assert not sums.endpoint.requests


def test_a_replay_asks_for_leave_anew(sums: Project) -> None:
    sums.run(CODE, ALLOW)
    before = sums.report
    result = sums.run(CODE, "--iqeval-replay=last")
    assert result.ret == 4
    result.stderr.fnmatch_lines(["*to judge sums, code that the model wrote has to be run*"])
    again = sums.run(CODE, "--iqeval-replay=last", ALLOW)
    again.assert_outcomes(passed=1, failed=2)
    assert sums.report["run"]["sandbox"] == before["run"]["sandbox"]


def test_repeats_run_each_reply_and_pass_at_k_is_judged(sums: Project) -> None:
    """Of two replies one is right: pass@1 is a half, pass@2 is 1."""
    replies = iter(["```\ndef add(x, y):\n    return 0\n```", REPLIES["add"]])
    sums.endpoint.answer(lambda _body: next(replies))
    result = sums.run(
        CODE,
        ALLOW,
        "--iqeval-repeats=2",
        "--iqeval-concurrency=1",
        "--iqeval-limit=1",
        "--iqeval-gate=pass@2 >= 1",
        "--iqeval-gate=pass@1 <= 0.5",
    )
    assert result.ret == 0
    assert [row["outcome"] for row in sums.rows()] == ["incorrect", "correct"]


def test_a_test_that_is_at_fault_is_an_error_and_no_wrong_answer(sums: Project) -> None:
    rows = [{**ROWS[0], "test": "def check(candidate):\n    asert candidate(1, 1)\n"}]
    (sums.pytester.path / "sums" / "sums.jsonl").write_text(json.dumps(rows[0]) + "\n", "utf-8")
    result = sums.run(CODE, ALLOW)
    result.assert_outcomes(errors=1)
    result.stdout.fnmatch_lines(["*the test can't be run: *SyntaxError*"])


@pytest.mark.parametrize("lacking", ["test", "entry_point"])
def test_rows_that_lack_what_is_needed_are_refused(sums: Project, lacking: str) -> None:
    row = {name: value for name, value in ROWS[0].items() if name != lacking}
    (sums.pytester.path / "sums" / "sums.jsonl").write_text(json.dumps(row) + "\n", "utf-8")
    result = sums.run(CODE, ALLOW)
    assert result.ret == 4
    result.stderr.fnmatch_lines([f"*sums.jsonl:1: *there is no '{lacking}' with it*"])
