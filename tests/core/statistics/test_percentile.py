"""The percentile, against numpy where it is installed, and by its properties."""

from __future__ import annotations

import math

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pytest_iqeval.core.statistics.percentile import percentile

NUMBERS = st.floats(min_value=-1e6, max_value=1e6)


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
