"""One sending of a request, as the log of a run holds it."""

from __future__ import annotations

from dataclasses import dataclass

from pytest_iqeval.core.errors import NoReply
from pytest_iqeval.core.request import Key, Reply, Timing


@dataclass(frozen=True, slots=True, kw_only=True)
class Attempt:
    """What was sent for `key` the `number`-th time (from 1), and what came of it.

    ``again_in_s`` is the wait before the next attempt, ``None`` where there is none.
    """

    key: Key
    number: int
    answer: Reply | NoReply
    again_in_s: float | None = None

    def to_plain(self) -> dict[str, object]:
        """The line of the log, without the time of day: no text of the question or the reply."""
        answer = self.answer
        timing = answer.timing or Timing()
        plain: dict[str, object] = {"id": str(self.key), "attempt": self.number}
        if isinstance(answer, Reply):
            plain |= {"ok": True, "finish_reason": answer.finish_reason, **answer.usage.to_plain()}
        else:
            plain |= {
                "ok": False,
                "kind": answer.kind,
                "status": answer.status,
                "problem": answer.problem,
                "again_in_s": self.again_in_s,
            }
        return plain | {"total_s": answer.latency_s, **timing.to_plain()}
