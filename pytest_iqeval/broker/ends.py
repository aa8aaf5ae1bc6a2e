"""How requests end: one by one, or all that are left at once and for one reason."""

from __future__ import annotations

from pytest_iqeval.broker.answers import Told, copy_of
from pytest_iqeval.broker.plan import Answer, Entry, Plan, State
from pytest_iqeval.broker.stats import Counts
from pytest_iqeval.broker.timer import Timer
from pytest_iqeval.core.errors import NoReply


class Ends:
    """Ends entries of the plan, counts them, and says who is to be told.

    No thread and no lock in here: the broker calls it under its own lock.

    ``over`` is why nothing more is sent; ``closed`` says that the broker was closed.
    """

    def __init__(self, plan: Plan, counts: Counts, timer: Timer) -> None:
        self.over: NoReply | None = None
        self.closed = False
        self._plan = plan
        self._counts = counts
        self._timer = timer

    @property
    def all(self) -> bool:
        """Whether nothing more is sent."""
        return self.closed or self.over is not None

    def finish(self, entry: Entry, answer: Answer) -> Told:
        """`entry` has ended."""
        counts = self._counts
        if isinstance(answer, NoReply):
            counts.errors += 1
        else:
            counts.answered += 1
            counts.prompt_tokens += answer.usage.prompt_tokens or 0
            counts.completion_tokens += answer.usage.completion_tokens or 0
        return [(on_done, answer) for on_done in self._plan.end(entry, answer)]

    def stop(self, why: NoReply, *, flying: bool = False) -> Told:
        """Send nothing more, for this reason."""
        self.over = copy_of(why)
        return self.abandon(flying=flying)

    def abandon(self, *, flying: bool) -> Told:
        """End all that is not being sent, or (`flying`) all that has not ended."""
        self._timer.clear()
        told: Told = []
        for entry in self._plan.unended():
            if flying or entry.state is not State.FLYING:
                self._counts.dropped += entry.attempts
                self._counts.dropped_retries += max(0, entry.attempts - 1)
                told += self.finish(entry, self.why_not(entry))
        return told

    def why_not(self, entry: Entry) -> NoReply:
        """Why `entry` gets no reply, where nothing more is sent."""
        if self.over is not None:
            why = copy_of(self.over, attempts=entry.attempts)
            if why.kind == "budget" and isinstance(entry.answer, NoReply):
                # It was asked, and paid for perhaps: that is not the same as left out.
                said = f"{entry.answer.problem}; it was to be asked again, but {why.problem}"
                why.problem, why.status = said, entry.answer.status
            return why
        return NoReply(
            "the run ended before there was a reply", kind="cancelled", attempts=entry.attempts
        )
