"""The lanes: one thread and one transport for each request in flight."""

from __future__ import annotations

import contextlib
import threading
import time
from collections.abc import Callable

from pytest_iqeval.broker.answers import crash, storable_reply
from pytest_iqeval.broker.plan import Answer, Entry
from pytest_iqeval.core.errors import NoReply
from pytest_iqeval.core.ports import Transport

# How long `end` waits for lanes whose transports were closed under them.
_JOIN_S = 2.0


class Lanes:
    """Threads that take entries, send them, and hand the answers over.

    They start when there is work for them, and then wait for more on a condition of `lock`.

    :param lock: the broker's; methods that say so are called with it held.
    :param limit: the most lanes there may be.
    :param take: the next entry, or ``None`` where there is none now; called with the lock held.
    :param settle: gets the answer of one attempt; called without the lock.
    :param give_up: ends an entry whose settling failed; called without the lock.
    """

    def __init__(
        self,
        lock: threading.Lock,
        transports: Callable[[], Transport],
        *,
        limit: int,
        take: Callable[[], Entry | None],
        settle: Callable[[Entry, Answer], None],
        give_up: Callable[[Entry, NoReply], None],
    ) -> None:
        self._lock = lock
        self._transports = transports
        self._limit = limit
        self._take = take
        self._settle = settle
        self._give_up = give_up
        self._work = threading.Condition(lock)
        self._threads: list[threading.Thread] = []
        self._idle = 0
        self._connections: list[Transport] = []
        self._stopped = False

    @property
    def awake(self) -> int:
        """How many are sending, or about to look for work. The lock is held."""
        return len(self._threads) - self._idle

    def wake(self, count: int) -> None:
        """Let up to `count` more lanes look for work. The lock is held."""
        if self._stopped:
            return
        for _ in range(min(count, self._limit - self.awake)):
            if self._idle:
                # Counted here and not by the lane, or two calls might count on the same one.
                self._idle -= 1
                self._work.notify()
            elif not self._new():
                return

    def stop(self) -> None:
        """No lane takes another entry. The lock is held."""
        self._stopped = True
        self._work.notify_all()

    def end(self) -> None:
        """Close the transports under what is still being sent, and wait for the threads a little.

        Called after `stop`, without the lock. Threads are daemons: one that hangs in a look-up
        of a host name does not keep the process.
        """
        with self._lock:
            connections, self._connections = self._connections, []
        for transport in connections:
            _close(transport)
        end = time.monotonic() + _JOIN_S
        for thread in self._threads:
            if thread is not threading.current_thread():
                thread.join(max(0.0, end - time.monotonic()))

    def _new(self) -> bool:
        name = f"iqeval-lane-{len(self._threads)}"
        thread = threading.Thread(target=self._run, name=name, daemon=True)
        try:
            thread.start()
        except RuntimeError:  # the system has no more threads: go on with those there are
            if not self._threads:
                raise
            self._limit = len(self._threads)
            return False
        self._threads.append(thread)
        return True

    def _run(self) -> None:
        transport: Transport | None = None
        try:
            while (entry := self._next()) is not None:
                try:
                    if transport is None:
                        transport = self._connect()
                    assert entry.request is not None
                    answer: Answer = storable_reply(transport.send(entry.request))
                except NoReply as failure:
                    answer = failure
                except BaseException as exc:  # a border: a bug ends this request, not the lane
                    answer = crash(exc)
                    self._disconnect(transport)
                    transport = None
                try:
                    self._settle(entry, answer)
                except BaseException as exc:  # the same border: nobody may wait for ever
                    self._give_up(entry, crash(exc))
        finally:
            self._disconnect(transport)

    def _next(self) -> Entry | None:
        with self._lock:
            while not self._stopped:
                entry = self._take()
                if entry is not None:
                    return entry
                self._idle += 1
                self._work.wait()
            return None

    def _connect(self) -> Transport:
        transport = self._transports()
        with self._lock:
            self._connections.append(transport)
        return transport

    def _disconnect(self, transport: Transport | None) -> None:
        """Close `transport` unless `end` did."""
        with self._lock:
            if transport is None or transport not in self._connections:
                return
            self._connections.remove(transport)
        _close(transport)


def _close(transport: Transport) -> None:
    with contextlib.suppress(Exception):  # it is thrown away, in whatever state
        transport.close()
