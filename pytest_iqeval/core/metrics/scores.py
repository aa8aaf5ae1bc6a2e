"""Metrics over scores: accuracy and counts of outcomes."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from fractions import Fraction

from pytest_iqeval.core.metrics.values import Measure
from pytest_iqeval.core.result import Result
from pytest_iqeval.core.score import Outcome


def accuracy(results: Sequence[Result]) -> Measure:
    """The mean over questions of the mean over their replies; errors are not in it.

    ``total`` sums the questions' means and ``n`` counts questions, so that a question asked
    five times weighs no more than one asked once.
    """
    replies: Counter[tuple[str, str, str]] = Counter()
    right: Counter[tuple[str, str, str]] = Counter()
    for result in results:
        if result.score.outcome is not Outcome.ERROR:
            question = result.key[:3]
            replies[question] += 1
            right[question] += result.score.correct
    if not replies:
        return Measure(total=None, n=0)
    total = sum((Fraction(right[q], replies[q]) for q in right if right[q]), start=Fraction())
    return Measure(total=total, n=len(replies))


def answered(results: Sequence[Result]) -> Measure:
    """How many questions have a score: the n of accuracy, a number even when it is 0."""
    n = accuracy(results).n
    return Measure(total=Fraction(n), n=n)


def outcome_count(results: Sequence[Result], outcome: Outcome) -> Measure:
    """How many replies ended in `outcome`, among the replies that were judged.

    Errors are counted among all results, judged or not. Nothing among nothing.
    """
    among = [
        r.score.outcome
        for r in results
        if outcome is Outcome.ERROR or r.score.outcome is not Outcome.ERROR
    ]
    return Measure(total=Fraction(among.count(outcome)) if among else None, n=len(among))


def outcome_counts(results: Sequence[Result]) -> dict[str, int]:
    """Every outcome by its name with its count, zeros too, in the order of `Outcome`."""
    found = Counter(r.score.outcome for r in results)
    return {outcome.value: found[outcome] for outcome in Outcome}
