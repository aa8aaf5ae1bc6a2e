"""The judgement of one reply."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from numbers import Real
from typing import Any


class Outcome(StrEnum):
    """How a question ended; the last one means that there was nothing to judge."""

    CORRECT = "correct"
    INCORRECT = "incorrect"
    UNPARSED = "unparsed"  # answered, but commits to no answer
    TRUNCATED = "truncated"  # cut by the length limit before it committed to one
    REFUSED = "refused"  # declines to answer at all: policy, safety, content filter
    ERROR = "error"  # no reply, or a scorer that crashed


@dataclass(frozen=True, slots=True, kw_only=True)
class Score:
    """What a scorer made of one reply.

    ``value`` is 1.0 for right and 0.0 for wrong; a scorer that gives partial credit has values
    between (``None`` for an error), and says from which one on an answer is correct.
    ``extracted`` is the normalised answer that was read, by ``rule``, from ``span``: code points
    ``(start, end)`` of ``Reply.text``. All three are ``None`` where nothing was committed to.
    ``note`` is one sentence for people: why it is unparsed, what the error was. ``cut`` says that
    the length limit cut the reply, whether or not it had answered by then.
    """

    outcome: Outcome
    value: float | None = None
    extracted: str | None = None
    rule: str | None = None
    span: tuple[int, int] | None = None
    note: str | None = None
    cut: bool = False

    @property
    def correct(self) -> bool:
        """Whether the answer is right."""
        return self.outcome is Outcome.CORRECT

    def to_plain(self) -> dict[str, object]:
        """Plain types only, for the workers' channel."""
        return {
            "outcome": self.outcome.value,
            "value": self.value,
            "extracted": self.extracted,
            "rule": self.rule,
            "span": None if self.span is None else list(self.span),
            "note": self.note,
            "cut": self.cut,
        }

    @classmethod
    def from_plain(cls, plain: Mapping[str, Any]) -> Score:
        """The inverse of `to_plain`."""
        values = dict(plain)
        values["outcome"] = Outcome(values["outcome"])
        if values["span"] is not None:
            values["span"] = tuple(values["span"])
        return cls(**values)


def share(value: object) -> float | None:
    """A number from 0 to 1 of any type (truth values too) as a float; ``None`` for all else."""
    try:
        number = float(value) if isinstance(value, Real) else None
    except OverflowError:
        return None
    return number if number is not None and 0.0 <= number <= 1.0 else None


def error_score(note: str) -> Score:
    """The score of a question that has none: no reply, or a crashed scorer."""
    return Score(outcome=Outcome.ERROR, note=note)
