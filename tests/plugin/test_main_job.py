"""One command asks every question, judges, and says what came of it."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.plugin.conftest import Project
from tests.support.endpoint import status


def test_every_question_is_an_item_and_all_correct_passes(project: Project) -> None:
    """Five right answers: five passed items, exit 0, ungated, files in place."""
    result = project.run()
    result.assert_outcomes(passed=5)
    assert result.ret == 0
    report = project.report
    assert report["verdict"] == "ungated"
    assert report["exit_code"] == 0
    assert report["benchmarks"][0]["name"] == "quiz"
    assert report["benchmarks"][0]["metrics"]["accuracy"]["value"] == 1.0
    assert report["benchmarks"][0]["outcomes"]["correct"] == 5
    assert (project.folder / "report.html").stat().st_size > 1000
    assert (project.folder / "run.sqlite3").exists()
    assert len(project.rows()) == 5
    assert len(project.endpoint.requests) == 5


def test_wrong_answers_are_failures_with_a_short_text_and_no_traceback(project: Project) -> None:
    """The failure shows question, options, expected, got and the rule."""
    project.wrong["two"] = "Let me think. 2 + 2 is 5.\nANSWER: C"
    result = project.run()
    result.assert_outcomes(passed=4, failed=1)
    assert result.ret == 1
    text = result.stdout.str()
    assert "Traceback" not in text
    assert "items.py" not in text
    result.stdout.fnmatch_lines(
        ["incorrect: expected B, got C (rule answer-en)", "question: 2 + 2?", "FAILED*IQ::two*"]
    )
    row = next(row for row in project.rows() if row["id"] == "two")
    assert (row["outcome"], row["extracted"], row["target"]) == ("incorrect", "C", "B")
    start, end = row["span"]
    assert "C" in row["reply"][start:end]


def test_an_outage_is_an_error_and_stays_out_of_accuracy(project: Project) -> None:
    """One of five questions meets a dead server: four are judged and the run is inconclusive."""
    project.wrong["two"] = status(503)
    result = project.run("--iqeval-gate=accuracy >= 0.5")
    result.assert_outcomes(passed=4, errors=1)
    assert result.ret == 6
    report = project.report
    assert report["verdict"] == "inconclusive"
    assert report["exit_code"] == 6
    accuracy = report["benchmarks"][0]["metrics"]["accuracy"]
    assert (accuracy["value"], accuracy["n"]) == (1.0, 4)
    assert report["lost"][0]["id"] == "iqeval/quiz::IQ::two"
    result.stdout.fnmatch_lines(["*inconclusive*"])


def test_unparsed_truncated_and_refused_are_told_apart(project: Project) -> None:
    """Each of DESIGN's outcomes is counted by itself; all of them are failed tests."""
    from tests.support.endpoint import completion

    project.wrong["one"] = "I am not sure about this one."
    project.wrong["two"] = completion("Let me think about", finish_reason="length")
    project.wrong["three"] = completion("", refusal="I can't help with that.")
    result = project.run()
    result.assert_outcomes(passed=2, failed=3)
    outcomes = project.report["benchmarks"][0]["outcomes"]
    assert outcomes == {
        "correct": 2, "incorrect": 0, "unparsed": 1, "truncated": 1, "refused": 1, "error": 0,
    }  # fmt: skip


def test_without_a_gate_the_summary_says_how_to_set_one(project: Project) -> None:
    """An ungated run ends with the option that gates it."""
    project.run().stdout.fnmatch_lines(["ungated: *--iqeval-gate*"])


@pytest.mark.parametrize("verbose", [(), ("-v",), ("-rA",)])
def test_an_id_is_shown_as_it_can_be_pasted(
    project: Project, tmp_path: Path, verbose: tuple[str, ...]
) -> None:
    """The value of an option, where it is a folder of its own word, moves pytest's root."""
    project.wrong["one"] = "ANSWER: C"
    result = project.run("--iqeval-data-dir", str(tmp_path), *verbose)
    result.stdout.fnmatch_lines(["FAILED iqeval/quiz::IQ::one*"])
    result.stdout.no_fnmatch_line("*../iqeval/*")
