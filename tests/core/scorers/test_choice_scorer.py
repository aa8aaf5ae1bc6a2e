"""Outcomes of single-choice questions, and the table of scorers."""

from __future__ import annotations

import pytest

from pytest_iqeval.core.errors import DefinitionError, UnknownName
from pytest_iqeval.core.request import Reply
from pytest_iqeval.core.sample import Sample
from pytest_iqeval.core.score import Outcome
from pytest_iqeval.core.scorers import SCORERS, make_scorer

SAMPLE = Sample(
    benchmark="b",
    subset="s",
    id="1",
    input="今天星期几？",
    choices=("星期一", "星期二", "星期三"),
    target="B",
)


def score(text, **reply):
    return make_scorer("choice", {}).score(SAMPLE, Reply(text=text, **reply))


def test_right_letter_is_correct_and_carries_rule_and_span():
    got = score("想一想。答案：B")
    assert (got.outcome, got.value, got.extracted) == (Outcome.CORRECT, 1.0, "B")
    assert (got.rule, got.span, got.note) == ("answer-zh", (7, 8), None)


def test_another_letter_is_incorrect():
    got = score("The answer is C.")
    assert (got.outcome, got.value, got.extracted) == (Outcome.INCORRECT, 0.0, "C")


@pytest.mark.parametrize(
    ("text", "reply", "outcome", "note"),
    [
        ("都有可能。", {}, Outcome.UNPARSED, "it commits to no option"),
        ("答案：A或C", {}, Outcome.UNPARSED, "it gives 2 answers: A, C"),
        ("", {}, Outcome.UNPARSED, "the reply is empty"),
        ("", {"reasoning": "答案：B"}, Outcome.UNPARSED, "there is reasoning, but no reply"),
        (
            "我们先看",
            {"finish_reason": "length"},
            Outcome.TRUNCATED,
            "the length limit cut the reply",
        ),
        (
            "A and C are true. So the false statement is B",
            {"finish_reason": "length"},
            Outcome.TRUNCATED,
            "it has not come to its end",
        ),
        (
            "<think>答案：B",
            {"finish_reason": "length"},
            Outcome.TRUNCATED,
            "the reasoning never ends",
        ),
        (
            "",
            {"reasoning": "B", "finish_reason": "length"},
            Outcome.TRUNCATED,
            "the reply is empty",
        ),
        ("抱歉，我无法回答。", {}, Outcome.REFUSED, "it declines to answer"),
        ("I can't help with that.", {}, Outcome.REFUSED, "it declines to answer"),
        ("", {"refusal": "no"}, Outcome.REFUSED, "the endpoint sent a refusal"),
        ("我们", {"finish_reason": "content_filter"}, Outcome.REFUSED, "content filter stopped"),
        ("抱歉，信息不足，无法回答。", {}, Outcome.UNPARSED, "it commits to no option"),
    ],
)
def test_without_an_answer_one_rule_decides_the_outcome(text, reply, outcome, note):
    got = score(text, **reply)
    assert (got.outcome, got.value, got.extracted) == (outcome, 0.0, None)
    assert note in got.note


@pytest.mark.parametrize("ended", ["length", "content_filter"])
def test_an_answer_counts_however_the_reply_ended(ended):
    assert score("答案：B\n\n解析：因为", finish_reason=ended).correct


def test_an_answer_before_the_cut_is_noted_as_cut():
    got = score("答案：B\n\n解析：因为", finish_reason="length")
    assert got.note == "the length limit cut the reply after it had answered"


def test_unknown_scorer_is_answered_with_the_nearest():
    with pytest.raises(UnknownName) as caught:
        make_scorer("choise", {}, where="my.yaml: ")
    said = "my.yaml: unknown scorer 'choise'\n  hint: did you mean choice"
    assert str(caught.value).startswith(said)


def test_option_of_a_scorer_without_options_is_a_fault_of_the_definition():
    with pytest.raises(DefinitionError) as caught:
        make_scorer("choice", {"partial": True}, where="my.yaml: ")
    assert str(caught.value) == (
        "my.yaml: scorer: choice has no option 'partial'\n  hint: write `scorer: choice`"
    )


def test_every_scorer_of_the_table_can_be_made():
    for name in SCORERS:
        assert callable(make_scorer(name, {}).score)
