"""The formulas, against statsmodels and numpy where they are installed, and by their properties."""

from __future__ import annotations

import math

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pytest_iqeval.core.statistics.intervals import normal_mean, wilson
from pytest_iqeval.core.statistics.percentile import percentile

LEVELS = st.sampled_from([0.5, 0.8, 0.9, 0.95, 0.99, 0.999])
NUMBERS = st.floats(min_value=-1e6, max_value=1e6)


@st.composite
def shares(draw: st.DrawFn) -> tuple[int, int]:
    n = draw(st.integers(1, 20_000))
    return draw(st.integers(0, n)), n


@settings(deadline=None)  # the first import of statsmodels takes seconds
@given(share=shares(), level=LEVELS)
def test_wilson_equals_statsmodels(share: tuple[int, int], level: float) -> None:
    """To 1e-9, at any share, n and level."""
    proportion = pytest.importorskip("statsmodels.stats.proportion")
    hits, n = share
    theirs = proportion.proportion_confint(hits, n, alpha=1 - level, method="wilson")
    assert wilson(hits, n, level) == pytest.approx(theirs, abs=1e-9)


@given(share=shares(), level=LEVELS)
def test_the_interval_holds_its_share_and_stays_within_0_and_1(
    share: tuple[int, int], level: float
) -> None:
    low, high = wilson(*share, level)
    assert 0 <= low <= share[0] / share[1] <= high <= 1
    assert low < high


@given(share=shares())
def test_a_higher_level_is_a_wider_interval(share: tuple[int, int]) -> None:
    near, far = wilson(*share, 0.9), wilson(*share, 0.99)
    assert far[0] <= near[0] <= near[1] <= far[1]


@given(share=shares(), level=LEVELS)
def test_wrong_and_right_exchanged_mirror_the_interval(
    share: tuple[int, int], level: float
) -> None:
    hits, n = share
    low, high = wilson(hits, n, level)
    assert wilson(n - hits, n, level) == pytest.approx((1 - high, 1 - low), abs=1e-12)


def test_the_ends_are_exact_where_nothing_or_everything_is_right() -> None:
    assert wilson(0, 7)[0] == 0.0
    assert wilson(7, 7)[1] == 1.0


def test_a_published_example() -> None:
    """81 of 263: method 3 in Newcombe, Statistics in Medicine 17 (1998), table I."""
    assert wilson(81, 263) == pytest.approx((0.2553, 0.3662), abs=5e-5)


@pytest.mark.parametrize(
    ("hits", "n", "level"), [(0, 0, 0.95), (3, 2, 0.95), (-1, 2, 0.95), (1, 2, 1.0)]
)
def test_no_interval_of_what_is_no_share(hits: int, n: int, level: float) -> None:
    with pytest.raises(ValueError, match="no interval"):
        wilson(hits, n, level)


@settings(deadline=None)
@given(values=st.lists(NUMBERS, min_size=1, max_size=50), percent=st.floats(0, 100))
def test_percentile_equals_numpy(values: list[float], percent: float) -> None:
    numpy = pytest.importorskip("numpy")
    theirs = float(numpy.percentile(values, percent))
    found = percentile(values, percent)
    assert found is not None
    assert math.isclose(found, theirs, rel_tol=1e-9, abs_tol=1e-6)


@given(values=st.lists(NUMBERS, min_size=1), percent=st.floats(0, 100))
def test_a_percentile_lies_between_the_least_and_the_greatest(
    values: list[float], percent: float
) -> None:
    found = percentile(values, percent)
    assert found is not None
    assert min(values) <= found <= max(values)


@given(values=st.lists(NUMBERS, min_size=1))
def test_a_higher_percentile_is_no_smaller(values: list[float]) -> None:
    found = [percentile(values, p) for p in (0, 25, 50, 95, 100)]
    assert found == sorted(found)  # type: ignore[type-var]
    assert (found[0], found[-1]) == (min(values), max(values))


def test_the_percentile_is_linear_between_ranks() -> None:
    assert percentile([10, 20], 50) == 15
    assert percentile([4, 1, 3, 2], 95) == pytest.approx(3.85)


def test_nothing_has_no_percentile() -> None:
    assert percentile([], 50) is None


def test_a_percentile_beyond_100_is_refused() -> None:
    with pytest.raises(ValueError, match="from 0 to 100"):
        percentile([1.0], 101)


VALUES = st.lists(st.sampled_from([0.0, 0.25, 1 / 3, 0.5, 1.0]), min_size=2, max_size=300)


def interval_of(values: list[float], level: float) -> tuple[float, float]:
    return normal_mean(sum(values), sum(v * v for v in values), len(values), level)


@settings(deadline=None)  # the first import of statsmodels takes seconds
@given(values=VALUES, level=LEVELS)
def test_the_interval_of_a_mean_equals_statsmodels_cut_to_0_and_1(
    values: list[float], level: float
) -> None:
    weightstats = pytest.importorskip("statsmodels.stats.weightstats")
    low, high = weightstats.DescrStatsW(values).zconfint_mean(alpha=1 - level)
    assert interval_of(values, level) == pytest.approx((max(0, low), min(1, high)), abs=1e-7)


@given(values=VALUES, level=LEVELS)
def test_the_interval_of_a_mean_holds_it_and_stays_within_0_and_1(
    values: list[float], level: float
) -> None:
    low, high = interval_of(values, level)
    mean = sum(values) / len(values)
    assert 0 <= low <= mean + 1e-12
    assert mean - 1e-12 <= high <= 1


@pytest.mark.parametrize(
    ("total", "squares", "n", "level"),
    [
        *((1, 1, 1, 0.95), (0, 0, 0, 0.95), (3, 2, 2, 0.95)),
        *((1, 2, 3, 0.95), (1, -1, 3, 0.95), (1, 1, 2, 1)),
    ],
)
def test_sums_that_no_values_have_are_refused(
    total: float, squares: float, n: int, level: float
) -> None:
    with pytest.raises(ValueError, match="no interval for a sum of"):
        normal_mean(total, squares, n, level)
