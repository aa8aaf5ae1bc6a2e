"""The interval of a mean over parts of a set (its subsets), each with the same weight."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from pytest_iqeval.core.statistics.intervals import (
    Group,
    clustered_error,
    share_interval,
    wilson,
)

_DRAWN = 4
"""So many differing questions more are taken to have shown that the parts are alike."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Stratum:
    """The values of one part, each from 0 to 1: their sum, the sum of their squares, their number.

    ``groups`` are the sum and the number of each passage, …; none where all stand alone.
    """

    total: float
    squares: float
    n: int
    groups: Sequence[Group] = ()

    @property
    def mean(self) -> float:
        """The part's own."""
        return self.total / self.n

    def variance(self, mean: float) -> float:
        """That of its mean; of a single value, or a single group, as if it could be any.

        :param mean: that of all parts.
        """
        if len(self.groups) > 1:
            return clustered_error(self.groups) ** 2
        if self.groups or self.n == 1:
            return mean * (1 - mean)
        within = max(0.0, self.squares - self.total * self.mean) / (self.n - 1)
        return within / self.n


def macro_interval(strata: Sequence[Stratum], level: float = 0.95) -> tuple[float, float]:
    """The two-sided interval of the mean over parts of their means.

    Its variance is that of a stratified sample, ``Σ s²_h/n_h / S²`` over ``S`` parts of equal
    weight with the unbiased variances ``s²_h``: W. G. Cochran, "Sampling Techniques" (3rd ed.
    1977), theorems 5.1 and 5.3. The interval is Wilson's over as many right-or-wrong questions as
    tell as much, as in `share_interval`. Parts alike, of the mean ``m`` each, would tell as much
    as ``S² / Σ 1/n_h`` questions; the ``r``-th part of that variance, so many by ``1/r``. With few
    questions ``r`` is little known, least where nearly all are right or all wrong, and a small
    part in which nothing differs would count as certain. So it is drawn towards 1, as if four
    questions more had shown parts alike: ``(e·r + 4)/(e + 4)``, where ``e`` is how many questions
    differ from the rest. How often it holds the truth: `benchmarks/coverage.py`.

    :param strata: the parts, each with a value.
    :param level: coverage, between 0 and 1.
    :returns: the ends within 0..1; those of `share_interval` where there is one part.
    :raises ValueError: no part, one without a value, or sums that no values from 0 to 1 have.
    """
    if any(s.n < 1 or not 0 <= s.squares <= s.total <= s.n for s in strata) or not strata:
        raise ValueError("no interval of a mean over such parts")
    if len(strata) == 1:
        only = strata[0]
        return share_interval(only.total, only.squares, only.n, level, only.groups)
    count = len(strata)
    mean = math.fsum(s.mean for s in strata) / count
    alike = count * count / math.fsum(1 / s.n for s in strata)
    right, asked = math.fsum(s.total for s in strata), sum(s.n for s in strata)
    if right in (0, asked):
        return wilson(right / asked * alike, alike, level)
    variance = math.fsum(s.variance(mean) for s in strata) / (count * count)
    part = variance * alike / (mean * (1 - mean))
    differ = min(right, asked - right)
    effective = alike * (differ + _DRAWN) / (differ * part + _DRAWN)
    return wilson(mean * effective, effective, level)
