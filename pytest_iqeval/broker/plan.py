"""What is asked next: requests in collection order, one that an item waits for first.

No thread and no lock in here: the broker calls it under its own lock.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Iterator
from enum import Enum

from pytest_iqeval.core.errors import NoReply
from pytest_iqeval.core.request import Key, Reply, Request

Answer = Reply | NoReply
OnDone = Callable[[Answer], None]

# Replies that nobody has claimed yet are held in memory up to this many; the journal has them all.
HELD_MOST = 512


class State(Enum):
    """Where a request is on its way; it only ever goes forward, except for retries."""

    QUEUED = "queued"
    FLYING = "flying"
    DELAYED = "delayed"  # waits for its next attempt
    ENDED = "ended"


class Entry:
    """One key of the run: its request until it has ended, and who waits for it.

    ``answer`` is a failure, or a reply that nobody has claimed yet; a reply that was delivered
    (or that came while enough others were held) is in the journal alone, and ``None`` here.
    """

    __slots__ = (
        "answer",
        "attempts",
        "delivered",
        "key",
        "request",
        "state",
        "waited_s",
        "waiters",
    )

    def __init__(self, request: Request) -> None:
        self.key = request.key
        self.request: Request | None = request
        self.state = State.QUEUED
        self.waiters: list[OnDone] = []
        self.answer: Answer | None = None
        self.delivered = False
        self.attempts = 0
        self.waited_s = 0.0


class Plan:
    """The queue of a run.

    :param ahead: how many replies may be under way or unclaimed at once; ``None``: no limit.
        A request that is waited for is never held back by it.
    """

    def __init__(self, *, ahead: int | None = None) -> None:
        self.ahead = ahead
        self.flying = 0
        self.delayed = 0
        self.unclaimed = 0  # ended, and nobody has asked for the answer yet
        self._held = 0
        self._entries: dict[Key, Entry] = {}
        self._wanted: deque[Entry] = deque()
        self._planned: deque[Entry] = deque()

    def __len__(self) -> int:
        return len(self._entries)

    def __iter__(self) -> Iterator[Entry]:
        return iter(self._entries.values())

    def get(self, key: Key) -> Entry | None:
        """The entry of `key`, if there is one."""
        return self._entries.get(key)

    def add(self, request: Request) -> Entry:
        """A new entry at the end of the queue; the key must be new."""
        entry = self._entries[request.key] = Entry(request)
        self._planned.append(entry)
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
        return len(self._wanted) + min(len(self._planned), self._room())

    def take(self) -> Entry | None:
        """The next one to send, or ``None`` where there is none or it must not start yet."""
        entry = self._first(self._wanted)
        if entry is None and self._room() > 0:
            entry = self._first(self._planned)
        if entry is not None:
            entry.state = State.FLYING
            entry.attempts += 1
            self.flying += 1
        return entry

    def delay(self, entry: Entry, seconds: float) -> None:
        """An attempt failed, and another comes after `seconds`."""
        entry.state = State.DELAYED
        entry.waited_s += seconds
        self.flying -= 1
        self.delayed += 1

    def back(self, entry: Entry) -> None:
        """The delay of `entry` is over: it goes before the others of its kind."""
        self.delayed -= 1
        entry.state = State.QUEUED
        (self._wanted if entry.waiters else self._planned).appendleft(entry)

    def end(self, entry: Entry, answer: Answer) -> list[OnDone]:
        """`entry` has ended with `answer`; who waits for it is returned and forgotten."""
        if entry.state is State.FLYING:
            self.flying -= 1
        elif entry.state is State.DELAYED:
            self.delayed -= 1
        entry.state = State.ENDED
        entry.request = None
        waiters, entry.waiters = entry.waiters, []
        entry.delivered = bool(waiters)
        if not waiters:
            self.unclaimed += 1
        if isinstance(answer, NoReply):
            entry.answer = answer
        elif not waiters and self._held < HELD_MOST:
            entry.answer = answer
            self._held += 1
        return waiters

    def claim(self, entry: Entry) -> Answer | None:
        """What is held of `entry`, which has ended; a reply is held no longer after that."""
        answer = entry.answer
        if not entry.delivered:
            entry.delivered = True
            self.unclaimed -= 1
        if isinstance(answer, Reply):
            entry.answer = None
            self._held -= 1
        return answer

    def unended(self) -> Iterable[Entry]:
        """All that have not ended, in order."""
        return [entry for entry in self if entry.state is not State.ENDED]

    def _room(self) -> int:
        if self.ahead is None:
            return len(self._planned)
        return max(0, self.ahead - self.unclaimed - self.flying - self.delayed)

    @staticmethod
    def _first(queue: deque[Entry]) -> Entry | None:
        """Entries are left in a queue when they start from the other one: skip those."""
        while queue:
            entry = queue.popleft()
            if entry.state is State.QUEUED:
                return entry
        return None
