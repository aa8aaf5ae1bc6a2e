"""Ids are for ever."""

from __future__ import annotations

import hashlib
import json
import re

from hypothesis import given
from hypothesis import strategies as st

from pytest_iqeval.core.sample import (
    Sample,
    content_id,
    joined_labels,
    labels_in,
    labels_of,
    normalised,
    safe_id,
)

texts = st.text(max_size=40)


def test_a_content_id_is_the_documented_hash() -> None:
    """8 hex digits of the sha256 of the JSON list [question, choices…], normalised."""
    plain = json.dumps(["1 + 1?", "2", "答案"], ensure_ascii=False).encode()
    assert content_id(" 1  +\n1？", ["２", "答案"]) == hashlib.sha256(plain).hexdigest()[:8]


@given(texts, st.lists(texts, max_size=4))
def test_a_content_id_ignores_white_space_and_width(question: str, choices: list[str]) -> None:
    """The same question, copied with other blanks, has the same id."""
    spaced = [f"  {text} \n" for text in (question, *choices)]
    assert content_id(spaced[0], spaced[1:]) == content_id(question, choices)
    assert re.fullmatch("[0-9a-f]{8}", content_id(question, choices))


@given(texts)
def test_normalising_twice_changes_nothing(text: str) -> None:
    """Idempotent."""
    assert normalised(normalised(text)) == normalised(text)


@given(st.text(min_size=1, max_size=40))
def test_a_safe_id_keeps_letters_and_digits_of_any_script(text: str) -> None:
    """Nothing in it cuts a node id, breaks a page or a JUnit name."""
    made = safe_id(text)
    assert not set(made) & set("[]:/\\<>&\"' \t\n")
    assert safe_id(made) == made


def test_examples_of_safe_ids() -> None:
    """Chinese stays; what a reader would cut at does not."""
    assert safe_id("题-07_a.b") == "题-07_a.b"
    assert safe_id("mmlu/law::3[x]") == "mmlu-law--3-x-"


def test_a_sample_crosses_a_file_unchanged() -> None:
    """to_plain and from_plain are inverse, also through JSON."""
    sample = Sample(
        benchmark="b", subset="s", id="i", input="?", choices=("1", "2"), target="B",
        metadata={"level": 1, "tags": ["a"]}, file="f.jsonl", line=3,
    )  # fmt: skip
    again = Sample.from_plain(json.loads(json.dumps(sample.to_plain())))
    assert again == sample
    assert (again.file, again.line) == ("f.jsonl", 3)
    assert sample.labels == ("A", "B")
    assert sample.node_id == "iqeval/b::s::i"


@given(st.integers(1, 26), st.booleans(), st.data())
def test_labels_joined_in_an_answer_are_found_in_it(
    count: int, numbered: bool, data: st.DataObject
) -> None:
    labels = labels_of(count, numbered=numbered)
    chosen = data.draw(st.lists(st.sampled_from(labels), unique=True, min_size=1).map(sorted))
    in_order = tuple(label for label in labels if label in chosen)
    assert labels_in(joined_labels(in_order, numbered=numbered), labels) == in_order


def test_an_answer_that_is_no_row_of_labels_names_none() -> None:
    assert labels_in(None, ("A", "B")) == labels_in("AX", ("A", "B")) == ()
    assert labels_in("12", ("1", "2")) == labels_in("A", ()) == ()


@given(st.text())
def test_any_answer_names_labels_on_offer_or_none(answer: str) -> None:
    for labels in (labels_of(4), labels_of(12, numbered=True), ()):
        assert set(labels_in(answer, labels)) <= set(labels)
