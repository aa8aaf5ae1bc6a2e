"""Sends and tokens a minute."""

from __future__ import annotations

from collections import deque

# A second more than the minute: what was sent 60 s apart may arrive at less.
SPAN_S = 61.0

Debit = list[float]
"""[when, how much]: the amount is corrected when it is known better."""


class Window:
    """At most `most` in any minute, of whatever is counted.

    Stricter than a bucket that fills up again (which lets twice its size through in the first
    minute), and so right for endpoints that count in buckets and for those that count minutes.
    """

    def __init__(self, most: int) -> None:
        self.most = most
        self._debits: deque[Debit] = deque()
        self._sum = 0.0

    def used(self, now: float) -> float:
        """What the last minute holds."""
        while self._debits and self._debits[0][0] + SPAN_S <= now:
            self._sum -= self._debits.popleft()[1]
        return self._sum

    def free_at(self, now: float, amount: float) -> float | None:
        """When `amount` fits; ``None``: now. More than ever fits goes when nothing else is in."""
        over = self.used(now) + amount - self.most
        if over <= 0 or self._sum <= 0:
            return None
        free_at = now
        for when, debited in self._debits:
            over -= debited
            free_at = when + SPAN_S
            if over <= 0:
                break
        return free_at

    def debit(self, now: float, amount: float) -> Debit:
        """`amount` goes out now."""
        debit = [now, amount]
        self._debits.append(debit)
        self._sum += amount
        return debit

    def correct(self, now: float, debit: Debit, amount: float) -> None:
        """It was `amount` in truth."""
        self.used(now)
        if self._debits and debit[0] >= self._debits[0][0]:  # else it has left the window
            self._sum += amount - debit[1]
            debit[1] = amount


class SendRate:
    """At most `rpm` sends in any minute, without bursts where that costs no time.

    What has to be sent in all fills so many minutes, and the last of them seldom wholly. What
    is to spare is spread over each minute, the rest goes at its start: then the run ends as
    soon as with one burst a minute. What fits in one minute goes at once.
    """

    def __init__(self, rpm: int) -> None:
        self._rpm = rpm
        self._window = Window(rpm)
        self._began: float | None = None
        self._sent = 0

    def sent(self, now: float) -> None:
        """One goes out now."""
        self._window.debit(now, 1)
        if self._began is None:
            self._began = now
        self._sent += 1

    def room(self, now: float, waiting: int) -> tuple[int, float | None]:
        """How many of `waiting` may start; where it is none, when that will be otherwise."""
        free_at = self._window.free_at(now, 1)
        if free_at is not None:
            return 0, free_at
        room = self._rpm - int(self._window.used(now))
        if self._began is None or waiting + self._sent <= self._rpm:
            return room, None
        spare = -(waiting + self._sent) % self._rpm
        minutes = (now - self._began) / SPAN_S
        at_once = (self._rpm - spare) * (int(minutes) + 1)
        paced = int(at_once + spare * minutes + 1e-6) - self._sent
        if paced > 0:
            return min(room, paced), None
        needed = int(minutes) + 1.0
        if spare:
            needed = min(needed, (self._sent + 1 - at_once) / spare)
        return 0, self._began + SPAN_S * needed
