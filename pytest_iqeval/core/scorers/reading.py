"""Scorers that first read what a reply commits to, and then compare it."""

from __future__ import annotations

from abc import ABC, abstractmethod

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
    anything else                                               unparsed
    ==========================================================  =====================

    A reply that the length limit cut is marked as cut in either case.
    """

    rules: tuple[Rule, ...] = ()
    """The rules by which it reads, most explicit first."""

    @abstractmethod
    def read(self, sample: Sample, text: str) -> Reading:
        """What `text` commits to; must not raise for any text."""

    @abstractmethod
    def value(self, sample: Sample, answer: str) -> float:
        """What the answer that was read is worth, 0.0 to 1.0; only 1.0 is correct."""

    def target_fault(self, sample: Sample) -> str | None:
        """What makes the sample's target one that no reply can meet, and how to mend it.

        Asked once a sample, before anything is sent. ``None`` where all is well.
        """
        del sample
        return None

    def score(self, sample: Sample, reply: Reply) -> Score:
        """The judgement; never raises for any text."""
        reading = self.read(sample, reply.text)
        if reading.answer is None:
            outcome, note = without_answer(reading, reply)
            return Score(outcome=outcome, value=0.0, note=note, cut=reply.cut)
        value = self.value(sample, reading.answer)
        return Score(
            outcome=Outcome.CORRECT if value == 1.0 else Outcome.INCORRECT,
            value=value,
            extracted=reading.answer,
            rule=reading.rule,
            span=reading.span,
            note="the length limit cut the reply after it had answered" if reply.cut else None,
            cut=reply.cut,
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
    return Outcome.UNPARSED, reading.note or "it commits to no answer"
