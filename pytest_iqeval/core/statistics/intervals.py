"""Intervals of a share and of a mean, also of questions that come in groups."""

from __future__ import annotations

import math
from collections.abc import Sequence
from statistics import NormalDist

Group = tuple[float, int]
"""The sum of a group's values, and how many they are."""


def wilson(hits: float, n: float, level: float = 0.95) -> tuple[float, float]:
    """The two-sided Wilson score interval of a share, without continuity correction.

    E. B. Wilson, "Probable inference, the law of succession, and statistical inference",
    JASA 22 (1927) 209-212; as recommended for small n by Brown, Cai and DasGupta,
    "Interval estimation for a binomial proportion", Statistical Science 16 (2001) 101-133:
    ``(p + z²/2n ± z·sqrt(p(1-p)/n + z²/4n²)) / (1 + z²/n)`` with ``p = hits/n``.

    `n` may be an effective number of questions that is not whole (`share_interval`).

    :param level: coverage, between 0 and 1.
    :returns: the ends, both within 0..1; exactly 0 and 1 where nothing or everything hit.
    :raises ValueError: `n` not above 0, `hits` outside 0..n, or `level` outside 0..1.
    """
    if n <= 0 or not 0 <= hits <= n or not 0 < level < 1:
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


def share_interval(
    total: float, squares: float, n: int, level: float = 0.95, groups: Sequence[Group] = ()
) -> tuple[float, float]:
    """The two-sided interval of a mean of `n` questions' values from 0 to 1.

    Wilson's, over as many right-or-wrong questions as tell as much as these: `effective_number`,
    divided by the `design_effect` of their groups. So E. L. Korn and B. I. Graubard, "Confidence
    intervals for proportions with small expected number of positive counts estimated from survey
    data", Survey Methodology 24 (1998) 193-201; with Wilson's, which covers best of those that
    C. Franco, R. J. A. Little, T. A. Louis and E. V. Slud compare in "Comparative study of
    confidence intervals for proportions in complex sample surveys", Journal of Survey Statistics
    and Methodology 7 (2019) 334-364. How often it holds the truth: `benchmarks/coverage.py`.

    :param total: the sum of the values; `squares` the sum of their squares.
    :param groups: the sum and the number of the values of each passage, template, …; none where
        every question stands alone.
    :param level: coverage, between 0 and 1.
    :returns: the ends within 0..1; those of `wilson` where values are 0 or 1 and stand alone.
    :raises ValueError: sums that no such values have, or `level` outside 0..1.
    """
    scale = effective_number(total, squares, n) / design_effect(squares, groups, level) / n
    return wilson(total * scale, n * scale, level)


def effective_number(total: float, squares: float, n: int) -> float:
    """How many right-or-wrong questions tell as much of the mean as these `n` values.

    Right-or-wrong questions of mean ``p`` have the variance ``p(1-p)``; of values in between (the
    share of right replies to a question, a credit) it is the ``r``-th part of that, and they tell
    as much as ``n/r``. With few questions ``r`` is little known, least where they are nearly all
    right or all wrong. So it is drawn towards 1, as if one question more had differed from the
    rest and it wholly: ``(e·r + 1)/(e + 1)``, where ``e = n·min(p, 1-p)`` is how many differ.

    :returns: `n` or more; exactly `n` where all values are 0 or 1.
    :raises ValueError: sums that no values from 0 to 1 have.
    """
    if n < 1 or not 0 <= squares <= total <= n:
        raise ValueError(f"no interval for a sum of {total} over {n} values")
    if squares == total or total == n:
        return n
    mean = total / n
    part = max(0.0, squares / n - mean * mean) / (mean * (1 - mean))
    rarer = n * min(mean, 1 - mean)
    return n * max(1.0, (rarer + 1) / (rarer * part + 1))


def design_effect(squares: float, groups: Sequence[Group], level: float = 0.95) -> float:
    """By how much the variance of the mean is larger because values come in groups; 1 or more.

    L. Kish, "Survey Sampling" (1965), section 5.4: the square of the `clustered_error`, over the
    variance of as many values that stand alone. It is little known where few values differ from
    the rest, as `effective_number` says, and so drawn in the same way towards that of groups
    which stand or fall together, ``Σ n_g² / n``, as if four values more had shown that. (The one
    that does for single questions makes intervals of groups that hold the truth 88 times of 100.)
    And it is little known from few groups: what is more than 1 grows with the square of Student's
    quantile over the normal one, which is about ``1 + (z² + 1)/4(G - 1)`` for ``G`` groups
    (Abramowitz and Stegun, 26.7.5).

    :param squares: the sum of the squares of all values.
    :raises ValueError: sums that no values from 0 to 1 have.
    """
    n = sum(count for _, count in groups)
    if len(groups) == n:
        return 1.0
    if any(not 0 <= total <= count for total, count in groups):
        raise ValueError("no design effect of groups with such sums")
    together = sum(count * count for _, count in groups) / n
    if len(groups) == 1:
        return together
    total = math.fsum(total for total, _ in groups)
    alone = (squares - total * total / n) / n  # their variance
    # Values all alike leave nothing but rounding. They are taken as those where one differs, so
    # that no lower end falls because the last wrong answer became a right one.
    rarer = max(1.0, min(total, n - total))
    found = clustered_error(groups) ** 2 * n / alone if alone > 1e-12 else 1.0
    drawn = (rarer * found + 4 * together) / (rarer + 4)
    z = NormalDist().inv_cdf((1 + level) / 2)
    return max(1.0, 1 + (drawn - 1) * (1 + (z * z + 1) / (4 * (len(groups) - 1))) ** 2)


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
