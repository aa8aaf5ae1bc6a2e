"""Notices that the endpoint refuses everything."""

from __future__ import annotations

from pytest_iqeval.core.errors import NoReply
from pytest_iqeval.core.request import Reply

ENOUGH = 10  # equal refusals in a row

# What concerns the key or the account, and so every question, also after some were answered.
_OF_ALL = frozenset({401, 402, 429})


class Refusals:
    """Counts equal refusals in a row that no retry can mend.

    Ten different questions refused in one way before any was answered: the key, the model or a
    field of the body is wrong, and 14,000 more of them help nobody. Later only a refused key or
    a spent account ends a run, since other refusals may be those questions' own. What a retry
    may mend counts neither way. A set of fewer than ten questions is asked to its end.
    """

    def __init__(self) -> None:
        self._count = 0
        self._last: NoReply | None = None
        self._answered = False

    def ended(self, answer: Reply | NoReply) -> None:
        """A request has ended with `answer`, unless that is retried."""
        if not isinstance(answer, NoReply):
            self._answered = True
            self._count = 0
            self._last = None
            return
        if answer.retryable:
            return
        counts = answer.kind in ("status", "connect", "tls") and (
            not self._answered or answer.status in _OF_ALL
        )
        same = self._last is not None and (self._last.kind, self._last.status) == (
            answer.kind,
            answer.status,
        )
        self._count = (self._count * same + 1) * counts
        self._last = answer

    def over(self) -> NoReply | None:
        """Why there is no hope: in the words of the last, so that all have one reason."""
        last = self._last
        if last is None or self._count < ENOUGH:
            return None
        return NoReply(last.problem, hint=last.hint, kind="outage", status=last.status)
