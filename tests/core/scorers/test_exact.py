"""Answers that must be equal to a right one."""

from __future__ import annotations

import pytest

from pytest_iqeval.core.score import Outcome
from tests.support.scoring import score_free


@pytest.mark.parametrize(
    ("text", "targets", "options"),
    [
        ("Let me see.\nANSWER: paris", ["Paris"], {}),
        ("答案：“北 京”。", ["北京"], {}),
        ("Facebook", ["Meta", "Facebook"], {}),
        ("答案：１３６１万", ["1361万"], {}),
        ("Answer: the Beatles", ["Beatles"], {"normalise": ["case", "articles", "whitespace"]}),
        ("Answer: Pogacar", ["Pogačar"], {"normalise": ["accents"]}),
        ("First.\nParis", ["Paris"], {"read": "last_line"}),
        ("Two\nlines", ["two lines"], {"read": "whole"}),
        ("Answer: cannot be determined", ["Cannot be determined"], {}),
    ],
)
def test_equal_answers_are_correct(text, targets, options):
    got = score_free("exact", text, *targets, **options)
    assert (got.outcome, got.value) == (Outcome.CORRECT, 1.0)


@pytest.mark.parametrize(
    ("text", "target", "options"),
    [
        ("ANSWER: Lyon", "Paris", {}),
        ("ANSWER: C++", "C", {}),
        ("ANSWER: -5", "5", {}),
        ("ANSWER: 61%", "6.1%", {}),
        ("ANSWER: vitamin A", "vitamin", {}),
        ("ANSWER: the Beatles", "Beatles", {}),
        ("ANSWER: paris", "Paris", {"normalise": []}),
        ("It is Paris.", "Paris", {}),
    ],
)
def test_other_answers_are_incorrect(text, target, options):
    got = score_free("exact", text, target, **options)
    assert (got.outcome, got.value) == (Outcome.INCORRECT, 0.0)


def test_the_score_shows_what_was_compared_and_where_it_stands():
    text = "想一想。\n答案：**《红楼梦》**。"
    got = score_free("exact", text, "红楼梦")
    assert (got.extracted, got.rule) == ("红楼梦", "label-zh")
    assert text[slice(*got.span)] == "《红楼梦》"


@pytest.mark.parametrize(
    ("text", "reply", "outcome", "note"),
    [
        ("One line.\nAnd another.", {}, Outcome.UNPARSED, "it declares no answer"),
        ("ANSWER: I don't know", {}, Outcome.UNPARSED, "it says that it does not know"),
        ("抱歉，我无法回答。", {}, Outcome.REFUSED, "it declines to answer"),
        ("Let me\nsee", {"finish_reason": "length"}, Outcome.TRUNCATED, "it declares no answer"),
        ("Let me see", {"finish_reason": "length"}, Outcome.TRUNCATED, "not come to its end"),
        ("", {"reasoning": "Paris"}, Outcome.UNPARSED, "there is reasoning, but no reply"),
    ],
)
def test_without_an_answer_one_rule_decides_the_outcome(text, reply, outcome, note):
    got = score_free("exact", text, "Paris", reply=reply)
    assert (got.outcome, got.extracted) == (outcome, None)
    assert note in got.note


@pytest.mark.parametrize("part", ["answer", "last_line", "whole"])
def test_what_is_an_answer_by_its_place_alone_is_none_where_the_length_limit_cut_the_reply(part):
    got = score_free("exact", "Neil", "Neil", read=part, reply={"finish_reason": "length"})
    assert (got.outcome, got.extracted) == (Outcome.TRUNCATED, None)


@pytest.mark.parametrize("part", ["answer", "last_line"])
def test_a_declared_answer_counts_although_the_reply_was_cut(part):
    text = "ANSWER: Paris, because"
    got = score_free("exact", text, "Paris", read=part, reply={"finish_reason": "length"})
    assert (got.correct, got.cut) == (True, True)


def test_a_bare_answer_before_another_question_counts_although_the_reply_was_cut_later():
    """Base models go on with questions of their own until the limit ends it."""
    text = "Paris\n\nQuestion: Italy?\nAnswer: Ro"
    got = score_free("exact", text, "Paris", reply={"finish_reason": "length"})
    assert (got.outcome, got.extracted, got.cut) == (Outcome.CORRECT, "paris", True)


def test_an_answer_that_runs_away_is_wrong_and_not_compared():
    """Its characters would double under NFKC."""
    got = score_free("exact", "\u00a8" * 1_000_000, "Paris", read="whole")
    assert (got.outcome, got.value, got.extracted) == (Outcome.INCORRECT, 0.0, None)
    assert "1,000,000 characters long" in got.note


def test_a_long_right_answer_may_be_as_long_as_it_is():
    long = "word " * 50_000
    assert score_free("exact", long, long, read="whole").correct
