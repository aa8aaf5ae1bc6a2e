"""Where a run stands, for the live line: what is done, how fast, and what holds it up."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from pytest_iqeval.broker.stats import BrokerStats
from pytest_iqeval.core.metrics.values import Metric
from pytest_iqeval.core.phrases import header, live
from pytest_iqeval.core.settings import Settings
from pytest_iqeval.core.told import Told
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
    notes: tuple[Told, ...]


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


def repeats_noted(settings: Settings, generation: Mapping[str, object]) -> list[Told]:
    """What the header says of several replies to each question.

    :param generation: the fields of every request's body.
    """
    if settings.repeats == 1:
        return []
    first, last = settings.reply_seed(0), settings.reply_seed(settings.repeats - 1)
    seeds = header.NO_SEED if first is None else header.SEEDS(first=first, last=last)
    rule = header.RULES.get(settings.pass_) or header.AT_LEAST(count=settings.pass_)
    notes = [header.REPEATS(repeats=settings.repeats, seeds=seeds, rule=rule)]
    return [*notes, header.MOSTLY_THE_SAME] if generation.get("temperature") == 0 else notes


def held_up(stats: BrokerStats) -> tuple[Told, ...]:
    """What matters most first; nothing where the run goes on as it was asked to."""
    notes = []
    if stats.outage_s is not None:
        seconds, patience = f"{stats.outage_s:.0f}", f"{stats.patience_s:g}"
        notes.append(live.NOBODY_ANSWERS(seconds=seconds, patience=patience))
    elif stats.limit < stats.full_limit:
        notes.append(live.SLOWED(limit=stats.limit, full=stats.full_limit))
    if stats.delayed:
        notes.append(live.DELAYED(count=stats.delayed))
    if stats.token_budget is not None:
        notes.append(live.SPENT(spent=stats.tokens_spent, budget=stats.token_budget))
    return tuple(notes)
