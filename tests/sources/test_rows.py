from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pytest_iqeval.core.sample import Sample, content_id, safe_id
from pytest_iqeval.sources.files import Row, Table
from pytest_iqeval.sources.rows import read_samples
from tests.support.questions import definition, question


def table_of(rows: Sequence[dict[str, object]]) -> Table:
    return Table(
        path=Path("/data/q.jsonl"),
        shown="q.jsonl",
        content=b"",
        rows=tuple(Row(n, row) for n, row in enumerate(rows, start=1)),
        faults=(),
    )


def samples_of(*rows: dict[str, object], **changes: object) -> list[Sample]:
    samples, faults = read_samples(table_of(rows), definition(**changes), subset="IQ")
    assert faults == []
    return samples


def faults_of(*rows: dict[str, object], **changes: object) -> list[str]:
    _, faults = read_samples(table_of(rows), definition(**changes), subset="IQ")
    return [fault.told("q") for fault in faults]


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
        ({"answer": ["A"]}, "answer: is a list; write the one right answer as text"),
        ({"answer": True}, "answer: is true or false; write the one right answer as text"),
        (
            {"answer": 2},
            "answer: 2 is a number; write the letter of the right option, or, if it counts "
            "from 0, `answer_kind: index` in the definition",
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
cells = cell | st.lists(cell, max_size=4) | st.dictionaries(st.text(max_size=2), cell, max_size=2)


@given(
    st.lists(
        st.dictionaries(
            st.sampled_from(["question", "choices", "answer", "id", "level", "x"]), cells
        ),
        max_size=4,
    ),
    st.sampled_from(["choice", "exact"]),
    st.sampled_from(["letter", "index"]),
)
def test_any_rows_give_whole_samples_or_faults(
    rows: list[dict[str, object]], scorer: str, kind: str
) -> None:
    changes = {"scorer": scorer, "answer_kind": kind}
    samples, faults = read_samples(table_of(rows), definition(**changes), subset="IQ")
    if not faults:
        for one in samples:
            assert one.input.strip()
            assert one.id == safe_id(one.id)
            assert not one.choices or one.target in one.labels
