"""What a run may ask of its endpoint."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """The limits of a whole run, however many processes score it; ``None``: no such limit.

    ``concurrency`` is the most requests in flight; ``retries`` how often one request is sent
    again where that can help; ``patience_s`` how long one request waits between its attempts in
    all, and how long an outage may last. ``rpm`` and ``tpm`` are sends and tokens in any 60 s.
    ``token_budget`` and ``time_budget_s`` are the run's. ``ahead`` is how many replies may be
    under way or unclaimed at once beside those that are waited for.
    """

    concurrency: int
    retries: int
    patience_s: float
    rpm: int | None = None
    tpm: int | None = None
    token_budget: int | None = None
    time_budget_s: float | None = None
    ahead: int | None = None
