"""Opens and closes for every send: all limits of a run in one place.

No thread and no lock in here: the broker calls it under its own lock.
"""

from __future__ import annotations

from pytest_iqeval.broker.limits import Limits
from pytest_iqeval.broker.outage import Outage, is_silence
from pytest_iqeval.broker.plan import Answer, Entry, Flight, Plan
from pytest_iqeval.broker.rates import SendRate, Window
from pytest_iqeval.broker.refusals import Refusals
from pytest_iqeval.broker.slowing import Slowing
from pytest_iqeval.broker.tokens import Tokens
from pytest_iqeval.core.errors import NoReply
from pytest_iqeval.core.phrases import live

# Failures that are no word of the endpoint's.
_OURS = frozenset({"crash", "journal", "cancelled", "missing"})
_GO_ON = "--iqeval-resume goes on with what is left"


class Valve:
    """Says how many of a plan's requests may start, and when a run has to stop."""

    def __init__(self, limits: Limits, plan: Plan, now: float) -> None:
        self.limits = limits
        self.slowing = Slowing(limits.concurrency)
        self.outage = Outage(limits.patience_s)
        self.tokens = Tokens()
        self.refused = False  # `over` for refusals
        self._plan = plan
        self._refusals = Refusals()
        self._sends = None if limits.rpm is None else SendRate(limits.rpm)
        self._window = None if limits.tpm is None else Window(limits.tpm)
        self._counts_tokens = limits.tpm is not None or limits.token_budget is not None
        budget_s = limits.time_budget_s
        self._deadline = None if budget_s is None else now + budget_s
        self._refused_since: float | None = None  # by 429 alone, while slowed
        self._over: NoReply | None = None

    @property
    def one_by_one(self) -> bool:
        """Whether `room` looks at the next request only: ask again after each send."""
        return self._counts_tokens

    @property
    def look_at(self) -> float | None:
        """When `over` must be asked at the latest."""
        if self._over is not None:
            return None
        moments = (self._deadline, self.outage.ends_at)
        return min((when for when in moments if when is not None), default=None)

    def room(self, now: float) -> tuple[int, float | None]:
        """How many may start; where it is none and time alone can change that, when to ask again.

        What a landing can change needs no such moment: the broker asks again then.
        """
        if self._over is not None or self._late(now):
            return 0, None
        flying = self._plan.flying
        room, again_at = self.slowing.room(now, flying)
        if room and self.outage.open:
            room, again_at = self.outage.room(now)
        if room and self._sends is not None:
            most, again_at = self._sends.room(now, self._plan.waiting)
            room = min(room, most)
        if room and self._counts_tokens:
            room, again_at = self._token_room(now)
        return room, again_at

    def sent(self, entry: Entry, now: float) -> None:
        """`entry` goes out."""
        flight = Flight(started=now, queued_s=max(0.0, now - entry.ready), probe=self.outage.sent())
        entry.flight = flight
        if self._sends is not None:
            self._sends.sent(now)
        if self._counts_tokens and entry.request is not None:
            flight.request = entry.request
            flight.tokens = self.tokens.estimate(entry.request)
            self.tokens.sent(flight.tokens)
            if self._window is not None:
                flight.debit = self._window.debit(now, flight.tokens)

    def landed(self, entry: Entry, answer: Answer, now: float) -> bool:
        """An attempt of `entry` has ended; whether it is to be held, as an outage's victim."""
        flight = entry.flight
        if flight is not None and flight.request is not None:
            cost = self.tokens.landed(flight.request, answer, flight.tokens)
            if self._window is not None and flight.debit is not None:
                self._window.correct(now, flight.debit, cost)
        held = False
        self.outage.landed(entry, now)
        if not isinstance(answer, NoReply):
            self.outage.answered(now)
            self.slowing.answered(busy=False)
            self._refused_since = None
        elif is_silence(answer):
            held = self._unanswered(entry, answer, now)
        elif answer.kind not in _OURS:
            self.outage.answered(now)
            self._refused(entry, answer, now)
        self._refusals.ended(answer)
        return held

    def over(self, now: float) -> NoReply | None:
        """Why nothing more is to be sent, once there is a reason; the first one stays."""
        if self._over is None:
            refused = self._refusals.over()
            self._over = self._spent(now) or refused or self.outage.over(now)
            self.refused = refused is not None and self._over is refused
        return self._over

    def _token_room(self, now: float) -> tuple[int, float | None]:
        budget = self.limits.token_budget
        if budget is not None and self.tokens.spent + self.tokens.pending >= budget:
            return 0, None
        if self._window is None:
            return 1, None
        following = self._plan.next()
        if following is None or following.request is None:
            return 0, None
        free_at = self._window.free_at(now, self.tokens.estimate(following.request))
        return (1, None) if free_at is None else (0, free_at)

    def _unanswered(self, entry: Entry, answer: NoReply, now: float) -> bool:
        plan, most = self._plan, self.slowing.limit(now)
        if self.limits.rpm is not None:  # so many go out in 6 s
            most = min(most, self.limits.rpm // 10)
        tried = plan.flying + plan.delayed
        return self.outage.unanswered(entry, answer, now, most=most, left=plan.left, tried=tried)

    def _refused(self, entry: Entry, answer: NoReply, now: float) -> None:
        """Somebody answered, with a failure."""
        if answer.status != 429 and not answer.throttled:
            self.slowing.answered(busy=False)
            return
        patience_s, wait_s = self.limits.patience_s, answer.retry_after_s
        pause_s = self.slowing.refused(now, wait_s, quota=answer.throttled)
        if not self.slowing.active:
            return  # a stray one: its own affair
        # The whole run is too fast, and this request can't help it.
        entry.excused += 1
        entry.refused += 1
        entry.waited_s = 0.0
        if self._refused_since is None:
            self._refused_since = now
        refused_s = now - self._refused_since
        if pause_s > patience_s and wait_s is not None:
            said = f"the endpoint asks to wait for {wait_s:,.0f} s"
        elif refused_s >= patience_s and self._plan.flying <= 1:  # no other that may succeed
            said = f"the endpoint has refused everything for {refused_s:,.0f} s"
        else:
            return
        self._over = self._over or NoReply(
            f"{said}, and the patience is {patience_s:g} s: {answer.problem}",
            hint=answer.hint or _GO_ON,
            kind="outage",
            status=answer.status,
        )

    def _spent(self, now: float) -> NoReply | None:
        budget, spent = self.limits.token_budget, self.tokens.spent
        if budget is not None and spent >= budget:
            said = live.TOKEN_BUDGET(budget=budget, spent=spent)
            hint = live.GIVES_MORE(option="--iqeval-token-budget")
        elif self._late(now):
            said = live.TIME_BUDGET(seconds=f"{self.limits.time_budget_s:g}")
            hint = live.GIVES_MORE(option="--iqeval-time-budget")
        else:
            return None
        return NoReply(said, hint=hint, kind="budget")

    def _late(self, now: float) -> bool:
        return self._deadline is not None and now >= self._deadline
