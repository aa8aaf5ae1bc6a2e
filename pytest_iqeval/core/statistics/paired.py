"""Two runs over the same questions: is one worse, by how much, and of several, which."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from statistics import NormalDist

MIN_CHANGED = 10
"""Below so many changed questions the spread of their differences is not believed."""
_UNSEEN = 0.5
"""Of a question that changed wholly: added to few changes, of which the largest may be missing."""
EXACT_UP_TO = 4_000_000
"""The size up to which `sign_flip` is exact: changed questions times the steps they moved in all.

At five replies then and now that is some 1,700 changed questions, and a tenth of a second.
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """The mean of ``n`` paired differences, now minus before, with its two-sided interval."""

    mean: float
    low: float
    high: float
    n: int


def mcnemar(lost: int, gained: int) -> float:
    """The one-sided p value that losing is more likely than gaining; 1.0 if nothing changed.

    ``P(X >= lost)`` for ``X ~ Bin(lost + gained, 1/2)``: of the questions that changed, each was
    as likely gained as lost if the runs are equally good. Q. McNemar, Psychometrika 12 (1947)
    153-157, in the exact form of A. M. Mood's sign test. Whole numbers all the way: exact.

    :param lost: questions that were right and are now wrong; `gained` the other way round.
    """
    _count(lost, gained)
    n = lost + gained
    # By symmetry P(X >= lost) = P(X <= gained).
    return _tail(n, gained) / (1 << n)


def mcnemar_two_sided(lost: int, gained: int) -> float:
    """The p value that the runs differ in either direction: twice the smaller tail, at most 1.

    As in `mcnemar`; for comparing runs of which none is the baseline.
    """
    _count(lost, gained)
    n = lost + gained
    return min(1.0, 2 * _tail(n, min(lost, gained)) / (1 << n))


def sign_flip(differences: Sequence[Fraction]) -> float:
    """The one-sided p value that questions got worse, by how far each moved; 1.0 if none did.

    If the runs are equally good, each difference is as likely to be its opposite. So all ways to
    choose their signs are equally likely, and p is the share of these with a sum as low as the
    one that was found: the randomization test for pairs of R. A. Fisher, "The Design of
    Experiments" (1935), section 21; for any differences E. J. G. Pitman, "Significance tests
    which may be applied to samples from any populations", Supplement to the Journal of the Royal
    Statistical Society 4 (1937) 119-130. Where all that moved did so by as much, as with one
    reply to each question, it is `mcnemar` of those lost and gained.

    Beyond `EXACT_UP_TO` the sum is taken as normal, with a correction for its steps: there p is
    right within 0.0005, and within a hundredth of itself where it is above 0.001.

    :param differences: a question's mean now minus before: shares of K replies, so multiples of
        the least common fraction of their numbers.
    """
    return _at_most(*_moves(differences))


def sign_flip_two_sided(differences: Sequence[Fraction]) -> float:
    """The p value that the runs differ in either direction: twice the smaller tail, at most 1."""
    sizes, total = _moves(differences)
    return min(1.0, 2 * _at_most(sizes, -abs(total)))


def paired_difference(differences: Sequence[float], level: float = 0.95) -> Difference:
    """The mean difference between two runs over the same questions, with its interval.

    Where every question was lost, gained or neither (-1, 1, 0), the interval is `score_interval`.
    For fractions (repeats, partial credit) it is ``m ± z·s/√n`` with the standard deviation ``s``
    of the differences: E. Miller, "Adding Error Bars to Evals", arXiv:2411.00640 (2024),
    section 4. But where fewer than `MIN_CHANGED` questions changed, or all differences are
    alike, ``s`` says little or nothing: there too it is `score_interval`, of the differences in
    units of their size. That is ``Σd²/Σ|d|``, so that nine questions which fell by a fifth are
    nine lost ones whose interval shrinks to a fifth; drawn towards 1 as if half a question more
    had changed wholly, since a few small changes do not tell that there are no large ones. In
    simulations (40 and 120 questions, 2 and 5 replies, 80 to 97 % right, drops of chances and of
    whole questions) an end missed the truth in 3.8 % of the runs at most, by either way.

    :param differences: a question's value now minus before, from -1 to 1.
    :param level: coverage, between 0 and 1.
    :returns: the ends within -1..1.
    :raises ValueError: no differences, one beyond -1..1, or `level` outside 0..1.
    """
    n = len(differences)
    if n < 1 or any(not -1 <= d <= 1 for d in differences) or not 0 < level < 1:
        raise ValueError(f"no interval for {n} such differences at level {level}")
    mean = math.fsum(differences) / n
    if _has_spread(differences):
        variance = math.fsum((d - mean) ** 2 for d in differences) / (n - 1)
        half = NormalDist().inv_cdf((1 + level) / 2) * math.sqrt(variance / n)
        return Difference(mean=mean, low=max(-1.0, mean - half), high=min(1.0, mean + half), n=n)
    gained = math.fsum(d for d in differences if d > 0)
    lost = -math.fsum(d for d in differences if d < 0)
    size = (math.fsum(d * d for d in differences) + _UNSEEN) / (lost + gained + _UNSEEN)
    low, high = score_interval(lost / size, gained / size, n, level)
    return Difference(mean=mean, low=size * low, high=size * high, n=n)


def score_interval(lost: float, gained: float, n: int, level: float = 0.95) -> tuple[float, float]:
    """The two-sided score interval of ``(gained - lost)/n`` for paired right and wrong answers.

    T. Tango, "Equivalence test and confidence interval for the difference in proportions for the
    paired-sample design", Statistics in Medicine 17 (1998) 891-908: all differences ``D`` that
    are less than z standard errors away, where the standard error is the one that would hold if
    ``D`` were true (the likelihood is maximised under it). Chosen because it holds for few
    questions: with 3 % lost and 0.1 % gained of 40, the lower end lies above the truth with a
    probability of 0.0 % (of 120: 0.3 %) where 2.5 % are meant, that of ``m ± z·s/√n`` with 30 %
    (12 %). With nothing lost or gained it still has a width (``±z²/(n + z²)``, 3.1 points of
    120). And whether 0 is in it is the asymptotic McNemar test, so that gates on both agree.

    :param lost: questions right before and wrong now; `gained` the other way round; of `n`.
        They may be sums of parts of questions.
    :returns: the ends within -1..1.
    :raises ValueError: `lost` and `gained` are more than `n`, or `level` outside 0..1.
    """
    if n < 1 or min(lost, gained) < 0 or lost + gained > n * (1 + 1e-12) or not 0 < level < 1:
        raise ValueError(f"no interval for {lost} lost and {gained} gained of {n} at level {level}")
    z = NormalDist().inv_cdf((1 + level) / 2)
    mean = (gained - lost) / n
    low = _border(lambda d: _distance(lost, gained, n, d) > z, -1.0, mean)
    # The upper end is the lower one with losing and gaining exchanged.
    high = -_border(lambda d: _distance(gained, lost, n, d) > z, -1.0, -mean)
    return low, high


def holm(p_values: Sequence[float]) -> list[float]:
    """The p values of several tests, adjusted so that all together err at most as often as one.

    The smallest is multiplied by their number, the next by one less, and so on; none is smaller
    than the one before it, none above 1. S. Holm, "A simple sequentially rejective multiple test
    procedure", Scandinavian Journal of Statistics 6 (1979) 65-70.

    :returns: in the order of `p_values`: reject where the adjusted value is below the level.
    """
    adjusted = [0.0] * len(p_values)
    reached = 0.0
    for rank, index in enumerate(sorted(range(len(p_values)), key=p_values.__getitem__)):
        reached = max(reached, min(1.0, p_values[index] * (len(p_values) - rank)))
        adjusted[index] = reached
    return adjusted


def _count(lost: int, gained: int) -> None:
    if min(lost, gained) < 0:
        raise ValueError(f"{lost} lost and {gained} gained questions: no count is below 0")


def _tail(n: int, most: int) -> int:
    """``Σ C(n, k)`` for k from 0 to `most`; the shorter side is summed."""
    if 2 * most > n:
        return (1 << n) - _tail(n, n - most - 1)
    total, term = 0, 1
    for k in range(most + 1):
        total += term
        term = term * (n - k) // (k + 1)
    return total


def _moves(differences: Sequence[Fraction]) -> tuple[list[int], int]:
    """How far each changed question moved, and all of them together, in their common step."""
    unit = math.lcm(*{d.denominator for d in differences})
    moved = [d.numerator * (unit // d.denominator) for d in differences if d]
    step = math.gcd(*moved)
    return sorted(abs(m) // step for m in moved), sum(m // step for m in moved)


def _at_most(sizes: Sequence[int], total: int) -> float:
    """The chance that `sizes`, each with a random sign, sum up to no more than `total`."""
    everything, n = sum(sizes), len(sizes)
    gained = (everything + total) // 2  # what those with a plus sum up to
    if everything == n:
        return _tail(n, gained) / (1 << n)
    if n * everything > EXACT_UP_TO:
        spread = math.sqrt(sum(size * size for size in sizes))
        # Sums are two steps apart: half of that is the correction for continuity.
        return math.erfc(-(total + 1) / spread / math.sqrt(2)) / 2
    if total >= 0:
        return 1 - _at_most(sizes, -total - 2)
    chances = [1.0]  # of each sum of those with a plus, from 0 to `gained`
    for size in sizes:
        none = [0.0] * size
        either = zip(chances + none, none + chances, strict=True)
        chances = [(minus + plus) / 2 for minus, plus in either][: gained + 1]
    return math.fsum(chances)


def _has_spread(differences: Sequence[float]) -> bool:
    """Whether the differences are fractions whose standard deviation can be believed."""
    if all(d in (-1, 0, 1) for d in differences):
        return False
    changed = sum(d != 0 for d in differences)
    return changed >= MIN_CHANGED and max(differences) - min(differences) > 1e-9


def _distance(lost: float, gained: float, n: int, difference: float) -> float:
    """How many standard errors the observed difference lies above `difference`, if that is true.

    ``q`` is the most likely share of lost questions then: the root of the likelihood's slope.
    """
    b = difference * (2 * n - gained + lost) - lost - gained
    root = math.sqrt(max(0.0, b * b + 8 * n * lost * difference * (1 - difference)))
    q = (root - b) / (4 * n)
    variance = (2 * q + difference * (1 - difference)) / n
    away = (gained - lost) / n - difference
    return away / math.sqrt(variance) if variance > 0 else math.copysign(math.inf, away)


def _border(outside: Callable[[float], bool], low: float, high: float) -> float:
    """Where, from `low` to `high`, the values begin that are not `outside`; by bisection."""
    for _ in range(60):
        middle = (low + high) / 2
        if outside(middle):
            low = middle
        else:
            high = middle
    return high
