"""Where a run stands, for the live line: what is done, how fast, and what holds it up."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from pytest_iqeval.broker.stats import BrokerStats
from pytest_iqeval.core.metrics.values import Metric
from pytest_iqeval.core.policy import POLICIES
from pytest_iqeval.core.settings import Settings
from pytest_iqeval.run.ledger import Ledger


@dataclass(frozen=True, slots=True, kw_only=True)
class Progress:
    """Where a run stands: questions ``done`` of ``total``, their scores, and the pace.

    ``tokens_per_s`` and ``seconds_left`` are ``None`` where nothing is known yet. ``notes`` say
    what holds it up.
    """

    done: int
    total: int
    accuracy: Metric
    errors: int
    elapsed_s: float
    tokens_per_s: float | None
    seconds_left: float | None
    notes: tuple[str, ...]


def progress_of(ledger: Ledger, stats: BrokerStats, *, elapsed_s: float) -> Progress:
    """Where a run stands after so many seconds."""
    standing = ledger.standing
    done = standing.done
    total = len(ledger.selected)
    return Progress(
        done=done,
        total=total,
        accuracy=standing.accuracy().metric(),
        errors=standing.errors,
        elapsed_s=elapsed_s,
        tokens_per_s=stats.completion_tokens / elapsed_s if stats.completion_tokens else None,
        seconds_left=elapsed_s / done * (total - done) if done else None,
        notes=held_up(stats),
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
