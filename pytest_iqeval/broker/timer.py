"""The timer: one thread that brings back what was put off, and looks when it is time to."""

from __future__ import annotations

import heapq
import itertools
import threading
from collections.abc import Callable

from pytest_iqeval.broker.answers import Told, deliver
from pytest_iqeval.broker.clock import WaitingClock
from pytest_iqeval.broker.plan import Entry

# No wait is shorter, lest a moment that rounding puts a hair too early makes it run in circles.
_LEAST_S = 0.001


class Timer:
    """Starts its thread when there is something to wait for. Methods want the lock held.

    :param due: gets each entry whose time has come; called with the lock held.
    :param look: what to do at each waking; called with the lock held, returns who is to be told.
    """

    def __init__(
        self,
        lock: threading.Lock,
        clock: WaitingClock,
        *,
        due: Callable[[Entry], None],
        look: Callable[[], Told],
    ) -> None:
        self._clock = clock
        self._due = due
        self._look = look
        self._changed = threading.Condition(lock)
        self._entries: list[tuple[float, int, Entry]] = []  # a heap
        self._serial = itertools.count()  # decides between equal times: entries don't compare
        self._wake_at: float | None = None
        self._thread: threading.Thread | None = None
        self._stopped = False

    def add(self, entry: Entry, when: float) -> None:
        """Bring `entry` back at that moment."""
        heapq.heappush(self._entries, (when, next(self._serial), entry))
        self.wake_by(when)

    def wake_by(self, when: float) -> None:
        """Look at that moment at the latest."""
        if self._stopped or (self._wake_at is not None and self._wake_at <= when):
            return
        self._wake_at = when
        if self._thread is None:
            thread = threading.Thread(target=self._run, name="iqeval-timer", daemon=True)
            thread.start()
            self._thread = thread
        else:
            self._changed.notify()

    def clear(self) -> None:
        """Forget all entries."""
        self._entries.clear()

    def stop(self) -> None:
        """Nothing comes back any more."""
        self._stopped = True
        self._entries.clear()
        self._changed.notify_all()

    def join(self) -> None:
        """Wait for the thread, without the lock; it holds nothing up, it only waits to be told."""
        if self._thread is not None and self._thread is not threading.current_thread():
            self._thread.join()

    def _run(self) -> None:
        while True:
            with self._changed:
                if self._stopped:
                    return
                now = self._clock.now()
                while self._entries and self._entries[0][0] <= now:
                    self._due(heapq.heappop(self._entries)[2])
                self._wake_at = self._entries[0][0] if self._entries else None
                told = self._look()
                if not told and not self._stopped:
                    seconds = None if self._wake_at is None else self._wake_at - now
                    self._clock.wait(self._changed, seconds and max(_LEAST_S, seconds))
            deliver(told)
