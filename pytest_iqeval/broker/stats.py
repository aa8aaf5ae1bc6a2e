"""Where the broker stands, as a value."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(slots=True, kw_only=True)
class Counts:
    """What the broker has counted so far, under its lock.

    ``reused`` keys were answered by an earlier run; others are ``answered``, or end as
    ``errors``. ``sent`` counts attempts, ``retries`` those after the first of a key.
    ``prompt_tokens`` and ``completion_tokens`` are sums of what the endpoint counted in this run.

    ``dropped`` counts attempts of keys that were given up between two of them (a budget was
    spent, an outage did not end), so that no answer in the journal counts them;
    ``dropped_retries`` of them were retries.
    """

    reused: int = 0
    sent: int = 0
    retries: int = 0
    answered: int = 0
    errors: int = 0
    dropped: int = 0
    dropped_retries: int = 0
    prompt_tokens: int = 0
    completion_tokens: int = 0


@dataclass(slots=True, kw_only=True)
class BrokerStats(Counts):
    """Where the broker stands, for a live line and the report: a copy, which changes no more.

    ``planned`` counts keys; each is sooner or later one of ``reused``, ``answered`` and
    ``errors``. ``delayed`` keys wait for their next attempt.

    ``limit`` is how many may be in flight now, of ``full_limit``; it was ``slowed`` so often,
    after ``throttled`` answers with 429. ``outage_s`` is for how long nobody has answered, while
    the broker takes the endpoint for gone, and it waits up to ``patience_s``. ``tokens_spent``
    is what counts against ``token_budget``: estimated where the endpoint counts nothing, and 0
    where neither a budget nor a rate makes it matter. ``refused`` says that nothing more is sent
    since the endpoint refused so many in a row: see `Refusals`.
    """

    planned: int = 0
    in_flight: int = 0
    delayed: int = 0
    limit: int = 0
    full_limit: int = 0
    slowed: int = 0
    throttled: int = 0
    outage_s: float | None = None
    patience_s: float = 0.0
    tokens_spent: int = 0
    token_budget: int | None = None
    refused: bool = False
