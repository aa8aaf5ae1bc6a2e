"""Scripted stand-ins for what the broker talks to: endpoint, journal, time."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace

from pytest_iqeval.core.errors import NoReply
from pytest_iqeval.core.request import Key, Message, Reply, Request, Timing

# A test that waits this long for something has failed; none waits so long to pass.
PATIENCE_S = 10.0

Outcome = Reply | BaseException


def key_of(name: str | int) -> Key:
    """A key of the one benchmark that these tests know."""
    return Key("bench", "IQ", str(name))


def request_of(name: str | int) -> Request:
    """A request with the key of `name`."""
    return Request(key=key_of(name), messages=(Message(role="user", content=f"question {name}"),))


def reply_to(request: Request) -> Reply:
    """What the scripted endpoint answers unless told otherwise."""
    return Reply(text=f"answer {request.key.id}")


def answered(name: str | int) -> Reply:
    """That answer as the broker hands it out, if it was sent as soon as it was asked for."""
    return replace(reply_to(request_of(name)), timing=Timing(queued_s=0.0))


def busy(retry_after_s: float | None = None) -> NoReply:
    """A failure that a retry may mend."""
    return NoReply("too many requests", status=429, retryable=True, retry_after_s=retry_after_s)


def refused() -> NoReply:
    """A failure that no retry can mend."""
    return NoReply("no such model", status=404)


class ScriptedEndpoint:
    """An endpoint with a script: for each key its outcomes in turn, after them a plain reply.

    :param held: every request waits until the test calls `release`.
    """

    def __init__(
        self, script: Mapping[Key, Sequence[Outcome]] | None = None, *, held: bool = False
    ) -> None:
        self.sent: list[Key] = []
        self.in_flight: list[Key] = []
        self.most_in_flight = 0
        self.connections = 0
        self.closed = 0
        self.changed = threading.Condition()
        self._script = {key: list(outcomes) for key, outcomes in (script or {}).items()}
        self.deaf = False  # to `close`: a send goes on under it, as one in a look-up of a name
        self._held = held
        self._released: dict[Key, Outcome | None] = {}

    def transport(self) -> ScriptedTransport:
        """What `Broker(transports=…)` takes."""
        with self.changed:
            self.connections += 1
        return ScriptedTransport(self)

    def release(self, name: str | int, outcome: Outcome | None = None) -> None:
        """Let the request of `name` end with `outcome` (``None``: as the script says)."""
        with self.changed:
            self._released[key_of(name)] = outcome
            self.changed.notify_all()

    def wait_until(self, holds: Callable[[], bool]) -> None:
        """Wait until `holds`: looked at when a request starts or ends, and now and then."""
        end = time.monotonic() + PATIENCE_S
        with self.changed:
            while not holds():
                if time.monotonic() > end:
                    raise AssertionError(f"it never came to that; in flight: {self.in_flight}")
                self.changed.wait(0.005)

    def answer(self, request: Request, transport: ScriptedTransport) -> Reply:
        """One attempt."""
        key = request.key
        with self.changed:
            self.sent.append(key)
            self.in_flight.append(key)
            self.most_in_flight = max(self.most_in_flight, len(self.in_flight))
            self.changed.notify_all()
            if self._held:
                self.changed.wait_for(
                    lambda: key in self._released or (transport.closed and not self.deaf)
                )
            outcome = self._released.pop(key, None)
            if outcome is None and self._script.get(key):
                outcome = self._script[key].pop(0)
            self.in_flight.remove(key)
            self.changed.notify_all()
        if transport.closed and not self.deaf:
            raise NoReply("the connection was closed", kind="connect", retryable=True)
        if isinstance(outcome, BaseException):
            raise outcome
        return outcome or reply_to(request)


class ScriptedTransport:
    """One connection to a `ScriptedEndpoint`."""

    def __init__(self, endpoint: ScriptedEndpoint) -> None:
        self._endpoint = endpoint
        self.closed = False

    def send(self, request: Request) -> Reply:
        return self._endpoint.answer(request, self)

    def close(self) -> None:
        with self._endpoint.changed:
            self.closed = True
            self._endpoint.closed += 1
            self._endpoint.changed.notify_all()


class MemoryJournal:
    """A journal that keeps nothing for long.

    :param broken: what every `put` raises.
    """

    def __init__(
        self,
        answers: Mapping[Key, Reply | NoReply] | None = None,
        *,
        broken: Exception | None = None,
    ) -> None:
        self.answers = dict(answers or {})
        self.read: list[Key] = []
        self._broken = broken

    def get(self, key: Key) -> Reply | NoReply | None:
        self.read.append(key)
        return self.answers.get(key)

    def put(self, key: Key, answer: Reply | NoReply) -> None:
        if self._broken is not None:
            raise self._broken
        self.answers[key] = answer

    def keys(self) -> Iterable[Key]:
        return [key for key, answer in self.answers.items() if isinstance(answer, Reply)]

    def close(self) -> None:
        pass


class HastyClock:
    """Time that jumps to the end of every wait: ``waits`` holds the seconds of each."""

    def __init__(self) -> None:
        self.waits: list[float] = []
        self._now = 1000.0

    def now(self) -> float:
        return self._now

    def wait(self, condition: threading.Condition, seconds: float | None) -> object:
        if seconds is None:
            return condition.wait()
        self.waits.append(seconds)
        self._now += seconds
        return None


class HandClock:
    """Time that stands still until the test advances it."""

    def __init__(self) -> None:
        self._now = 1000.0
        self._conditions: set[threading.Condition] = set()

    def now(self) -> float:
        return self._now

    def wait(self, condition: threading.Condition, seconds: float | None) -> object:
        del seconds  # they pass when the test says so
        self._conditions.add(condition)
        return condition.wait()

    def advance(self, seconds: float) -> None:
        """Let `seconds` pass, and wake whoever waits for time."""
        self._now += seconds
        for condition in list(self._conditions):
            with condition:
                condition.notify_all()
