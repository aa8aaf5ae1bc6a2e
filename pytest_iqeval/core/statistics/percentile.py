"""A percentile of measured numbers, such as latencies."""

from __future__ import annotations

import math
from collections.abc import Sequence


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
