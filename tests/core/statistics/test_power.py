"""What a number of questions can show, against statsmodels and by its properties."""

from __future__ import annotations

import math
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pytest_iqeval.core.statistics.paired import mcnemar, sign_flip
from pytest_iqeval.core.statistics.power import (
    detectable,
    detectable_flips,
    detectable_paired,
    needed,
    needed_flips,
    needed_paired,
)

SHARES = st.floats(0, 1)
CHANGES = st.floats(0.001, 1)
NUMBERS = st.integers(1, 20_000)
PAIRS = [
    (detectable, needed),
    (detectable_paired, needed_paired),
    (detectable_flips, needed_flips),
]


def theirs(change: float, variance: float, alpha: float, power: float) -> float:
    """How many questions, by statsmodels."""
    tools = pytest.importorskip("statsmodels.stats.power")
    spread = math.sqrt(variance)
    return float(tools.normal_sample_size_one_tail(change, power, alpha, spread, spread))


@settings(deadline=None)
@given(
    n=NUMBERS,
    accuracy=st.floats(0.02, 0.98),
    alpha=st.sampled_from([0.025, 0.05, 0.1]),
    power=st.sampled_from([0.8, 0.9]),
)
def test_the_change_takes_as_many_questions_as_statsmodels_says(
    n: int, accuracy: float, alpha: float, power: float
) -> None:
    """Unpaired and paired, where the change is smaller than the edge is near."""
    change = detectable(n, accuracy, alpha=alpha, power=power)
    if change < min(accuracy, 1 - accuracy):
        asked = theirs(change, accuracy * (1 - accuracy), alpha, power)
        assert asked == pytest.approx(n, rel=1e-9)
    change = detectable_paired(n, accuracy, alpha=alpha, power=power)
    if change < accuracy:
        asked = theirs(change, accuracy - change**2, alpha, power)
        assert asked == pytest.approx(n, rel=1e-9)


@pytest.mark.parametrize(("least", "questions"), PAIRS)
@given(n=NUMBERS, share=SHARES)
def test_both_ways_are_one_rule(least, questions, n: int, share: float) -> None:
    """n questions show their least change; one question fewer does not."""
    change = least(n, share)
    if change < 1:
        assert questions(change, share) in (n, n + 1)  # rounding may ask for one more
        assert questions(change * 1.001, share) <= n


@pytest.mark.parametrize(("least", "questions"), PAIRS)
@given(change=CHANGES, share=SHARES)
def test_the_questions_that_are_needed_do(least, questions, change: float, share: float) -> None:
    assert least(questions(change, share), share) <= change * (1 + 1e-9)


@pytest.mark.parametrize("least", [detectable, detectable_paired, detectable_flips])
@given(n=NUMBERS, share=SHARES)
def test_more_questions_show_less_and_nothing_is_shown_for_nothing(
    least, n: int, share: float
) -> None:
    assert 0 < least(n + 1, share) <= least(n, share) <= 1


def test_120_questions() -> None:
    """The figures of the module's docstring; they are printed before a run."""
    assert detectable(120, 0.805) == pytest.approx(0.090, abs=0.0005)
    assert needed(0.03, 0.805) == 1079
    assert detectable(120, 0.80) == pytest.approx(0.091, abs=0.0005)
    assert needed(0.03, 0.80) == 1100


def test_a_model_that_gets_everything_right_can_still_get_worse_unseen() -> None:
    """No variance is no certainty: 5 points of 120."""
    assert detectable(120, 1.0) == detectable(120, 0.0) == detectable_paired(120, 0.0)
    assert detectable(120, 1.0) == pytest.approx(0.049, abs=0.0005)
    assert detectable(1, 0.5) == 1.0


def mcnemar_finds(n: int, chance: float, drop: float) -> float:
    """How often the exact test at 5 % finds a `drop` beside a `chance` that a question turns."""
    changed = chance + drop * (1 - chance)
    worse = (changed + drop) / 2 / changed
    found = 0.0
    for turned in range(n + 1):
        of = math.comb(n, turned) * changed**turned * (1 - changed) ** (n - turned)
        for lost in range(turned + 1):
            if mcnemar(lost, turned - lost) < 0.05:
                found += of * math.comb(turned, lost) * worse**lost * (1 - worse) ** (turned - lost)
    return found


@pytest.mark.parametrize("n", [40, 120])
@pytest.mark.parametrize("chance", [0.0, 0.05, 0.1, 0.16, 0.3])
def test_the_exact_mcnemar_test_finds_what_is_promised(n: int, chance: float) -> None:
    """Four times of five, though a drop adds to the questions that turn by chance."""
    assert 0.78 < mcnemar_finds(n, chance, detectable_flips(n, chance)) < 0.9
    assert mcnemar_finds(n, chance, detectable_paired(n, chance)) < 0.76  # that is for margins


@pytest.mark.slow
@pytest.mark.parametrize("spread", [1, 3])
@pytest.mark.parametrize(
    ("n", "then", "now"),
    [(40, 1, 1), (120, 1, 1), (1_000, 1, 1), (120, 5, 5), (120, 2, 3), (1_000, 3, 3)],
)
def test_releases_that_dropped_by_the_promised_change_are_found(
    n: int, then: int, now: int, spread: int
) -> None:
    """Models of 80 %, whose chances all fall by the same factor, as `benchmarks/gate_errors.py`."""
    chance = pytest.importorskip("numpy").random.default_rng([n, then, now, spread])
    share = 0.8 * 0.2 * spread / (spread + 1) * (1 / then + 1 / now)
    drop = detectable_flips(n, share, replies=now, step=1 / math.lcm(then, now))
    runs = 500 if n < 1_000 else 250
    found = 0
    for _ in range(runs):
        right = chance.beta(0.8 * spread, 0.2 * spread, n)
        old = chance.binomial(then, right)
        new = chance.binomial(now, right * (1 - drop / 0.8))
        moved = (new * then - old * now).tolist()
        found += sign_flip([Fraction(by, then * now) for by in moved]) < 0.05
    assert 0.73 < found / runs < 0.92  # 0.75 to 0.9, and a standard error


@given(n=NUMBERS, share=SHARES)
def test_the_exact_test_sees_less_than_one_without_steps_by_about_a_question(
    n: int, share: float
) -> None:
    """And that one less than the margin of equal models."""
    smooth, exact = detectable_flips(n, share, step=0), detectable_flips(n, share)
    assert detectable_paired(n, share) <= smooth * (1 + 1e-9)
    assert smooth <= exact <= smooth + 2 / n


@pytest.mark.parametrize(("least", "questions"), PAIRS)
def test_what_is_no_question_is_refused(least, questions) -> None:
    with pytest.raises(ValueError, match="0 questions show nothing"):
        least(0, 0.5)
    with pytest.raises(ValueError, match="a share is from 0 to 1"):
        least(10, 1.5)
    with pytest.raises(ValueError, match="a share is from 0 to 1"):
        questions(0.1, -0.5)
    with pytest.raises(ValueError, match="no number of questions"):
        questions(0, 0.5)
    with pytest.raises(ValueError, match="no test has the level"):
        questions(0.1, 0.5, alpha=0.7)
