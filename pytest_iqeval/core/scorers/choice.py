"""Single-choice questions: the letter that the reply commits to, against the right one."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Self

from pytest_iqeval.core.errors import DefinitionError
from pytest_iqeval.core.extract.choice import Reading, read_choice
from pytest_iqeval.core.extract.refusal import refuses
from pytest_iqeval.core.request import Reply
from pytest_iqeval.core.sample import Sample
from pytest_iqeval.core.score import Outcome, Score


class ChoiceScorer:
    """Judges replies to questions with one right option.

    The first row that applies decides; ``Reply.reasoning`` is never read.

    ==========================================================  =====================
    the reply commits to a letter on offer                      correct or incorrect
    it has a ``refusal``, or ``finish_reason: content_filter``  refused
    it was cut by the length limit                              truncated
    it opens by declining to answer                             refused
    anything else                                               unparsed
    ==========================================================  =====================
    """

    @classmethod
    def from_options(cls, options: Mapping[str, object], *, where: str = "") -> Self:
        """The scorer as a definition asks for it; it takes no options."""
        if options:
            raise DefinitionError(
                [f"{where}scorer: choice has no option {o!r}" for o in options],
                hint="write `scorer: choice`",
            )
        return cls()

    def score(self, sample: Sample, reply: Reply) -> Score:
        """The judgement; never raises for any text."""
        reading = read_choice(reply.text, sample.choices)
        if reading.answer is None:
            outcome, note = _without_answer(reading, reply)
            return Score(outcome=outcome, value=0.0, note=note)
        correct = reading.answer == sample.target
        cut = reply.finish_reason == "length"
        return Score(
            outcome=Outcome.CORRECT if correct else Outcome.INCORRECT,
            value=float(correct),
            extracted=reading.answer,
            rule=reading.rule,
            span=reading.span,
            note="the length limit cut the reply after it had answered" if cut else None,
        )


def _without_answer(reading: Reading, reply: Reply) -> tuple[Outcome, str]:
    if reply.refusal:
        return Outcome.REFUSED, "the endpoint sent a refusal"
    if reply.finish_reason == "content_filter":
        return Outcome.REFUSED, "the endpoint's content filter stopped the reply"
    if reply.finish_reason == "length":
        return Outcome.TRUNCATED, f"the length limit cut the reply: {reading.note}"
    if refuses(reply.text):
        return Outcome.REFUSED, "it declines to answer"
    if not reply.text.strip() and reply.reasoning:
        return Outcome.UNPARSED, "there is reasoning, but no reply"
    return Outcome.UNPARSED, reading.note or "it commits to no option"
