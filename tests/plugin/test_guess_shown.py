"""A data file that comes alone: what was guessed of it stands in the header."""

from __future__ import annotations

from tests.plugin.conftest import Project
from tests.support.endpoint import last_user
from tests.support.questions import question, write_jsonl


def test_the_header_says_what_was_guessed(project: Project) -> None:
    """In the language of whoever reads; of a benchmark with a definition it says nothing."""
    write_jsonl(project.pytester.path / "sums.jsonl", [question(1), question(2)])
    guessed = "question from question; answer from answer; choices from choices"
    project.endpoint.answer("ANSWER: B")
    result = project.run("--iqeval-dataset=sums.jsonl,quiz", "--iqeval-lang=en")
    (line,) = [line for line in result.outlines if "Guessed" in line]
    assert line == (
        f"iqeval: sums: Guessed from the file's columns: {guessed}; language en; scorer choice; "
        "answer_kind letter."
    )
    result = project.run("--iqeval-dataset=sums.jsonl", "--iqeval-lang=zh")
    result.stdout.fnmatch_lines(["*sums：按文件的列猜测：question 取自 question；*判分器 choice*"])


def test_a_folder_of_questions_and_examples_runs_and_replays(project: Project) -> None:
    """Also after the folder is gone: the run keeps a copy."""
    folder = project.pytester.path / "exam"
    write_jsonl(folder / "law_val.jsonl", [question(1), question(2)])
    write_jsonl(folder / "law_dev.jsonl", [question(7, id="x"), question(8, id="y")])
    write_jsonl(folder / "art_val.jsonl", [question(3)])
    project.endpoint.answer("ANSWER: B")
    result = project.run("--iqeval-dataset=exam:law", "--iqeval-few-shot=2", "--iqeval-lang=en")
    result.assert_outcomes(passed=2)
    result.stdout.fnmatch_lines(["*Examples from law_dev.jsonl, shown with --iqeval-few-shot N."])
    assert all("What is 8 + 8?" in last_user(r.body) for r in project.endpoint.requests)
    for path in folder.iterdir():
        path.unlink()
    folder.rmdir()
    asked = len(project.endpoint.requests)
    result = project.pytester.runpytest_inprocess("--iqeval-replay=last")
    result.assert_outcomes(passed=2)
    assert len(project.endpoint.requests) == asked
