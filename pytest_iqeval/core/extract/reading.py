"""What a reader finds in a reply: the committed answer, by which rule, from which span."""

from __future__ import annotations

from dataclasses import dataclass

TRIED_AT_MOST = 20
"""How many statements that don't count a `Reading` keeps."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """One way to commit to an answer: a row of a reader's table, as people read it.

    ``language`` is ``zh``, ``en`` or ``any``. ``matches`` says what it reads. ``example`` is a
    whole reply, and ``reads`` the normalised answer that the rule reads from it; a test holds
    every row to that, and the docs are made from these rows.
    """

    name: str
    language: str
    matches: str
    example: str
    reads: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Tried:
    """A statement that a rule found and that does not count, and why."""

    rule: str
    span: tuple[int, int]
    why: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """What was read: the normalised answer, the rule, and the span where it stands in the reply.

    ``span`` is code points ``(start, end)`` of the original text. Without an answer, ``note``
    says why in one sentence, and rule and span are ``None``. ``tried`` lists what was found and
    does not count, last statement first, `TRIED_AT_MOST` at most. ``at_end`` says that the
    answer is one only as the reply's own end: in a reply that was cut, it is a step on the way.
    ``missed`` says that the reply was searched for something that is not in it: no answer, and
    yet wrong.
    """

    answer: str | None = None
    rule: str | None = None
    span: tuple[int, int] | None = None
    note: str | None = None
    tried: tuple[Tried, ...] = ()
    at_end: bool = False
    missed: bool = False

    def of_cut_reply(self) -> Reading:
        """The reading where the length limit cut the reply: an answer only as its end is none."""
        if not self.at_end or self.rule is None or self.span is None:
            return self
        note = "it has not come to its end"
        dismissed = Tried(rule=self.rule, span=self.span, why=note)
        return Reading(note=note, tried=(dismissed, *self.tried)[:TRIED_AT_MOST])
