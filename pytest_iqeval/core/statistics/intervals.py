"""Intervals of a share and of a mean: of single questions, of groups of them, of nothing seen."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from statistics import NormalDist

Group = tuple[float, int]
"""The sum of a group's values, and how many they are."""


def wilson(hits: float, n: int, level: float = 0.95) -> tuple[float, float]:
    """The two-sided Wilson score interval of a share, without continuity correction.

    E. B. Wilson, "Probable inference, the law of succession, and statistical inference",
    JASA 22 (1927) 209-212; as recommended for small n by Brown, Cai and DasGupta,
    "Interval estimation for a binomial proportion", Statistical Science 16 (2001) 101-133:
    ``(p + z²/2n ± z·sqrt(p(1-p)/n + z²/4n²)) / (1 + z²/n)`` with ``p = hits/n``.

    `hits` may be a sum of means in 0..1 (repeated questions): their spread is at most that of
    0/1 values with the same mean, so the interval is then wide rather than too narrow.

    :param level: coverage, between 0 and 1.
    :returns: the ends, both within 0..1; exactly 0 and 1 where nothing or everything hit.
    :raises ValueError: `n` below 1, `hits` outside 0..n, or `level` outside 0..1.
    """
    if n < 1 or not 0 <= hits <= n or not 0 < level < 1:
        raise ValueError(f"no interval for {hits} of {n} at level {level}")
    z = NormalDist().inv_cdf((1 + level) / 2)
    p = float(hits / n)
    scale = 1 + z * z / n
    centre = (p + z * z / (2 * n)) / scale
    half = z * math.sqrt(p * (1 - p) / n + z * z / (4 * n * n)) / scale
    # Algebra gives exactly 0 and 1 at the edges; floating point would give -1e-18.
    low = 0.0 if hits == 0 else max(0.0, centre - half)
    high = 1.0 if hits == n else min(1.0, centre + half)
    return low, high


def normal_mean(total: float, squares: float, n: int, level: float = 0.95) -> tuple[float, float]:
    """The two-sided interval of a mean of values from 0 to 1, by its standard error.

    ``m ± z·s/√n`` with the mean ``m = total/n`` and the sample variance
    ``s² = (squares - n·m²)/(n - 1)``: the central limit theorem, as E. Miller recommends for
    scores that are fractions in "Adding Error Bars to Evals", arXiv:2411.00640 (2024), section
    2.1. For few values or values all alike it is too narrow: there use `wilson`.

    :param total: the sum of the values; `squares` the sum of their squares.
    :param level: coverage, between 0 and 1.
    :returns: the ends, cut to 0..1, which no mean of such values leaves.
    :raises ValueError: `n` below 2, sums that no such values have, or `level` outside 0..1.
    """
    if n < 2 or not 0 <= squares <= total <= n or not 0 < level < 1:
        raise ValueError(f"no interval for a sum of {total} over {n} values at level {level}")
    mean = total / n
    variance = max(0.0, (squares - n * mean * mean) / (n - 1))
    half = NormalDist().inv_cdf((1 + level) / 2) * math.sqrt(variance / n)
    return max(0.0, mean - half), min(1.0, mean + half)


@dataclass(frozen=True, slots=True, kw_only=True)
class ClusteredMean:
    """A mean of values from 0 to 1 whose questions come in groups, with its two-sided interval.

    ``error`` is the standard error, clustered by group; 0.0 where all groups have the same mean.
    ``n`` counts the values, ``groups`` the groups.
    """

    mean: float
    error: float
    low: float
    high: float
    n: int
    groups: int


def clustered_mean(groups: Sequence[Group], level: float = 0.95) -> ClusteredMean:
    """The mean over all values, with an interval that knows that a group's values go together.

    ``m ± z·SE`` with the `clustered_error`. Where all groups have the same mean that would be no
    interval at all: then `wilson` over as many questions as there are groups, which holds even
    if all questions of a group stand or fall together. From about 20 groups on the interval is
    near its level; of fewer it is too narrow, as the standard error itself is little known.

    :param groups: the sum and the number of the values from 0 to 1 of each passage, template, ….
    :param level: coverage, between 0 and 1.
    :returns: the ends are cut to 0..1, which no mean of such values leaves.
    :raises ValueError: fewer than 2 groups, or sums that no such values have.
    """
    if any(not 0 <= total <= n for total, n in groups) or not 0 < level < 1:
        raise ValueError(f"no interval for groups with such sums at level {level}")
    error = clustered_error(groups)
    n = sum(count for _, count in groups)
    mean = min(1.0, math.fsum(total for total, _ in groups) / n)
    # Groups that are all alike leave nothing but rounding, some 1e-17.
    if error < 1e-12:
        low, high = wilson(mean * len(groups), len(groups), level)
        error = 0.0
    else:
        half = NormalDist().inv_cdf((1 + level) / 2) * error
        low, high = max(0.0, mean - half), min(1.0, mean + half)
    return ClusteredMean(mean=mean, error=error, low=low, high=high, n=n, groups=len(groups))


def clustered_error(groups: Sequence[Group]) -> float:
    """The standard error of the mean over all values, clustered by group.

    ``SE² = G/(G-1) · Σ (S_g - n_g·m)² / n²`` over the ``G`` groups with sums ``S_g`` of ``n_g``
    values, ``m`` the mean of all ``n``: E. Miller, "Adding Error Bars to Evals",
    arXiv:2411.00640 (2024), section 2.2, where the double sum over the pairs of a group is
    written as the square of the group's sum. The factor ``G/(G-1)``, as in Stata and statsmodels,
    is for few groups; with one value a group it makes this the ordinary standard error.

    :param groups: of any values, also of differences between two runs.
    :raises ValueError: fewer than 2 groups, or one that is empty.
    """
    if len(groups) < 2 or any(n < 1 for _, n in groups):
        raise ValueError(f"no standard error over {len(groups)} groups: at least 2, none empty")
    n = sum(count for _, count in groups)
    mean = math.fsum(total for total, _ in groups) / n
    squares = math.fsum((total - count * mean) ** 2 for total, count in groups)
    return math.sqrt(squares * len(groups) / (len(groups) - 1)) / n


def rule_of_three(n: int) -> float:
    """How large a share may still be, at 95 %, that was not met once in `n`: ``3/n``.

    J. A. Hanley and A. Lippman-Hand, "If nothing goes wrong, is everything all right?",
    JAMA 249 (1983) 1743-1745. A little above `none_seen`; 1.0 where `n` is below 3.
    """
    if n < 1:
        raise ValueError(f"nothing can be said of {n} questions")
    return min(1.0, 3 / n)


def none_seen(n: int, level: float = 0.95) -> float:
    """The exact one-sided upper bound of a share that was not met once in `n`.

    ``1 - (1 - level)^(1/n)``: of larger shares, `n` questions show none with a probability
    below ``1 - level``. C. J. Clopper and E. S. Pearson, Biometrika 26 (1934) 404-413, at 0 hits.
    """
    if n < 1 or not 0 < level < 1:
        raise ValueError(f"nothing can be said of {n} questions at level {level}")
    return -math.expm1(math.log1p(-level) / n)
