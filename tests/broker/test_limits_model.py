"""The broker under all its limits at once, in a test's hands: whatever the interleaving, no limit
is exceeded, everybody gets one answer, and there is always something that leads on."""

from __future__ import annotations

import random

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from pytest_iqeval.broker.limits import Limits
from pytest_iqeval.broker.plan import Answer, Entry, State
from pytest_iqeval.core.errors import NoReply
from pytest_iqeval.core.request import Reply, Usage
from tests.support.fakes import busy, key_of, refused, request_of
from tests.support.simulated import Simulated

NAMES = st.integers(0, 29)
PATIENCE_S = 20.0
RETRIES = 2


def _quota() -> NoReply:
    failure = busy(3.0)
    failure.throttled = True
    return failure


ENDS = {
    "reply": lambda: Reply(text="x", usage=Usage(prompt_tokens=10, completion_tokens=90)),
    "uncounted": lambda: Reply(text="字" * 40),
    "busy": busy,
    "busy for 2 s": lambda: busy(2.0),
    "busy for long": lambda: busy(500.0),
    "quota": _quota,
    "500": lambda: NoReply("oh", status=500, retryable=True),
    "cut off": lambda: NoReply("cut off", kind="body", status=200, retryable=True),
    "refused": refused,
    "reset": lambda: NoReply("reset", kind="connect", retryable=True),
    "timeout": lambda: NoReply("timeout", kind="timeout", retryable=True),
    "crash": lambda: NoReply("a bug", kind="crash"),
}


class LimitsHold(RuleBasedStateMachine):
    """Plans, asks, lets attempts end in every way and time pass, and watches each send."""

    @initialize(
        concurrency=st.integers(1, 8),
        rpm=st.none() | st.integers(1, 20),
        tpm=st.none() | st.integers(100, 3000),
        token_budget=st.none() | st.integers(1, 3000),
        time_budget_s=st.none() | st.floats(1, 200),
        ahead=st.none() | st.integers(1, 4),
        seed=st.integers(0, 9),
    )
    def start(self, seed: int, **given) -> None:
        random.seed(seed)  # the jitter
        self.limits = Limits(retries=RETRIES, patience_s=PATIENCE_S, **given)
        self.sim = Simulated(self.limits)
        self.sim.lanes.on_send = self._sent
        self.broker = self.sim.broker
        self.began = self.sim.clock.time
        self.planned: list[int] = []
        self.asked: dict[int, int] = {}  # how often each
        self.got: dict[int, list[Answer]] = {}
        self.first_sends: list[int] = []
        self.sends: list[float] = []
        self.tokens: list[tuple[float, Entry | None, float]] = []  # when, in flight, how many
        self.spent = 0.0
        self.closed = False

    # the steps

    @rule(names=st.lists(NAMES, min_size=1, max_size=30))
    def plan(self, names: list[int]) -> None:
        self.broker.plan([request_of(name) for name in names])
        self.planned += [n for n in names if n not in self.planned and n not in self.asked]
        self.sim.lanes.pump()

    @rule(names=st.lists(NAMES, min_size=1, max_size=8))
    def ask(self, names: list[int]) -> None:
        for name in names:
            self.asked[name] = self.asked.get(name, 0) + 1
            self.broker.submit(request_of(name), self.got.setdefault(name, []).append)
        self.sim.lanes.pump()

    @precondition(lambda self: self.sim.lanes.flying)
    @rule(data=st.data(), end=st.sampled_from(sorted(ENDS)))
    def one_lands(self, data: st.DataObject, end: str) -> None:
        self._land(data.draw(st.sampled_from(self.sim.lanes.flying)), end)

    @precondition(lambda self: self.sim.lanes.flying)
    @rule(
        end=st.sampled_from(["reset", "timeout", "busy", "busy for 2 s", "reply", "refused"]),
        rounds=st.integers(1, 4),
    )
    def all_land_alike(self, end: str, rounds: int) -> None:
        for _ in range(rounds):
            for entry in list(self.sim.lanes.flying):
                self._land(entry, end)

    @rule(seconds=st.sampled_from([0.05, 0.5, 1.0, 5.0, 30.0, 61.0]))
    def time_passes(self, seconds: float) -> None:
        self.sim.advance(seconds)

    @precondition(lambda self: not self.closed)
    @rule()
    def close(self) -> None:
        self.broker.close()
        self.closed = True

    # what must hold

    @invariant()
    def nobody_is_told_twice(self) -> None:
        for name, answers in self.got.items():
            assert len(answers) <= self.asked[name]

    @invariant()
    def what_was_answered_was_kept_before(self) -> None:
        for name, answers in self.got.items():
            for answer in answers:
                if isinstance(answer, Reply):
                    assert self.sim.journal.answers[key_of(name)] == answer

    @invariant()
    def it_never_stands_still(self) -> None:
        """Something is in flight, or the timer will look, or there is nothing to send."""
        if self.closed or self.broker.over is not None:
            return
        plan = self.broker._plan
        assert plan.left == sum(entry.state is not State.ENDED for entry in plan)
        if plan.startable() and not self.sim.lanes.flying:
            assert self.sim.timer.wake_at is not None

    @invariant()
    def first_attempts_go_out_in_the_order_of_the_plan(self) -> None:
        only_planned = [n for n in self.first_sends if n in self.planned and n not in self.asked]
        order = [self.planned.index(n) for n in only_planned]
        assert order == sorted(order)

    @invariant()
    def the_figures_agree(self) -> None:
        stats = self.broker.stats()
        assert stats.sent == len(self.sends)
        assert stats.answered + stats.errors + self.broker._plan.left == stats.planned
        assert 1 <= stats.limit <= stats.full_limit

    def teardown(self) -> None:
        if not hasattr(self, "broker"):
            return
        if not self.closed:
            self._run_to_its_end()
        flying = list(self.sim.lanes.flying)
        self.broker.close()
        for entry in flying:
            self._land(entry, "reply")
        assert {n: len(answers) for n, answers in self.got.items()} == self.asked
        assert self.broker.stats().in_flight == 0
        assert self.broker._plan.left == 0
        if self.limits.tpm is not None or self.limits.token_budget is not None:
            assert self.broker._valve.tokens.pending == 0

    # helpers

    def _run_to_its_end(self) -> None:
        """From whatever state: if all goes well from now on, everything that was asked ends."""
        for _ in range(400):
            if all(len(self.got[n]) == times for n, times in self.asked.items()):
                return
            while self.sim.lanes.flying:
                self._land(self.sim.lanes.flying[0], "reply")
            self.sim.advance(5.0)
        raise AssertionError("it does not come to an end")

    def _land(self, entry: Entry, end: str) -> None:
        answer = ENDS[end]()
        counted = {"reply": 100.0, "uncounted": 40.0, "timeout": None, "cut off": None}
        if entry.flight is not None:
            amount = counted.get(end, 0.0)
            cost = entry.flight.tokens if amount is None else amount
            self.spent += cost
            self.tokens = [
                (t, None, cost) if flying is entry else (t, flying, n)
                for t, flying, n in self.tokens
            ]
        self.sim.lanes.land(entry, answer)

    def _sent(self, entry: Entry) -> None:
        """Look at every limit at the moment of a send."""
        now, flying = self.sim.clock.time, self.sim.lanes.flying
        stats = self.broker.stats()
        assert not self.closed
        assert self.broker.over is None
        assert len(flying) <= stats.limit <= self.limits.concurrency
        if entry.attempts == 1:
            self.first_sends.append(int(entry.key.id))
        assert entry.attempts - entry.excused <= RETRIES + 1
        assert entry.flight is not None
        self.sends.append(now)
        if self.limits.rpm is not None:
            assert sum(now - 60.0 <= t for t in self.sends) <= self.limits.rpm
        if self.limits.time_budget_s is not None:
            assert now < self.began + self.limits.time_budget_s
        if stats.outage_s is not None:
            assert [e for e in flying if e.flight is not None and e.flight.probe] == [entry]
        self._tokens_fit(entry, now)

    def _tokens_fit(self, entry: Entry, now: float) -> None:
        assert entry.flight is not None
        pending = sum(n for _, flying, n in self.tokens if flying is not None)
        if self.limits.token_budget is not None:
            assert self.spent + pending < self.limits.token_budget
        mine = float(entry.flight.tokens)
        if self.limits.tpm is not None:
            others = sum(n for t, _, n in self.tokens if t > now - 60.0)
            assert others <= 0 or others + mine <= self.limits.tpm
        self.tokens.append((now, entry, mine))


TestLimitsHold = LimitsHold.TestCase
TestLimitsHold.settings = settings(max_examples=60, stateful_step_count=30, deadline=None)
