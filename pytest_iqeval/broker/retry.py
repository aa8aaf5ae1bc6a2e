"""Whether a request is sent again, and after how long."""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import dataclass, field

from pytest_iqeval.core.errors import NoReply

FIRST_S = 0.5
LONGEST_S = 30.0
LONGEST_JITTER_S = 1.0


@dataclass(frozen=True, slots=True, kw_only=True)
class RetryPolicy:
    """The rule for the next attempt of one request.

    ``retries`` bounds the attempts after the first; ``patience_s`` the seconds that a request
    waits between its attempts in all. ``draw`` gives a number from 0 to 1.
    """

    retries: int
    patience_s: float
    draw: Callable[[], float] = field(default=random.random)

    def delay_s(self, failure: NoReply, *, attempts: int, waited_s: float) -> float | None:
        """Seconds until the next attempt; ``None``: there is none.

        The endpoint's Retry-After counts, with a little on top, so that those told the same
        don't return together; one beyond what is left of the patience ends the request at once:
        to wait as long as one may and then fail would be the worst of both. Without it, it is a
        draw from 0 to a ceiling that doubles with each attempt ("full jitter"), cut to what is
        left; where nothing is left, it ends. A Retry-After shorter than that draw (0 seconds, or
        a date that is over) does not shorten it, or all retries would be gone in no time.

        :param attempts: how often the request was sent by now, without the excused ones.
        :param waited_s: seconds it has waited between them.
        """
        left_s = self.patience_s - waited_s
        if not failure.retryable or attempts > self.retries or left_s <= 0:
            return None
        draw = self.draw()
        # The exponent is bounded: 2 ** 2000 is no float.
        delay_s = draw * min(LONGEST_S, FIRST_S * 2.0 ** max(0, min(attempts - 1, 20)))
        if failure.retry_after_s is not None:
            asked_s = max(failure.retry_after_s, 0.0)
            if asked_s > left_s:
                return None
            delay_s = max(delay_s, asked_s + draw * min(LONGEST_JITTER_S, asked_s / 10))
        return min(delay_s, left_s)

    def last_words(self, failure: NoReply) -> NoReply:
        """`failure`, which is not retried; if it asked for too long a wait, it says so."""
        asked_s = failure.retry_after_s
        if failure.retryable and asked_s is not None and asked_s > self.patience_s:
            waits = f"it asks to wait for {asked_s:,.0f} s, longer than --iqeval-patience"
            failure.hint = waits if failure.hint is None else f"{failure.hint}; {waits}"
        return failure
