"""What a number of questions can show: the least change that is seen, and the questions it takes.

*Seen* means that a one-sided test at `alpha` finds it with the probability `power`. With
``z = z(1-alpha) + z(power)`` and the variance ``V`` of one question, ``n`` questions show a change
``d`` where ``n·d² = z²·V``: J. Cohen, "Statistical Power Analysis for the Behavioral Sciences"
(1988), and for evaluations E. Miller, "Adding Error Bars to Evals", arXiv:2411.00640 (2024),
section 5. At the default 5 % and 80 %, ``z`` is 2.486.

- Against a fixed number, ``V = p(1-p)`` at accuracy ``p``. At 0.805, 120 questions show 9.0
  points, and 3 points need 1,079 questions; at 0.80 it is 9.1 points and 1,100 questions.
- Between two runs over the same questions, ``V = s - d²`` with the share ``s`` of questions that
  are right in one run only: R. J. Connor, "Sample size for testing differences in proportions for
  the paired-sample design", Biometrics 43 (1987) 207-211, with one variance for both errors.

- A drop from a baseline has another ``s`` than two equal models have. Those differ by chance on a
  share ``c`` of the questions, which a baseline tells or is assumed; a drop of ``d`` loses some
  more. Where it takes ``d`` away from the questions' chances, replies then vary by ``d(1-d)``
  more, and means of ``k`` by a k-th of that: ``V = c + d(1-d)/k``. (Exactly so where a question
  is surely right or wrong; in simulations with other chances the power is 0.76 to 0.90. If a drop
  is of whole questions, which no reply gets right any more, repeats show less than is told: over
  120 questions with five replies with a power of 0.65.)
- The exact McNemar test counts lost and gained questions in whole numbers, which costs it about one
  question: ``n·d - 1 = z·√(n·V)``, the continuity correction of A. L. Edwards, "Note on the
  'correction for continuity' in testing the significance of the difference between correlated
  proportions", Psychometrika 13 (1948) 185-187, put into Connor's formula. With several replies to
  each question the test is that of their means (`paired.sign_flip`), which move in smaller steps:
  the correction is one of those, and ``c`` the mean square of the differences.

At the edge all would promise too much (at accuracy 1 no variance, so any change would be seen).
But where accuracy moves by ``d``, one of its two values has a variance of at least ``d(1-d)``;
and at least ``d`` of the questions change. So ``V`` is never below ``d(1-d)``.
"""

from __future__ import annotations

import math
from statistics import NormalDist


def detectable(n: int, accuracy: float, *, alpha: float = 0.05, power: float = 0.8) -> float:
    """The least change of accuracy, from a fixed number, that `n` questions show.

    :param accuracy: at which it is measured, 0 to 1.
    :returns: 0 to 1; 1.0 where no change can be seen.
    """
    z2 = _z2(alpha, power)
    _share(accuracy)
    return _least(n, z2, math.sqrt(z2 * accuracy * (1 - accuracy) / _questions(n)))


def needed(change: float, accuracy: float, *, alpha: float = 0.05, power: float = 0.8) -> int:
    """How many questions show a `change` of accuracy from a fixed number; see `detectable`."""
    _share(accuracy)
    return _number(change, accuracy * (1 - accuracy), alpha, power)


def detectable_paired(
    n: int, discordant: float, *, alpha: float = 0.05, power: float = 0.8
) -> float:
    """The least difference from which `n` questions tell runs that differ on `discordant` of them.

    So it is the margin within which an equal model is shown to be.

    :param discordant: the share of questions that are right in one run only, 0 to 1, all causes
        together. Two unlike models at accuracy p may reach 2p(1-p); a model and its next release
        have less.
    :returns: 0 to 1; 1.0 where no difference can be seen.
    """
    z2 = _z2(alpha, power)
    _share(discordant)
    return _least(n, z2, math.sqrt(z2 * discordant / (_questions(n) + z2)))


def needed_paired(
    change: float, discordant: float, *, alpha: float = 0.05, power: float = 0.8
) -> int:
    """How many questions show a `change` between two runs; see `detectable_paired`."""
    _share(discordant)
    return _number(change, discordant - change * change, alpha, power)


def detectable_flips(
    n: int,
    chance: float,
    *,
    replies: int = 1,
    step: float = 1,
    alpha: float = 0.05,
    power: float = 0.8,
) -> float:
    """The least drop that a test of lost against gained questions finds, over `n` questions.

    :param chance: the share of questions on which two equal models differ, 0 to 1; with several
        replies the mean square of the questions' differences. The drop itself adds to it.
    :param replies: how many each question gets now.
    :param step: the least by which a question's mean can differ: 1 with one reply, else 1/K; 0
        for a test that does not count in steps.
    :returns: 0 to 1; 1.0 where no drop can be seen.
    """
    z2 = _z2(alpha, power)
    _share(chance)
    _questions(n)
    # The second with V = d(1-d): all questions that change are lost.
    found = _crossing(n, chance, z2 / replies, step, z2), _crossing(n, 0.0, z2, step, z2)
    return min(1.0, max(found))


def needed_flips(
    change: float,
    chance: float,
    *,
    replies: int = 1,
    step: float = 1,
    alpha: float = 0.05,
    power: float = 0.8,
) -> int:
    """How many questions show a drop of `change` to such a test; see `detectable_flips`."""
    _share(chance)
    variance = _variance(change, chance + change * (1 - change) / replies)
    spread = _z2(alpha, power) * variance
    root = (math.sqrt(spread) + math.sqrt(spread + 4 * change * step)) / (2 * change)
    return max(1, math.ceil(root * root - 1e-9))


def _crossing(n: int, chance: float, lost: float, step: float, z2: float) -> float:
    """The drop ``d`` where ``(n·d - step)² = n·(z²·chance + lost·d(1-d))``: the greater root."""
    square, linear = n + lost, 2 * step + lost
    rest = z2 * chance - step * step / n
    return (linear + math.sqrt(linear * linear + 4 * square * rest)) / (2 * square)


def _least(n: int, z2: float, found: float) -> float:
    """`found`, or what the variance d(1-d) gives, if that is more; no change is above 1."""
    return min(1.0, max(found, z2 / (n + z2)))


def _number(change: float, variance: float, alpha: float, power: float) -> int:
    spread = _z2(alpha, power) * _variance(change, variance)
    return max(1, math.ceil(spread / change**2 - 1e-9))


def _variance(change: float, variance: float) -> float:
    """`variance`, or the least that a question has where there is such a `change`."""
    if not 0 < change <= 1:
        raise ValueError(f"no number of questions shows a change of {change}")
    return max(variance, change * (1 - change))


def _z2(alpha: float, power: float) -> float:
    if not 0 < alpha < 0.5 < power < 1:
        raise ValueError(f"no test has the level {alpha} and the power {power}")
    normal = NormalDist()
    return float((normal.inv_cdf(1 - alpha) + normal.inv_cdf(power)) ** 2)


def _share(value: float) -> None:
    if not 0 <= value <= 1:
        raise ValueError(f"a share is from 0 to 1, not {value}")


def _questions(n: int) -> int:
    if n < 1:
        raise ValueError(f"{n} questions show nothing")
    return n
