"""Statistics of pairs: the same questions in two runs."""

from __future__ import annotations

import math
from collections.abc import Sequence
from fractions import Fraction

from pytest_iqeval.core.metrics.values import Measure, Metric


def mcnemar(lost: int, gained: int) -> float:
    """The one-sided p of the exact McNemar test: that so many or more of the turned are lost.

    ``P(X >= lost)`` of ``X ~ Bin(lost + gained, 1/2)``: Q. McNemar, "Note on the sampling error of
    the difference between correlated proportions or percentages", Psychometrika 12 (1947)
    153-157, with the binomial distribution itself. 1 where nothing turned.
    """
    turned = lost + gained
    ways = math.comb(turned, lost)
    tail = 0
    for count in range(lost, turned + 1):  # each from the one before: 0.02 s at 14,000, not 15
        tail += ways
        ways = ways * (turned - count) // (count + 1)
    return tail / (1 << turned)


def paired_difference(before: Sequence[float], now: Sequence[float]) -> Metric:
    """The mean of `now` minus that of `before` with its two-sided 95 % interval.

    ``d - √(a² - 2φab + b²)`` to ``d + √(A² - 2φAB + B²)``, where ``a`` and ``A`` are how far the
    interval of `now`'s mean reaches below and above it, ``B`` and ``b`` how far that of `before`
    does, and ``φ`` their correlation: R. G. Newcombe, "Improved confidence intervals for the
    difference between binomial proportions based on paired data", Statistics in Medicine 17
    (1998) 2635-2650, method 10, with Wilson's interval where values are 0 or 1. Its standard
    error alone would make a run in which nothing turned certain to be no worse. Shares of several
    replies go the same way, with the interval and the correlation that they have (G. Y. Zou and
    A. Donner, Statistics in Medicine 27 (2008) 1693-1702).

    :param before: a share from 0 to 1 for each question; `now` in the same order.
    """
    n = len(now)
    if not n:
        return Metric(value=None, n=0)
    old, old_low, old_high = _interval(before)
    new, new_low, new_high = _interval(now)
    phi = _correlation(before, now)
    value = new - old
    return Metric(
        value=value,
        low=max(-1.0, value - _joined(new - new_low, old_high - old, phi)),
        high=min(1.0, value + _joined(new_high - new, old - old_low, phi)),
        n=n,
    )


def _interval(values: Sequence[float]) -> tuple[float, float, float]:
    """The mean, and the ends of its interval."""
    exact = [Fraction(value) for value in values]
    squares = sum((value * value for value in exact), Fraction(0))
    found = Measure(total=sum(exact, Fraction(0)), n=len(exact), squares=squares).metric()
    assert found.value is not None
    assert found.low is not None
    assert found.high is not None
    return found.value, found.low, found.high


def _joined(one: float, other: float, phi: float) -> float:
    return math.sqrt(max(0.0, one * one - 2 * phi * one * other + other * other))


def _correlation(before: Sequence[float], now: Sequence[float]) -> float:
    """Pearson's, 0 where either side is all alike; Newcombe's correction towards 0 if positive."""
    n = len(now)
    sum_before, sum_now = math.fsum(before), math.fsum(now)
    # n² times the covariance, and the variances: of 0 and 1 that is ad - bc of the 2x2 table.
    cross = n * math.fsum(x * y for x, y in zip(before, now, strict=True)) - sum_before * sum_now
    spreads = [
        n * math.fsum(x * x for x in values) - total * total
        for values, total in ((before, sum_before), (now, sum_now))
    ]
    if min(spreads) <= 1e-9:
        return 0.0
    if cross > 0:
        cross = max(0.0, cross - n / 2)
    return cross / math.sqrt(spreads[0] * spreads[1])
