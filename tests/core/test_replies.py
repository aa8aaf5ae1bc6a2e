"""Several replies to one question: what passes, what is shown, what is told."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pytest_iqeval.core.failure_text import failure_text
from pytest_iqeval.core.replies import Answers, Judged
from pytest_iqeval.core.request import Reply
from pytest_iqeval.core.sample import Sample
from pytest_iqeval.core.score import error_score
from pytest_iqeval.core.scorers import make_scorer
from pytest_iqeval.core.width import display_width

SAMPLE = Sample(
    benchmark="b", subset="s", id="1", input="2 + 2?", choices=("3", "4", "5"), target="B"
)
SCORER = make_scorer("choice", {})


def answers(letters: str, rule: str = "majority", text: str = "ANSWER: {}") -> Answers:
    """A reply for each letter; ``e`` is a lost one."""
    judged = []
    for repeat, letter in enumerate(letters):
        reply = None if letter == "e" else Reply(text=text.format(letter))
        score = error_score("refused") if reply is None else SCORER.score(SAMPLE, reply)
        judged.append(Judged(repeat=repeat, score=score, reply=reply))
    return Answers(sample=SAMPLE, judged=tuple(judged), wanted=len(letters), rule=rule)


RULES = st.sampled_from(["majority", "all", "any", "1", "2", "3"])
LETTERS = st.text("ABCe", min_size=3, max_size=5)


@given(letters=LETTERS, rule=RULES)
def test_the_rule_is_over_the_replies_that_have_a_score(letters: str, rule: str) -> None:
    right, scored = letters.count("B"), len(letters) - letters.count("e")
    least = {"majority": scored // 2 + 1, "all": max(1, scored), "any": 1}.get(rule)
    assert answers(letters, rule).passed == (right >= (least or int(rule)))


@given(letters=LETTERS, rule=RULES)
def test_what_is_shown_shows_the_result(letters: str, rule: str) -> None:
    """The first such reply; where a number asks for more than came, a right one of a failure."""
    made = answers(letters, rule)
    shown = made.shown
    scored = [one for one in made.judged if not one.lost]
    if any(one.score.correct == made.passed for one in scored):
        assert shown.score.correct == made.passed
        earlier = [one for one in scored if one.repeat < shown.repeat]
        assert all(one.score.correct != made.passed for one in earlier)
    else:
        assert not made.passed
        assert shown == (scored or list(made.judged))[0]


@given(letters=LETTERS, rule=RULES)
def test_the_text_has_a_line_for_each_reply(letters: str, rule: str) -> None:
    lines = answers(letters, rule).failure_text().splitlines()
    assert lines[0].startswith(answers(letters, rule).count)
    assert [line.split()[0] for line in lines[1 : 1 + len(letters)]] == [
        f"#{n}" for n in range(1, len(letters) + 1)
    ]
    assert all(display_width(line) <= 100 for line in lines)


def test_the_failure_of_several_replies() -> None:
    assert answers("BAeC", "3").failure_text() == (
        "1/3 correct, 1 lost, needed at least 3: incorrect: expected B, got A (rule answer-en)\n"
        "    #1 correct: B (rule answer-en)\n"
        "    #2 incorrect: A (rule answer-en)\n"
        "    #3 error: refused\n"
        "    #4 incorrect: C (rule answer-en)\n"
        "reply #2:\n"
        "incorrect: expected B, got A (rule answer-en)\n"
        "question: 2 + 2?\n"
        "options:\n"
        "    A) 3  <- got\n"
        "    B) 4  <- expected\n"
        "    C) 5\n"
        "reply: ANSWER: »A«"
    )


def test_one_reply_is_told_as_ever() -> None:
    one = answers("A")
    assert one.failure_text() == failure_text(SAMPLE, one.judged[0].score, one.judged[0].reply)


@pytest.mark.parametrize(
    ("letters", "said"), [("BAB", "2/3 correct"), ("Bee", "1/1 correct, 2 lost")]
)
def test_the_count(letters: str, said: str) -> None:
    assert answers(letters).count == said
