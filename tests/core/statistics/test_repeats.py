"""pass@k, pass^k and majority@k, against scipy and by their properties."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from itertools import combinations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pytest_iqeval.core.statistics.repeats import majority_at, pass_all, pass_at

ALL = [pass_at, pass_all, majority_at]


@st.composite
def draws(draw: st.DrawFn, most: int = 200) -> tuple[int, int, int]:
    """k, correct, n."""
    n = draw(st.integers(1, most))
    return draw(st.integers(1, n)), draw(st.integers(0, n)), n


@settings(deadline=None)
@given(drawn=draws())
def test_they_are_tails_of_scipys_hypergeometric_distribution(drawn: tuple[int, int, int]) -> None:
    scipy = pytest.importorskip("scipy.stats")
    k, correct, n = drawn
    right = scipy.hypergeom(n, correct, k)
    assert float(pass_at(*drawn)) == pytest.approx(right.sf(0), abs=1e-9)
    assert float(pass_all(*drawn)) == pytest.approx(right.pmf(k), abs=1e-9)
    assert float(majority_at(*drawn)) == pytest.approx(right.sf(k // 2), abs=1e-9)


@given(drawn=draws(most=8))
def test_they_are_what_counting_gives(drawn: tuple[int, int, int]) -> None:
    """All ways to draw k replies, one by one."""
    k, correct, n = drawn
    ways = [sum(way) for way in combinations([1] * correct + [0] * (n - correct), k)]
    assert pass_at(*drawn) == Fraction(sum(right > 0 for right in ways), len(ways))
    assert pass_all(*drawn) == Fraction(sum(right == k for right in ways), len(ways))
    assert majority_at(*drawn) == Fraction(sum(2 * right > k for right in ways), len(ways))


@given(drawn=draws())
def test_all_is_rarer_than_most_is_rarer_than_one(drawn: tuple[int, int, int]) -> None:
    k, correct, n = drawn
    assert 0 <= pass_all(*drawn) <= majority_at(*drawn) <= pass_at(*drawn) <= 1
    assert pass_all(k, correct, n) == 1 - pass_at(k, n - correct, n)


@given(drawn=draws())
def test_one_reply_is_accuracy(drawn: tuple[int, int, int]) -> None:
    _, correct, n = drawn
    assert pass_at(1, correct, n) == pass_all(1, correct, n) == Fraction(correct, n)
    assert majority_at(1, correct, n) == Fraction(correct, n)


@given(drawn=draws())
def test_more_draws_make_pass_at_easier_and_pass_all_harder(drawn: tuple[int, int, int]) -> None:
    k, correct, n = drawn
    if k < n:
        assert pass_at(k, correct, n) <= pass_at(k + 1, correct, n)
        assert pass_all(k, correct, n) >= pass_all(k + 1, correct, n)


def test_a_tie_is_no_majority() -> None:
    assert majority_at(2, 1, 2) == 0
    assert majority_at(4, 2, 4) == 0
    assert majority_at(3, 2, 3) == 1


@pytest.mark.parametrize("rate", ALL)
@pytest.mark.parametrize("drawn", [(0, 1, 2), (3, 1, 2), (1, 3, 2), (1, -1, 2)])
def test_what_cannot_be_drawn_is_refused(
    rate: Callable[[int, int, int], Fraction], drawn: tuple[int, int, int]
) -> None:
    with pytest.raises(ValueError, match="cannot be drawn"):
        rate(*drawn)
