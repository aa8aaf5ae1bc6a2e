"""Scorers that first read what a reply commits to, and then compare it."""

from __future__ import annotations

from abc import ABC, abstractmethod

from pytest_iqeval.core.errors import ScorerCrash
from pytest_iqeval.core.extract.reading import Reading, Rule
from pytest_iqeval.core.extract.refusal import refuses
from pytest_iqeval.core.request import Reply
from pytest_iqeval.core.sample import Sample
from pytest_iqeval.core.score import Outcome, Score


class ReadingScorer(ABC):
    """Reads an answer by named rules, then judges it.

    The first row that applies decides the outcome; ``Reply.reasoning`` is never read.

    ==========================================================  =====================
    the reply commits to an answer                              correct or incorrect
    it has a ``refusal``, or ``finish_reason: content_filter``  refused
    it was cut by the length limit                              truncated
    it opens by declining to answer                             refused
    it was searched for something that is not in it             incorrect
    anything else                                               unparsed
    ==========================================================  =====================

    A reply that the length limit cut is marked as cut in either case; what is an answer only as
    the end of a reply (`Reading.at_end`) is none in it.
    """

    rules: tuple[Rule, ...] = ()
    """The rules by which it reads, most explicit first."""

    @abstractmethod
    def read(self, sample: Sample, text: str) -> Reading:
        """What `text` commits to; must not raise for any text."""

    @abstractmethod
    def value(self, sample: Sample, answer: str) -> float:
        """What the answer that was read is worth, 0.0 to 1.0."""

    def right(self, value: float) -> bool:
        """Whether an answer of that worth is correct: 1.0 is, unless a scorer says otherwise."""
        return value == 1.0

    def worth(self, sample: Sample, answer: str) -> tuple[float, str | None]:
        """`value`, and a sentence on how it came about where people should know."""
        return self.value(sample, answer), None

    def load_reader(self) -> None:
        """Import what `read` needs and the module has not yet; called while replies are awaited."""
        return

    def target_fault(self, sample: Sample) -> str | None:
        """What makes the sample's target one that no reply can meet, and how to mend it.

        Asked once a sample, before anything is sent. ``None`` where all is well.
        """
        del sample
        return None

    def score(self, sample: Sample, reply: Reply) -> Score:
        """The judgement; never raises for any text.

        :raises ScorerCrash: `read` returned no `Reading`.
        """
        reading: object = self.read(sample, reply.text)
        if not isinstance(reading, Reading):
            raise ScorerCrash(
                f"scorer {type(self).__name__}: read() gave {type(reading).__name__}",
                hint="return a Reading; Reading(note=…) where the reply commits to nothing",
            )
        cut = reply.cut
        if cut:
            reading = reading.of_cut_reply()
        if reading.answer is None:
            outcome, note = without_answer(reading, reply)
            return Score(outcome=outcome, value=0.0, note=note, cut=cut)
        value, remark = self.worth(sample, reading.answer)
        if cut:
            answered = "the length limit cut the reply after it had answered"
            remark = f"{answered}; {remark}" if remark else answered
        return Score(
            outcome=Outcome.CORRECT if self.right(value) else Outcome.INCORRECT,
            value=value,
            extracted=reading.answer,
            rule=reading.rule,
            span=reading.span,
            note=remark,
            cut=cut,
        )


def without_answer(reading: Reading, reply: Reply) -> tuple[Outcome, str]:
    """The outcome of a reply that commits to nothing, and why, in one sentence."""
    if reply.refusal:
        return Outcome.REFUSED, "the endpoint sent a refusal"
    if reply.finish_reason == "content_filter":
        return Outcome.REFUSED, "the endpoint's content filter stopped the reply"
    if reply.cut:
        return Outcome.TRUNCATED, f"the length limit cut the reply: {reading.note}"
    if refuses(reply.text):
        return Outcome.REFUSED, "it declines to answer"
    if not reply.text.strip() and reply.reasoning:
        return Outcome.UNPARSED, "there is reasoning, but no reply"
    if reading.missed:
        return Outcome.INCORRECT, reading.note or "what was looked for is not in it"
    return Outcome.UNPARSED, reading.note or "it commits to no answer"
