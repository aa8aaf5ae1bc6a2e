"""The formulas behind metrics and gates, in the standard library alone."""

from __future__ import annotations

import math
from collections.abc import Sequence
from statistics import NormalDist


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


def percentile(values: Sequence[float], percent: float) -> float | None:
    """The `percent`-th percentile by linear interpolation between the two nearest ranks.

    Definition 7 of R. J. Hyndman and Y. Fan, "Sample quantiles in statistical packages",
    The American Statistician 50 (1996) 361-365; what numpy and spreadsheets give by default.

    :param values: in any order; all finite.
    :param percent: 0 to 100.
    :returns: ``None`` of no values.
    """
    if not 0 <= percent <= 100:
        raise ValueError(f"a percentile is from 0 to 100, not {percent}")
    if not values:
        return None
    ordered = sorted(values)
    rank = (len(ordered) - 1) * percent / 100
    below = math.floor(rank)
    above = min(below + 1, len(ordered) - 1)
    start, end = ordered[below], ordered[above]
    # Interpolation may leave the two values by one rounding; a percentile never does.
    return min(max(start + (end - start) * (rank - below), start), end)
