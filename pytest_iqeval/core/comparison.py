"""Two runs question by question: what was right in the baseline, and what is right now."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property

from pytest_iqeval.core.policy import Passes
from pytest_iqeval.core.result import Result
from pytest_iqeval.core.sample import Sample
from pytest_iqeval.core.score import Outcome, Score

Question = tuple[str, str, str]
"""A question in any run: benchmark, subset, id."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Baseline:
    """What an earlier run found.

    ``scores`` holds, for each question that it asked, the scores of its replies; errors are left
    out, so a question may have none. ``facts`` says by which means they came about (the data of a
    benchmark, its prompt, its scorer, a generation setting): name to value, as `changed` compares
    them. Where it came from is for messages: ``run`` is the run's id, ``model`` what it asked.
    """

    run: str
    model: str
    scores: Mapping[Question, tuple[Score, ...]]
    facts: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Pair:
    """A question that both runs have a score of: those of its replies then and now."""

    sample: Sample
    before: tuple[Score, ...]
    now: tuple[Score, ...]

    @property
    def difference(self) -> float:
        """The share of right replies now, minus then: from -1 to 1."""
        return right_share(self.now) - right_share(self.before)

    @property
    def flips(self) -> bool:
        """Whether repeated replies to it, then or now, are partly right and partly not."""
        return any(0 < right_share(scores) < 1 for scores in (self.before, self.now))


# No slots: what is asked of it is kept.
@dataclass(frozen=True, kw_only=True)
class Comparison:
    """A run against its baseline, by question.

    ``unscored`` questions were asked in both runs and have no score in one of them; ``new`` ones
    the baseline did not ask, ``gone`` ones were asked then and are not selected now. ``changed``
    tells what else is not as it was then, a sentence each: then a difference may be theirs.
    """

    run: str
    model: str
    pairs: tuple[Pair, ...]
    unscored: tuple[Sample, ...] = ()
    new: tuple[Sample, ...] = ()
    gone: tuple[Question, ...] = ()
    changed: tuple[str, ...] = ()
    passes: Passes = field(compare=False, repr=False)

    @cached_property
    def flaky(self) -> tuple[Pair, ...]:
        """Questions whose replies differ among themselves: neither lost nor gained."""
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


def right_share(scores: Sequence[Score]) -> float:
    """How many of the scores are right, from 0 to 1; there must be one."""
    return sum(score.correct for score in scores) / len(scores)


def scored(results: Sequence[Result]) -> dict[Question, tuple[Score, ...]]:
    """The scores of each question in `results`, errors left out, in the order of repeats."""
    found: dict[Question, list[Score]] = {}
    for result in sorted(results, key=lambda r: r.repeat):
        scores = found.setdefault(result.key[:3], [])
        if result.score.outcome is not Outcome.ERROR:
            scores.append(result.score)
    return {question: tuple(scores) for question, scores in found.items()}


def compare(
    baseline: Baseline,
    selected: Sequence[Sample],
    results: Sequence[Result],
    *,
    passes: Passes,
    facts: Mapping[str, str],
) -> Comparison:
    """Match the selected questions with those of `baseline`.

    :param results: of this run.
    :param passes: what makes several replies to one question right (`--iqeval-pass`).
    :param facts: of this run, named like the baseline's.
    """
    now = scored(results)
    pairs, unscored, new = [], [], []
    here = set()
    for sample in selected:
        question = (sample.benchmark, sample.subset, sample.id)
        here.add(question)
        before = baseline.scores.get(question)
        if before is None:
            new.append(sample)
        elif before and now.get(question):
            pairs.append(Pair(sample=sample, before=before, now=now[question]))
        else:
            unscored.append(sample)
    return Comparison(
        run=baseline.run,
        model=baseline.model,
        pairs=tuple(pairs),
        unscored=tuple(unscored),
        new=tuple(new),
        gone=tuple(question for question in baseline.scores if question not in here),
        changed=changed(baseline.facts, facts),
        passes=passes,
    )


def changed(before: Mapping[str, str], now: Mapping[str, str]) -> tuple[str, ...]:
    """What differs between the facts of two runs, a sentence each, for facts that both name."""
    return tuple(
        f"{name} is {now[name]}, it was {value}"
        for name, value in before.items()
        if name in now and now[name] != value
    )
