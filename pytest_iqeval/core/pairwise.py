"""Several runs against each other: each pair by question, corrected for their number."""

from __future__ import annotations

import itertools
import math
from collections.abc import Sequence
from dataclasses import dataclass, replace

from pytest_iqeval.core.comparison import (
    Baseline,
    Comparison,
    Pair,
    Question,
    compare,
    p_differ,
    question_of,
    right_share,
)
from pytest_iqeval.core.policy import majority
from pytest_iqeval.core.result import Reviewed
from pytest_iqeval.core.sample import Sample
from pytest_iqeval.core.score import Outcome, Score
from pytest_iqeval.core.statistics.paired import Difference, holm, paired_difference
from pytest_iqeval.core.summary import Summary

LEVEL = 0.05
KINDS = ("lost", "gained", "mixed", "flaky")
"""``mixed``: lost in some run and gained in another; ``flaky``: replies of one run differ."""
METRICS = ("accuracy", "credit")
ALL_PAIRS_UP_TO = 5
"""Of more runs than these each is compared with the first alone: of 10 runs, 9 pairs, not 45."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Contender:
    """A finished run that is compared with others; ``found`` is what a comparison asks of it."""

    summary: Summary
    reviewed: tuple[Reviewed, ...]
    found: Baseline


@dataclass(frozen=True, slots=True, kw_only=True)
class Versus:
    """Two runs over the questions of a benchmark that both have a score of.

    ``first`` and ``second`` are places among the runs, from 0; differences are the second minus
    the first. Without a common question there is no ``difference`` and no p. ``p`` is that of
    `comparison.p_differ`, ``p_holm`` the same corrected for all tests of the table.
    """

    first: int
    second: int
    benchmark: str
    difference: Difference | None
    lost: int
    gained: int
    flaky: int
    p: float | None
    p_holm: float | None = None

    @property
    def significant(self) -> bool:
        """Whether the runs differ, with all tests of the table erring in 5 % of tables at most."""
        return self.p_holm is not None and self.p_holm < LEVEL


@dataclass(frozen=True, slots=True, kw_only=True)
class Differing:
    """A question that the runs answer differently.

    ``replies`` has an entry a run: what it has of the question, by repeat; none if it was not
    asked there. ``kind`` is what became of it after the first run that has a score of it: one of
    `KINDS`.
    """

    sample: Sample
    replies: tuple[tuple[Reviewed, ...], ...]
    kind: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Standings:
    """Runs against each other. ``changed`` has what differs beside the model: a sentence, and
    the pairs of runs that it holds for."""

    metric: str
    runs: tuple[Contender, ...]
    versus: tuple[Versus, ...]
    changed: tuple[tuple[str, tuple[tuple[int, int], ...]], ...]
    differing: tuple[Differing, ...]


def pairs_of(number: int) -> list[tuple[int, int]]:
    """Which of so many runs are compared: all pairs, or each with the first."""
    if number <= ALL_PAIRS_UP_TO:
        return list(itertools.combinations(range(number), 2))
    return [(0, other) for other in range(1, number)]


def standings(runs: Sequence[Contender], *, metric: str) -> Standings:
    """Compare runs.

    :param metric: one of `METRICS`, of which the difference is taken. Lost, gained, flaky and p
        are always about right answers.
    """
    versus: list[Versus] = []
    changed: dict[str, list[tuple[int, int]]] = {}
    for first, second in pairs_of(len(runs)):
        comparison = _comparison(runs[first], runs[second])
        for change in comparison.changed:
            changed.setdefault(change.said, []).append((first, second))
        both = [b.name for b in runs[second].summary.benchmarks]
        theirs = {b.name for b in runs[first].summary.benchmarks}
        versus += [
            _versus(comparison, benchmark, (first, second), metric)
            for benchmark in both
            if benchmark in theirs
        ]
    return Standings(
        metric=metric,
        runs=tuple(runs),
        versus=tuple(_corrected(versus)),
        changed=tuple((said, tuple(pairs)) for said, pairs in changed.items()),
        differing=_differing(runs, metric),
    )


def mean_value(scores: Sequence[Score], metric: str) -> float:
    """What the replies to a question are worth, 0 to 1; there must be one."""
    if metric == "accuracy":
        return right_share(scores)
    return math.fsum(score.value or 0.0 for score in scores) / len(scores)


def _comparison(first: Contender, second: Contender) -> Comparison:
    results = [one.result for one in second.reviewed]
    samples = list({question_of(r.sample): r.sample for r in results}.values())
    # Any policy would do: what is lost or gained is so by all its replies.
    return compare(
        first.found, samples, results, available=samples, passes=majority, facts=second.found.facts
    )


def _versus(comparison: Comparison, benchmark: str, places: tuple[int, int], metric: str) -> Versus:
    def here(pairs: Sequence[Pair]) -> list[Pair]:
        return [pair for pair in pairs if pair.sample.benchmark == benchmark]

    pairs = here(comparison.pairs)
    differences = [mean_value(p.now, metric) - mean_value(p.before, metric) for p in pairs]
    return Versus(
        first=places[0],
        second=places[1],
        benchmark=benchmark,
        difference=paired_difference(differences) if differences else None,
        lost=len(here(comparison.lost)),
        gained=len(here(comparison.gained)),
        flaky=len(here(comparison.flaky)),
        p=p_differ(pairs) if pairs else None,
    )


def _corrected(versus: Sequence[Versus]) -> list[Versus]:
    corrected = iter(holm([one.p for one in versus if one.p is not None]))
    return [one if one.p is None else replace(one, p_holm=next(corrected)) for one in versus]


def _differing(runs: Sequence[Contender], metric: str) -> tuple[Differing, ...]:
    """In the order of the first run, what it does not have after it."""
    samples: dict[Question, Sample] = {}
    replies: dict[Question, list[list[Reviewed]]] = {}
    for place, run in enumerate(runs):
        for one in run.reviewed:
            question = question_of(one.result.sample)
            samples.setdefault(question, one.result.sample)
            replies.setdefault(question, [[] for _ in runs])[place].append(one)
    return tuple(
        Differing(sample=samples[question], replies=tuple(map(tuple, by_run)), kind=kind)
        for question, by_run in replies.items()
        if (kind := _kind(_scored(by_run), metric)) is not None
    )


def _scored(by_run: Sequence[Sequence[Reviewed]]) -> list[list[Score]]:
    """The scores of each run that has any."""
    scores = ([one.result.score for one in reviewed] for reviewed in by_run)
    judged = ([score for score in run if score.outcome is not Outcome.ERROR] for run in scores)
    return [run for run in judged if run]


def _kind(by_run: Sequence[Sequence[Score]], metric: str) -> str | None:
    """What became of a question after the first run; ``None``: to all it is worth the same."""
    values = [mean_value(scores, metric) for scores in by_run]
    if len(set(values)) < 2:
        return None
    if any(0 < right_share(scores) < 1 for scores in by_run):
        return "flaky"
    lost, gained = min(values) < values[0], max(values) > values[0]
    return "mixed" if lost and gained else "lost" if lost else "gained"
