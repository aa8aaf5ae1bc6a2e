"""Values that are no plain columns of texts: ways, templates, mappings, marks, repeated options."""

from __future__ import annotations

import hashlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pytest_iqeval.core.sample import content_id
from pytest_iqeval.sources.rows import shuffled
from pytest_iqeval.sources.values import value_at
from tests.sources.test_rows import faults_of, samples_of
from tests.support.questions import question

NATIVE_ARC = {
    "id": "Mercury_7",
    "question": {
        "stem": "What is ice?",
        "choices": [{"text": "rock", "label": "1"}, {"text": "water", "label": "2"}],
    },
    "answerKey": "2",
}
ARC_FIELDS = {
    "question": "question.stem",
    "choices": "question.choices.text",
    "labels": "question.choices.label",
    "answer": "answerKey",
}
OPTIONS = {"choices": "options"}
CSV_ROW = {"Question": "?", "Best": "yes", "Wrong": "no; maybe;  never ; ", "Type": "x"}
CSV_FIELDS = {"question": "Question", "choices": ["Best", "Wrong"], "answer": "Best"}


def test_a_field_leads_into_nested_values_and_through_lists() -> None:
    (one,) = samples_of(NATIVE_ARC, fields=ARC_FIELDS)
    assert (one.input, one.choices, one.target) == ("What is ice?", ("rock", "water"), "B")
    assert (one.id, one.metadata) == ("Mercury_7", {})


def test_a_column_with_dots_in_its_name_comes_before_a_way() -> None:
    (one,) = samples_of(question(**{"a.b": 3, "a": {"b": 4}}), fields={"level": "a.b"})
    assert one.metadata["level"] == 3


def test_a_way_that_leads_nowhere_is_told_as_a_missing_column() -> None:
    (fault,) = faults_of(NATIVE_ARC, fields={**ARC_FIELDS, "question": "question.text"})
    assert fault.startswith("q: question: no row has the column question.text; ")


def test_a_level_may_lie_deeper() -> None:
    row = question(meta={"level": 4})
    (one,) = samples_of(row, fields={"level": "meta.level"})
    assert one.metadata == {"meta": {"level": 4}, "level": 4}


@pytest.mark.parametrize(
    ("labels", "key", "target"),
    [(["A", "B"], "B", "B"), (["1", "2"], "2", "B"), ([1, 2], 1, "A"), (["a", "b"], " B ", "B")],
)
def test_answers_may_use_the_labels_of_the_data(
    labels: list[object], key: str, target: str
) -> None:
    row = {"question": "?", "choices": {"text": ["x", "2"], "label": labels}, "answer": key}
    fields = {"choices": "choices.text", "labels": "choices.label"}
    assert samples_of(row, fields=fields)[0].target == target


def test_a_label_that_the_row_has_not_is_refused() -> None:
    row = {"question": "?", "choices": {"text": ["x", "y"], "label": ["A", "B"]}, "answer": "C"}
    fields = {"choices": "choices.text", "labels": "choices.label"}
    assert faults_of(row, fields=fields) == [
        "q:1: answer: 'C' is not one of the row's labels, A, B"
    ]


def test_a_template_puts_texts_together() -> None:
    row = {"a": "He sits.", "b": "THE dog", "n": 3, "endings": ["x", "y"], "label": "1"}
    fields = {"question": "{a} {b|capitalize}", "id": "{n}-{a}"}
    (one,) = samples_of(
        row, fields={**fields, "choices": "endings", "answer": "label"}, answer_kind="index"
    )
    assert (one.input, one.id, one.target) == ("He sits. The dog", "3-He-sits.", "B")


def test_a_template_of_a_value_that_is_not_there_is_missing() -> None:
    rows = ({"a": "x", "b": None}, {"a": "x", "b": "y"})
    whole = [{"choices": ["1", "2"], "answer": "A"} | row for row in rows]
    (fault,) = faults_of(*whole, fields={"question": "{a} {b}"})
    assert fault == "q:1: {a} {b}: is missing; a question is text"


@pytest.mark.parametrize(
    "targets",
    [
        {"yes": 1, "no": 0, "": 0},
        {"choices": ["yes", "no", ""], "labels": [1, 0, 0]},
        {"choices": ["yes", "no"], "labels": ["1", "0"]},
    ],
)
def test_options_may_be_a_mapping_to_marks(targets: dict[str, object]) -> None:
    fields = {"choices": "mc", "answer": "mc"}
    (one,) = samples_of({"question": "?", "mc": targets}, fields=fields, answer_kind="marks")
    assert (one.choices, one.target, one.metadata) == (("yes", "no"), "A", {})
    assert one.id == content_id("?", ["yes", "no"])


def test_marks_may_stand_in_a_column_of_their_own() -> None:
    (one,) = samples_of(question(answer=[0, 0, 1]), answer_kind="marks")
    assert one.target == "C"


def test_several_marks_are_several_right_options_where_the_scorer_takes_them() -> None:
    row = question(answer=[1, 0, 1])
    assert samples_of(row, answer_kind="marks", scorer="multi_choice")[0].target == "AC"
    (fault,) = faults_of(row, answer_kind="marks")
    assert fault == (
        "q:1: answer: marks 2 options with 1; where several are right together, write "
        "`scorer: multi_choice` in the definition"
    )


@pytest.mark.parametrize(
    ("answer", "told"),
    [
        ([0, 0, 0], "marks no option with 1; every question needs its right answer"),
        ([0, 0, 2], "holds a mark that is neither 1 nor 0; 1 marks a right option"),
        ([0, 1], "is a list; marks are a 1 or a 0 for each option, in a list or a mapping"),
        ("B", "is text; marks are a 1 or a 0 for each option, in a list or a mapping"),
    ],
)
def test_marks_that_mark_nothing_are_refused(answer: object, told: str) -> None:
    assert faults_of(question(answer=answer), answer_kind="marks") == [f"q:1: answer: {told}"]


def test_the_right_option_may_have_a_column_of_its_own_and_another_several() -> None:
    (one,) = samples_of(CSV_ROW, fields=CSV_FIELDS, separator="; ")
    assert (one.choices, one.target) == (("yes", "no", "maybe", "never"), "A")
    assert one.metadata == {"Type": "x"}
    last = {**CSV_FIELDS, "choices": ["Wrong", "Best"]}
    assert samples_of(CSV_ROW, fields=last, separator="; ")[0].target == "D"


def test_without_a_separator_each_column_is_an_option() -> None:
    (one,) = samples_of(CSV_ROW, fields=CSV_FIELDS)
    assert (one.choices, one.target) == (("yes", "no; maybe;  never ; "), "A")


def test_equal_options_are_refused_unless_the_definition_expects_them() -> None:
    row = question(choices=["7", "7", "8"], answer="B")
    (fault,) = faults_of(row)
    assert fault == (
        "q:1: choices: has the option '7' twice; make the options differ, or write "
        "`repeated_options: true` in the definition if the data is meant so"
    )
    (one,) = samples_of(row, repeated_options=True)
    assert (one.choices, one.target) == (("7", "7", "8"), "B")


def test_the_text_of_two_options_names_neither() -> None:
    rows = [question(choices=["x", "x", "y"], answer=answer) for answer in ("x", "y")]
    assert faults_of(*rows, repeated_options=True) == [
        "q:1: answer: 'x' is the text of two options; write the label of the right one"
    ]


def test_texts_are_replaced_in_order_in_the_fields_that_are_named() -> None:
    row = question(question="Question: a [x] b", choices=["(A) p [y]", "(B) q"], answer="(B)")
    edits = [
        {"pattern": "^Question: ", "in": "question"},
        {"pattern": r"\[.*?\]", "with": r"\1"},
        {"pattern": r"^\(([A-D])\) ?", "in": ["choices"]},
        {"pattern": r"[()]", "in": "answer"},
    ]
    (one,) = samples_of(row, replace=edits)
    assert (one.input, one.choices, one.target) == (r"a \1 b", (r"p \1", "q"), "B")


def test_ids_may_be_made_of_the_content_though_rows_have_their_own() -> None:
    (one,) = samples_of(question(id="q-7"), ids="content")
    assert one.id == content_id("What is 1 + 1?", ["1", "2", "3"])
    assert one.metadata == {"id": "q-7"}


def test_missing_numbers_at_the_end_are_options_that_a_row_has_not() -> None:
    row = {"question": "?", "A": "x", "B": "y", "C": float("nan"), "D": "  ", "answer": " b "}
    (one,) = samples_of(row, fields={"choices": ["A", "B", "C", "D"]})
    assert (one.choices, one.target) == (("x", "y"), "B")


def test_the_last_box_of_a_worked_solution_is_the_answer_of_a_math_question() -> None:
    solution = r"So $x = \boxed{1}$ or rather \boxed{\frac{1}{2}}."
    (one,) = samples_of({"question": "?", "answer": solution}, scorer="math")
    assert (one.target, one.metadata) == (r"\frac{1}{2}", {"explanation": solution})


def test_a_shuffle_is_drawn_from_the_id_alone() -> None:
    """Word for word: scores of years are compared, so no change may touch the order."""
    assert shuffled("53f0e59b", ("a", "b", "c", "d"), "A") == (("c", "a", "d", "b"), "B")
    rows = [question(n) for n in (1, 2, 3)]
    before = samples_of(*rows, shuffle=True)
    assert samples_of(*rows[::-1], shuffle=True) == before[::-1]
    assert [one.id for one in before] == [one.id for one in samples_of(*rows)]
    assert all(
        one.choices[one.labels.index(one.target)] == str(2 * n) for n, one in enumerate(before, 1)
    )


@given(
    id=st.text(min_size=1), count=st.integers(2, 26), right=st.sets(st.integers(0, 25), min_size=1)
)
def test_a_shuffle_keeps_options_and_what_is_right(id: str, count: int, right: set[int]) -> None:
    choices = tuple(f"option {n}" for n in range(count))
    labels = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
    places = sorted(n for n in right if n < count) or [0]
    order, target = shuffled(id, choices, "".join(labels[n] for n in places))
    assert sorted(order) == sorted(choices)
    assert {order[labels.index(label)] for label in target} == {choices[n] for n in places}
    assert list(order) == sorted(
        choices,
        key=lambda text: hashlib.sha256(
            f"{id}:{choices.index(text)}".encode("utf-8", "surrogatepass")
        ).digest(),
    )


def test_a_way_ends_where_a_row_has_nothing() -> None:
    row = {"a": {"b": 1}, "l": [{"t": 1}, {}], "n": [1, 2]}
    ways = {"a.b": 1, "a.c": None, "a.b.c": None, "l.t": [1, None], "n.t": None, "x": None}
    assert {way: value_at(row, way) for way in ways} == ways


@pytest.mark.parametrize(
    "options",
    [
        {"A": "red", "B": "green", "C": "blue"},
        {"c": "blue", "a": "red", "b": "green"},
        {"B": "green", "A": "red", "C": "blue", "D": None, "E": ""},
        {"2": "green", "1": "red", "3": "blue"},
        {"0": "red", "2": "blue", "1": "green"},
        {"red one": "red", "green one": "green", "blue one": "blue"},
        '["red", "green", "blue"]',
        "['red', 'green', 'blue']",
        '{"A": "red", "B": "green", "C": "blue"}',
    ],
)
def test_options_may_be_a_mapping_from_labels_or_a_list_written_as_text(options: object) -> None:
    """Shown are the texts, never the labels."""
    (one,) = samples_of({"question": "?", "options": options, "answer": "green"}, fields=OPTIONS)
    assert (one.choices, one.target) == (("red", "green", "blue"), "B")


@pytest.mark.parametrize("options", [{"A": "0", "B": "1"}, {"A": 0, "B": 1, "C": 2}])
def test_options_that_read_as_marks_are_options_where_labels_name_them(
    options: dict[str, object],
) -> None:
    (one,) = samples_of({"question": "?", "options": options, "answer": "B"}, fields=OPTIONS)
    assert (one.choices, one.target) == (tuple(map(str, options.values())), "B")


def test_marks_may_be_written_as_text() -> None:
    fields = {"choices": "mc", "answer": "mc"}
    row = {"question": "?", "mc": '{"yes": 0, "no": 1}'}
    (one,) = samples_of(row, fields=fields, answer_kind="marks")
    assert (one.choices, one.target) == (("yes", "no"), "B")


@pytest.mark.parametrize("text", ["[red, green]", "{A: red}", "red"])
def test_a_text_that_is_no_list_is_no_options(text: str) -> None:
    (fault,) = faults_of({"question": "?", "options": text, "answer": "A"}, fields=OPTIONS)
    assert fault == (
        "q:1: options: is text; options are a list of texts, or a column each (A, B, …)"
    )


def test_options_that_are_mappings_each_are_told_once_a_row_with_the_way_into_them() -> None:
    row = {"question": "?", "options": [{"key": "A", "text": "x"}, {"key": "B", "text": "y"}]}
    (fault,) = faults_of({**row, "answer": "A"}, fields=OPTIONS)
    assert fault == (
        "q:1: options: is a list of mappings; say which of their fields is the option's text "
        "(key, text): `fields: {choices: options.FIELD}` in the definition"
    )


@pytest.mark.parametrize("options", [{"B": "x", "C": "y"}, {"2": "x", "3": "y"}])
def test_labels_that_are_left_out_would_be_others_when_asked(options: dict[str, str]) -> None:
    (fault,) = faults_of({"question": "?", "options": options, "answer": "y"}, fields=OPTIONS)
    assert fault.startswith("q:1: options: is a mapping; options are a list of texts")
