"""What several replies to one question tell of `k` of them: pass@k, pass^k, majority@k.

Each is the probability over all ways to draw `k` of the `n` replies, without replacement; so it
is unbiased, and wastes none of the replies. Exact fractions: a gate at 3/5 trips over no rounding.
The metric of a benchmark is the mean over its questions.
"""

from __future__ import annotations

from fractions import Fraction
from math import comb


def pass_at(k: int, correct: int, n: int) -> Fraction:
    """pass@k: at least one of `k` replies is right.

    ``1 - C(n-c, k)/C(n, k)`` with ``c`` of `n` right: M. Chen et al., "Evaluating Large Language
    Models Trained on Code", arXiv:2107.03374 (2021), section 2.1.

    :raises ValueError: `k` below 1 or above `n`, or `correct` outside 0..n.
    """
    _check(k, correct, n)
    return 1 - Fraction(comb(n - correct, k), comb(n, k))


def pass_all(k: int, correct: int, n: int) -> Fraction:
    """pass^k: all `k` replies are right.

    ``C(c, k)/C(n, k)`` with ``c`` of `n` right: S. Yao et al., "τ-bench: A Benchmark for
    Tool-Agent-User Interaction in Real-World Domains", arXiv:2406.12045 (2024).

    :raises ValueError: as `pass_at`.
    """
    _check(k, correct, n)
    return Fraction(comb(correct, k), comb(n, k))


def majority_at(k: int, correct: int, n: int) -> Fraction:
    """majority@k: more than half of `k` replies are right; a tie is not.

    The upper tail of the hypergeometric distribution, ``Σ C(c, j)·C(n-c, k-j)/C(n, k)`` over
    ``j > k/2`` with ``c`` of `n` right. That is stricter than the vote of X. Wang et al.,
    "Self-Consistency", arXiv:2203.11171 (2022), where the commonest answer wins, however rare.

    :raises ValueError: as `pass_at`.
    """
    _check(k, correct, n)
    ways = (comb(correct, j) * comb(n - correct, k - j) for j in range(k // 2 + 1, k + 1))
    return Fraction(sum(ways), comb(n, k))


def _check(k: int, correct: int, n: int) -> None:
    if not 1 <= k <= n or not 0 <= correct <= n:
        raise ValueError(f"{k} of {n} replies, {correct} of them right, cannot be drawn")
