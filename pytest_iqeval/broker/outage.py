"""Notices that nobody answers any more, and asks carefully until somebody does."""

from __future__ import annotations

from pytest_iqeval.broker.plan import Entry
from pytest_iqeval.core.errors import NoReply

LEAST = 5  # different requests that nobody answered, before that is an outage
FIRST_PROBE_S = 0.5
LONGEST_PROBE_S = 5.0

_SILENT = frozenset({"connect", "timeout", "tls"})
# What a gateway says of a server behind it that is away, starts or is overrun; 52x are
# Cloudflare's, 529 says "overloaded" with some.
_AWAY = frozenset({502, 503, 504, 520, 521, 522, 523, 524, 529})


def is_silence(failure: NoReply) -> bool:
    """Whether nothing came back, or a gateway says for the model's server that nothing does.

    A proxy that refuses or a bad certificate is no silence, nor is a quota that is used up.
    """
    if failure.status in _AWAY:
        return failure.retryable and not failure.throttled
    began = failure.timing is not None and failure.timing.first_byte_s is not None
    return failure.kind in _SILENT and failure.retryable and failure.status is None and not began


class Outage:
    """A breaker over all lanes.

    It opens when as many different requests as are in flight (5 at least; what is left, if that
    is less than may be in flight) met with `is_silence`, and nothing was answered in between;
    after `patience_s` of that, when all that were tried did. All lanes fail at about the same
    time when an endpoint dies, so waiting for all of them costs nothing, while the few questions
    at the end of a run that each kill their connection are not taken for an outage. For the same
    reason a request does not count that failed before while others were answered, nor one that
    timed out while others were answered.

    While it is open, one request at a time is sent as a probe; what fails is held, and its
    retries are not used up. Any answer closes it. After `patience_s` of silence, counted from
    the start of the first attempt that failed, it is over.
    """

    def __init__(self, patience_s: float) -> None:
        self._patience_s = patience_s
        self.since: float | None = None
        self.open = False
        self.probe_at = 0.0
        self._probing = False
        self._pause_s = FIRST_PROBE_S
        self._needed = LEAST
        self._failed: dict[Entry, int] = {}  # how often each, since anybody was answered
        self._answers = 0
        self._answered_at: float | None = None
        self._last: NoReply | None = None
        self._not_before = 0.0  # as a Retry-After asks

    @property
    def ends_at(self) -> float | None:
        """When patience ends, if nobody answers until then."""
        return self.since + self._patience_s if self.open and self.since is not None else None

    def room(self, now: float) -> tuple[int, float | None]:
        """How many probes may start while it is open; where it is none, when that may be."""
        if self._probing:
            return 0, None
        probe_at = max(self.probe_at, self._not_before)
        return (1, None) if now >= probe_at else (0, probe_at)

    def sent(self) -> bool:
        """A request goes out; whether it is a probe."""
        self._probing = self.open
        return self.open

    def answered(self, now: float) -> None:
        """Somebody is there."""
        self._answers += 1
        self._answered_at = now
        self._not_before = 0.0
        if self._failed:
            self._failed.clear()
            self.since = self._last = None
            self.open = self._probing = False

    def landed(self, entry: Entry, now: float) -> None:
        """An attempt ended, however."""
        flight = entry.flight
        if flight is not None and flight.probe and self.open:
            self._probing = False
            self.probe_at = now + self._pause_s
            self._pause_s = min(LONGEST_PROBE_S, self._pause_s * 2)

    def unanswered(
        self, entry: Entry, failure: NoReply, now: float, *, most: int, left: int, tried: int
    ) -> bool:
        """Nobody answered `entry`; whether it is to be held until somebody does.

        :param most: how many may be in flight.
        :param left: how many requests have not ended.
        :param tried: how many of them are in flight or wait for another attempt.
        """
        if entry.silence not in (None, self._answers):
            entry.poison = True
        entry.silence = self._answers
        if not self.open and not self._counts(entry, failure):
            return False
        self._last = failure
        self._not_before = max(self._not_before, now + (failure.retry_after_s or 0.0))
        started = entry.flight.started if entry.flight is not None else now
        if not self._failed:
            self.since = max(started, self._answered_at or started)
            self._needed = max(LEAST, min(most, left))
        self._failed[entry] = self._failed.get(entry, 0) + 1
        if self.open:
            entry.excused += 1
            return True
        assert self.since is not None
        late = now - self.since >= self._patience_s
        if len(self._failed) < (min(self._needed, tried) if late else self._needed):
            return False
        self.open = True
        self._pause_s = FIRST_PROBE_S
        self.probe_at = now + self._pause_s
        for one, times in self._failed.items():
            one.excused += times
            one.waited_s = 0.0
        return True

    def over(self, now: float) -> NoReply | None:
        """Why there is no hope any more."""
        if self._last is None or self.ends_at is None or now < self.ends_at:
            return None
        assert self.since is not None
        said = "nobody has answered" if self._last.status is None else "no reply has come"
        return NoReply(
            f"{said} for {now - self.since:.0f} s: {self._last.problem}",
            hint=self._last.hint or "--iqeval-resume goes on with what is left",
            kind="outage",
        )

    def _counts(self, entry: Entry, failure: NoReply) -> bool:
        if entry.poison:
            return False
        if failure.kind != "timeout" or self._answered_at is None or entry.flight is None:
            return True
        return entry.flight.started >= self._answered_at
