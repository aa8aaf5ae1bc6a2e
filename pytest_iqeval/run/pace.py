"""How far a run is, and what holds it up, for the live line."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from fractions import Fraction

from pytest_iqeval.broker.stats import BrokerStats
from pytest_iqeval.core.metrics.values import Measure
from pytest_iqeval.core.policy import POLICIES
from pytest_iqeval.core.request import Key
from pytest_iqeval.core.score import Outcome, Score
from pytest_iqeval.core.settings import Settings


def so_far(scores: Mapping[Key, Score], repeats: int) -> tuple[int, Measure, int]:
    """Questions that have all their scores, the accuracy over those that have any, and errors."""
    all_: Counter[Key] = Counter()
    judged: Counter[Key] = Counter()
    right: Counter[Key] = Counter()
    for key, score in scores.items():
        question = key._replace(repeat=0)
        all_[question] += 1
        judged[question] += score.outcome is not Outcome.ERROR
        right[question] += score.correct
    means = [Fraction(right[one], n) for one, n in judged.items() if n]
    return (
        sum(n >= repeats for n in all_.values()),
        Measure(total=sum(means, start=Fraction()), n=len(means)),
        all_.total() - judged.total(),
    )


def repeats_noted(settings: Settings, generation: Mapping[str, object]) -> list[str]:
    """What the header says of several replies to each question.

    :param generation: the fields of every request's body.
    """
    if settings.repeats == 1:
        return []
    first, last = settings.reply_seed(0), settings.reply_seed(settings.repeats - 1)
    seeds = "no seed is sent" if first is None else f"seeds {first} to {last}"
    rule = settings.pass_ if settings.pass_ in POLICIES else f"at least {settings.pass_}"
    notes = [f"each question {settings.repeats} times ({seeds}); passes with {rule} right"]
    if generation.get("temperature") == 0:
        notes.append(
            "temperature 0: the replies to a question will mostly be the same "
            "(--iqeval-temperature 0.7 has them drawn)"
        )
    return notes


def held_up(stats: BrokerStats) -> tuple[str, ...]:
    """What matters most first; nothing where the run goes on as it was asked to."""
    notes = []
    if stats.outage_s is not None:
        notes.append(
            f"nobody has answered for {stats.outage_s:.0f} s, waiting up to {stats.patience_s:g} s"
        )
    elif stats.limit < stats.full_limit:
        notes.append(f"slowed to {stats.limit} of {stats.full_limit} in flight")
    if stats.delayed:
        notes.append(f"{stats.delayed} to be sent again")
    if stats.token_budget is not None:
        notes.append(f"{stats.tokens_spent:,} of {stats.token_budget:,} tokens")
    return tuple(notes)
