"""Whether a request is sent again, and after how long."""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import dataclass, field

from pytest_iqeval.core.errors import NoReply

FIRST_S = 0.5
LONGEST_S = 30.0


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

        The endpoint's Retry-After counts, else a draw from 0 to a ceiling that doubles with
        each attempt ("full jitter", so that lanes that failed together don't return together).
        Either is cut to what is left of the patience; where nothing is left, it ends.

        :param attempts: how often the request was sent by now.
        :param waited_s: seconds it has waited between them.
        """
        left_s = self.patience_s - waited_s
        if not failure.retryable or attempts > self.retries or left_s <= 0:
            return None
        if failure.retry_after_s is not None:
            return min(max(failure.retry_after_s, 0.0), left_s)
        # The exponent is bounded: 2 ** 2000 is no float.
        ceiling_s = min(LONGEST_S, FIRST_S * 2.0 ** min(attempts - 1, 20))
        return min(self.draw() * ceiling_s, left_s)
