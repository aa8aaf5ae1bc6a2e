"""The interval of a weighted mean: the formula, and how often it holds the truth."""

from __future__ import annotations

import math
import random

import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from pytest_iqeval.core.statistics.combined import equal_questions, weighted_mean
from pytest_iqeval.core.statistics.intervals import wilson


def estimate(weight: float, hits: int, n: int) -> tuple[float, float, float, float]:
    return (weight, hits / n, *wilson(hits, n))


def test_one_part_keeps_its_interval() -> None:
    assert weighted_mean([estimate(3, 60, 100)]) == pytest.approx(
        (0.6, *wilson(60, 100)), abs=1e-15
    )


def test_symmetric_intervals_give_the_variance_of_a_weighted_sum() -> None:
    """With ``v ± z·se`` of each part the ends are ``m ± z·sqrt(Σ c²·se²)``."""
    z = stats.norm.ppf(0.975)
    values, errors, weights = (0.3, 0.6, 0.9), (0.02, 0.05, 0.01), (1, 2, 5)
    parts = [(w, v, v - z * e, v + z * e) for w, v, e in zip(weights, values, errors, strict=True)]
    mean, low, high = weighted_mean(parts)
    shares = [w / 8 for w in weights]
    error = math.sqrt(sum((c * e) ** 2 for c, e in zip(shares, errors, strict=True)))
    assert mean == pytest.approx(sum(c * v for c, v in zip(shares, values, strict=True)), abs=1e-12)
    assert (low, high) == pytest.approx((mean - z * error, mean + z * error), abs=1e-12)


def test_many_questions_agree_with_the_binomial_variances() -> None:
    """Of 100,000 questions each, Wilson's ends are those of the normal approximation."""
    n, hits, weights = 100_000, (30_000, 70_000), (1, 3)
    _, low, high = weighted_mean([estimate(w, h, n) for w, h in zip(weights, hits, strict=True)])
    variance = sum(
        (w / 4) ** 2 * (h / n) * (1 - h / n) / n for w, h in zip(weights, hits, strict=True)
    )
    half = stats.norm.ppf(0.975) * math.sqrt(variance)
    assert (high - low) / 2 == pytest.approx(half, rel=1e-4)


parts = st.lists(
    st.tuples(st.floats(0, 10), st.integers(1, 500), st.floats(0, 1)), min_size=1, max_size=6
).filter(lambda found: sum(w for w, _, _ in found) > 1e-6)


@given(parts)
def test_the_ends_hold_the_mean_and_stay_within_0_and_1(
    found: list[tuple[float, int, float]],
) -> None:
    estimates = [estimate(weight, round(part * n), n) for weight, n, part in found]
    mean, low, high = weighted_mean(estimates)
    assert -1e-12 <= low <= mean + 1e-12
    assert mean - 1e-12 <= high <= 1 + 1e-12
    scaled = [(7 * weight, *rest) for weight, *rest in estimates]
    assert weighted_mean(scaled) == pytest.approx((mean, low, high), abs=1e-9)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("rates", "sizes"), [((0.5, 0.9), (40, 120)), ((0.97, 0.99, 0.6), (40, 40, 200))]
)
def test_it_holds_the_truth_about_95_times_of_100(
    rates: tuple[float, ...], sizes: tuple[int, ...]
) -> None:
    """Also near 1, where the normal interval of few questions holds it 88 times."""
    draw = random.Random(1)
    truth, held, rounds = sum(rates) / len(rates), 0, 1500
    for _ in range(rounds):
        hits = [sum(draw.random() < p for _ in range(n)) for p, n in zip(rates, sizes, strict=True)]
        _, low, high = weighted_mean([estimate(1, h, n) for h, n in zip(hits, sizes, strict=True)])
        held += low <= truth <= high
    assert 0.935 <= held / rounds <= 0.985


def test_questions_of_unequal_weight_tell_less_than_as_many_of_one_benchmark() -> None:
    assert equal_questions([(1, 100), (1, 100)]) == pytest.approx(200)
    assert equal_questions([(1, 100), (1, 300)]) == pytest.approx(300)
    assert equal_questions([(3, 100), (0, 0)]) == pytest.approx(100)


@pytest.mark.parametrize("found", [[], [(0.0, 0.5, 0.4, 0.6)]])
def test_no_weight_is_no_mean(found: list[tuple[float, float, float, float]]) -> None:
    with pytest.raises(ValueError, match="weight"):
        weighted_mean(found)
    with pytest.raises(ValueError, match="weight"):
        equal_questions([(w, 1) for w, *_ in found])
    with pytest.raises(ValueError, match="none of its questions"):
        equal_questions([(1, 0)])
