"""A part of a reply in which something is looked for, with the way back to the reply."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from pytest_iqeval.core.extract.answer_text import Part, kept, read_answer_text
from pytest_iqeval.core.extract.reading import Reading
from pytest_iqeval.core.extract.text import prepare

LONGEST = 100_000
"""Code points of a reply that are searched, counted from its end."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Searched:
    """A text, and where each of its characters stands in the reply.

    ``where`` is ``None`` where they have no places of their own (escapes of JSON); then all of
    it stands in ``span``.
    """

    text: str
    span: tuple[int, int]
    where: Sequence[int] | None

    def origin(self, start: int, end: int) -> tuple[int, int]:
        """The span of the reply that ``text[start:end]``, which may be empty, comes from."""
        if self.where is None or not self.where:
            return self.span
        if start == end:
            at = self.where[start] if start < len(self.where) else self.where[-1] + 1
            return at, at
        return self.where[start], self.where[end - 1] + 1


def searched(text: str, part: Part) -> Searched | Reading:
    """The part of a reply that is asked for, without reasoning and markup; or why there is none."""
    if part is not Part.WHOLE:
        reading = read_answer_text(text, part)
        if reading.answer is None or reading.span is None:
            return reading
        shown, where = kept(prepare(text), *reading.span)
        if shown != reading.answer:
            return Searched(text=reading.answer, span=reading.span, where=None)
        return Searched(text=shown, span=reading.span, where=where)
    prepared = prepare(text)
    if prepared.empty:
        return Reading(note=prepared.why_empty)
    span = max(0, len(text) - LONGEST), len(text)
    shown, where = kept(prepared, *span)
    return Searched(text=shown, span=span, where=where)
