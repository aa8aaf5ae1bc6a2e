"""A data file that comes alone: what was guessed of it stands in the header."""

from __future__ import annotations

from tests.plugin.conftest import Project
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
    result.stdout.fnmatch_lines(["*sums：按文件的列猜测：question 取自 question；*评分器 choice*"])
