"""Answers on their way: replies made storable, troubles turned into `NoReply`."""

from __future__ import annotations

import threading
from dataclasses import replace

from pytest_iqeval.broker.plan import Answer, Entry, OnDone
from pytest_iqeval.core.clean import is_storable, storable
from pytest_iqeval.core.errors import IqevalError, NoReply
from pytest_iqeval.core.request import Reply, Timing

Told = list[tuple[OnDone, Answer]]
"""Who is to be told what, once the lock is free."""


def storable_reply(reply: Reply) -> Reply:
    """`reply` with every text cleaned of what can't be stored, and that noted in ``cleaned``."""
    texts = (reply.text, reply.reasoning, reply.refusal, reply.finish_reason, reply.model)
    if all(text is None or is_storable(text) for text in texts):
        return reply
    said = [reply.cleaned] if reply.cleaned else []

    def clean(name: str, text: str | None) -> str | None:
        if text is None or is_storable(text):
            return text
        cleaned, what = storable(text)
        said.append(f"{name}: {what}")
        return cleaned

    return replace(
        reply,
        text=clean("text", reply.text) or "",
        reasoning=clean("reasoning", reply.reasoning),
        refusal=clean("refusal", reply.refusal),
        finish_reason=clean("finish reason", reply.finish_reason),
        model=clean("model", reply.model),
        cleaned="; ".join(said),  # last: the calls above have filled it
    )


def noted(entry: Entry, answer: Answer) -> Answer:
    """The answer of an attempt, with the number of attempts and the seconds it was queued."""
    queued_s = None if entry.flight is None else entry.flight.queued_s
    timing = replace(answer.timing or Timing(), queued_s=queued_s)
    if isinstance(answer, NoReply):
        answer.attempts, answer.timing = entry.attempts, timing
        return answer
    return replace(answer, attempts=entry.attempts, timing=timing)


def crash(exc: BaseException) -> NoReply:
    """What an exception that nobody foresaw makes of a request."""
    if isinstance(exc, IqevalError):
        return NoReply(exc.problem, hint=exc.hint, kind="crash")
    return NoReply(
        f"a fault in pytest-iqeval while it asked: {type(exc).__name__}: {exc}",
        hint="this is a bug, please report it",
        kind="crash",
    )


def unkept(exc: Exception) -> NoReply:
    """What a journal that can't be written or read makes of a request."""
    problem = exc.problem if isinstance(exc, IqevalError) else f"{type(exc).__name__}: {exc}"
    hint = exc.hint if isinstance(exc, IqevalError) else None
    return NoReply(f"the journal failed: {problem}", hint=hint, kind="journal")


def copy_of(failure: NoReply, *, attempts: int | None = None) -> NoReply:
    """The same failure as a new exception, with no traceback, for another key or thread."""
    copy = NoReply.from_plain(failure.to_plain())
    if attempts is not None:
        copy.attempts = attempts
    return copy


def deliver(told: Told) -> None:
    """Tell all, and empty `told` with it, so that after an interrupt the rest can be told.

    A callback that raises is a bug, and keeps nobody else waiting.
    """
    told.reverse()
    while told:
        on_done, answer = told.pop()
        try:
            on_done(answer)
        except Exception as exc:  # a border: somebody else's callback
            threading.excepthook(
                threading.ExceptHookArgs((type(exc), exc, exc.__traceback__, None))
            )
