"""The test on how far each question moved: against scipy, numpy, McNemar, and simulated runs."""

from __future__ import annotations

import math
from fractions import Fraction

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from pytest_iqeval.core.statistics.paired import (
    EXACT_UP_TO,
    mcnemar,
    mcnemar_two_sided,
    sign_flip,
    sign_flip_two_sided,
)

np = pytest.importorskip("numpy")

SHARES = st.sampled_from([Fraction(n, 15) for n in range(-15, 16)])
DIFFERENCES = st.lists(SHARES, max_size=40)
COUNTS = st.integers(0, 300)


def moves(*counts: tuple[int, str]) -> list[Fraction]:
    """``(3, "-1/5")``: three questions that got worse by a fifth."""
    return [Fraction(by) for number, by in counts for _ in range(number)]


@settings(deadline=None, max_examples=40)
@given(st.lists(SHARES, min_size=2, max_size=9))
def test_it_is_scipys_permutation_test(differences: list[Fraction]) -> None:
    """All signs of up to nine questions, which moved by fifths and thirds; one- and two-sided."""
    stats = pytest.importorskip("scipy.stats")
    fifteenths = np.array([int(d * 15) for d in differences])
    for alternative, found in (("less", sign_flip), ("two-sided", sign_flip_two_sided)):
        theirs = stats.permutation_test(
            (fifteenths,), np.sum, permutation_type="samples", alternative=alternative
        )
        assert found(differences) == pytest.approx(float(theirs.pvalue), abs=1e-12)


@given(lost=COUNTS, gained=COUNTS, same=COUNTS)
@example(lost=7_000, gained=6_900, same=14_000)
def test_with_one_reply_each_it_is_mcnemars_number(lost: int, gained: int, same: int) -> None:
    """To the last bit; and so it is where all that moved did by as much."""
    for by in (1, Fraction(1, 5)):
        differences = (
            [-by * Fraction(1)] * lost + [by * Fraction(1)] * gained + [Fraction(0)] * same
        )
        assert sign_flip(differences) == mcnemar(lost, gained)
        assert sign_flip_two_sided(differences) == mcnemar_two_sided(lost, gained)


@given(DIFFERENCES)
def test_both_directions_share_what_was_seen(differences: list[Fraction]) -> None:
    """Bounds, and the mirror: p to be as low and p to be as high are 1 and what both count."""
    opposite = [-d for d in differences]
    worse, better = sign_flip(differences), sign_flip(opposite)
    assert 0 < worse <= 1
    assert worse + better >= 1 - 1e-12
    two = sign_flip_two_sided(differences)
    assert two == sign_flip_two_sided(opposite) == pytest.approx(min(1, 2 * min(worse, better)))
    if not any(differences):
        assert worse == two == 1


@given(DIFFERENCES, st.data())
def test_a_question_that_did_less_well_makes_p_no_larger(
    differences: list[Fraction], data: st.DataObject
) -> None:
    """One that gained is lost by as much; the order of questions says nothing."""
    if gains := [n for n, d in enumerate(differences) if d > 0]:
        place = data.draw(st.sampled_from(gains))
        worse = [-d if n == place else d for n, d in enumerate(differences)]
        assert sign_flip(worse) <= sign_flip(differences) + 1e-12
    assert sign_flip(data.draw(st.permutations(differences))) == sign_flip(differences)


def test_by_hand() -> None:
    """Of four ways, -1 -1/2 is the lowest sum; -1 +1/2 the second."""
    assert sign_flip(moves((1, "-1"), (1, "-1/2"))) == 1 / 4
    assert sign_flip(moves((1, "-1"), (1, "1/2"))) == 1 / 2
    assert sign_flip(moves((1, "1"), (1, "-1/2"))) == 3 / 4
    assert sign_flip_two_sided(moves((1, "-1"), (1, "-1/2"))) == 1 / 2
    assert sign_flip([]) == sign_flip_two_sided([]) == 1


def by_numpy(differences: list[Fraction]) -> float:
    """The exact p value: binomials of each size, convolved. Of any size."""
    fifths = np.array([int(d * 5) for d in differences])
    chances = np.ones(1)
    for size in range(1, 6):
        n = int((abs(fifths) == size).sum())
        binomial = np.zeros(n * size + 1)
        logs = [
            math.lgamma(n + 1) - math.lgamma(k + 1) - math.lgamma(n - k + 1) for k in range(n + 1)
        ]
        binomial[::size] = np.exp(np.array(logs) - n * math.log(2))
        chances = np.convolve(chances, binomial)
    return float(chances[: int(fifths[fifths > 0].sum()) + 1].sum())


@pytest.mark.parametrize("worse", [0, 0.01, 0.02, 0.04])
@pytest.mark.parametrize("size", [0.9, 1.1])
def test_the_normal_distribution_takes_over_where_both_agree(size: float, worse: float) -> None:
    """On both sides of the bound, with the changes of five replies: exact, and then near enough."""
    steps = [5, 4, 3, 3, 2, 2, 2, 1, 1, 1, 1]  # their mean is 25/11
    n = round(math.sqrt(size * EXACT_UP_TO * 11 / 25))
    signs = [-1 if (k * 0.618034) % 1 < 0.5 + worse else 1 for k in range(n)]
    differences = [Fraction(sign * steps[k % 11], 5) for k, sign in enumerate(signs)]
    moved = sum(abs(int(d * 5)) for d in differences)
    assert (n * moved > EXACT_UP_TO) is (size > 1)
    found, exact = sign_flip(differences), by_numpy(differences)
    if size < 1:
        assert found == pytest.approx(exact, rel=1e-9)
    else:
        assert found == pytest.approx(exact, abs=0.0005)
        assert exact < 0.001 or found == pytest.approx(exact, rel=0.01)


def releases(then: int, now: int, *, worse: float, n: int = 120, runs: int = 600):
    """Differences of simulated releases, the new model worse by so many points of 80."""
    chance = np.random.default_rng([8, then, now, n])
    steps = then * now
    shares = {d: Fraction(d, steps) for d in range(-steps, steps + 1)}
    for _ in range(runs):
        right = chance.beta(0.8, 0.2, n)
        old, new = chance.binomial(then, right), chance.binomial(now, right * (1 - worse / 0.8))
        yield [shares[d] for d in (new * then - old * now).tolist()]


@pytest.mark.parametrize(("then", "now"), [(1, 1), (3, 3), (5, 5), (5, 1), (1, 5), (3, 5)])
def test_a_model_that_is_as_good_fails_one_time_in_twenty(then: int, now: int) -> None:
    """However often it was asked then and now; 5 %, and three standard errors of 600 runs."""
    failed = sum(sign_flip(moved) < 0.05 for moved in releases(then, now, worse=0))
    assert failed / 600 < 0.077
    assert failed / 600 > 0.01


@pytest.mark.parametrize("then", [1, 3])
def test_repeats_find_what_one_reply_does_not(then: int) -> None:
    """Six points of 120 questions: more replies see more, and none is blind for being flaky."""
    few, more = (
        sum(sign_flip(moved) < 0.05 for moved in releases(k, k, worse=0.06, runs=400))
        for k in (then, then + 2)
    )
    assert few + 40 < more


def test_questions_that_all_became_uncertain_are_worse() -> None:
    """100 of 120 were always right, and now in three replies of five: 33 points, all flaky."""
    assert sign_flip(moves((100, "-2/5"), (20, "0"))) < 1e-20
