"""The broker against a small model of itself: whatever the interleaving, the same rules hold."""

from __future__ import annotations

import threading
from collections import deque

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from pytest_iqeval.broker.broker import Broker
from pytest_iqeval.broker.limits import Limits
from pytest_iqeval.broker.retry import RetryPolicy
from pytest_iqeval.core.errors import NoReply
from pytest_iqeval.core.request import Key, Reply
from tests.support.fakes import (
    HandClock,
    MemoryJournal,
    ScriptedEndpoint,
    busy,
    key_of,
    refused,
    request_of,
)

RETRIES = 2
DELAY_S = 4.0  # of every retry: the draw is fixed, and Retry-After decides

NAMES = st.integers(0, 11)


class BrokerRules(RuleBasedStateMachine):
    """Plans, asks and lets requests end one at a time; after each step the model knows exactly
    which requests must be in flight and what must have been delivered.
    """

    @initialize(concurrency=st.integers(1, 3), ahead=st.none() | st.integers(1, 3))
    def start(self, concurrency: int, ahead: int | None) -> None:
        self.concurrency, self.ahead = concurrency, ahead
        self.endpoint = ScriptedEndpoint(held=True)
        self.journal = MemoryJournal()
        self.clock = HandClock()
        self.broker = Broker(
            self.endpoint.transport,
            self.journal,
            Limits(concurrency=concurrency, retries=RETRIES, patience_s=1e6, ahead=ahead),
            policy=RetryPolicy(retries=RETRIES, patience_s=1e6),
            clock=self.clock,
        )
        self.delivered: list[tuple[int, Reply | NoReply]] = []
        # The model.
        self.known: set[int] = set()
        self.planned: deque[int] = deque()
        self.wanted: deque[int] = deque()
        self.flying: set[int] = set()
        self.delayed: list[int] = []
        self.ended: dict[int, bool] = {}  # name to whether it got a reply
        self.claimed: set[int] = set()
        self.waiting: dict[int, int] = {}  # name to how many wait for it
        self.attempts: dict[int, int] = {}
        self.expected: list[tuple[int, bool]] = []
        self.crashes = 0

    # the steps

    @rule(names=st.lists(NAMES, max_size=6))
    def plan(self, names: list[int]) -> None:
        self.broker.plan([request_of(name) for name in names])
        for name in names:
            self._know(name)
        self._settled()

    @rule(name=NAMES)
    def ask(self, name: int) -> None:
        self._know(name)
        if name in self.ended:
            self.claimed.add(name)
            self.expected.append((name, self.ended[name]))
        else:
            self.waiting[name] = self.waiting.get(name, 0) + 1
            if self.waiting[name] == 1 and name in self.planned:
                self.planned.remove(name)
                self.wanted.append(name)
        self.broker.submit(request_of(name), lambda answer: self._got(name, answer))
        self._settled()

    @precondition(lambda self: self.flying)
    @rule(data=st.data(), how=st.sampled_from(["reply", "busy", "refused", "crash"]))
    def land(self, data: st.DataObject, how: str) -> None:
        name = data.draw(st.sampled_from(sorted(self.flying)), label="lands")
        self.flying.remove(name)
        self.crashes += how == "crash"
        if how == "busy" and self.attempts[name] <= RETRIES:
            self.delayed.append(name)
        else:
            self.ended[name] = how == "reply"
            waiters = self.waiting.pop(name, 0)
            self.expected += [(name, how == "reply")] * waiters
            if waiters:
                self.claimed.add(name)
        outcomes = {"busy": busy(DELAY_S), "refused": refused(), "crash": ValueError("a bug")}
        self.endpoint.release(name, outcomes.get(how))
        self._settled()

    @precondition(lambda self: self.delayed)
    @rule()
    def time_passes(self) -> None:
        for name in self.delayed:
            (self.wanted if name in self.waiting else self.planned).appendleft(name)
        self.delayed.clear()
        self.clock.advance(DELAY_S)
        self._settled()

    # what must hold

    @invariant()
    def limits_hold(self) -> None:
        assert self.endpoint.most_in_flight <= self.concurrency
        stats = self.broker.stats()
        assert stats.planned == len(self.known)
        assert stats.answered == sum(self.ended.values())
        assert stats.errors == len(self.ended) - sum(self.ended.values())
        assert stats.sent == len(self.endpoint.sent) == sum(self.attempts.values())
        assert stats.sent - stats.retries == len(self.attempts)

    @invariant()
    def what_was_delivered_was_kept_before(self) -> None:
        for name, answer in self.delivered:
            kept = self.journal.answers[key_of(name)]
            if isinstance(answer, Reply):
                assert answer == kept
            else:
                assert isinstance(kept, NoReply)
                assert answer.to_plain() == kept.to_plain()

    def teardown(self) -> None:
        if not hasattr(self, "broker"):
            return
        for name, count in self.waiting.items():
            self.expected += [(name, False)] * count
        self.broker.close()
        self._wait(lambda: not self.endpoint.in_flight)
        assert self._outcomes() == sorted(self.expected), "each that asked got one answer"
        assert self.endpoint.closed == self.endpoint.connections <= self.concurrency + self.crashes
        assert not [t for t in threading.enumerate() if t.name.startswith("iqeval-")]

    # helpers

    def _know(self, name: int) -> None:
        if name not in self.known:
            self.known.add(name)
            self.planned.append(name)

    def _got(self, name: int, answer: Reply | NoReply) -> None:
        with self.endpoint.changed:
            self.delivered.append((name, answer))
            self.endpoint.changed.notify_all()

    def _settled(self) -> None:
        """Start in the model what must start, and wait until the broker has come to the same."""
        while len(self.flying) < self.concurrency:
            unclaimed = len(self.ended.keys() - self.claimed)
            room = self.ahead is None or (
                unclaimed + len(self.flying) + len(self.delayed) < self.ahead
            )
            if self.wanted:
                name = self.wanted.popleft()
            elif self.planned and room:
                name = self.planned.popleft()
            else:
                break
            self.flying.add(name)
            self.attempts[name] = self.attempts.get(name, 0) + 1
        in_flight = {key_of(name) for name in self.flying}
        self._wait(lambda: set(self.endpoint.in_flight) == in_flight)
        self._wait(lambda: self._outcomes() == sorted(self.expected))
        self._wait(lambda: self.broker.stats().answered == sum(self.ended.values()))
        self._wait(lambda: self.broker.stats().in_flight == len(self.flying))
        self._wait(lambda: self.broker.stats().delayed == len(self.delayed))

    def _wait(self, holds) -> None:
        self.endpoint.wait_until(holds)

    def _outcomes(self) -> list[tuple[int, bool]]:
        return sorted((name, isinstance(answer, Reply)) for name, answer in self.delivered)


TestBrokerRules = BrokerRules.TestCase
TestBrokerRules.settings = settings(max_examples=60, stateful_step_count=30, deadline=None)


def test_keys_of_the_model_are_keys():
    """The helper that names keys gives what the broker files them under."""
    assert key_of(3) == Key("bench", "IQ", "3")
