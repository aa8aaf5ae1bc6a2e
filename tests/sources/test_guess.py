from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pytest

from pytest_iqeval.core.definition import Definition
from pytest_iqeval.core.errors import DefinitionError
from pytest_iqeval.sources.files import parse_table
from pytest_iqeval.sources.guess import guess_definition
from tests.support.questions import SCORERS, jsonl, question


def guess(
    *rows: dict[str, object], file: str = "my set.jsonl", scorers: Sequence[str] = SCORERS
) -> Definition:
    table = parse_table(jsonl(rows).encode(), path=Path(file), shown=file)
    return guess_definition(table, scorers=scorers)


def test_the_guess_is_told_in_the_description() -> None:
    made = guess(question(1, id="x"))
    assert made.name == "my-set"
    assert made.language == "en"
    assert made.data == {"default": ("my set.jsonl",)}
    assert made.description == (
        "Guessed from the file's columns: question from question; answer from answer; "
        "choices from choices; id from id; language en."
    )


@pytest.mark.parametrize("asked", ["question", "query", "problem", "input", "Question"])
@pytest.mark.parametrize("answered", ["answer", "response", "target", "label", "gold"])
@pytest.mark.parametrize("options", ["choices", "options"])
def test_usual_column_names_are_known(asked: str, answered: str, options: str) -> None:
    fields = guess({asked: "?", options: ["x", "y"], answered: "A"}).fields
    assert (fields["question"], fields["answer"], fields["choices"]) == (asked, answered, options)


def test_option_columns_go_as_far_as_the_alphabet_goes_without_a_gap() -> None:
    """In any row: the first question may have fewer options than others."""
    made = guess(
        {"question": "?", "A": "x", "B": "y", "answer": "A"},
        {"question": "?", "A": "x", "B": "y", "C": "z", "E": "mail", "answer": "A"},
    )
    assert made.fields["choices"] == ("A", "B", "C")
    assert "choices from A, B, C" in made.description


def test_a_file_without_options_is_scored_as_free_answers() -> None:
    made = guess({"query": "?", "response": "x"})
    assert made.scorer == "exact"
    assert "choices" not in made.fields


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("今天星期几？", "zh"),
        ("单词 strawberry 里有几个字母 r？", "zh"),
        ("What day is it?", "en"),
        ("What does the character 猫 mean in English?", "en"),
        ("1 + 1", "en"),
    ],
)
def test_the_language_is_guessed_from_the_questions(text: str, language: str) -> None:
    assert guess(question(question=text)).language == language


def test_columns_that_were_not_found_are_told_with_what_was_looked_for() -> None:
    with pytest.raises(DefinitionError) as caught:
        guess({"text": "?", "A": "x", "B": "y"})
    assert caught.value.problems == [
        "my set.jsonl: question: no column looks like it; looked for question, query, problem, "
        "input, and there is: text, A, B",
        "my set.jsonl: answer: no column looks like it; looked for answer, response, target, "
        "label, gold, and there is: text, A, B",
    ]
    assert "write a definition (YAML)" in str(caught.value)


def test_free_answers_need_a_scorer_that_reads_them() -> None:
    with pytest.raises(DefinitionError) as caught:
        guess({"query": "?", "response": "x"}, scorers=["choice"])
    assert "choices: no column looks like it; looked for choices, options, A and B" in str(
        caught.value
    )


def test_a_file_name_that_cannot_be_a_benchmarks_is_refused() -> None:
    with pytest.raises(DefinitionError) as caught:
        guess(question(), file="run.jsonl")
    assert str(caught.value) == "run.jsonl: name: run is kept for gates; choose another name"
