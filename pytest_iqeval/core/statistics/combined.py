"""The interval of a weighted mean of independent estimates."""

from __future__ import annotations

import math
from collections.abc import Sequence

Estimate = tuple[float, float, float, float]
"""A weight, a value, and the ends of the value's interval."""


def weighted_mean(parts: Sequence[Estimate]) -> tuple[float, float, float]:
    """The mean of the values by their weights, and its two-sided interval.

    With ``c_i = w_i / Σ w`` the mean is ``m = Σ c_i·v_i``, its lower end
    ``m − sqrt(Σ c_i²·(v_i − low_i)²)`` and its upper one ``m + sqrt(Σ c_i²·(high_i − v_i)²)``: the
    intervals of the parts, added in squares. G. Y. Zou, W. Huang and X. Zhang, "A note on
    confidence interval estimation for a linear function of binomial proportions", Computational
    Statistics and Data Analysis 53 (2009) 1080-1085, with Wilson's intervals of the parts; for two
    of them R. G. Newcombe, Statistics in Medicine 17 (1998) 873-890. Where intervals are symmetric
    it is ``m ± z·sqrt(Σ c_i²·Var_i)``, the variance of a weighted sum of independent estimates;
    near 0 and 1, where that would be too narrow or leave 0 to 1, it is not. One part alone keeps
    its interval. It has the level of the parts' intervals.

    :raises ValueError: no weight above 0.
    """
    total = math.fsum(weight for weight, *_ in parts)
    if total <= 0:
        raise ValueError("no mean without a weight")
    shares = [(weight / total, value, low, high) for weight, value, low, high in parts]
    mean = math.fsum(share * value for share, value, _, _ in shares)
    below = math.fsum((share * (value - low)) ** 2 for share, value, low, _ in shares)
    above = math.fsum((share * (high - value)) ** 2 for share, value, _, high in shares)
    return mean, mean - math.sqrt(below), mean + math.sqrt(above)


def equal_questions(parts: Sequence[tuple[float, int]]) -> float:
    """How many questions of one benchmark tell as much as those of a weighted mean.

    As if all had one accuracy: then ``Var = p(1−p)·Σ w_i²/n_i / (Σ w)²``, which is that of
    ``(Σ w)² / Σ (w_i²/n_i)`` questions.

    :param parts: the weight and the number of questions of each benchmark.
    :raises ValueError: no weight above 0, or a benchmark with weight and no question.
    """
    total = math.fsum(weight for weight, _ in parts)
    if total <= 0 or any(weight and n < 1 for weight, n in parts):
        raise ValueError("no weight, or none of its questions")
    return total**2 / math.fsum(weight**2 / n for weight, n in parts if weight)
