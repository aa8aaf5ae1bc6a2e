"""Where a run stands, for the live line: what is done, how fast, and what holds it up."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

from pytest_iqeval.broker.stats import BrokerStats
from pytest_iqeval.core.metrics.values import Measure, Metric
from pytest_iqeval.core.score import Outcome
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
    scores = list(ledger.scores.values())
    errors = sum(s.outcome is Outcome.ERROR for s in scores)
    correct = Fraction(sum(s.correct for s in scores))
    done, total = len(scores), len(ledger.selected)
    return Progress(
        done=done,
        total=total,
        accuracy=Measure(total=correct, n=done - errors).metric(),
        errors=errors,
        elapsed_s=elapsed_s,
        tokens_per_s=stats.completion_tokens / elapsed_s if stats.completion_tokens else None,
        seconds_left=elapsed_s / done * (total - done) if done else None,
        notes=held_up(stats),
    )


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
