"""Ids are for ever."""

from __future__ import annotations

import hashlib
import json
import re

from hypothesis import given
from hypothesis import strategies as st

from pytest_iqeval.core.sample import Sample, content_id, normalised, safe_id

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
