"""Answers by the words that they share with a right one."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pytest_iqeval.core.normalise import Normaliser
from pytest_iqeval.core.score import Outcome
from pytest_iqeval.core.scorers.f1 import NORMALISE, token_f1, tokens
from tests.support.scoring import score_free

CASES = [
    json.loads(line)
    for line in Path(__file__).with_name("f1_cases.jsonl").read_text("utf-8").splitlines()
]
NORMAL = Normaliser.of(NORMALISE)


@pytest.mark.parametrize("case", CASES, ids=lambda c: f"{c['answer']} / {c['target']}")
def test_pair_has_the_f1_that_was_worked_out(case):
    got = token_f1(NORMAL.apply(case["answer"]), NORMAL.apply(case["target"]))
    assert got == pytest.approx(case["f1"], abs=1e-6)


def test_words_are_tokens_and_so_are_characters_of_scripts_without_blanks():
    assert tokens("2021年 GDP 增长 ア") == ["2021", "年", "GDP", "增", "长", "ア"]


@pytest.mark.parametrize(
    ("threshold", "outcome"),
    [(None, Outcome.INCORRECT), (0.9, Outcome.INCORRECT), (0.8, Outcome.CORRECT)],
)
def test_the_threshold_decides_and_the_value_is_the_f1(threshold, outcome):
    options = {} if threshold is None else {"threshold": threshold}
    got = score_free("f1", "ANSWER: New York City", "New York", **options)
    assert got.outcome is outcome
    assert got.value == pytest.approx(0.8)
    assert (got.extracted, got.rule) == ("new york city", "label-en")


def test_the_best_target_counts():
    got = score_free("f1", "答案：131万辆", "1313851", "131万")
    assert got.value == pytest.approx(2 * 2 / (3 + 2))


def test_a_reply_without_an_answer_is_unparsed():
    got = score_free("f1", "One line.\nAnother line.", "New York", threshold=0.1)
    assert (got.outcome, got.value) == (Outcome.UNPARSED, 0.0)


TEXTS = st.one_of(st.text(), st.text(alphabet="ab 中国the.,"))


@given(TEXTS, TEXTS)
def test_f1_is_a_share_symmetric_and_1_for_equal_texts(one, other):
    value = token_f1(one, other)
    assert 0.0 <= value <= 1.0
    assert value == token_f1(other, one)
    assert token_f1(one, one) == 1.0
    if sorted(tokens(one)) != sorted(tokens(other)):
        assert value < 1.0


def test_an_answer_that_runs_away_is_wrong_and_not_compared():
    """Its characters would double under NFKC."""
    got = score_free("f1", "\u00a8" * 1_000_000, "Paris", read="whole")
    assert (got.outcome, got.value, got.extracted) == (Outcome.INCORRECT, 0.0, None)
    assert "1,000,000 characters long" in got.note


def test_a_long_right_answer_may_be_as_long_as_it_is():
    long = "word " * 50_000
    assert score_free("f1", long, long, read="whole").correct
