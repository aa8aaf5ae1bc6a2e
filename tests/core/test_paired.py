"""Statistics of pairs, against scipy, the paper's own figures, and all that can happen."""

from __future__ import annotations

import itertools
import math

import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import binomtest

from pytest_iqeval.core.metrics.values import Metric
from pytest_iqeval.core.paired import mcnemar, paired_difference


def of_table(both: int, gained: int, lost: int, neither: int) -> Metric:
    """The interval of a 2x2 table of questions."""
    before = [1.0] * both + [0.0] * gained + [1.0] * lost + [0.0] * neither
    now = [1.0] * (both + gained) + [0.0] * (lost + neither)
    return paired_difference(before, now)


@given(st.integers(0, 300), st.integers(0, 300))
def test_mcnemar_is_the_binomial_test(lost: int, gained: int) -> None:
    wanted = binomtest(lost, lost + gained, alternative="greater").pvalue if lost + gained else 1
    assert mcnemar(lost, gained) == pytest.approx(wanted, rel=1e-9, abs=1e-300)


def test_many_thousand_questions_that_turned_are_no_overflow() -> None:
    assert mcnemar(7_000, 7_000) == pytest.approx(0.5034, abs=1e-4)
    assert mcnemar(7_000, 0) == 0.0


def test_newcombes_own_example() -> None:
    """36, 12, 2, 0 in the table of the paper: 0.2000, by method 10 from 0.0569 to 0.3404."""
    found = of_table(36, 12, 2, 0)
    assert found.value == pytest.approx(0.2)
    assert (found.low, found.high) == (
        pytest.approx(0.0569, abs=5e-5),
        pytest.approx(0.3404, abs=5e-5),
    )


def test_where_nothing_turned_the_interval_still_has_a_width() -> None:
    """Few questions say little, also when all answers are as they were."""
    for table in ((20, 0, 0, 0), (0, 0, 0, 20), (10, 0, 0, 10)):
        found = of_table(*table)
        assert found.value == 0
        assert found.low == pytest.approx(-found.high)  # type: ignore[operator]
        assert 0.05 < found.high < 0.2  # type: ignore[operator]


def test_no_pair_is_no_number() -> None:
    assert paired_difference([], []) == Metric(value=None, n=0)


shares = st.sampled_from([0.0, 1.0]) | st.sampled_from([k / 5 for k in range(6)])


@given(st.lists(st.tuples(shares, shares), min_size=1, max_size=40))
def test_the_interval_holds_the_value_and_mirrors(pairs: list[tuple[float, float]]) -> None:
    """Whatever the shares of right replies are; it stays within -1 and 1."""
    before, now = zip(*pairs, strict=True)
    found, turned = paired_difference(before, now), paired_difference(now, before)
    assert found.low is not None
    assert found.high is not None
    assert found.value is not None
    assert -1 <= found.low <= found.value <= found.high <= 1
    assert found.value == pytest.approx((sum(now) - sum(before)) / len(pairs), abs=1e-12)
    assert (turned.low, turned.high) == (
        pytest.approx(-found.high, abs=1e-12),
        pytest.approx(-found.low, abs=1e-12),
    )


@pytest.mark.parametrize(
    ("chances", "least"),
    [
        ((0.5, 0.1, 0.1, 0.3), 0.95),
        ((0.7, 0.05, 0.15, 0.1), 0.94),
        ((0.9, 0.02, 0.02, 0.06), 0.95),
    ],
)
def test_it_holds_the_truth_as_often_as_it_says(
    chances: tuple[float, float, float, float], least: float
) -> None:
    """Over every table of 20 questions, weighed by how likely it is."""
    n, truth = 20, chances[1] - chances[2]
    covered = 0.0
    for both, gained, lost in itertools.product(range(n + 1), repeat=3):
        neither = n - both - gained - lost
        if neither < 0:
            continue
        counts = (both, gained, lost, neither)
        ways = math.factorial(n)
        for count in counts:
            ways //= math.factorial(count)
        likely = ways * math.prod(p**count for p, count in zip(chances, counts, strict=True))
        if likely < 1e-6:
            continue
        found = of_table(*counts)
        covered += likely * (found.low <= truth <= found.high)  # type: ignore[operator]
    assert covered >= least
