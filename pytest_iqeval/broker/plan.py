"""What is asked next: requests in collection order, one that an item waits for first.

No thread and no lock in here: the broker calls it under its own lock, but for `Plan.hand_over`.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from enum import Enum

from pytest_iqeval.core.errors import NoReply
from pytest_iqeval.core.request import Key, Reply, Request

Answer = Reply | NoReply
OnDone = Callable[[Answer], None]

# So many others go before a request that was refused again while the whole run is slowed: it may
# be the one that is too much by itself, and each try of it slows the others.
BEHIND = 50

# Replies that nobody has claimed yet are held in memory up to this many; the journal has them all.
HELD_MOST = 512


class State(Enum):
    """Where a request is on its way; it only ever goes forward, except for retries."""

    QUEUED = "queued"
    FLYING = "flying"
    DELAYED = "delayed"  # waits for its next attempt
    ENDED = "ended"


@dataclass(slots=True, kw_only=True)
class Flight:
    """One attempt under way: since when, how long it had been ready, whether it probes an outage,
    and, where tokens are counted, what was sent and what for: see `Valve`.
    """

    started: float
    queued_s: float
    probe: bool = False
    request: Request | None = None
    tokens: int = 0
    debit: list[float] | None = None


class Entry:
    """One key of the run: its request until it has ended, and who waits for it.

    ``answer`` is a failure; a reply is held by the plan until it is claimed, and is in the journal.
    ``ready`` is the moment since which it could be sent. Of its ``attempts``, so many are
    ``excused``: the whole run met with that trouble, and no retry is used up by them.
    ``silence`` and ``poison`` are the notes of `Outage`, ``refused`` counts the 429s that were
    the whole run's.
    """

    __slots__ = (
        "answer",
        "attempts",
        "delivered",
        "excused",
        "flight",
        "key",
        "poison",
        "ready",
        "refused",
        "request",
        "silence",
        "state",
        "waited_s",
        "waiters",
    )

    def __init__(self, request: Request, now: float = 0.0) -> None:
        self.key = request.key
        self.request: Request | None = request
        self.state = State.QUEUED
        self.waiters: list[OnDone] = []
        self.answer: Answer | None = None
        self.delivered = False
        self.attempts = 0
        self.excused = 0
        self.waited_s = 0.0
        self.ready = now
        self.flight: Flight | None = None
        self.silence: int | None = None
        self.poison = False
        self.refused = 0


class Plan:
    """The queue of a run.

    :param ahead: how many replies may be under way or unclaimed at once; ``None``: no limit.
        A request that is waited for is never held back by it.
    """

    def __init__(self, *, ahead: int | None = None) -> None:
        self.ahead = ahead
        self.waiting = 0  # to be sent
        self.flying = 0
        self.delayed = 0
        self.unclaimed = 0  # ended, and nobody has asked for the answer yet
        self._held: dict[Key, Reply] = {}
        self._entries: dict[Key, Entry] = {}
        self._wanted: deque[Entry] = deque()
        self._planned: deque[Entry] = deque()

    def __len__(self) -> int:
        return len(self._entries)

    def __iter__(self) -> Iterator[Entry]:
        return iter(self._entries.values())

    @property
    def left(self) -> int:
        """How many have not ended."""
        return self.waiting + self.flying + self.delayed

    def get(self, key: Key) -> Entry | None:
        """The entry of `key`, if there is one."""
        return self._entries.get(key)

    def add(self, request: Request, now: float = 0.0) -> Entry:
        """A new entry at the end of the queue; the key must be new."""
        entry = self._entries[request.key] = Entry(request, now)
        self._planned.append(entry)
        self.waiting += 1
        return entry

    def add_stored(self, request: Request) -> Entry:
        """A new entry that an earlier run has answered: there is nothing to send."""
        entry = self._entries[request.key] = Entry(request)
        entry.state = State.ENDED
        entry.delivered = True
        entry.request = None
        return entry

    def wait(self, entry: Entry, on_done: OnDone) -> None:
        """Somebody waits for `entry`, which has not ended: it goes before all that nobody needs."""
        if entry.state is State.QUEUED and not entry.waiters:
            self._wanted.append(entry)
        entry.waiters.append(on_done)

    def startable(self) -> int:
        """At most how many could be taken now."""
        return min(self.waiting, len(self._wanted) + min(len(self._planned), self._room()))

    def next(self) -> Entry | None:
        """The next one to send, or ``None`` where there is none or it must not start yet."""
        entry = self._first(self._wanted)
        if entry is None and self._room() > 0:
            entry = self._first(self._planned)
        return entry

    def take(self) -> Entry | None:
        """Start the next one to send."""
        entry = self.next()
        if entry is not None:
            wanted = self._wanted and self._wanted[0] is entry
            (self._wanted if wanted else self._planned).popleft()
            entry.state = State.FLYING
            entry.attempts += 1
            self.waiting -= 1
            self.flying += 1
        return entry

    def delay(self, entry: Entry, seconds: float) -> None:
        """An attempt failed, and another comes after `seconds`."""
        entry.state = State.DELAYED
        entry.waited_s += seconds
        self.flying -= 1
        self.delayed += 1

    def back(self, entry: Entry, now: float = 0.0) -> None:
        """The delay of `entry` is over: it goes before the others of its kind.

        Not so one that was refused again: it goes behind some that nobody waits for yet, where
        these may run ahead.
        """
        self.delayed -= 1
        if entry.refused > 1 and self.ahead is None:
            self._ready(entry, now)
            self._planned.insert(BEHIND, entry)
        else:
            self._queue(entry, now, first=True)

    def hold(self, entry: Entry, now: float = 0.0, *, first: bool = True) -> None:
        """An attempt failed in an outage: `entry` waits again, before or after its kind."""
        self.flying -= 1
        self._queue(entry, now, first=first)

    def end(self, entry: Entry, answer: Answer) -> list[OnDone]:
        """`entry` has ended with `answer`; who waits for it is returned and forgotten."""
        if entry.state is State.FLYING:
            self.flying -= 1
        elif entry.state is State.DELAYED:
            self.delayed -= 1
        elif entry.state is State.QUEUED:
            self.waiting -= 1
        entry.state = State.ENDED
        entry.request = None
        waiters, entry.waiters = entry.waiters, []
        entry.delivered = bool(waiters)
        if not waiters:
            self.unclaimed += 1
        if isinstance(answer, NoReply):
            entry.answer = answer
        elif not waiters and len(self._held) < HELD_MOST:
            self._held[entry.key] = answer
        return waiters

    def claim(self, entry: Entry) -> Answer | None:
        """What is held of `entry`, which has ended; a reply is held no longer after that."""
        if not entry.delivered:
            entry.delivered = True
            self.unclaimed -= 1
        return self._held.pop(entry.key, entry.answer)

    def hand_over(self, key: Key) -> Reply | None:
        """The same for who holds no lock, where it may be had: one atomic step, or nothing.

        What is claimed makes room for the next only under a limit of unclaimed ones.
        """
        return self._held.pop(key, None) if self.ahead is None else None

    def unended(self) -> Iterable[Entry]:
        """All that have not ended, in order."""
        return [entry for entry in self if entry.state is not State.ENDED]

    def _room(self) -> int:
        if self.ahead is None:
            return len(self._planned)
        return max(0, self.ahead - self.unclaimed - self.flying - self.delayed)

    def _queue(self, entry: Entry, now: float, *, first: bool) -> None:
        self._ready(entry, now)
        queue = self._wanted if entry.waiters else self._planned
        if first:
            queue.appendleft(entry)
        else:
            queue.append(entry)

    def _ready(self, entry: Entry, now: float) -> None:
        entry.state = State.QUEUED
        entry.ready = now
        self.waiting += 1

    @staticmethod
    def _first(queue: deque[Entry]) -> Entry | None:
        """Entries are left in a queue when they start from the other one: drop those."""
        while queue:
            if queue[0].state is State.QUEUED:
                return queue[0]
            queue.popleft()
        return None
