from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pytest_iqeval.core.definition import Definition
from pytest_iqeval.core.errors import DefinitionError
from pytest_iqeval.core.told import said_in
from pytest_iqeval.sources.files import Table, parse_table
from pytest_iqeval.sources.guess import guess_definition
from pytest_iqeval.sources.records import Row
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
    assert made.data[0].test == {"default": ("my set.jsonl",)}
    assert made.description == (
        "Guessed from the file's columns: question from question; answer from answer; "
        "choices from choices; id from id; language en; scorer choice; answer_kind letter."
    )


def test_the_guess_is_told_in_chinese_too() -> None:
    told = guess(question(1, A="x", B="y", choices=None, answer=0)).description
    assert said_in(told, "zh") == (
        "按文件的列猜测：question 取自 question；answer 取自 answer；choices 取自 A、B；"
        "语言 en；判分器 choice；答案写法 index（answer_kind）。"
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


def guess_of(*answers: object, scorers: Sequence[str] = SCORERS, **row: object) -> Definition:
    return guess(*({"query": "?", "answer": a, **row} for a in answers), scorers=scorers)


@pytest.mark.parametrize(
    ("answers", "scorer"),
    [
        ((18, -2.5), "number"),
        (("18", "1,234.50", "-3", "3/4", "12%", "$5", "¥ 3", ".5", "１８"), "number"),
        (("48/2 = 24\n#### 24", "so it is\n####  1,024 "), "number"),
        (([3, "3.0"],), "number"),
        (("yes", "No"), "yes_no"),
        (("True", "FALSE", "true."), "yes_no"),
        ((True, False), "yes_no"),
        (("对", "错", "对。"), "yes_no"),
        (("是", "否"), "yes_no"),
        (("Paris", "18"), "exact"),
        (("yes", "18"), "exact"),
        (("18", "five"), "exact"),
        (("2024-01-31", "1,2"), "exact"),
        ((["Paris", "City of Paris"],), "exact"),
        (("", None), "exact"),
        (("Paris", "It is the city of Paris in France"), "f1"),
        (("北京", "中国的首都是北京市"), "f1"),
        (("亚特兰大机场", "是苏必利尔湖"), "exact"),
    ],
)
def test_answers_of_free_questions_tell_their_scorer(
    answers: tuple[object, ...], scorer: str
) -> None:
    made = guess_of(*answers)
    assert (made.scorer, made.answer_kind) == (scorer, "text")
    assert f"scorer {scorer}" in made.description


def test_a_guess_whose_scorer_is_not_there_falls_back() -> None:
    assert guess_of(18, scorers=["choice", "exact"]).scorer == "exact"
    assert guess_of(18, scorers=["choice", "number"]).scorer == "number"
    assert guess_of("AC", choices=["x", "y", "z"], scorers=["choice"]).scorer == "choice"


@pytest.mark.parametrize(
    ("answers", "scorer", "kind"),
    [
        (("A", "C"), "choice", "letter"),
        (("x", "z"), "choice", "letter"),
        (("AC", "B"), "multi_choice", "letters"),
        (("B", "A、C"), "multi_choice", "letters"),
        ((["A", "C"], ["B"]), "multi_choice", "letters"),
        (("['A', 'C']",), "multi_choice", "letters"),
        ((["A"], ["B"]), "multi_choice", "letters"),
        ((0, 1, 2), "choice", "index"),
        (("0", "2"), "choice", "index"),
        ((1, 3), "choice", "position"),
        (("3", "1"), "choice", "position"),
        (([0, 2], [1]), "multi_choice", "index"),
        (([1, 3], [2]), "multi_choice", "position"),
        (("1,3",), "multi_choice", "position"),
        ((0, 3), "choice", "letter"),  # no count: the rows tell the fault
        ((7,), "choice", "letter"),
        (("Z", "AC"), "multi_choice", "letters"),
    ],
)
def test_answers_of_questions_with_options_tell_scorer_and_kind(
    answers: tuple[object, ...], scorer: str, kind: str
) -> None:
    made = guess_of(*answers, choices=["x", "y", "z"])
    assert (made.scorer, made.answer_kind) == (scorer, kind)


def test_an_options_text_that_looks_like_labels_is_a_text() -> None:
    assert guess_of("AB", "BA", choices=["AB", "BA", "AA"]).scorer == "choice"


def test_numbers_that_are_texts_of_options_are_texts() -> None:
    assert guess_of("5", "7", choices=["5", "6", "7"]).answer_kind == "letter"


def test_numbers_may_be_texts_of_options_in_json_too() -> None:
    made = guess_of(20, 30, choices=[10, 20, 30])
    assert (made.scorer, made.answer_kind) == ("choice", "letter")


@pytest.mark.parametrize(
    "names",
    [
        ("option_a", "option_b"),
        ("Option A", "Option B"),
        ("choice1", "choice2"),
        ("optionA", "optionB"),
        ("opt-a", "opt-b"),
        ("选项A", "选项B"),
        ("A", "C"),
    ],
)
def test_a_set_with_option_columns_that_are_not_known_is_not_asked_without_them(
    names: tuple[str, str],
) -> None:
    with pytest.raises(DefinitionError) as caught:
        guess({"question": "?", **dict.fromkeys(names, "x"), "answer": "A"})
    listed = ", ".join(names)
    assert caught.value.problems == [
        f"my set.jsonl: choices: no column looks like it, but {listed} may hold an option each; "
        f"call them A, B, … or say so: `fields: {{choices: [{listed}]}}`"
    ]


@pytest.mark.parametrize(
    ("answers", "choices"),
    [
        ((1, 2), ["x", "y", "z"]),
        (("1", "2"), ["x", "y", "z"]),
        (([1, 2],), ["x", "y", "z"]),
        (("2", "3"), ["2", "3", "4"]),  # a text, or a position
        (("0", "1"), ["1", "0"]),
    ],
)
def test_what_numbers_mean_is_not_guessed_where_it_is_open(
    answers: tuple[object, ...], choices: list[str]
) -> None:
    with pytest.raises(DefinitionError) as caught:
        guess_of(*answers, choices=choices)
    assert str(caught.value) == (
        "my set.jsonl: answer: numbers that may count the options from 0 or from 1, or be their "
        "texts: it is not to be told which\n"
        "  hint: write a definition (YAML) beside the file, with `data: my set.jsonl` and "
        "`answer_kind: index` if 0 is the first option, `answer_kind: position` if 1 is, or "
        "`answer_kind: letter` if the numbers are texts of options"
    )


def test_numbers_that_mean_the_same_either_way_are_taken() -> None:
    """Each option's text is its position."""
    assert guess_of("1", "2", "3", choices=["1", "2", "3"]).answer_kind == "letter"


def test_a_system_column_is_taken_as_a_message() -> None:
    made = guess({"query": "?", "system": "You are a poet.", "response": "x"})
    assert made.fields["system"] == "system"
    assert "system from system" in made.description


values = (
    st.none() | st.booleans() | st.integers(-1, 30) | st.floats() | st.text(max_size=4)
    | st.sampled_from(["AC", "1,2", "[0]", "对", "#### 3"])
)  # fmt: skip


@given(
    st.lists(
        st.fixed_dictionaries(
            {"query": st.just("?"), "answer": values | st.lists(values, max_size=3)},
            optional={"choices": values | st.lists(values, max_size=28)},
        ),
        min_size=1,
        max_size=4,
    )
)
def test_any_answers_give_a_guess_or_a_definition_error(rows: list[dict[str, object]]) -> None:
    table = Table(
        path=Path("q.jsonl"),
        shown="q.jsonl",
        content=b"",
        rows=tuple(Row(n, row) for n, row in enumerate(rows, start=1)),
        faults=(),
    )
    try:
        told = guess_definition(table, scorers=SCORERS).description
    except DefinitionError as error:
        told = str(error)
    assert "Guessed from" in told or "it is not to be told which" in told


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
        "input, messages, and there is: text, A, B",
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


@pytest.mark.parametrize(
    ("row", "what"),
    [
        ({"_id": "d1", "text": "snow"}, "the queries or the documents of a retrieval set"),
        (
            {"query-id": "q1", "corpus-id": "d1", "score": 1},
            "the relevance judgements of a retrieval set",
        ),
        ({"query": "?", "documents": ["x", "y"]}, "a reranking set"),
        ({"messages": [], "tools": [], "should_call_tool": True}, "a function-calling set"),
    ],
)
def test_files_of_another_kind_are_told_what_they_are(row: dict[str, object], what: str) -> None:
    """In one sentence, not a fault for each row."""
    with pytest.raises(DefinitionError) as caught:
        guess(row, row)
    (problem,) = caught.value.problems
    assert problem.startswith(f"my set.jsonl: is no set of questions, but {what}")
    assert caught.value.hint is not None
    assert "asks questions that have right answers; it does not judge" in caught.value.hint


def test_questions_without_answers_are_told_that_nothing_can_be_judged() -> None:
    with pytest.raises(DefinitionError) as caught:
        guess({"query": "How do I learn to draw?", "category": "generic"})
    assert str(caught.value) == (
        "my set.jsonl: answer: no column looks like it; looked for answer, response, target, "
        "label, gold, and there is: query, category\n"
        "  hint: write a definition (YAML) beside the file that says it under `fields:`; questions "
        "without right answers (an arena's, where models are set against each other) can't be "
        "judged here"
    )


def test_sentences_are_right_from_half_of_their_words_on() -> None:
    made = guess_of("It is the city of Paris in France")
    assert made.scorer_options == {"threshold": 0.5}
    assert "scorer f1 (threshold 0.5)" in made.description
    assert guess_of("It is the city of Paris in France", scorers=["exact"]).scorer == "exact"


def test_a_file_name_that_cannot_be_a_benchmarks_is_refused() -> None:
    with pytest.raises(DefinitionError) as caught:
        guess(question(), file="run.jsonl")
    assert str(caught.value) == "run.jsonl: name: run is kept for gates; choose another name"
