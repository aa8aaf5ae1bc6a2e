"""Answers that a user's own regular expression reads, or that the targets' ones must match."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import lru_cache
from typing import Self

from pytest_iqeval.core.extract.answer_text import Part
from pytest_iqeval.core.extract.patterns import BoundedPattern, PatternFault
from pytest_iqeval.core.extract.reading import Reading, Rule
from pytest_iqeval.core.extract.searched import Searched, searched
from pytest_iqeval.core.normalise import Normaliser
from pytest_iqeval.core.plain import quoted
from pytest_iqeval.core.sample import Sample
from pytest_iqeval.core.scorers.exact import NORMALISE
from pytest_iqeval.core.scorers.options import Options
from pytest_iqeval.core.scorers.reading import ReadingScorer
from pytest_iqeval.core.scorers.text import normalise_option, part_option

FINDS = ("last", "first")
ANSWER_GROUP = "answer"

RULES = (
    Rule(
        name="pattern",
        language="any",
        matches="what the pattern's group `answer` (else its first group, else all of it) holds",
        example="Total: 42 apples",
        reads="42",
    ),
)
"""The example is read with the pattern ``Total: (\\d+)``."""


class RegexScorer(ReadingScorer):
    """With a pattern, what it reads must equal a target; without, a target is the pattern.

    A pattern of the definition that is not found makes a reply unparsed; a target that is not
    found makes it incorrect.
    """

    rules = RULES

    def __init__(
        self, part: Part, normaliser: Normaliser, pattern: BoundedPattern | None, *, last: bool
    ) -> None:
        """:param last: whether the last of several matches counts, or the first."""
        self._part = part
        self._normaliser = normaliser
        self._pattern = pattern
        self._last = last

    @classmethod
    def from_options(cls, options: Mapping[str, object], *, where: str = "") -> Self:
        """The scorer as a definition asks for it.

        :param options: ``pattern``, ``find`` (``last``), ``read`` (``whole``), ``normalise`` (as
            `exact` has it).
        :raises DefinitionError: an option is unknown or has a value that can't be; a pattern
            that does not parse or may take for ever.
        """
        given = Options("regex", options, where)
        pattern: BoundedPattern | None = None
        text = given.text("pattern")
        if text is not None:
            try:
                pattern = BoundedPattern.of(text)
            except PatternFault as fault:
                given.fault("pattern", f"{quoted(text)} {_told(fault)}")
        scorer = cls(
            part_option(given, Part.WHOLE),
            normalise_option(given, NORMALISE),
            pattern,
            last=given.one_of("find", FINDS, "last") == "last",
        )
        given.done()
        return scorer

    def target_fault(self, sample: Sample) -> str | None:
        """A target that is to be a pattern, and is none."""
        if self._pattern is not None:
            return None
        for target in sample.targets:
            try:
                _compiled(target)
            except PatternFault as fault:
                return f"{quoted(target)} is taken as a pattern, but {_told(fault)}"
        return None

    def read(self, sample: Sample, text: str) -> Reading:
        """What the pattern reads, normalised; or what a target matches, as it stands."""
        part = searched(text, self._part)
        if isinstance(part, Reading):
            return part
        if self._pattern is not None:
            found = self._find(self._pattern, part)
            if found is None:
                return Reading(note=f"the pattern matches nothing{_where(self._pattern, part)}")
            group = _group(found)
            return self._reading(found, group, part, self._normaliser.apply(found[group] or ""))
        for target in sample.targets:
            try:
                pattern = _compiled(target)
            except PatternFault as fault:
                return Reading(note=f"the target {quoted(target)} {_told(fault)}")
            found = self._find(pattern, part)
            if found is not None:
                return self._reading(found, 0, part, found[0])
        return Reading(note="no target matches in it", missed=True)

    def value(self, sample: Sample, answer: str) -> float:
        """1.0 for a right answer; without a pattern of the definition, each one that is read is."""
        if self._pattern is None:
            return 1.0
        return float(answer in map(self._normaliser.apply, sample.targets))

    def _find(self, pattern: BoundedPattern, part: Searched) -> re.Match[str] | None:
        return pattern.find(part.text, 0, len(part.text), last=self._last)

    def _reading(
        self, found: re.Match[str], group: str | int, part: Searched, answer: str
    ) -> Reading:
        if not answer:
            return Reading(note="the pattern matches, but its group holds nothing")
        return Reading(answer=answer, rule="pattern", span=part.origin(*found.span(group)))


@lru_cache(maxsize=1024)
def _compiled(target: str) -> BoundedPattern:
    return BoundedPattern.of(target)


def _group(found: re.Match[str]) -> str | int:
    if ANSWER_GROUP in found.re.groupindex:
        return ANSWER_GROUP
    return 1 if found.re.groups else 0


def _told(fault: PatternFault) -> str:
    return f"can't be used: {fault}" if fault.position is not None else str(fault)


def _where(pattern: BoundedPattern, part: Searched) -> str:
    return f" in {pattern.longest} characters" if len(part.text) > pattern.longest else ""
