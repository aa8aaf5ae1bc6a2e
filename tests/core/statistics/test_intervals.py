"""Intervals, against scipy and statsmodels where they are installed, and by their properties."""

from __future__ import annotations

import math
import statistics
from statistics import NormalDist

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from pytest_iqeval.core.statistics.intervals import (
    clustered_error,
    design_effect,
    effective_number,
    share_interval,
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


VALUES = st.lists(st.sampled_from([0.0, 0.25, 1 / 3, 0.5, 1.0]), min_size=1, max_size=300)


def interval_of(
    values: list[float], level: float = 0.95, groups: list[list[float]] | None = None
) -> tuple[float, float]:
    squares = math.fsum(v * v for v in values)
    return share_interval(math.fsum(values), squares, len(values), level, sums(groups or []))


@given(share=shares(), level=LEVELS)
def test_right_and_wrong_answers_have_wilsons_interval(
    share: tuple[int, int], level: float
) -> None:
    hits, n = share
    assert share_interval(hits, hits, n, level) == wilson(hits, n, level)


@given(values=VALUES, level=LEVELS)
def test_the_interval_of_a_mean_holds_it_and_is_no_wider_than_wilsons(
    values: list[float], level: float
) -> None:
    """Within 0..1, with a width, also where all values are alike."""
    low, high = interval_of(values, level)
    mean = math.fsum(values) / len(values)
    widest = wilson(math.fsum(values), len(values), level)
    assert 0 <= low <= mean + 1e-12
    assert mean - 1e-12 <= high <= 1
    assert low < high
    assert widest[0] - 1e-12 <= low
    assert high <= widest[1] + 1e-12


def test_an_interval_of_replies_in_between_by_hand() -> None:
    """Means 0.8, 0.6, 0.8, 0.6: 1/21 of the variance of right and wrong, and 1.2 that differ."""
    assert effective_number(2.8, 2.0, 4) == pytest.approx(4 * 2.2 / (1.2 / 21 + 1))
    low, high = share_interval(2.8, 2.0, 4)
    assert (low, high) == pytest.approx((0.3717, 0.9020), abs=5e-5)


@given(
    means=st.lists(st.integers(0, 2), min_size=2, max_size=100),
    shift=st.integers(0, 20),
)
def test_more_replies_that_agree_less_by_chance_make_it_narrower(
    means: list[int], shift: int
) -> None:
    """The same questions at the same mean, each nearer to it: never wider."""
    values = [mean / 2 for mean in means]
    middle = sum(values) / len(values)
    nearer = [middle + (value - middle) * (20 - shift) / 20 for value in values]
    wide, narrow = interval_of(values), interval_of([min(1.0, max(0.0, v)) for v in nearer])
    assert wide[0] - 1e-9 <= narrow[0] <= narrow[1] <= wide[1] + 1e-9


@pytest.mark.parametrize(("total", "squares", "n"), [(0, 0, 0), (3, 2, 2), (1, 2, 3), (1, -1, 3)])
def test_sums_that_no_values_have_are_refused(total: float, squares: float, n: int) -> None:
    with pytest.raises(ValueError, match="no interval for a sum of"):
        share_interval(total, squares, n)


@st.composite
def grouped(draw: st.DrawFn) -> list[list[float]]:
    """Values from 0 to 1 in 2 to 20 groups of 1 to 8."""
    value = st.sampled_from([0.0, 0.2, 0.5, 1.0])
    return draw(st.lists(st.lists(value, min_size=1, max_size=8), min_size=2, max_size=20))


def sums(groups: list[list[float]]) -> list[tuple[float, int]]:
    return [(math.fsum(values), len(values)) for values in groups]


def flat(groups: list[list[float]]) -> list[float]:
    return [value for group in groups for value in group]


@settings(deadline=None)
@given(groups=grouped())
def test_the_clustered_error_equals_statsmodels(groups: list[list[float]]) -> None:
    """A regression on a constant with the covariance clustered by group."""
    linear = pytest.importorskip("statsmodels.regression.linear_model")
    names = [name for name, group in enumerate(groups) for _ in group]
    model = linear.OLS(flat(groups), [1.0] * len(names))
    fit = model.fit(cov_type="cluster", cov_kwds={"groups": names})
    assert clustered_error(sums(groups)) == pytest.approx(float(fit.bse[0]), abs=1e-9)


@settings(deadline=None)
@given(groups=grouped().filter(lambda groups: 0.1 < sum(flat(groups)) < len(flat(groups)) - 0.1))
def test_the_interval_in_groups_is_wilsons_by_the_error_of_statsmodels(
    groups: list[list[float]],
) -> None:
    """Made again from statsmodels' clustered error and its interval of Wilson's."""
    linear = pytest.importorskip("statsmodels.regression.linear_model")
    proportion = pytest.importorskip("statsmodels.stats.proportion")
    values, names = flat(groups), [name for name, group in enumerate(groups) for _ in group]
    n, mean = len(values), statistics.fmean(values)
    variance = statistics.pvariance(values)
    assume(variance > 0)
    fit = linear.OLS(values, [1.0] * n).fit(cov_type="cluster", cov_kwds={"groups": names})
    rarer = n * min(mean, 1 - mean)
    part = (rarer * variance / (mean * (1 - mean)) + 1) / (rarer + 1)
    together = sum(len(group) ** 2 for group in groups) / n
    found, seen = float(fit.bse[0]) ** 2 * n / variance, max(1.0, rarer)
    drawn = (seen * found + 4 * together) / (seen + 4) if together > 1 else 1.0
    z = NormalDist().inv_cdf(0.975)
    few = (1 + (z * z + 1) / (4 * (len(groups) - 1))) ** 2
    tells = n / part / max(1.0, 1 + (drawn - 1) * few)
    theirs = proportion.proportion_confint(mean * tells, tells, method="wilson")
    assert interval_of(values, groups=groups) == pytest.approx(theirs, abs=1e-9)


@given(values=VALUES, level=LEVELS)
def test_groups_of_one_are_no_groups(values: list[float], level: float) -> None:
    assert interval_of(values, level, [[v] for v in values]) == interval_of(values, level)


@given(groups=grouped(), level=LEVELS)
def test_the_clustered_interval_holds_the_mean_and_is_never_narrower(
    groups: list[list[float]], level: float
) -> None:
    values = flat(groups)
    low, high = interval_of(values, level, groups)
    alone = interval_of(values, level)
    mean = math.fsum(values) / len(values)
    assert 0 <= low <= mean + 1e-12
    assert mean - 1e-12 <= high <= 1
    assert low <= alone[0] + 1e-12
    assert alone[1] - 1e-12 <= high


def test_a_design_effect_by_hand() -> None:
    """Ten groups of 4, half of them wholly right: 4 and what few groups add, drawn to 4 itself.

    The standard error is that of 10 values, with the factor 10/9 of few groups.
    """
    groups = [(4.0, 4)] * 5 + [(0.0, 4)] * 5
    found = 4 * 10 / 9
    drawn = (20 * found + 4 * 4) / 24
    z = NormalDist().inv_cdf(0.975)
    few = (1 + (z * z + 1) / 36) ** 2
    assert design_effect(20, groups) == pytest.approx(1 + (drawn - 1) * few)


@given(groups=st.integers(2, 400), level=LEVELS)
def test_what_few_groups_add_is_nearly_that_of_students_quantile(groups: int, level: float) -> None:
    """Within a twentieth from ten groups on, at 95 %: scipy's quantile over the normal one."""
    scipy = pytest.importorskip("scipy.stats")
    z = NormalDist().inv_cdf((1 + level) / 2)
    exact = float(scipy.t.ppf((1 + level) / 2, groups - 1)) / z
    near = 1 + (z * z + 1) / (4 * (groups - 1))
    assert near <= exact + 1e-12
    assert groups < 10 or level > 0.95 or near == pytest.approx(exact, rel=0.05)


def test_groups_that_are_all_right_are_as_sure_as_about_so_many_questions() -> None:
    """30 passages of 5 questions, all right: far less sure than 150 questions."""
    low, high = interval_of([1.0] * 150, groups=[[1.0] * 5] * 30)
    assert high == 1.0
    assert wilson(30, 30)[0] < low < wilson(35, 35)[0]


@pytest.mark.parametrize(("groups", "size"), [(30, 4), (10, 10), (4, 30)])
def test_the_last_wrong_answer_made_right_raises_the_lower_end(groups: int, size: int) -> None:
    """There is no drop where nothing differs any more."""
    whole = [[1.0] * size] * (groups - 1)
    ends = [
        interval_of(flat([*whole, last]), groups=[*whole, last])[0]
        for last in ([0.0] * wrong + [1.0] * (size - wrong) for wrong in (1, 0))
    ]
    assert ends[0] < ends[1]


def test_one_group_is_as_sure_as_one_question() -> None:
    """Nothing is known of how groups differ."""
    assert interval_of([1.0] * 5, groups=[[1.0] * 5]) == pytest.approx(wilson(1, 1))


@pytest.mark.parametrize("groups", [[], [(1, 2)], [(1, 2), (0, 0)]])
def test_fewer_than_two_groups_have_no_error(groups: list[tuple[float, int]]) -> None:
    with pytest.raises(ValueError, match="no standard error"):
        clustered_error(groups)


def test_group_sums_that_no_values_have_are_refused() -> None:
    with pytest.raises(ValueError, match="no design effect"):
        design_effect(4, [(3, 2), (1, 2)])
