"""A finished run, read back."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from pytest_iqeval.core.errors import FolderError, UnknownName, UsageFault
from pytest_iqeval.run.stored import named_scorer, read_run, stored_judge
from pytest_iqeval.store.folder import RunFolder
from tests.support.stored import change_report, question, reply, write_run

ANSWERED = [
    (question("one"), "Answer: B"),
    (question("two"), "答案：A"),
    (question("wen", subset="EQ"), None),
]


@pytest.fixture
def run(tmp_path: Path) -> RunFolder:
    return write_run(tmp_path / "20260102_030405", ANSWERED)


def test_aggregate_and_rows_are_there_in_the_order_of_the_report(run: RunFolder) -> None:
    stored = read_run(run)
    assert stored.summary.run.model == "gemma3:4b"
    assert [one.result.sample.id for one in stored.reviewed] == ["one", "two", "wen"]
    assert stored.reviewed[0].reply == reply("Answer: B")
    assert stored.reviewed[2].reply is None


def test_the_scorer_is_that_of_the_report(run: RunFolder) -> None:
    stored = read_run(run)
    judge = stored_judge(stored, stored.benchmark("quiz"))
    assert (judge.name, judge.options) == ("choice", {})


def test_a_report_that_names_no_scorer_was_judged_by_choice(run: RunFolder) -> None:
    change_report(run, lambda plain: plain["benchmarks"][0].pop("scorer"))
    assert named_scorer(read_run(run).benchmark("quiz")) == ("choice", {})


def test_a_scorer_that_only_a_conftest_knows_is_told_with_what_to_do(run: RunFolder) -> None:
    def mine(plain: dict[str, Any]) -> None:
        plain["benchmarks"][0]["scorer"] = {"name": "mine", "options": {}}

    change_report(run, mine)
    stored = read_run(run)
    with pytest.raises(UsageFault) as caught:
        stored_judge(stored, stored.benchmark("quiz"))
    problem, _, hint = str(caught.value).partition("\n  hint: ")
    assert problem == "quiz was judged by the scorer 'mine', which is not known here"
    assert hint.startswith(
        f"if a conftest.py registers it, judge again with pytest --iqeval-replay {run.path}; "
        "of the scorers that need none, "
    )
    assert "choice" in hint


def test_a_benchmark_that_is_not_of_the_run_is_answered_with_those_that_are(
    run: RunFolder,
) -> None:
    with pytest.raises(UnknownName, match=r"unknown benchmark of this run 'quit'\n.*quiz"):
        read_run(run).benchmark("quit")


def test_a_run_without_a_report_did_not_end(run: RunFolder) -> None:
    run.report_json.unlink()
    with pytest.raises(FolderError) as caught:
        read_run(run)
    assert str(caught.value) == (
        f"{run.path}: the run has no report.json: it did not come to its end\n"
        "  hint: go on with it (--iqeval-resume), or judge what it has: "
        f"pytest --iqeval-replay {run.path}"
    )


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("{", "JSONDecodeError"),
        ("[]", "TypeError"),
        ("{}", "KeyError: 'schema_version'"),
        ('{"schema_version": 1}', "KeyError"),
    ],
)
def test_a_damaged_report_is_told(run: RunFolder, text: str, said: str) -> None:
    run.report_json.write_text(text, "utf-8")
    with pytest.raises(FolderError) as caught:
        read_run(run)
    assert str(caught.value).startswith(f"{run.report_json}: is no report of a run ({said}")
    assert str(caught.value).endswith(
        f"hint: make it again from the journal: pytest --iqeval-replay {run.path}"
    )


def test_a_report_of_a_later_version_is_told(run: RunFolder) -> None:
    change_report(run, lambda plain: plain.update(schema_version=2))
    with pytest.raises(FolderError, match=r"schema_version 2, and this version reads 1\n.*upgrade"):
        read_run(run)


def test_missing_rows_are_missed(run: RunFolder) -> None:
    """A copy without half of the reviews would give other figures."""
    run.review("gemma3:4b", "quiz", "IQ").unlink()
    with pytest.raises(FolderError) as caught:
        read_run(run)
    assert str(caught.value) == (
        f"{run.path}: report.json counts 3 replies, but reviews/ holds 1\n"
        "  hint: copy the whole folder, or make it again: "
        f"pytest --iqeval-replay {run.path}"
    )


def test_rows_of_subsets_that_the_report_does_not_have_are_left_alone(run: RunFolder) -> None:
    """An earlier writing of the same run may have left them: it was resumed with -k."""
    stale = json.loads(run.review("gemma3:4b", "quiz", "EQ").read_text("utf-8"))
    stale["subset"] = "old"
    path = run.review("gemma3:4b", "quiz", "old")
    path.write_text(json.dumps(stale) + "\n", "utf-8")
    assert len(read_run(run).reviewed) == 3
