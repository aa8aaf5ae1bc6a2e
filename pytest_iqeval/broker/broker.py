"""The broker: asks the endpoint everything a run needs, each key once.

Lanes take requests from the plan; an answer is committed to the journal before anybody sees
it. Whatever happens, everybody who waits gets an answer.
"""

from __future__ import annotations

import contextlib
import heapq
import itertools
import queue
import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Self

from pytest_iqeval.broker.answers import Told, copy_of, deliver, unkept
from pytest_iqeval.broker.clock import SystemClock, WaitingClock
from pytest_iqeval.broker.lanes import Lanes
from pytest_iqeval.broker.plan import Answer, Entry, OnDone, Plan, State
from pytest_iqeval.broker.retry import RetryPolicy
from pytest_iqeval.core.attempt import Attempt
from pytest_iqeval.core.errors import IqevalError, NoReply
from pytest_iqeval.core.ports import AttemptLog, Journal, Transport
from pytest_iqeval.core.request import Reply, Request

# A wait on the main thread is cut in slices: on Windows one without end ignores Ctrl-C.
_SLICE_S = 0.5


@dataclass(frozen=True, slots=True, kw_only=True)
class BrokerStats:
    """Where the broker stands, for a live line and the report.

    ``planned`` counts keys; each is sooner or later one of ``reused`` (answered by an earlier
    run), ``answered`` and ``errors``. ``sent`` counts attempts, ``retries`` those after the
    first of a key; ``delayed`` keys wait for their next one. Tokens are sums of what the
    endpoint counted in this run.
    """

    planned: int = 0
    reused: int = 0
    sent: int = 0
    retries: int = 0
    in_flight: int = 0
    delayed: int = 0
    answered: int = 0
    errors: int = 0
    prompt_tokens: int = 0
    completion_tokens: int = 0


class Broker:
    """Asks for replies, within one limit for the whole run. Safe to call from any thread.

    :param transports: makes a connection; called once a lane, in the lane's thread.
    :param journal: keeps every answer; what it holds already is not asked again, except errors.
    :param concurrency: the most requests in flight at once.
    :param retries: how often one request is sent again where that can help.
    :param patience_s: seconds that one request waits between its attempts in all.
    :param ahead: how many replies may be under way or unclaimed at once beside those that are
        waited for; ``None``: no limit.
    :param first_alone: send the first request alone; if it ends in a failure that no retry
        can mend, send nothing more: see `fatal`.
    :param policy: the retry rule, where another than that of `retries` and `patience_s` is meant.
    :param log: is told of every attempt as it ends.
    """

    def __init__(
        self,
        transports: Callable[[], Transport],
        journal: Journal,
        *,
        concurrency: int,
        retries: int,
        patience_s: float,
        ahead: int | None = None,
        first_alone: bool = False,
        policy: RetryPolicy | None = None,
        clock: WaitingClock | None = None,
        log: AttemptLog | None = None,
    ) -> None:
        self._journal = journal
        self._log = log
        self._stored = set(journal.keys())
        self._policy = policy or RetryPolicy(retries=retries, patience_s=patience_s)
        self._clock = clock or SystemClock()
        self._alone = first_alone
        self._fatal: NoReply | None = None
        self._closed = False
        self._plan = Plan(ahead=ahead)
        self._lock = threading.Lock()
        self._lanes = Lanes(
            self._lock,
            transports,
            limit=concurrency,
            take=self._take,
            settle=self._settle,
            give_up=self._conclude,
        )
        self._timer: threading.Thread | None = None
        self._due = threading.Condition(self._lock)  # the timer waits here
        self._delays: list[tuple[float, int, Entry]] = []  # a heap of (due, serial, entry)
        self._serial = itertools.count()  # decides between equal times: entries don't compare
        self._landed = threading.Condition(self._lock)  # `close` waits here while it drains
        self._reused = self._sent = self._retries = self._answered = self._errors = 0
        self._prompt_tokens = self._completion_tokens = 0

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *exc_info: object) -> None:
        self.close()

    # what callers do

    @property
    def fatal(self) -> NoReply | None:
        """Why nothing more is sent, and every later request ends with this very reason."""
        return self._fatal

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
        with self._lock:
            entry = self._plan.get(request.key) or self._add(request)
            if entry.state is not State.ENDED:
                self._plan.wait(entry, on_done)
                self._stir()
                return
            answer = self._plan.claim(entry)
            self._stir()  # what was claimed makes room for the next
        on_done(self._kept(entry) if answer is None else answer)

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

    def stats(self) -> BrokerStats:
        """Where the broker stands now."""
        with self._lock:
            return BrokerStats(
                planned=len(self._plan),
                reused=self._reused,
                sent=self._sent,
                retries=self._retries,
                in_flight=self._plan.flying,
                delayed=self._plan.delayed,
                answered=self._answered,
                errors=self._errors,
                prompt_tokens=self._prompt_tokens,
                completion_tokens=self._completion_tokens,
            )

    def close(self, *, drain_s: float = 0.0) -> None:
        """Send nothing more; whoever still waits gets a `NoReply` of kind ``cancelled``.

        :param drain_s: seconds to let what is in flight finish, so that what was paid for is
            kept. After it, connections are closed under what remains.
        """
        told: Told = []
        try:
            with self._lock:
                self._closed = True
                self._lanes.stop()
                self._due.notify_all()
                told += self._abandon(flying=False)
            deliver(told)
            with self._lock:
                end = self._clock.now() + drain_s
                while self._plan.flying and (left_s := end - self._clock.now()) > 0:
                    self._clock.wait(self._landed, left_s)
        finally:  # also after a second Ctrl-C
            with self._lock:
                told += self._abandon(flying=True)
            deliver(told)
            self._lanes.end()
            if self._timer is not None:
                self._timer.join()  # it holds nothing up: it only ever waits to be told

    # the queue; the lock is held

    def _add(self, request: Request) -> Entry:
        if request.key in self._stored:
            self._reused += 1
            return self._plan.add_stored(request)
        entry = self._plan.add(request)
        if self._closed or self._fatal is not None:
            self._finish(entry, self._why_not(entry))
        return entry

    def _stir(self) -> None:
        """See that enough lanes are awake for what may start now."""
        if not self._closed:
            self._lanes.wake(self._startable() - (self._lanes.awake - self._plan.flying))

    def _startable(self) -> int:
        """At most how many requests may start now: the place of every limit."""
        startable = self._plan.startable()
        if self._alone:
            return 0 if self._plan.flying or self._plan.delayed else min(1, startable)
        return startable

    def _take(self) -> Entry | None:
        entry = self._plan.take() if self._startable() else None
        if entry is not None:
            self._sent += 1
            self._retries += entry.attempts > 1
        return entry

    def _finish(self, entry: Entry, answer: Answer) -> Told:
        """`entry` has ended: count it, and say who is to be told."""
        if isinstance(answer, NoReply):
            self._errors += 1
        else:
            self._answered += 1
            self._prompt_tokens += answer.usage.prompt_tokens or 0
            self._completion_tokens += answer.usage.completion_tokens or 0
        return [(on_done, answer) for on_done in self._plan.end(entry, answer)]

    def _abandon(self, *, flying: bool) -> Told:
        """End all that is not being sent, or (`flying`) all that has not ended."""
        self._delays.clear()
        told: Told = []
        for entry in self._plan.unended():
            if flying or entry.state is not State.FLYING:
                told += self._finish(entry, self._why_not(entry))
        return told

    def _why_not(self, entry: Entry) -> NoReply:
        if self._fatal is not None:
            return copy_of(self._fatal, attempts=entry.attempts)
        return NoReply(
            "the run ended before there was a reply", kind="cancelled", attempts=entry.attempts
        )

    # what becomes of an attempt; called by lanes, without the lock

    def _settle(self, entry: Entry, answer: Answer) -> None:
        """An attempt is over: send it again later, or keep and deliver what came."""
        number, again_in_s = entry.attempts, None
        if isinstance(answer, NoReply):
            answer.attempts = number
            again_in_s = self._again_later(entry, answer)
        if self._log is not None:
            self._log.write(
                Attempt(key=entry.key, number=number, answer=answer, again_in_s=again_in_s)
            )
        if again_in_s is not None:
            return
        if isinstance(answer, Reply) and number > 1:
            answer = replace(answer, attempts=number)
        if entry.state is State.ENDED:
            # `close` gave up on it while it was under way; what was paid for is kept if it can be.
            if isinstance(answer, Reply):
                with contextlib.suppress(Exception):
                    self._journal.put(entry.key, answer)
            return
        fatal = self._alone and isinstance(answer, NoReply) and not answer.retryable
        try:
            self._journal.put(entry.key, answer)
        except Exception as exc:  # a border: what can't be kept must not be seen
            # With a full disk there is no point in going on; a bug with one row is that row's.
            answer, fatal = unkept(exc), isinstance(exc, IqevalError)
        self._conclude(entry, answer, fatal=fatal)

    def _conclude(self, entry: Entry, answer: Answer, *, fatal: bool = False) -> None:
        """`entry` has ended with `answer`; if that is `fatal`, so has all that was not sent."""
        with self._lock:
            self._alone = False
            told = [] if entry.state is State.ENDED else self._finish(entry, answer)
            if fatal and self._fatal is None and isinstance(answer, NoReply):
                self._fatal = copy_of(answer)
                told += self._abandon(flying=False)
            self._stir()
            self._landed.notify_all()
        deliver(told)

    def _again_later(self, entry: Entry, failure: NoReply) -> float | None:
        """Put `entry` aside for its next attempt, if there is one; in how many seconds."""
        with self._lock:
            if self._closed or self._fatal is not None:
                return None
            delay_s = self._policy.delay_s(
                failure, attempts=entry.attempts, waited_s=entry.waited_s
            )
            if delay_s is None:
                return None
            if self._timer is None:
                timer = threading.Thread(target=self._run_timer, name="iqeval-timer", daemon=True)
                timer.start()
                self._timer = timer
            self._plan.delay(entry, delay_s)
            due = self._clock.now() + delay_s
            heapq.heappush(self._delays, (due, next(self._serial), entry))
            self._due.notify()
            return delay_s

    def _run_timer(self) -> None:
        """Bring delayed entries back into the queue when their time has come."""
        with self._lock:
            while not self._closed:
                now = self._clock.now()
                while self._delays and self._delays[0][0] <= now:
                    self._plan.back(heapq.heappop(self._delays)[2])
                self._stir()
                self._clock.wait(self._due, self._delays[0][0] - now if self._delays else None)

    def _kept(self, entry: Entry) -> Answer:
        """What the journal holds of `entry`, which has a reply."""
        try:
            answer = self._journal.get(entry.key)
        except IqevalError as exc:
            return unkept(exc)
        return answer or NoReply(f"{entry.key}: its reply is gone from the journal", kind="missing")
