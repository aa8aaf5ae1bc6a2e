"""Two runs question by question: what was right in the baseline, and what is right now."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from functools import cached_property
from typing import Any

from pytest_iqeval.core.facts import Change, Facts, changes
from pytest_iqeval.core.policy import Passes
from pytest_iqeval.core.result import Result
from pytest_iqeval.core.sample import Sample
from pytest_iqeval.core.score import Outcome, Score
from pytest_iqeval.core.statistics.paired import sign_flip, sign_flip_two_sided

Question = tuple[str, str, str]
"""A question in any run: benchmark, subset, id."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Baseline:
    """What an earlier run found.

    ``scores`` holds, for each question that it asked, the scores of its replies, of which only
    outcome and value are known; errors are left out, so a question may have none. ``facts`` says
    by which means they came about. ``run`` is the run's id, ``model`` what it asked: for messages.
    ``reply_tokens`` is how long its replies were on average, by benchmark, where that is known.
    ``passed_over`` tells which newer runs were not taken, and why, where the user named none.
    """

    run: str
    model: str
    scores: Mapping[Question, tuple[Score, ...]]
    facts: Facts = field(default_factory=Facts)
    reply_tokens: Mapping[str, float] = field(default_factory=dict, compare=False)
    passed_over: str | None = field(default=None, compare=False)

    @property
    def told(self) -> str:
        """What it is, in a few words."""
        return f"{self.run} ({self.model})"


@dataclass(frozen=True, slots=True, kw_only=True)
class Pair:
    """A question that both runs have a score of: those of its replies then and now."""

    sample: Sample
    before: tuple[Score, ...]
    now: tuple[Score, ...]

    @property
    def difference(self) -> Fraction:
        """The share of right replies now, minus then: from -1 to 1; exact."""
        right_now, right_before = (
            sum(score.correct for score in scores) for scores in (self.now, self.before)
        )
        now, before = len(self.now), len(self.before)
        return Fraction(right_now * before - right_before * now, now * before)

    @property
    def flips(self) -> bool:
        """Whether repeated replies to it, then or now, are partly right and partly not."""
        return any(0 < right_share(scores) < 1 for scores in (self.before, self.now))


# No slots: what is asked of it is kept.
@dataclass(frozen=True, kw_only=True)
class Comparison:
    """A run against its baseline, by question.

    ``unscored`` questions were asked in both runs and have no score in one of them; ``new`` ones
    the baseline did not ask, ``gone`` ones were asked then and are in the benchmarks no more.
    ``unselected`` counts those that were asked then and that nothing selected now. ``changed``
    is what else is not as it was then: a difference may be due to it. ``allowed`` is that of which
    the user said that it does not matter.
    """

    run: str
    model: str
    pairs: tuple[Pair, ...]
    unscored: tuple[Sample, ...] = ()
    new: tuple[Sample, ...] = ()
    gone: tuple[Question, ...] = ()
    unselected: int = 0
    changed: tuple[Change, ...] = ()
    allowed: tuple[Change, ...] = ()
    passes: Passes = field(compare=False, repr=False)

    @cached_property
    def flaky(self) -> tuple[Pair, ...]:
        """Questions whose replies differ among themselves: neither lost nor gained as a whole.

        What they moved counts all the same, in the difference and in `p_worse`.
        """
        return tuple(pair for pair in self.pairs if pair.flips)

    @cached_property
    def lost(self) -> tuple[Pair, ...]:
        """Right then and not now, with no reply that says otherwise."""
        return tuple(p for p in self.pairs if self._turned(p, -1))

    @cached_property
    def gained(self) -> tuple[Pair, ...]:
        """Right now and not then, with no reply that says otherwise."""
        return tuple(p for p in self.pairs if self._turned(p, 1))

    def _turned(self, pair: Pair, way: int) -> bool:
        return not pair.flips and self.passes(pair.now) - self.passes(pair.before) == way


@dataclass(frozen=True, slots=True, kw_only=True)
class RightBefore:
    """The questions to which every reply was right in a baseline, for a failure's text."""

    run: str
    questions: frozenset[Question]

    def holds(self, sample: Sample) -> bool:
        """Whether its question is one of them."""
        return question_of(sample) in self.questions

    def to_plain(self) -> dict[str, object]:
        """Plain types only, for the workers; the names of benchmark and subset once."""
        ids: dict[str, dict[str, list[str]]] = {}
        for benchmark, subset, id_ in sorted(self.questions):
            ids.setdefault(benchmark, {}).setdefault(subset, []).append(id_)
        return {"run": self.run, "ids": ids}

    @classmethod
    def from_plain(cls, plain: Mapping[str, Any]) -> RightBefore:
        """The inverse of `to_plain`."""
        questions = frozenset(
            (benchmark, subset, id_)
            for benchmark, subsets in plain["ids"].items()
            for subset, ids in subsets.items()
            for id_ in ids
        )
        return cls(run=plain["run"], questions=questions)


def question_of(sample: Sample) -> Question:
    """What names a sample's question in any run."""
    return sample.benchmark, sample.subset, sample.id


def node_id_of(question: Question) -> str:
    """A question's node id, also where its sample is there no more."""
    benchmark, subset, id_ = question
    return f"iqeval/{benchmark}::{subset}::{id_}"


def right_share(scores: Sequence[Score]) -> float:
    """How many of the scores are right, from 0 to 1; there must be one."""
    return sum(score.correct for score in scores) / len(scores)


def p_worse(pairs: Sequence[Pair]) -> float:
    """The one-sided p value that the questions are answered worse now; all of them count.

    With one reply to each it is the exact McNemar test of lost against gained ones.
    """
    return sign_flip([pair.difference for pair in pairs])


def p_differ(pairs: Sequence[Pair]) -> float:
    """As `p_worse`, for a difference either way."""
    return sign_flip_two_sided([pair.difference for pair in pairs])


def right_before(baseline: Baseline) -> RightBefore:
    """What was right in `baseline` beyond doubt: a question that flipped is not among it."""
    right = (q for q, scores in baseline.scores.items() if scores and right_share(scores) == 1)
    return RightBefore(run=baseline.run, questions=frozenset(right))


def scored(results: Iterable[Result]) -> dict[Question, tuple[Score, ...]]:
    """The scores of each question in `results`, errors left out, in the order of repeats."""
    found: dict[Question, list[Score]] = {}
    for result in sorted(results, key=lambda r: r.repeat):
        scores = found.setdefault(question_of(result.sample), [])
        if result.score.outcome is not Outcome.ERROR:
            scores.append(result.score)
    return {question: tuple(scores) for question, scores in found.items()}


def repeats_in(results: Iterable[Result]) -> int:
    """How often each question was asked."""
    return max((result.repeat + 1 for result in results), default=1)


def compare(
    baseline: Baseline,
    selected: Sequence[Sample],
    results: Sequence[Result],
    *,
    available: Iterable[Sample] = (),
    passes: Passes,
    facts: Facts,
    allowed: Collection[str] = (),
) -> Comparison:
    """Match the selected questions with those of `baseline`.

    :param results: of this run.
    :param available: all questions of its benchmarks, whether or not they are selected.
    :param passes: what makes several replies to one question right (`--iqeval-pass`).
    :param facts: of this run.
    :param allowed: names of facts that may differ, or ``all``.
    """
    now = scored(results)
    pairs, unscored, new = [], [], []
    here = set()
    for sample in selected:
        question = question_of(sample)
        here.add(question)
        before = baseline.scores.get(question)
        if before is None:
            new.append(sample)
        elif before and now.get(question):
            pairs.append(Pair(sample=sample, before=before, now=now[question]))
        else:
            unscored.append(sample)
    there = here.union(map(question_of, available))
    benchmarks = {benchmark for benchmark, _, _ in there}
    gone = tuple(q for q in baseline.scores if q[0] in benchmarks and q not in there)
    differs = changes(baseline.facts, facts)
    return Comparison(
        run=baseline.run,
        model=baseline.model,
        pairs=tuple(pairs),
        unscored=tuple(unscored),
        new=tuple(new),
        gone=gone,
        unselected=len(baseline.scores.keys() - here) - len(gone),
        changed=tuple(change for change in differs if not change.allowed(allowed)),
        allowed=tuple(change for change in differs if change.allowed(allowed)),
        passes=passes,
    )
