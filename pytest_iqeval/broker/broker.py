"""The broker: asks the endpoint everything a run needs, each key once.

Lanes take requests from the plan; an answer is committed to the journal before anybody sees
it. Whatever happens, everybody who waits gets an answer.
"""

from __future__ import annotations

import contextlib
import queue
import threading
from collections.abc import Callable, Sequence
from dataclasses import asdict
from typing import Self

from pytest_iqeval.broker.answers import Told, copy_of, deliver, noted
from pytest_iqeval.broker.clock import SystemClock, WaitingClock
from pytest_iqeval.broker.ends import Ends
from pytest_iqeval.broker.lanes import Lanes
from pytest_iqeval.broker.limits import Limits
from pytest_iqeval.broker.plan import Answer, Entry, OnDone, Plan, State
from pytest_iqeval.broker.records import Records
from pytest_iqeval.broker.retry import RetryPolicy
from pytest_iqeval.broker.stats import BrokerStats, Counts
from pytest_iqeval.broker.timer import Timer
from pytest_iqeval.broker.valve import Valve
from pytest_iqeval.core.errors import NoReply
from pytest_iqeval.core.ports import AttemptLog, Journal, Transport
from pytest_iqeval.core.request import Key, Reply, Request

# A wait on the main thread is cut in slices: on Windows one without end ignores Ctrl-C.
_SLICE_S = 0.5


class Broker:
    """Asks for replies, within one set of limits for the whole run. Safe to call from any thread.

    :param transports: makes a connection; called once a lane, in the lane's thread.
    :param journal: keeps every answer; what it holds already is not asked again, except errors.
    :param first_alone: send the first request alone; if it ends in a failure that no retry
        can mend, send nothing more: see `fatal`.
    :param policy: the retry rule, where another than that of `limits` is meant.
    :param log: is told of every attempt as it ends.
    """

    def __init__(
        self,
        transports: Callable[[], Transport],
        journal: Journal,
        limits: Limits,
        *,
        first_alone: bool = False,
        policy: RetryPolicy | None = None,
        clock: WaitingClock | None = None,
        log: AttemptLog | None = None,
    ) -> None:
        self._records = Records(journal, log)
        self._policy = policy or RetryPolicy(retries=limits.retries, patience_s=limits.patience_s)
        self._clock = clock or SystemClock()
        self._alone = first_alone
        self._plan = Plan(ahead=limits.ahead)
        self._counts = Counts()
        self._valve = Valve(limits, self._plan, self._clock.now())
        self._lock = threading.Lock()
        self._lanes = Lanes(
            self._lock,
            transports,
            limit=limits.concurrency,
            take=self._take,
            settle=self._settle,
            give_up=self._conclude,
        )
        self._timer = Timer(self._lock, self._clock, due=self._back, look=self._look)
        self._ends = Ends(self._plan, self._counts, self._timer)
        self._landed = threading.Condition(self._lock)  # `close` waits here while it drains

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *exc_info: object) -> None:
        self.close()

    # what callers do

    @property
    def over(self) -> NoReply | None:
        """Why nothing more is sent, and every later request ends with this very reason.

        Its ``kind`` is ``budget`` or ``outage``, or it is `fatal`.
        """
        return self._ends.over

    @property
    def fatal(self) -> NoReply | None:
        """`over`, where asking was pointless from the start or can't go on: not the endpoint's."""
        over = self.over
        return None if over is None or over.kind in ("budget", "outage") else over

    def plan(self, requests: Sequence[Request]) -> None:
        """Queue `requests` in this order and start asking; known keys stay where they are."""
        with self._lock:
            for request in requests:
                if self._plan.get(request.key) is None:
                    self._add(request)
            self._stir()

    def submit(self, request: Request, on_done: OnDone) -> None:
        """Get the answer to `request`, before all that nobody waits for.

        :param on_done: called once with the reply or the failure, at once or later in a lane's
            thread. It must not raise, and not wait for another answer.
        """
        # Fifty lanes want the lock, and most replies are there before anybody asks for them.
        reply = self._plan.hand_over(request.key)
        if reply is not None:
            on_done(reply)
            return
        with self._lock:
            entry = self._plan.get(request.key) or self._add(request)
            if entry.state is not State.ENDED:
                self._plan.wait(entry, on_done)
                self._stir()
                return
            answer = self._plan.claim(entry)
            self._stir()  # what was claimed makes room for the next
        on_done(self._records.read(entry) if answer is None else answer)

    def ask(self, request: Request) -> Reply:
        """Wait for the reply to `request`.

        :raises NoReply: there is none, after all retries; or the broker was closed.
        """
        inbox: queue.SimpleQueue[Answer] = queue.SimpleQueue()
        self.submit(request, inbox.put)
        while True:
            with contextlib.suppress(queue.Empty):
                answer = inbox.get(timeout=_SLICE_S)
                break
        if isinstance(answer, NoReply):
            # A copy: the same failure may be raised in several threads, and the traceback of
            # an exception that is kept keeps its frames alive.
            raise copy_of(answer)
        return answer

    def had(self, key: Key) -> bool:
        """Whether its reply was there when the broker began."""
        return self._records.holds(key)

    def stats(self) -> BrokerStats:
        """Where the broker stands now."""
        with self._lock:
            now = self._clock.now()
            valve = self._valve
            since = valve.outage.since if valve.outage.open else None
            return BrokerStats(
                **asdict(self._counts),
                planned=len(self._plan),
                in_flight=self._plan.flying,
                delayed=self._plan.delayed,
                limit=valve.slowing.limit(now),
                full_limit=valve.slowing.full,
                slowed=valve.slowing.slowed,
                throttled=valve.slowing.throttled,
                outage_s=None if since is None else now - since,
                patience_s=valve.limits.patience_s,
                tokens_spent=valve.tokens.spent,
                token_budget=valve.limits.token_budget,
                refused=valve.refused,
            )

    def send_no_more(self) -> int:
        """Let what is in flight finish, and nothing else start; how many requests that is.

        Whoever waits for another goes on waiting, until `close`.
        """
        with self._lock:
            self._lanes.stop()
            return self._plan.flying

    def close(self, *, drain_s: float = 0.0) -> None:
        """Send nothing more; whoever still waits gets a `NoReply` of kind ``cancelled``.

        :param drain_s: seconds to let what is in flight finish, so that what was paid for is
            kept. After it, connections are closed under what remains.
        """
        told: Told = []
        try:
            with self._lock:
                self._ends.closed = True
                self._lanes.stop()
                self._timer.stop()
                told += self._ends.abandon(flying=False)
            deliver(told)
            with self._lock:
                end = self._clock.now() + drain_s
                while self._plan.flying and (left_s := end - self._clock.now()) > 0:
                    self._clock.wait(self._landed, left_s)
        finally:  # also after a second Ctrl-C
            with self._lock:
                told += self._ends.abandon(flying=True)
            deliver(told)
            self._lanes.end()
            self._timer.join()

    # the queue; the lock is held

    def _add(self, request: Request) -> Entry:
        if self._records.holds(request.key):
            self._counts.reused += 1
            return self._plan.add_stored(request)
        entry = self._plan.add(request, self._clock.now())
        if self._ends.all:
            self._ends.finish(entry, self._ends.why_not(entry))
        return entry

    def _stir(self) -> None:
        """See that enough lanes are awake for what may start now, and the timer for the rest."""
        if self._ends.closed:
            return
        look_at = self._valve.look_at
        if look_at is not None and self._plan.left:
            self._timer.wake_by(look_at)
        self._lanes.wake(self._startable() - (self._lanes.awake - self._plan.flying))

    def _startable(self) -> int:
        """At most how many requests may start now: the place of every limit."""
        startable = self._plan.startable()
        if self._alone and (self._plan.flying or self._plan.delayed):
            startable = 0
        if not startable:
            return 0
        room, again_at = self._valve.room(self._clock.now())
        if again_at is not None:
            self._timer.wake_by(again_at)
        return min(startable, 1 if self._alone else room, room)

    def _take(self) -> Entry | None:
        entry = self._plan.take() if self._startable() else None
        if entry is not None:
            entry.answer = None
            self._counts.sent += 1
            self._counts.retries += entry.attempts > 1
            self._valve.sent(entry, self._clock.now())
            if self._valve.one_by_one:
                self._stir()
        return entry

    def _back(self, entry: Entry) -> None:
        """The delay of `entry` is over."""
        if entry.state is State.DELAYED:
            self._plan.back(entry, self._clock.now())

    def _look(self) -> Told:
        """The timer's: end everything if it is time to, else see that what may start does."""
        told = self._check()
        self._stir()
        return told

    def _check(self) -> Told:
        """End everything if there is a reason to by now."""
        if self._ends.all:
            return []
        why = self._valve.over(self._clock.now())
        if why is None:
            return []
        # What is in flight in an outage may hang for long, and would only say the same.
        return self._ends.stop(why, flying=self._valve.outage.open)

    # what becomes of an attempt; called by lanes, without the lock

    def _settle(self, entry: Entry, answer: Answer) -> None:
        """An attempt is over: send it again later, or keep and deliver what came."""
        noted_answer = noted(entry, answer)
        final = self._land(entry, noted_answer)
        again_in_s = final if isinstance(final, float) else None
        self._records.note(entry, noted_answer, again_in_s=again_in_s)
        if isinstance(final, float):
            return
        if entry.state is State.ENDED:
            # It was given up while it was under way; what was paid for is kept if it can be.
            if isinstance(final, Reply):
                self._records.keep(entry, final)
            return
        fatal = self._alone and isinstance(final, NoReply) and not final.retryable
        lost = self._records.keep(entry, final)
        if lost is not None:
            final, fatal = lost
        self._conclude(entry, final, fatal=fatal)

    def _land(self, entry: Entry, answer: Answer) -> Answer | float:
        """Note how an attempt of `entry` went; what it ends with, or in how many seconds it is
        sent again (0: when somebody answers again)."""
        with self._lock:
            now = self._clock.now()
            held = self._valve.landed(entry, answer, now)
            told = self._check()
            final = self._again(entry, answer, now, held=held)
            if isinstance(final, float):
                self._stir()
        deliver(told)
        return final

    def _again(self, entry: Entry, answer: Answer, now: float, *, held: bool) -> Answer | float:
        """Put `entry` back or aside for its next attempt, if there is one; see `_land`."""
        given_up = self._ends.closed or entry.state is State.ENDED
        if given_up or isinstance(answer, Reply) or not answer.retryable:
            return answer
        entry.answer = answer  # until it is sent again
        if self._ends.over is not None:
            return self._ends.why_not(entry)
        if held:
            # A probe goes to the end: another request may fare better.
            probe = entry.flight is not None and entry.flight.probe
            self._plan.hold(entry, now, first=not probe)
            return 0.0
        delay_s = self._policy.delay_s(
            answer, attempts=entry.attempts - entry.excused, waited_s=entry.waited_s
        )
        if delay_s is None:
            return self._policy.last_words(answer)
        self._plan.delay(entry, delay_s)
        self._timer.add(entry, now + delay_s)
        return delay_s

    def _conclude(self, entry: Entry, answer: Answer, *, fatal: bool = False) -> None:
        """`entry` has ended with `answer`; if that is `fatal`, so has all that was not sent."""
        with self._lock:
            self._alone = False
            told = [] if entry.state is State.ENDED else self._ends.finish(entry, answer)
            if fatal and self._ends.over is None and isinstance(answer, NoReply):
                told += self._ends.stop(answer)
            self._stir()
            self._landed.notify_all()
        deliver(told)
