from __future__ import annotations

import json
import re
from collections.abc import Sequence
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pytest_iqeval.core.definition import Definition
from pytest_iqeval.core.kinds import Ask
from pytest_iqeval.core.sample import (
    Sample,
    content_id,
    joined_labels,
    labels_in,
    labels_of,
    safe_id,
)
from pytest_iqeval.sources.files import Table
from pytest_iqeval.sources.records import Row
from pytest_iqeval.sources.rows import SampleReader
from tests.support.questions import definition, question


def table_of(rows: Sequence[dict[str, object]]) -> Table:
    return Table(
        path=Path("/data/q.jsonl"),
        shown="q",
        content=b"",
        rows=tuple(Row(n, row) for n, row in enumerate(rows, start=1)),
        faults=(),
    )


def read(rows: Sequence[dict[str, object]], made: Definition) -> tuple[list[Sample], list[str]]:
    """The samples of one file of the subset IQ, and its faults."""
    reader = SampleReader(made, made.data[0])
    reader.add(table_of(rows), "IQ")
    samples = reader.samples()
    return samples.get("IQ", []), reader.faults()


def samples_of(*rows: dict[str, object], **changes: object) -> list[Sample]:
    samples, faults = read(rows, definition(**changes))
    assert faults == []
    return samples


def faults_of(*rows: dict[str, object], **changes: object) -> list[str]:
    return read(rows, definition(**changes))[1]


LETTERS = {"choices": ["A", "B", "C", "D", "E"]}


def test_a_row_becomes_a_sample() -> None:
    row = question(1, level=2, category="逻辑", explanation="why", tags=["x"])
    (one,) = samples_of(row)
    assert one == Sample(
        benchmark="tiny",
        subset="IQ",
        id=content_id("What is 1 + 1?", ["1", "2", "3"]),
        input="What is 1 + 1?",
        choices=("1", "2", "3"),
        target="B",
        metadata={"level": 2, "category": "逻辑", "explanation": "why", "tags": ["x"]},
    )
    assert (Path(one.file), one.line) == (Path("/data/q.jsonl"), 1)


def test_columns_of_other_names_are_mapped() -> None:
    row = {"q": "?", "opts": ["x", "y"], "gold": "A", "uid": 7, "hard": 3, "level": "own"}
    fields = {"question": "q", "choices": "opts", "answer": "gold", "id": "uid", "level": "hard"}
    (one,) = samples_of(row, fields=fields)
    assert (one.input, one.choices, one.target, one.id) == ("?", ("x", "y"), "A", "7")
    assert one.metadata == {"level": 3}


def test_a_column_may_serve_as_another_field() -> None:
    """`id` is the question here, so the id is made of the content."""
    row = {"id": "?", "choices": ["x", "y"], "answer": "A", "category": 3}
    (one,) = samples_of(row, fields={"question": "id", "level": "category"})
    assert (one.input, one.metadata) == ("?", {"level": 3})
    assert one.id == content_id("?", ["x", "y"])


def test_options_may_stand_in_a_column_each() -> None:
    """Empty columns at the end are options that the question does not have."""
    row = {"question": "?", "A": "x", "B": "y", "C": "z", "D": "", "E": None, "answer": "c"}
    (one,) = samples_of(row, fields=LETTERS)
    assert (one.choices, one.target, one.metadata) == (("x", "y", "z"), "C", {})


def test_a_gap_between_option_columns_is_a_fault() -> None:
    row = {"question": "?", "A": "x", "B": "", "C": "z", "answer": "A"}
    assert faults_of(row, fields=LETTERS) == ["q:1: A to E: option B is empty; an option is text"]


@pytest.mark.parametrize(
    ("answer", "target"),
    [("b", "B"), (" B ", "B"), ("Ｂ", "B"), ("two", "B"), (" two  ", "B"), ("a", "A")],
)
def test_an_answer_is_a_letter_or_the_text_of_an_option(answer: str, target: str) -> None:
    (one,) = samples_of(question(choices=["one", "two", "a b"], answer=answer))
    assert one.target == target


def test_a_letter_is_a_letter_even_where_options_are_letters_too() -> None:
    (one,) = samples_of(question(choices=["B", "A"], answer="A"))
    assert one.target == "A"


@pytest.mark.parametrize("answer", [1, "1", " 1 "])
def test_an_index_counts_from_0_where_the_definition_says_so(answer: object) -> None:
    (one,) = samples_of(question(answer=answer), answer_kind="index")
    assert one.target == "B"


def test_numbers_may_be_options() -> None:
    (one,) = samples_of(question(choices=[1, 2.5], answer="2.5"))
    assert (one.choices, one.target) == (("1", "2.5"), "B")


def test_options_that_differ_only_in_typography_are_different() -> None:
    assert len(samples_of(question(choices=["x²", "x2"]))) == 1


@pytest.mark.parametrize(("answer", "target"), [(" Paris ", "Paris"), (3, "3"), (2.5, "2.5")])
def test_a_free_answer_is_taken_as_text(answer: object, target: str) -> None:
    (one,) = samples_of({"question": "?", "answer": answer}, scorer="exact")
    assert (one.target, one.choices, one.labels) == (target, (), ())


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({"question": None}, "question: is missing; a question is text"),
        ({"question": ""}, "question: is missing; a question is text"),
        ({"question": " \n"}, "question: is missing; a question is text"),
        ({"question": ["x"]}, "question: is a list; a question is text"),
        (
            {"choices": None},
            "choices: is missing; options are a list of texts, or a column each (A, B, …)",
        ),
        ({"choices": "x"}, "choices: is text; options are a list of texts"),
        ({"choices": ["B"]}, "choices: has 1 option; 2 to 26 are possible"),
        ({"choices": [str(n) for n in range(27)]}, "choices: has 27 options; 2 to 26 are"),
        ({"choices": ["x", " "]}, "choices: option B is empty; an option is text"),
        ({"choices": ["x", None]}, "choices: option B is empty; an option is text"),
        ({"choices": ["x", ["y"]]}, "choices: option B is a list; an option is text"),
        (
            {"choices": ["x  y", "z", " x y"]},
            "choices: has the option 'x y' twice; make the options differ",
        ),
        ({"answer": None}, "answer: is missing; every question needs its right answer"),
        ({"answer": " "}, "answer: is missing; every question needs its right answer"),
        (
            {"answer": "D"},
            "answer: 'D' is not among the options; write one of A, B, C, or the text of an option",
        ),
        ({"answer": "ABC"}, "answer: 'ABC' is not among the options"),
        (
            {"answer": ["A"]},
            "answer: is a list; write the one right answer as text, or, where several options "
            "are right together, `scorer: multi_choice` in the definition",
        ),
        (
            {"answer": "A,C"},
            "answer: 'A,C' is not among the options; write one of A, B, C, or the text of an "
            "option, or, where several are right together, `scorer: multi_choice`",
        ),
        (
            {"answer": "7"},
            "answer: '7' is not among the options; write one of A, B, C, or the text of an "
            "option, or, if it counts, `answer_kind: index` (from 0) or `answer_kind: position` "
            "(from 1) in the definition",
        ),
        ({"answer": True}, "answer: is true or false; write the one right answer as text"),
        (
            {"answer": 7},
            "answer: 7 is a number; write the letter of the right option, or, if it counts, "
            "`answer_kind: index` (from 0) or `answer_kind: position` (from 1) in the definition",
        ),
        ({"id": 1.5}, "id: is a number; an id is text or a whole number"),
        ({"id": ["x"]}, "id: is a list; an id is text or a whole number"),
    ],
)
def test_a_fault_of_a_row_says_where_what_and_how_to_mend(
    changes: dict[str, object], told: str
) -> None:
    faults = faults_of(question(5), question(1, **changes))
    assert len(faults) == 1
    assert faults[0].startswith(f"q:2: {told}")


@pytest.mark.parametrize("answer", [3, -1, "B", 1.0, "99999"])
def test_an_index_out_of_range_is_a_fault(answer: object) -> None:
    assert faults_of(question(answer=answer), answer_kind="index") == [
        f"q:1: answer: {answer!r} is no index of an option, 0 to 2"
    ]


def test_all_faults_of_a_file_are_told_in_the_order_of_its_lines() -> None:
    """An answer that is wrong does not hide a clash of ids."""
    faults = faults_of(
        question(1, id="x", answer="Z"),
        question(2, question=None, choices=["x"]),
        question(3, id="x"),
    )
    assert [fault.split(";")[0] for fault in faults] == [
        "q:1: answer: 'Z' is not among the options",
        "q:2: question: is missing",
        "q:2: choices: has 1 option",
        "q:3: id: 'x' is also that of line 1, a different question",
    ]


def test_a_column_that_no_row_has_is_one_fault() -> None:
    rows = [question(n) for n in range(3)]
    assert faults_of(*rows, fields={"question": "qestion", "id": "uid"}) == [
        "q: question: no row has the column qestion; say which it is under `fields:` of the "
        "definition (did you mean question?)",
        "q: id: no row has the column uid; say which it is under `fields:` of the "
        "definition (there is: answer, choices, question)",
    ]


def test_a_field_may_name_the_group_of_a_question() -> None:
    """A column, or our name for one; numbers are read as text, and without a value it is alone."""
    rows = [question(1, passage="P1", difficulty=3), question(2, passage=None), question(3)]
    rows[2]["passage"] = "  "
    assert [one.group for one in samples_of(*rows, group="passage")] == ["P1", None, None]
    assert [one.group for one in samples_of(*rows)] == [None] * 3
    for group in ("level", "difficulty"):
        changes = {"group": group, "fields": {"level": "difficulty"}}
        assert [one.group for one in samples_of(*rows, **changes)] == ["3", None, None]
    assert samples_of(rows[0], group="passage")[0].metadata["passage"] == "P1"


def test_a_group_that_no_row_has_is_one_fault() -> None:
    assert faults_of(question(1, passage="P1"), question(2), group="passages") == [
        "q: group: no row has the field passages; name one that questions share, such as a "
        "passage (did you mean passage?)"
    ]


@pytest.mark.parametrize("group", ["question", "choices"])
def test_a_part_of_the_question_is_no_group(group: str) -> None:
    (fault,) = faults_of(question(1), group=group)
    assert fault.startswith(f"q: group: {group} is a part of each question; name one that")


def test_a_group_is_text_or_a_number() -> None:
    assert faults_of(question(1, passage=["P1"]), group="passage") == [
        "q:1: passage: is a list; a group is text or a number"
    ]


def test_a_missing_column_hides_no_other_fault() -> None:
    rows = [question(1, answer=None), question(2, answer=None, question="", id="x")]
    assert [
        fault.split(";")[0] for fault in faults_of(*rows, question(3, answer=None, id="x"))
    ] == [
        "q: answer: no row has the column answer",
        "q:2: question: is missing",
    ]
    assert faults_of(question(1, choices=None), question(2, choices=None, id="x")) == [
        "q: choices: no row has the column choices; say which it is under `fields:` of the "
        "definition (there is: answer, id, question)"
    ]


def test_an_own_id_is_kept_in_the_alphabet_of_node_ids() -> None:
    samples = samples_of(question(1, id="逻辑/a b::1"), question(2, id=17), question(3, id=" "))
    assert [one.id for one in samples[:2]] == ["逻辑-a-b--1", "17"]
    assert re.fullmatch("[0-9a-f]{8}", samples[2].id)


def test_equal_rows_get_numbers_in_file_order() -> None:
    """White space and typography do not make another question."""
    other_blanks = question(1, question="What  is １ + 1?\n")
    samples = samples_of(question(1), question(2), other_blanks, question(1))
    first = samples[0].id
    assert [one.id for one in samples] == [first, samples[1].id, f"{first}-2", f"{first}-3"]
    assert [one.id for one in samples_of(question(1, id="x"), question(1, id="x"))] == ["x", "x-2"]


def test_a_number_that_is_an_own_id_is_not_given_twice() -> None:
    samples = samples_of(question(1, id="x"), question(1, id="x"), question(2, id="x-2"))
    assert [one.id for one in samples] == ["x", "x-3", "x-2"]


def test_different_questions_with_one_id_are_refused_naming_both_lines() -> None:
    assert faults_of(question(1, id="x"), question(2), question(3, id="x")) == [
        "q:3: id: 'x' is also that of line 1, a different question; give each its own id"
    ]
    assert faults_of(question(1, id="a/1"), question(2, id="a:1")) == [
        "q:2: id: 'a:1' becomes a-1, as does 'a/1' of line 1, a different question; "
        "give each its own id"
    ]
    hashed = content_id("What is 1 + 1?", ["1", "2", "3"])
    assert faults_of(question(1), question(2, id=hashed)) == [
        f"q:2: id: {hashed}, made from the question's content, is also that of line 1, "
        "a different question; give each its own id"
    ]


FOUR = ["鲸", "蛇", "a, b", "D 2"]


@pytest.mark.parametrize(
    "answer",
    ["AC", "ca", "A,C", "A，C", "A、C", "A C", " C ; A ", "A/C", "ＡＣ", ["A", "C"],
     ["鲸", "a,  b"], '["A", "C"]', "['A', 'C']", "['鲸', 'a, b']"],
)  # fmt: skip
def test_several_right_options_may_be_written_in_many_ways(answer: object) -> None:
    """The target has their labels in the order of the options."""
    (one,) = samples_of(question(choices=FOUR, answer=answer), scorer="multi_choice")
    assert (one.target, one.also) == ("AC", ())


@pytest.mark.parametrize("answer", ["B", "蛇", ["B"], ["蛇"], "b "])
def test_one_of_several_may_be_right_alone(answer: object) -> None:
    (one,) = samples_of(question(choices=FOUR, answer=answer), scorer="multi_choice")
    assert one.target == "B"


@pytest.mark.parametrize(
    ("answer", "told"),
    [
        ("AE", "'AE' is not among the options; write one of A, B, C, D, or the text of an option"),
        (["A", "E"], "'E' is not among the options"),
        (["A", 2], "2 is a number; write the letter"),
        (["A", None], "is nothing; write the one right answer as text"),
        ("AA", "names option A twice; name each once"),
        (["A", "鲸"], "names option A twice; name each once"),
        ([], "is an empty list; every question needs its right answer"),
        ("[]", "is an empty list; every question needs its right answer"),
        ({"A": 1}, "is a mapping; write the one right answer as text"),
        ("[A, C", "'[A, C' is not among the options"),
        (r"['\d', 'A']", r"'\\d' is not among the options"),
    ],
)
def test_a_fault_of_several_right_options_is_told(answer: object, told: str) -> None:
    (fault,) = faults_of(question(choices=FOUR, answer=answer), scorer="multi_choice")
    assert fault.startswith(f"q:1: answer: {told}")


def test_labels_that_are_also_the_text_of_an_option_are_refused() -> None:
    row = question(choices=["AB", "BA", "AC"], answer="AB")
    assert faults_of(row, scorer="multi_choice") == [
        "q:1: answer: 'AB' is several labels and the text of one option; put commas between "
        "labels, or write a list of texts"
    ]
    for answer, target in (("A,B", "AB"), (["AB"], "A")):
        (one,) = samples_of(row | {"answer": answer}, scorer="multi_choice")
        assert one.target == target


@pytest.mark.parametrize(
    ("kind", "answer", "target"),
    [
        ("index", [0, 2], "AC"),
        ("index", "2,0", "AC"),
        ("index", "[0, 2]", "AC"),
        ("index", 1, "B"),
        ("position", [1, 3], "AC"),
        ("position", "1、3", "AC"),
        ("position", "4", "D"),
    ],
)
def test_several_right_options_may_be_counted(kind: str, answer: object, target: str) -> None:
    row = question(choices=FOUR, answer=answer)
    (one,) = samples_of(row, scorer="multi_choice", answer_kind=kind)
    assert one.target == target


@pytest.mark.parametrize("answer", [2, "2", " 2 "])
def test_a_position_counts_from_1(answer: object) -> None:
    (one,) = samples_of(question(answer=answer), answer_kind="position")
    assert one.target == "B"


@pytest.mark.parametrize("answer", [0, 4, "B", 1.0, [1]])
def test_a_position_out_of_range_is_a_fault(answer: object) -> None:
    (fault,) = faults_of(question(answer=answer), answer_kind="position")
    assert fault.endswith("is no position of an option, 1 to 3")


@pytest.mark.parametrize("answer", [2, "2", "２", "two"])
def test_digits_are_labels_where_the_definition_says_so(answer: object) -> None:
    (one,) = samples_of(question(choices=["one", "two", "six"], answer=answer), labels="digits")
    assert (one.target, one.labels, one.numbered) == ("2", ("1", "2", "3"), True)


@pytest.mark.parametrize("answer", ["1,3", "3 1", [1, 3], ["1", "six"], "[1, 3]", "1、3"])
def test_several_digits_are_labels(answer: object) -> None:
    row = question(choices=["one", "two", "six"], answer=answer)
    (one,) = samples_of(row, labels="digits", scorer="multi_choice")
    assert one.target == "1,3"


def test_digits_may_be_labels_of_answers_that_are_counted() -> None:
    (one,) = samples_of(question(answer=0), labels="digits", answer_kind="index")
    assert one.target == "1"


def test_a_digit_that_is_one_options_label_and_anothers_text_is_refused() -> None:
    row = question(choices=["2", "3", "4"], answer=3)
    assert faults_of(row, labels="digits") == [
        "q:1: answer: 3 is the label of one option and the text of another; write "
        "`answer_kind: position` in the definition if it is the label"
    ]
    (one,) = samples_of(row, labels="digits", answer_kind="position")
    assert one.target == "3"
    (fault,) = faults_of(row | {"answer": "13"}, labels="digits")
    assert fault.endswith("write one of 1, 2, 3, or the text of an option")


@pytest.mark.parametrize(
    ("answer", "target", "also"),
    [
        (["Paris", " City of Paris ", "Paris"], "Paris", ("City of Paris",)),
        (["北京"], "北京", ()),
        ([42, "forty-two"], "42", ("forty-two",)),
        (True, "true", ()),
        (0.00001, "0.00001", ()),
        ("…so #### 18", "…so #### 18", ()),
    ],
)
def test_a_list_of_texts_accepts_each(answer: object, target: str, also: tuple[str, ...]) -> None:
    (one,) = samples_of({"question": "?", "answer": answer}, scorer="exact")
    assert (one.target, one.also, one.choices) == (target, also, ())


@pytest.mark.parametrize(
    ("answer", "told"),
    [
        ([], "is an empty list; a list holds all texts that are right"),
        (["x", " "], "holds an empty text; fill it in, or take it out"),
        (["x", None], "holds nothing; write the right answer as text, or a list of all texts"),
        ({"text": "x"}, "is a mapping; write the right answer as text, or a list of all texts"),
        (None, "no row has the column answer"),
        (" ", "is missing; every question needs its right answer"),
    ],
)
def test_a_fault_of_a_free_answer_is_told(answer: object, told: str) -> None:
    (fault,) = faults_of(question(choices=None, answer=answer), scorer="exact")
    assert f"answer: {told}" in fault


def test_a_number_after_a_worked_solution_is_the_answer() -> None:
    """As GSM8K writes it; what stands before it explains."""
    row = {"question": "?", "answer": "48/2 = <<48/2=24>>24.\n#### 1,024"}
    (one,) = samples_of(row, scorer="number")
    assert (one.target, one.metadata) == ("1,024", {"explanation": "48/2 = <<48/2=24>>24."})
    (own,) = samples_of(row | {"explanation": "why"}, scorer="number")
    assert own.metadata == {"explanation": "why"}
    assert faults_of(row | {"answer": "so ####"}, scorer="number") == [
        "q:1: answer: has nothing after ####; write the number there"
    ]


def test_a_question_may_be_written_as_chat_messages() -> None:
    system, user = {"role": "system", "content": "S"}, {"role": "user", "content": "?"}
    rows = [
        {"question": [system, user], "answer": "x"},
        {"messages": [user], "answer": "x"},
        {"question": "?", "role": "R", "answer": "x"},
    ]
    samples = samples_of(*rows, scorer="exact", fields={"system": "role"})
    assert [(one.input, one.system) for one in samples] == [("?", "S"), ("?", None), ("?", "R")]


def test_a_system_column_that_the_definition_does_not_name_is_no_message() -> None:
    (one,) = samples_of(question(system="Linux"))
    assert (one.system, one.metadata) == (None, {"system": "Linux"})


@pytest.mark.parametrize(
    "messages",
    [
        [{"role": "system", "content": "S"}],
        [{"role": "user", "content": "1"}, {"role": "user", "content": "2"}],
        [{"role": "user", "content": "1"}, {"role": "assistant", "content": "2"}],
        [{"role": "user", "content": [{"type": "text", "text": "?"}]}],
        [{"role": "user", "content": "?"}, {"role": "system", "content": "late"}],
        [{"role": "user", "content": "?"}, 3],
    ],
)
def test_messages_that_are_more_than_a_question_are_a_fault(messages: object) -> None:
    assert faults_of(question(), question(2, question=None, messages=messages)) == [
        "q:2: messages: is no question; it may be text, or chat messages: one with the role "
        '"user" and text as content, and one with "system" before it'
    ]


def test_a_system_message_is_text() -> None:
    assert faults_of(question(who=3), fields={"system": "who"}) == [
        "q:1: who: is a number; a system message is text"
    ]


numbers = st.lists(st.integers(0, 40), min_size=1, max_size=12)


@given(numbers, st.randoms())
def test_ids_do_not_depend_on_the_order_of_rows(chosen: list[int], random: object) -> None:
    """Of different rows each keeps its id; of equal ones the set of ids stays."""
    rows = [question(n) for n in chosen]
    shuffled = list(rows)
    random.shuffle(shuffled)  # type: ignore[attr-defined]
    before = {(one.input, one.id) for one in samples_of(*rows)}
    assert {(one.input, one.id) for one in samples_of(*shuffled)} == before
    assert len(before) == len(rows)


@given(numbers, st.integers(50, 60), st.integers(0, 12))
def test_a_row_put_in_changes_no_other_id(chosen: list[int], new: int, at: int) -> None:
    rows = [question(n) for n in chosen]
    before = [one.id for one in samples_of(*rows)]
    rows.insert(at, question(new))
    after = samples_of(*rows)
    assert [one.id for one in after if one.input != question(new)["question"]] == before


@given(st.lists(st.sampled_from(["x", "x-2", "x-3", "x-2-2", "y"]), min_size=1, max_size=8))
def test_ids_are_different_whatever_own_ids_there_are(own: list[str]) -> None:
    """Rows of one own id are equal here, so that nothing is refused."""
    rows = [question(len(name) * 7 + ord(name[-1]), id=name) for name in own]
    ids = [one.id for one in samples_of(*rows)]
    assert len(set(ids)) == len(ids)
    assert set(own) <= set(ids)


cell = st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5)
message = st.dictionaries(st.sampled_from(["role", "content"]), cell, max_size=2)
cells = (
    cell
    | st.sampled_from(["AC", "A,B", "1,2", "[1]", '["A"]', "#### 3", ["x", "y"], [0, 1]])
    | st.lists(cell | message, max_size=4)
    | st.dictionaries(st.text(max_size=2), cell, max_size=2)
)
KINDS = [
    {"scorer": "choice"},
    {"scorer": "choice", "labels": "digits"},
    {"scorer": "choice", "answer_kind": "index"},
    {"scorer": "choice", "answer_kind": "position", "labels": "digits"},
    {"scorer": "multi_choice"},
    {"scorer": "multi_choice", "labels": "digits"},
    {"scorer": "multi_choice", "answer_kind": "index"},
    {"scorer": "exact"},
    {"scorer": "number"},
    {"scorer": "own", "fields": {"choices": "choices"}},
]


@given(
    st.lists(
        st.dictionaries(
            st.sampled_from(["question", "choices", "answer", "id", "level", "messages", "x"]),
            cells,
        ),
        max_size=4,
    ),
    st.sampled_from(KINDS),
)
def test_any_rows_give_whole_samples_or_faults(
    rows: list[dict[str, object]], changes: dict[str, object]
) -> None:
    made = definition(**changes)
    samples, faults = read(rows, made)
    if not faults:
        for one in samples:
            assert one.input.strip()
            assert one.id == safe_id(one.id)
            assert all(one.targets)
            assert bool(one.choices) == ("choices" in made.fields)
            named = labels_in(one.target, one.labels)
            assert bool(named) == bool(one.choices)
            assert len(named) <= 1 or made.asks is Ask.OPTIONS


@given(
    st.lists(st.text("abcd鲸 ", min_size=1, max_size=5), min_size=2, max_size=12),
    st.booleans(),
    st.data(),
)
def test_every_way_of_writing_labels_names_the_same_options(
    texts: list[str], numbered: bool, data: st.DataObject
) -> None:
    """Joined, listed and counted answers give one target, whatever the order."""
    choices = [f"{text} no. {n}" for n, text in enumerate(texts)]
    places = data.draw(st.permutations(range(len(choices))).map(lambda p: p[: len(p) // 2 + 1]))
    labels = labels_of(len(choices), numbered=numbered)
    in_order = joined_labels([labels[n] for n in sorted(places)], numbered=numbered)
    ways: list[tuple[object, str]] = [
        ([labels[n] for n in places], "letters"),
        ([choices[n] for n in places], "letters"),
        (",".join(labels[n] for n in places), "letters"),
        ("、".join(labels[n].lower() for n in places), "letters"),
        (json.dumps([labels[n] for n in places]), "letters"),
        (list(places), "index"),
        ([n + 1 for n in places], "position"),
    ]
    for answer, kind in ways:
        (one,) = samples_of(
            question(choices=choices, answer=answer),
            scorer="multi_choice",
            answer_kind=kind,
            labels="digits" if numbered else "letters",
        )
        assert one.target == in_order


def test_a_number_that_is_the_text_of_one_option_names_it() -> None:
    """What it would count is asked where a file comes without a definition."""
    (one,) = samples_of(question(choices=[1, 2, 3], answer=2))
    assert one.target == "B"
