"""Metrics over scores: accuracy, credit and counts of outcomes."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from fractions import Fraction
from functools import lru_cache

from pytest_iqeval.core.comparison import Question, question_of, scored
from pytest_iqeval.core.metrics.values import Measure, Metric
from pytest_iqeval.core.result import Result
from pytest_iqeval.core.score import Outcome, Score

_PARTS_AT_MOST = 64  # of a value that is read as a simple fraction


def accuracy(results: Sequence[Result]) -> Measure:
    """The mean over questions of the mean over their replies; errors are not in it.

    ``total`` sums the questions' means and ``n`` counts questions, so that a question asked
    five times weighs no more than one asked once. ``squares`` is over the questions' means: the
    interval of repeated questions comes from how these differ, clustered by question; and by
    the groups that questions come in.
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
    # Apart, since most questions are right or wrong altogether, and fractions are slow.
    wholly = sum(right[q] == n for q, n in replies.items())
    partly = [Fraction(right[q], n) for q, n in replies.items() if 0 < right[q] < n]
    return Measure(
        total=sum(partly, start=Fraction(wholly)),
        n=len(replies),
        squares=sum((mean * mean for mean in partly), start=Fraction(wholly)),
        groups=_group_sums(results, {q: Fraction(right[q], n) for q, n in replies.items()}),
    )


def accuracy_macro(results: Sequence[Result]) -> Measure:
    """The mean over subsets of each one's accuracy; a subset without any score is not in it.

    ``n`` counts questions, and ``parts`` are the subsets' own measures.
    """
    by_subset: defaultdict[tuple[str, str], list[Result]] = defaultdict(list)
    for result in results:
        by_subset[result.sample.benchmark, result.sample.subset].append(result)
    measured = [accuracy(one) for one in by_subset.values()]
    parts = tuple(part for part in measured if part.n)
    if not parts:
        return Measure(total=None, n=0)
    n = sum(part.n for part in parts)
    mean = sum((part.share or Fraction() for part in parts), start=Fraction()) / len(parts)
    return Measure(total=mean * n, n=n, parts=parts)


def credit(results: Sequence[Result]) -> Measure:
    """The mean over questions of the mean value of their replies; errors are not in it.

    Like accuracy, but an answer that is right in part counts in part. ``squares`` is over the
    questions' means.
    """
    values: defaultdict[tuple[str, str, str], list[Fraction]] = defaultdict(list)
    for result in results:
        if result.score.outcome is not Outcome.ERROR:
            values[result.key[:3]].append(_meant(result.score.value or 0.0))
    return mean_of(results, {q: sum(v, start=Fraction()) / len(v) for q, v in values.items()})


def question_value(metric: str, scores: Sequence[Score]) -> Fraction:
    """What a metric finds of one question: the mean over the scores of its replies.

    :param metric: ``accuracy``, ``credit``, or an outcome's name.
    """
    if metric == "credit":
        worth = sum((_meant(score.value or 0.0) for score in scores), start=Fraction())
        return worth / len(scores)
    outcome = Outcome.CORRECT if metric == "accuracy" else Outcome(metric)
    return Fraction(sum(score.outcome is outcome for score in scores), len(scores))


def outcome_share(results: Sequence[Result], outcome: Outcome) -> Measure:
    """The mean over questions of the share of their replies that ended in `outcome`.

    For intervals: replies to one question are not independent, questions are.
    """
    by_question = scored(results).items()
    return mean_of(
        results, {q: question_value(outcome.value, scores) for q, scores in by_question if scores}
    )


def mean_of(results: Sequence[Result], values: Mapping[Question, Fraction]) -> Measure:
    """The mean of the questions' values, one a question, each from 0 to 1.

    :param results: of these questions, perhaps of more: they know the questions' groups.
    """
    if not values:
        return Measure(total=None, n=0)
    return Measure(
        total=sum(values.values(), start=Fraction()),
        n=len(values),
        squares=sum((v * v for v in values.values()), start=Fraction()),
        groups=_group_sums(results, values),
    )


def _group_sums(
    results: Sequence[Result], values: Mapping[Question, Fraction]
) -> tuple[tuple[Fraction, int], ...]:
    """The sum and the number of the values of each group; nothing where no question has one."""
    groups = {question_of(r.sample): r.sample.group for r in results if r.sample.group is not None}
    if not groups.keys() & values.keys():
        return ()
    found: defaultdict[tuple[str, ...], list[Fraction]] = defaultdict(list)
    for question, value in values.items():
        group = groups.get(question)
        # Groups go across the subsets of a benchmark; a question without one is its own.
        found[question if group is None else (question[0], group)].append(value)
    return tuple((sum(group, start=Fraction()), len(group)) for group in found.values())


@lru_cache(maxsize=1024)
def _meant(value: float) -> Fraction:
    """The fraction that a value stands for: a scorer's 1/3 is a float that is not quite it.

    Any other value is taken to 12 decimals: sums of fractions with thousands of different
    denominators would have thousands of digits.
    """
    simple = Fraction(value).limit_denominator(_PARTS_AT_MOST)
    return simple if abs(simple - value) < 1e-12 else Fraction(round(value * 10**12), 10**12)


def shown_metrics(results: Sequence[Result], *, partly: bool) -> dict[str, Metric]:
    """The metrics that every report shows of a group: accuracy, and `partly` its credit too.

    :param partly: whether an answer of the group's benchmark is `right_in_part`; else credit
        says what accuracy says.
    """
    shown = {"accuracy": accuracy, **({"credit": credit} if partly else {})}
    return {name: metric(results).metric() for name, metric in shown.items()}


def right_in_part(results: Sequence[Result]) -> bool:
    """Whether the value of some answer lies between 0 and 1."""
    return any(0 < (r.score.value or 0.0) < 1 for r in results)


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
