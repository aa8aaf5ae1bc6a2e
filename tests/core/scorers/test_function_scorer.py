"""A user's function says how good the answer is; refused, cut and empty replies are told apart."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import pytest

from pytest_iqeval.core.errors import ScorerCrash
from pytest_iqeval.core.request import Reply
from pytest_iqeval.core.sample import Sample
from pytest_iqeval.core.score import Outcome, Score
from pytest_iqeval.core.scorers.function import FunctionScorer

SAMPLE = Sample(benchmark="b", subset="s", id="1", input="?", target="Paris")


def score(returned: object, text: str = "Paris", **reply: Any) -> Score:
    """What becomes of a reply when the function returns that."""
    return FunctionScorer("mine", lambda *_: returned, {}).score(SAMPLE, Reply(text=text, **reply))


@pytest.mark.parametrize("right", [True, 1, 1.0, Fraction(1)])
def test_true_and_one_are_correct(right: object) -> None:
    """Of whatever type."""
    assert score(right) == Score(outcome=Outcome.CORRECT, value=1.0)


@pytest.mark.parametrize(
    ("wrong", "value", "said"),
    [
        (False, 0.0, "gave 0"),
        (0, 0.0, "gave 0"),
        (0.25, 0.25, "gave 0.25"),
        (Fraction(1, 2), 0.5, "gave 0.5"),
        (0.999999, 0.999999, "gave 0.999999"),
    ],
)
def test_anything_less_is_incorrect_with_its_value(wrong: object, value: float, said: str) -> None:
    """The note says what the function gave."""
    got = score(wrong)
    assert (got.outcome, got.value) == (Outcome.INCORRECT, value)
    assert got.note == f"scorer mine {said}"


CUT = {"finish_reason": "length"}


@pytest.mark.parametrize(
    ("returned", "text", "reply", "outcome", "note"),
    [
        (None, "Hm.", {}, "unparsed", "scorer mine found no answer"),
        (None, "Hm", CUT, "truncated", "the length limit cut the reply: scorer mine found no"),
        (None, "抱歉，我无法回答这个问题。", {}, "refused", "it declines to answer"),
        (None, "Sorry, I can't help with that.", {}, "refused", "it declines to answer"),
        (None, "P", {"refusal": "no"}, "refused", "the endpoint sent a refusal"),
        (False, "Hm", CUT, "truncated", "the length limit cut the reply: scorer mine gave 0"),
        (0.0, "Sorry, I can't help with that.", {}, "refused", "it declines to answer"),
        (False, "P", {"finish_reason": "content_filter"}, "refused", "content filter"),
        (False, "London", {}, "incorrect", "scorer mine gave 0"),
        (0.5, "Par", CUT, "incorrect", "scorer mine gave 0.5"),
        (True, "Paris", CUT, "correct", None),
        (True, "Sorry, I can't help with that.", {}, "correct", None),
    ],
)
def test_what_is_not_right_is_first_looked_at_for_refusals_and_cuts(
    returned: object, text: str, reply: dict[str, Any], outcome: str, note: str | None
) -> None:
    """A function's False can't tell a wrong answer from none; a broken limit is no bad model."""
    got = score(returned, text, **reply)
    assert got.outcome == outcome
    assert got.note is None if note is None else note in str(got.note)


def test_a_score_is_taken_as_it_is() -> None:
    """It may say everything itself, also of a cut reply."""
    own = Score(outcome=Outcome.INCORRECT, value=0.0, extracted="x", rule="r", span=(0, 1))
    assert score(own, finish_reason="length") is own


@pytest.mark.parametrize(
    ("text", "reply", "outcome"),
    [
        ("", {}, "unparsed"),
        (" \n", {"reasoning": "Paris"}, "unparsed"),
        ("<think>Paris</think>\n", {}, "unparsed"),
        ("<think>Paris", CUT, "truncated"),
        ("", {"refusal": "no"}, "refused"),
        ("", {"finish_reason": "content_filter"}, "refused"),
    ],
)
def test_it_is_not_called_without_a_text(text: str, reply: dict[str, Any], outcome: str) -> None:
    """Reasoning is no text."""

    def fails(*_: object) -> object:
        raise AssertionError

    got = FunctionScorer("mine", fails, {}).score(SAMPLE, Reply(text=text, **reply))
    assert (got.outcome, got.value) == (outcome, 0.0)


def test_reasoning_is_blanked_and_all_else_is_as_it_came() -> None:
    """Positions stay, so a span that is found holds in the reply."""
    seen = []
    reply = Reply(text="<think>London</think>答案：**Ｐaris**", reasoning="r", finish_reason="stop")
    FunctionScorer("mine", lambda _, got: seen.append(got) or True, {}).score(SAMPLE, reply)
    assert seen[0].text == " " * len("<think>London</think>") + "答案：**Ｐaris**"
    assert (seen[0].reasoning, seen[0].finish_reason) == ("r", "stop")


def test_options_are_keyword_arguments() -> None:
    """As the definition has them."""
    got = FunctionScorer("m", lambda *_, **options: options == {"n": [1]}, {"n": [1]})
    assert got.score(SAMPLE, Reply(text="x")).correct


class Odd:
    """Neither a number nor anything else that counts."""


@pytest.mark.parametrize(
    ("returned", "said"),
    [
        ("yes", "gave text"),
        (1.5, "gave 1.5"),
        (-1, "gave -1"),
        (float("nan"), "gave nan"),
        ([True], "gave a list"),
        (Odd(), f"gave a {__name__}.Odd"),
    ],
)
def test_anything_else_is_a_crash_that_says_what_to_return(returned: object, said: str) -> None:
    """Full names of types: numpy's bool is not the built-in one."""
    with pytest.raises(ScorerCrash) as crash:
        score(returned)
    assert str(crash.value) == (
        f"scorer mine {said}\n"
        "  hint: return True, False, a number from 0 to 1, None for no answer, or a Score"
    )
