"""Statistics of pairs: the same questions in two runs."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from statistics import NormalDist


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """The mean of paired differences with its two-sided 95 % interval."""

    mean: float | None
    low: float | None
    high: float | None
    n: int


def mcnemar(lost: int, gained: int) -> float:
    """One-sided exact McNemar: the chance of so many lost among the turned, were it a coin's."""
    n = lost + gained
    tail = sum(math.comb(n, k) for k in range(lost, n + 1))
    return float(tail / 2**n)


def paired_difference(differences: Sequence[float]) -> Difference:
    """The mean, with an interval from the spread of the differences."""
    n = len(differences)
    if n < 2:
        return Difference(mean=sum(differences) / n if n else None, low=None, high=None, n=n)
    mean = math.fsum(differences) / n
    variance = math.fsum((d - mean) ** 2 for d in differences) / (n - 1)
    half = NormalDist().inv_cdf(0.975) * math.sqrt(variance / n)
    return Difference(mean=mean, low=max(-1.0, mean - half), high=min(1.0, mean + half), n=n)
