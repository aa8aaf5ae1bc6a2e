"""Outcomes of mathematical questions, with an algebra of our own making."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pytest_iqeval.core.errors import Undecided
from pytest_iqeval.core.request import Reply
from pytest_iqeval.core.sample import Sample
from pytest_iqeval.core.score import Outcome
from pytest_iqeval.core.scorers.math import MathScorer, settled

PAIRS = [
    json.loads(line)
    for line in Path(__file__).with_name("math_pairs.jsonl").read_text("utf-8").splitlines()
]


class Algebra:
    """Knows the pairs it is told, and keeps what it was asked."""

    def __init__(self, *equal, late=()):
        self.pairs, self.late, self.asked = equal, late, []

    def equal(self, answer, target):
        self.asked.append((answer, target))
        if answer in self.late:
            raise Undecided("it took longer than 5 s")
        return (answer, target) in self.pairs


def score(text, *targets, algebra=None, **reply):
    sample = Sample(
        benchmark="b", subset="s", id="1", input="?", target=targets[0], also=tuple(targets[1:])
    )
    return MathScorer(algebra or Algebra()).score(sample, Reply(text=text, **reply))


@pytest.mark.parametrize("pair", PAIRS, ids=lambda p: f"{p['why']}: {p['answer']} {p['target']}")
def test_what_shows_without_algebra_is_as_labelled(pair):
    assert settled(pair["answer"], pair["target"]) in (pair["equal"], None)


def test_most_pairs_need_no_algebra():
    shown = [p for p in PAIRS if settled(p["answer"], p["target"]) is not None]
    assert len(PAIRS) >= 120
    assert len(shown) >= len(PAIRS) / 2
    assert min(sum(p["equal"] for p in PAIRS), sum(not p["equal"] for p in PAIRS)) >= 30


def test_right_expression_is_correct_and_carries_rule_and_span():
    got = score(r"所以 $\boxed{\dfrac12}$", r"\frac{1}{2}")
    assert (got.outcome, got.value, got.extracted) == (Outcome.CORRECT, 1.0, r"\dfrac12")
    assert (got.rule, got.span, got.note) == ("boxed", (11, 19), None)


def test_algebra_is_asked_only_what_does_not_show_and_gets_tidy_latex():
    algebra = Algebra((r"3*\sqrt{2}", r"\sqrt{18}"))
    assert score("Answer: 3*sqrt(2)", r"$\sqrt{18}$", algebra=algebra).correct
    assert score("Answer: 5", "6", algebra=algebra).outcome is Outcome.INCORRECT
    assert algebra.asked == [(r"3*\sqrt{2}", r"\sqrt{18}")]


def test_any_of_the_targets_makes_it_correct():
    assert score("Answer: 7", "x+1", "7").correct
    assert score(r"\boxed{x}", "y", "z").outcome is Outcome.INCORRECT


def test_a_comparison_that_was_given_up_is_incorrect_and_says_so():
    got = score(r"\boxed{9!!}", "x", algebra=Algebra(late={"9!!"}))
    assert (got.outcome, got.value, got.extracted) == (Outcome.INCORRECT, 0.0, "9!!")
    assert got.note == "not shown equal to x: it took longer than 5 s"


def test_another_target_can_still_show_it_equal_after_one_was_given_up():
    got = score(r"\boxed{9!!}", "x", "9!!", algebra=Algebra(late={"9!!"}))
    assert (got.outcome, got.note) == (Outcome.CORRECT, None)


@pytest.mark.parametrize(
    ("text", "reply", "outcome", "note"),
    [
        ("Hmm.", {}, Outcome.UNPARSED, "it commits to no answer"),
        (r"\boxed{\frac{1", {"finish_reason": "length"}, Outcome.TRUNCATED, "the box never closes"),
        (
            "First we add.\nSo the first sum is $3x$",
            {"finish_reason": "length"},
            Outcome.TRUNCATED,
            "it has not come to its end",
        ),
        ("We add.\n$3x$", {"finish_reason": "length"}, Outcome.TRUNCATED, "not come to its end"),
        ("抱歉，我无法回答。", {}, Outcome.REFUSED, "it declines to answer"),
    ],
)
def test_without_an_answer_one_rule_decides_the_outcome(text, reply, outcome, note):
    got = score(text, "5", **reply)
    assert (got.outcome, got.value, got.extracted) == (outcome, 0.0, None)
    assert note in got.note


def test_a_cut_reply_that_answered_keeps_the_remark_on_its_comparison():
    got = score(r"\boxed{y} and", "x", algebra=Algebra(late={"y"}), finish_reason="length")
    assert got.note == (
        "the length limit cut the reply after it had answered; "
        "not shown equal to x: it took longer than 5 s"
    )


def test_an_answer_before_the_cut_counts_and_is_marked_as_cut():
    got = score(r"\boxed{5} and", "5", finish_reason="length")
    assert got.correct
    assert got.cut
    assert got.note == "the length limit cut the reply after it had answered"


def test_a_target_without_an_expression_is_a_fault():
    scorer = MathScorer(Algebra())
    sample = Sample(benchmark="b", subset="s", id="1", input="?", target="5", also=("$ $",))
    assert scorer.target_fault(sample) == (
        "the answer holds no expression; write it in LaTeX or as plain text"
    )
    assert (
        scorer.target_fault(Sample(benchmark="b", subset="s", id="1", input="?", target="x"))
        is None
    )


@given(st.text(max_size=40), st.text(max_size=40))
def test_settling_never_raises_and_does_not_depend_on_the_order(one, other):
    assert settled(one, other) == settled(other, one)
    assert settled(one, one) in (True, False)
