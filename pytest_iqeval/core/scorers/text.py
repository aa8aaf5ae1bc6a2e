"""What the scorers of short text share: which part of a reply they read, how texts are compared."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from pytest_iqeval.core.extract.answer_text import RULES, Part, read_answer_text, says_unknown
from pytest_iqeval.core.extract.cues import CueRule
from pytest_iqeval.core.extract.reading import Reading
from pytest_iqeval.core.normalise import STEPS, Normaliser
from pytest_iqeval.core.sample import Sample
from pytest_iqeval.core.scorers.options import Options

PARTS = tuple(part.value for part in Part)


LONGEST = 100_000
"""Code points of an answer that is still compared; one that runs away would take seconds."""


def part_option(options: Options, default: Part) -> Part:
    """The option ``read``: which part of a reply is the answer."""
    return Part(options.one_of("read", PARTS, default.value))


def normalise_option(options: Options, default: Sequence[str]) -> Normaliser:
    """The option ``normalise``: the steps, in any order."""
    return Normaliser.of(options.names("normalise", STEPS, default))


def rules_of(part: Part) -> tuple[CueRule, ...]:
    """The rules that are asked where `part` of a reply is read."""
    if part is Part.WHOLE:
        return tuple(rule for rule in RULES if rule.name == "everything")
    shapes = {
        Part.ANSWER: ("last-line", "everything"),
        Part.LAST_LINE: ("answer-first", "whole-reply", "everything"),
    }
    return tuple(rule for rule in RULES if rule.name not in shapes[part])


def read_text(text: str, part: Part, normaliser: Normaliser, sample: Sample) -> Reading:
    """The normalised answer of a reply.

    Saying that one does not know is no answer, unless that is what the sample wants to hear.
    """
    reading = read_answer_text(text, part)
    if reading.answer is None:
        return reading
    if len(reading.answer) > max(LONGEST, 4 * max(map(len, sample.targets))):
        note = f"it is {len(reading.answer):,} characters long, which no right answer is"
        return Reading(note=note, tried=reading.tried, missed=True)
    answer = normaliser.apply(reading.answer)
    if says_unknown(reading.answer) and answer not in map(normaliser.apply, sample.targets):
        return Reading(note="it says that it does not know", tried=reading.tried)
    return replace(reading, answer=answer)
