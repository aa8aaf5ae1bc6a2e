"""Questions with several right options, run as tests."""

from __future__ import annotations

import pytest

from tests.plugin.conftest import Project

DEFINITION = """\
name: exam
language: en
data: exam.jsonl
scorer: {name: multi_choice, partial: half}
"""
ROWS = """\
{"id": "odd", "question": "Odd days?", "choices": ["Mon", "Tue", "Wed"], "answer": "A, C"}
{"id": "warm", "question": "Warm?", "choices": ["Mon", "Tue", "Wed"], "answer": ["A", "B", "C"]}
"""


@pytest.fixture
def exam(project: Project) -> Project:
    """An exam whose second answer is half right."""
    folder = project.pytester.mkdir("exam")
    (folder / "benchmark.yaml").write_text(DEFINITION, "utf-8")
    (folder / "exam.jsonl").write_text(ROWS, "utf-8")
    project.endpoint.answer(
        lambda body: "ANSWER: C, A" if "Odd" in str(body) else "The correct options are:\n- A\n- B"
    )
    return project


def test_an_answer_right_in_part_fails_its_test_and_counts_in_credit(exam: Project) -> None:
    """One right and one half right: accuracy 0.5, credit 0.75, and the gate asks for credit."""
    result = exam.run(
        "--iqeval-dataset=exam/benchmark.yaml",
        "--iqeval-gate=credit >= 0.75",
        "--iqeval-gate=lower(credit) > 0.9",
    )
    result.assert_outcomes(passed=1, failed=1)
    assert result.ret == 1
    result.stdout.fnmatch_lines(
        [
            "incorrect: expected ABC, got AB (rule options-en)",
            "benchmark *accuracy *credit*",
            "exam *0.50*0.75*",
        ]
    )
    report = exam.report
    metrics = report["benchmarks"][0]["metrics"]
    assert (metrics["accuracy"]["value"], metrics["credit"]["value"]) == (0.5, 0.75)
    assert [gate["passed"] for gate in report["gates"]] == [True, False]
    half = next(row for row in exam.rows() if row["id"] == "warm")
    assert (half["outcome"], half["value"], half["extracted"]) == ("incorrect", 0.5, "AB")
    assert half["reply"][slice(*half["span"])] == "A\n- B"
    assert "Credit" in (exam.folder / "report.html").read_text("utf-8")


def test_an_unknown_option_of_the_scorer_stops_the_run_before_anything_is_asked(
    exam: Project,
) -> None:
    file = exam.pytester.path / "exam" / "benchmark.yaml"
    file.write_text(DEFINITION.replace("half", "quarter"), "utf-8")
    result = exam.run("--iqeval-dataset=exam/benchmark.yaml")
    assert result.ret == 4
    result.stderr.fnmatch_lines(["*scorer.partial: 'quarter' is unknown; write one of none, half*"])
    assert not exam.endpoint.requests


def test_a_right_answer_that_is_not_on_offer_is_told_with_its_line(exam: Project) -> None:
    file = exam.pytester.path / "exam" / "exam.jsonl"
    file.write_text(ROWS.replace('["A", "B", "C"]', '"AE"'), "utf-8")
    result = exam.run("--iqeval-dataset=exam/benchmark.yaml")
    assert result.ret == 4
    result.stderr.fnmatch_lines(["*exam.jsonl:2: answer: 'AE'*"])
    assert not exam.endpoint.requests
