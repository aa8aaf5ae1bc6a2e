"""What holds a run up, in a few words each, for the live line."""

from __future__ import annotations

from pytest_iqeval.broker.stats import BrokerStats


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
