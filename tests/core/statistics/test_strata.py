"""The interval of a mean over subsets, against a direct computation and by its properties."""

from __future__ import annotations

import statistics
from collections.abc import Sequence
from statistics import NormalDist

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pytest_iqeval.core.statistics.intervals import share_interval, wilson
from pytest_iqeval.core.statistics.strata import Stratum, macro_interval

Values = list[float]
# Fractions that a float holds exactly, so that a sum of squares is never above the sum.
VALUES = st.lists(st.sampled_from([0.0, 0.25, 0.5, 1.0, 1.0]), min_size=1, max_size=12)
PARTS = st.lists(VALUES, min_size=2, max_size=8)
RIGHT = st.lists(
    st.tuples(st.integers(1, 40), st.integers(0, 40)).map(lambda nk: (min(nk), nk[0])),
    min_size=2,
    max_size=9,
)


def stratum(values: Sequence[float]) -> Stratum:
    return Stratum(total=sum(values), squares=sum(v * v for v in values), n=len(values))


def direct(parts: Sequence[Values], level: float) -> tuple[float, float]:
    """The formula of docs/statistics.md, with `statistics` and nothing else."""
    means = [statistics.fmean(part) for part in parts]
    mean = statistics.fmean(means)
    every = [value for part in parts for value in part]
    alike = len(parts) ** 2 / sum(1 / len(part) for part in parts)
    if not 0 < mean < 1:
        return wilson(mean * alike, alike, level)
    squared_errors = [
        statistics.variance(part) / len(part) if len(part) > 1 else mean * (1 - mean)
        for part in parts
    ]
    ratio = sum(squared_errors) / len(parts) ** 2 / (mean * (1 - mean) / alike)
    differ = min(sum(every), len(every) - sum(every))
    questions = alike / ((differ * ratio + 4) / (differ + 4))
    z = NormalDist().inv_cdf((1 + level) / 2)
    middle = (mean + z * z / (2 * questions)) / (1 + z * z / questions)
    half = z * (mean * (1 - mean) / questions + (z / (2 * questions)) ** 2) ** 0.5
    half /= 1 + z * z / questions
    return middle - half, middle + half


@given(parts=PARTS, level=st.sampled_from([0.8, 0.95, 0.99]))
def test_it_is_what_a_direct_computation_gives(parts: list[Values], level: float) -> None:
    found = macro_interval([stratum(part) for part in parts], level)
    assert found == pytest.approx(direct(parts, level), abs=1e-9)


@given(parts=PARTS)
def test_it_holds_the_mean_and_stays_within_0_and_1(parts: list[Values]) -> None:
    low, high = macro_interval([stratum(part) for part in parts])
    assert 0 <= low <= statistics.fmean(map(statistics.fmean, parts)) + 1e-12
    assert low < high <= 1
    assert high >= statistics.fmean(map(statistics.fmean, parts)) - 1e-12


@given(values=VALUES)
def test_one_part_has_the_interval_of_a_share(values: Values) -> None:
    only = stratum(values)
    assert macro_interval([only]) == share_interval(only.total, only.squares, only.n)


@given(parts=RIGHT)
def test_wrong_and_right_exchanged_mirror_it(parts: list[tuple[int, int]]) -> None:
    one = [Stratum(total=k, squares=k, n=n) for k, n in parts]
    other = [Stratum(total=n - k, squares=n - k, n=n) for k, n in parts]
    low, high = macro_interval(one)
    assert macro_interval(other) == pytest.approx((1 - high, 1 - low), abs=1e-9)


def test_parts_of_one_size_that_are_alike_are_nearly_one_set() -> None:
    """Ten subsets of 100 at 70 %: the interval of 1,000 questions at 70 %."""
    low, high = macro_interval([Stratum(total=70, squares=70, n=100)] * 10)
    assert (low, high) == pytest.approx(wilson(700, 1000), abs=0.0005)


def test_a_small_part_weighs_as_a_large_one_and_makes_it_wide() -> None:
    small, large = Stratum(total=4, squares=4, n=5), Stratum(total=800, squares=800, n=1000)
    low, high = macro_interval([small, large])
    assert high - low > 0.25
    alone = wilson(804, 1005)
    assert alone[1] - alone[0] < 0.06


def test_a_small_part_without_a_wrong_answer_is_not_certain() -> None:
    """Five of five tell little: the interval is not that of the large subset alone."""
    low, _ = macro_interval(
        [Stratum(total=5, squares=5, n=5), Stratum(total=190, squares=190, n=200)]
    )
    assert low < 0.93


def test_groups_within_a_part_make_it_wider() -> None:
    alone = Stratum(total=30, squares=30, n=40)
    groups = [(5.0, 5)] * 6 + [(0.0, 5)] * 2  # passages that stand or fall together
    together = Stratum(total=30, squares=30, n=40, groups=groups)
    one = macro_interval([alone, alone])
    other = macro_interval([together, together])
    assert other[1] - other[0] > 1.5 * (one[1] - one[0])


@pytest.mark.parametrize(
    "parts",
    [
        [],
        [Stratum(total=0, squares=0, n=0)],
        [Stratum(total=2, squares=2, n=1), Stratum(total=1, squares=1, n=1)],
        [Stratum(total=0.5, squares=0.75, n=1), Stratum(total=1, squares=1, n=1)],
    ],
)
def test_sums_that_no_values_have_are_refused(parts: list[Stratum]) -> None:
    with pytest.raises(ValueError, match="no interval of a mean over such parts"):
        macro_interval(parts)
