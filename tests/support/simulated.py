"""The broker with no thread and no real time: lanes and timer move when the test says so."""

from __future__ import annotations

import heapq
import itertools
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any
from unittest import mock

from pytest_iqeval.broker import broker as broker_module
from pytest_iqeval.broker.answers import deliver
from pytest_iqeval.broker.broker import Broker
from pytest_iqeval.broker.limits import Limits
from pytest_iqeval.broker.plan import Answer, Entry
from pytest_iqeval.broker.timer import Timer
from pytest_iqeval.core.request import Request
from tests.support.fakes import MemoryJournal


class HandLanes:
    """Lanes as the broker sees them; ``flying`` is what they are sending."""

    def __init__(self, lock: threading.Lock, _transports: object, **given: Any) -> None:
        self._lock = lock
        self._limit: int = given["limit"]
        self._take: Callable[[], Entry | None] = given["take"]
        self._settle: Callable[[Entry, Answer], None] = given["settle"]
        self._looking = 0
        self._stopped = False
        self.flying: list[Entry] = []
        self.on_send: Callable[[Entry], None] = lambda _entry: None

    @property
    def awake(self) -> int:
        return len(self.flying) + self._looking

    def wake(self, count: int) -> None:
        self._looking += max(0, min(count, self._limit - self.awake))

    def stop(self) -> None:
        self._stopped = True
        self._looking = 0

    def end(self) -> None:
        pass

    def pump(self) -> None:
        """Let every lane that is awake look for work."""
        while self._looking and not self._stopped:
            with self._lock:
                # The lane counts as awake until it has found nothing, as a real one does.
                entry = self._take()
                self._looking -= 1
                if entry is not None:
                    self.flying.append(entry)
            if entry is not None:
                self.on_send(entry)

    def land(self, entry: Entry, answer: Answer) -> None:
        """End what a lane is sending."""
        self._settle(entry, answer)
        self.flying.remove(entry)
        if not self._stopped:
            self._looking += 1
        self.pump()


class HandTimer(Timer):
    """The timer without its thread."""

    @property
    def wake_at(self) -> float | None:
        return self._wake_at

    def _rouse(self) -> None:
        pass

    def ring(self) -> None:
        """What its thread does when the time has come."""
        with self._changed:
            told = self.turn()
        deliver(told)


@dataclass
class StillClock:
    """Time that only a test moves."""

    time: float = 1000.0

    def now(self) -> float:
        return self.time

    def wait(self, condition: threading.Condition, seconds: float | None) -> object:
        raise AssertionError(f"nothing waits in a simulation: {condition}, {seconds}")


class Simulated:
    """A broker whose lanes and timer are in the test's hands."""

    def __init__(self, limits: Limits, **options: Any) -> None:
        self.clock = StillClock()
        self.journal = MemoryJournal()
        with (
            mock.patch.object(broker_module, "Lanes", HandLanes),
            mock.patch.object(broker_module, "Timer", HandTimer),
        ):
            self.broker = Broker(
                lambda: None,  # type: ignore[arg-type, return-value]
                self.journal,
                limits,
                clock=self.clock,
                **options,
            )
        self.lanes: HandLanes = self.broker._lanes  # type: ignore[assignment]
        self.timer: HandTimer = self.broker._timer  # type: ignore[assignment]

    def advance(self, seconds: float) -> None:
        """Let time pass, with every waking of the timer in it."""
        end = self.clock.time + seconds
        for _ in range(1_000):
            wake_at = self.timer.wake_at
            if wake_at is None or wake_at > end:
                break
            self.clock.time = max(self.clock.time, wake_at)
            self.timer.ring()
            self.lanes.pump()
        else:
            raise AssertionError(f"the timer runs in circles at {self.clock.time}: {wake_at}")
        self.clock.time = end


@dataclass
class Ran:
    """What a simulated run came to."""

    seconds: float
    answers: dict[str, Answer]
    sends: list[tuple[float, str]] = field(default_factory=list)


Endpoint = Callable[[Request, int, float], tuple[float, Answer]]
"""Request, attempt (from 1) and seconds since the start → seconds that it takes, and its end."""


def simulate(
    requests: list[Request], endpoint: Endpoint, limits: Limits, **options: Any
) -> tuple[Ran, Simulated]:
    """Ask all of `requests`, and let events happen in their order until all have ended."""
    simulated = Simulated(limits, **options)
    broker, lanes, clock = simulated.broker, simulated.lanes, simulated.clock
    began, serial = clock.time, itertools.count()
    landings: list[tuple[float, int, Entry, Answer]] = []
    ran = Ran(seconds=0.0, answers={})
    numbers: dict[str, int] = {}

    def on_send(entry: Entry) -> None:
        name, now = entry.key.id, clock.time - began
        ran.sends.append((now, name))
        numbers[name] = numbers.get(name, 0) + 1
        assert entry.request is not None
        seconds, answer = endpoint(entry.request, numbers[name], now)
        heapq.heappush(landings, (clock.time + seconds, next(serial), entry, answer))

    def on_done(name: str) -> Callable[[Answer], None]:
        return lambda answer: ran.answers.__setitem__(name, answer)

    lanes.on_send = on_send
    broker.plan(requests)
    lanes.pump()
    for request in requests:
        broker.submit(request, on_done(request.key.id))
    lanes.pump()
    for _ in range(100 * len(requests) + 1000):
        if len(ran.answers) == len(requests):
            ran.seconds = clock.time - began
            return ran, simulated
        next_landing = landings[0][0] if landings else None
        wake_at = simulated.timer.wake_at
        assert next_landing is not None or wake_at is not None, "nothing will ever happen"
        if next_landing is None or (wake_at is not None and wake_at < next_landing):
            assert wake_at is not None
            clock.time = max(clock.time, wake_at)
            simulated.timer.ring()
            lanes.pump()
        else:
            when, _, entry, answer = heapq.heappop(landings)
            clock.time = max(clock.time, when)
            lanes.land(entry, answer)
    raise AssertionError("it never ends")
