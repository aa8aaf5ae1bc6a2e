"""How much two runs of one model differ by chance, against simulated runs and by hand."""

from __future__ import annotations

import random
from statistics import fmean, pvariance, variance

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pytest_iqeval.core.statistics.discordance import discordance

QUESTIONS = st.lists(st.lists(st.floats(0, 1), min_size=1, max_size=4), min_size=1, max_size=20)


def runs(
    chances: list[float], replies: int, *, partly: bool, draw: random.Random
) -> list[list[float]]:
    """A run of questions that are right with these chances; `partly`: worth a half, if right."""
    worth = 0.5 if partly else 1.0
    return [[worth * (draw.random() < p) for _ in range(replies)] for p in chances]


@pytest.mark.parametrize("partly", [False, True])
@pytest.mark.parametrize(("before", "now"), [(2, 1), (5, 5), (3, 8)])
def test_repeats_tell_how_the_next_run_will_differ(before: int, now: int, partly: bool) -> None:
    """Over many questions, some easy and some hard: the mean square of their differences."""
    draw = random.Random(7)
    chances = [draw.betavariate(0.8, 0.3) for _ in range(40_000)]
    earlier, later = (runs(chances, k, partly=partly, draw=draw) for k in (before, now))
    found = discordance(earlier, now)
    squares = fmean((fmean(a) - fmean(b)) ** 2 for a, b in zip(earlier, later, strict=True))
    assert found.measured
    assert found.share == pytest.approx(squares, rel=0.04)


def test_without_repeats_half_of_the_spread_is_taken() -> None:
    """At accuracy p a share of p(1-p) of the questions differs: 16 % at 80 %."""
    found = discordance([[1.0]] * 8 + [[0.0]] * 2)
    assert (found.measured, found.share) == (False, pytest.approx(0.16))
    assert discordance([[1.0]] * 8 + [[0.0]] * 2, replies=4).share == pytest.approx(0.1)


def test_replies_that_never_differ_tell_that_nothing_turns() -> None:
    """As at temperature 0; what is then seen is bounded where it is used."""
    assert discordance([[1.0, 1.0], [0.0, 0.0]]).share == 0


@given(QUESTIONS, st.integers(1, 9))
def test_it_is_the_variance_within_questions(questions: list[list[float]], replies: int) -> None:
    """Questions with one reply count only for how many replies there were."""
    several = [variance(values) for values in questions if len(values) > 1]
    within = fmean(several) if several else pvariance([v[0] for v in questions]) / 2
    found = discordance(questions, replies)
    then = fmean(1 / len(values) for values in questions)
    assert found.share == pytest.approx(min(1, within * (1 / replies + then)), abs=1e-12)


@pytest.mark.parametrize(("questions", "replies"), [([], 1), ([[1.0], []], 1), ([[1.0]], 0)])
def test_what_is_no_run_is_refused(questions: list[list[float]], replies: int) -> None:
    with pytest.raises(ValueError, match="without a reply to each question"):
        discordance(questions, replies)
