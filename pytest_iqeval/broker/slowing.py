"""How many requests may be in flight: fewer while the endpoint says that it is too many."""

from __future__ import annotations

from collections import deque

_WINDOW = 50  # answers that are looked at …
_MOST = 10  # … and how many of them may be a 429: one in five
_CUT = 0.7
_BACK = 0.05  # of the full limit, for each second without a 429
_PERIOD_S = 1.0  # between two cuts, where the endpoint does not say how long to wait


class Slowing:
    """The limit of requests in flight.

    A stray 429 is its own request's affair. When more than one in five of the last 50 answers
    are 429, or an answer says that a quota is spent, the endpoint means the run: the limit falls
    to 0.7 of itself, at most once per Retry-After and never below 1. It comes back by 5 % of the
    full limit for each second without a 429. (Halving at each 429 costs 5 to 9 times the ideal
    on an endpoint that refuses one request in twenty by chance.)

    Fewer in flight are no slower on an endpoint that refuses quickly: so with a cut nothing is
    sent until the Retry-After is over, and a limit that is 1 already pauses instead of falling.
    """

    def __init__(self, full: int) -> None:
        self.full = full
        self.slowed = 0  # cuts
        self.throttled = 0  # answers with 429
        self._limit = float(full)
        self._recent: deque[bool] = deque(maxlen=_WINDOW)
        self._bad = 0  # of the recent
        self._cut_again = 0.0  # not before that moment
        self._paused_until = 0.0
        self._clean_since = 0.0

    def answered(self, *, busy: bool) -> None:
        """An answer came; `busy`: a 429."""
        if len(self._recent) == _WINDOW:
            self._bad -= self._recent[0]
        self._recent.append(busy)
        self._bad += busy

    def refused(self, now: float, retry_after_s: float | None, *, quota: bool) -> float:
        """A 429 came; the seconds for which nothing is to be sent, 0 as long as it is a stray.

        :param quota: it says that a quota is used up.
        """
        self.answered(busy=True)
        self.throttled += 1
        self._recover(now)
        self._clean_since = now
        if now < self._cut_again or not (quota or self._bad > _MOST):
            return 0.0
        floor = self._limit <= 1
        self._limit = max(1.0, self._limit * _CUT)
        self.slowed += 1
        period = max(_PERIOD_S, retry_after_s or 0.0)
        self._cut_again = now + period
        pause_s = period if retry_after_s or floor else 0.0
        self._paused_until = max(self._paused_until, now + pause_s)
        return pause_s

    def limit(self, now: float) -> int:
        """How many may be in flight now."""
        if self._limit < self.full:
            self._recover(now)
        return int(self._limit)

    def room(self, now: float, flying: int) -> tuple[int, float | None]:
        """How many may start; where it is none, when that may be otherwise by itself."""
        if now < self._paused_until:
            return 0, self._paused_until
        room = self.limit(now) - flying
        if room > 0 or self._limit >= self.full:
            return max(0, room), None
        return 0, self._clean_since + 1.0

    def _recover(self, now: float) -> None:
        seconds = int(now - self._clean_since)
        if seconds > 0:
            self._clean_since += seconds
            # A sum of twentieths must not end a hair below the whole.
            grown = round(self._limit + seconds * _BACK * self.full, 6)
            self._limit = min(float(self.full), grown)
