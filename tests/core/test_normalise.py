"""Steps that make short texts comparable, and the way back to the original."""

from __future__ import annotations

import json
import re
import string
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pytest_iqeval.core.normalise import STEPS, Normaliser
from pytest_iqeval.core.scorers import contains, exact, f1

CASES = [
    json.loads(line)
    for line in Path(__file__).with_name("normalise_cases.jsonl").read_text("utf-8").splitlines()
]
DEFAULTS = {"exact": exact.NORMALISE, "f1": f1.NORMALISE, "contains": contains.NORMALISE}


def steps_of(case):
    return DEFAULTS[case["steps"]] if isinstance(case["steps"], str) else case["steps"]


@pytest.mark.parametrize("case", CASES, ids=lambda c: f"{c['text']} {c['steps']}")
def test_a_text_becomes_what_the_steps_say(case):
    assert Normaliser.of(steps_of(case)).apply(case["text"]) == case["expect"]


def test_every_step_changes_some_text_and_the_defaults_name_known_steps():
    for step in STEPS:
        alone = [c for c in CASES if c["steps"] == [step]]
        assert any(c["text"] != c["expect"] for c in alone), step
    assert all(set(names) <= set(STEPS) for names in DEFAULTS.values())


TEXTS = st.one_of(
    st.text(),
    st.text(alphabet="aA bthe.,;()[]「」《》“”\"'$*é中文ア　\u0301\u200bİß①¨½-5%"),
)
CHOSEN = st.sets(st.sampled_from(sorted(STEPS)))


@given(TEXTS, CHOSEN)
def test_normalising_twice_changes_nothing_more(text, steps):
    normaliser = Normaliser.of(steps)
    once = normaliser.apply(text)
    assert normaliser.apply(once) == once


@given(TEXTS, CHOSEN)
def test_nothing_but_blanks_ever_becomes_empty(text, steps):
    assert bool(Normaliser.of(steps).apply(text).strip()) == bool(text.strip())


@given(TEXTS, CHOSEN)
def test_every_character_comes_from_a_place_of_the_original_in_order(text, steps):
    normal = Normaliser.of(steps).mapped(text)
    assert normal.text == Normaliser.of(steps).apply(text)
    spans = [normal.origin(n, n + 1) for n in range(len(normal.text))]
    assert all(0 <= start < end <= len(text) for start, end in spans)
    assert spans == sorted(spans)
    if normal.text:
        assert normal.origin(0, len(normal.text)) == (spans[0][0], spans[-1][1])


@pytest.mark.parametrize(
    ("text", "part", "origin"),
    [
        ("It is “Ｐａｒｉｓ”.", "paris", "Ｐａｒｉｓ"),
        ("The  Straße is long", "strasse", "Straße"),
        ("北 京 的 天 气", "京的", "京 的"),
        ("cafe\u0301 noir", "café", "cafe\u0301"),
        ("e.g. the U.S.A. flag", "usa", "U.S.A"),
    ],
)
def test_a_part_is_found_again_in_the_original(text, part, origin):
    normal = Normaliser.of([*f1.NORMALISE]).mapped(text)
    at = normal.text.index(part)
    assert text[slice(*normal.origin(at, at + len(part)))] == origin


def squad(text):
    """SQuAD's definition, for ASCII: lower case, no marks, no articles, single blanks."""
    text = "".join(c for c in text.lower() if c not in string.punctuation)
    return " ".join(re.sub(r"\b(a|an|the)\b", " ", text).split())


@given(st.text(alphabet=string.ascii_letters + " .,'-$%the", max_size=40))
def test_squads_steps_do_what_squad_does_unless_nothing_would_be_left(text):
    ours = Normaliser.of(["case", "punctuation", "articles", "whitespace"]).apply(text)
    if squad(text):
        assert ours == squad(text)


@pytest.mark.parametrize(
    "unit", ["a", "(", "\u0301", "中 ", "a the ", '"', "¨", "İ", "。", "\u200b"]
)
def test_long_repetition_is_normalised_to_the_end(unit):
    assert Normaliser.of(STEPS).apply("x " + unit * (100_000 // len(unit)) + " y").startswith("x")
