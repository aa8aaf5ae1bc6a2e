"""Intervals, against scipy and statsmodels where they are installed, and by their properties."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pytest_iqeval.core.statistics.intervals import (
    clustered_error,
    clustered_mean,
    none_seen,
    normal_mean,
    rule_of_three,
    wilson,
)

LEVELS = st.sampled_from([0.5, 0.8, 0.9, 0.95, 0.99, 0.999])


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


@st.composite
def grouped(draw: st.DrawFn) -> list[list[float]]:
    """Values from 0 to 1 in 2 to 20 groups of 1 to 8."""
    value = st.sampled_from([0.0, 0.2, 0.5, 1.0])
    return draw(st.lists(st.lists(value, min_size=1, max_size=8), min_size=2, max_size=20))


def sums(groups: list[list[float]]) -> list[tuple[float, int]]:
    return [(sum(values), len(values)) for values in groups]


@settings(deadline=None)
@given(groups=grouped())
def test_the_clustered_error_equals_statsmodels(groups: list[list[float]]) -> None:
    """A regression on a constant with the covariance clustered by group."""
    linear = pytest.importorskip("statsmodels.regression.linear_model")
    values = [value for group in groups for value in group]
    names = [name for name, group in enumerate(groups) for _ in group]
    model = linear.OLS(values, [1.0] * len(values))
    fit = model.fit(cov_type="cluster", cov_kwds={"groups": names})
    assert clustered_error(sums(groups)) == pytest.approx(float(fit.bse[0]), abs=1e-9)
    found = clustered_mean(sums(groups))
    if found.error > 0:
        low, high = fit.conf_int(alpha=0.05)[0]
        assert (found.low, found.high) == pytest.approx((max(0, low), min(1, high)), abs=1e-9)


@given(values=VALUES, level=LEVELS)
def test_groups_of_one_are_no_groups(values: list[float], level: float) -> None:
    """The ordinary interval of a mean, where there is a spread."""
    found = clustered_mean([(value, 1) for value in values], level)
    if found.error > 0:
        assert (found.low, found.high) == pytest.approx(interval_of(values, level), abs=1e-7)
    else:
        assert (found.low, found.high) == wilson(sum(values), len(values), level)


@given(groups=grouped(), level=LEVELS)
def test_the_clustered_interval_holds_the_mean_and_is_one(
    groups: list[list[float]], level: float
) -> None:
    """Within 0..1, with a width, also where all groups are alike."""
    found = clustered_mean(sums(groups), level)
    assert 0 <= found.low <= found.mean + 1e-12
    assert found.mean - 1e-12 <= found.high <= 1
    assert found.low < found.high
    assert (found.n, found.groups) == (sum(map(len, groups)), len(groups))


@given(groups=grouped(), times=st.integers(2, 5))
def test_copies_of_a_question_teach_nothing(groups: list[list[float]], times: int) -> None:
    """Each group asked several times over, with the same answers: the same error."""
    many = sums([values * times for values in groups])
    assert clustered_error(many) == pytest.approx(clustered_error(sums(groups)), abs=1e-12)


def test_groups_that_are_all_right_are_as_sure_as_so_many_questions() -> None:
    """30 passages of 5 questions, all right: no surer than 30 questions."""
    found = clustered_mean([(5, 5)] * 30)
    assert (found.mean, found.error) == (1.0, 0.0)
    assert (found.low, found.high) == wilson(30, 30)


@pytest.mark.parametrize("groups", [[], [(1, 2)], [(1, 2), (0, 0)]])
def test_fewer_than_two_groups_have_no_error(groups: list[tuple[float, int]]) -> None:
    with pytest.raises(ValueError, match="no standard error"):
        clustered_error(groups)


def test_group_sums_that_no_values_have_are_refused() -> None:
    with pytest.raises(ValueError, match="no interval for groups"):
        clustered_mean([(3, 2), (1, 2)])


@settings(deadline=None)
@given(n=st.integers(1, 20_000), level=LEVELS)
def test_nothing_seen_equals_clopper_pearson(n: int, level: float) -> None:
    """scipy's exact one-sided interval of 0 of n."""
    scipy = pytest.importorskip("scipy.stats")
    theirs = scipy.binomtest(0, n, alternative="less").proportion_ci(level).high
    assert none_seen(n, level) == pytest.approx(theirs, abs=1e-9)


@given(n=st.integers(1, 10**6))
def test_three_by_n_is_a_little_more_than_the_exact_bound(n: int) -> None:
    exact = none_seen(n)
    assert exact == pytest.approx(1 - 0.05 ** (1 / n), abs=1e-12)
    assert exact < rule_of_three(n) <= 1
    assert n < 30 or rule_of_three(n) - exact < 0.005


def test_nothing_is_said_of_no_questions() -> None:
    with pytest.raises(ValueError, match="nothing can be said of 0"):
        rule_of_three(0)
    with pytest.raises(ValueError, match="nothing can be said of 0"):
        none_seen(0)
