"""Metrics over questions that were asked several times: do the replies agree, and what of k."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from fractions import Fraction

from pytest_iqeval.core.comparison import scored
from pytest_iqeval.core.metrics.scores import mean_of
from pytest_iqeval.core.metrics.values import Measure
from pytest_iqeval.core.phrases import gates as phrases
from pytest_iqeval.core.result import Result
from pytest_iqeval.core.score import Outcome
from pytest_iqeval.core.statistics.repeats import majority_at, pass_all, pass_at

Chance = Callable[[int, int, int], Fraction]
"""What ``k`` replies come to where ``correct`` of ``n`` are right."""

FAMILIES: dict[str, Chance] = {"pass@": pass_at, "pass^": pass_all, "majority@": majority_at}
"""Metrics that have a number in their name: how many replies they speak of."""


def flaky(results: Sequence[Result]) -> Measure:
    """How many questions have right and other replies, among those with two replies or more."""
    mixed = {
        question: Fraction(len({score.correct for score in scores}) == 2)
        for question, scores in scored(results).items()
        if len(scores) > 1
    }
    if not mixed:
        return Measure(total=None, n=0, gap=phrases.ASKED_ONCE)
    return mean_of(results, mixed)


def among(results: Sequence[Result], *, k: int, chance: Chance) -> Measure:
    """The mean over questions of what `k` of their replies come to.

    A question that lost a reply, and so has fewer than `k`, is left out, as a lost question is
    from accuracy; one that was asked fewer than `k` times leaves no number at all.
    """
    lost = {r.key[:3] for r in results if r.score.outcome is Outcome.ERROR}
    by_question = scored(results)
    short = sum(len(scores) < k for question, scores in by_question.items() if question not in lost)
    if short:
        return Measure(
            total=None,
            n=0,
            gap=phrases.TOO_FEW_REPLIES(count=short, asked=len(by_question), k=k),
        )
    return mean_of(
        results,
        {
            question: chance(k, sum(score.correct for score in scores), len(scores))
            for question, scores in by_question.items()
            if len(scores) >= k
        },
    )
