"""Short answers that must be equal to a right one, once both are normalised."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Self

from pytest_iqeval.core.extract.answer_text import Part
from pytest_iqeval.core.extract.reading import Reading
from pytest_iqeval.core.normalise import Normaliser
from pytest_iqeval.core.sample import Sample
from pytest_iqeval.core.scorers.options import Options
from pytest_iqeval.core.scorers.reading import ReadingScorer
from pytest_iqeval.core.scorers.text import normalise_option, part_option, read_text, rules_of

NORMALISE = ("nfkc", "case", "ends", "whitespace")
"""The steps where a definition names none: signs, articles and accents count."""


class ExactScorer(ReadingScorer):
    """Correct where the answer equals one of the sample's targets."""

    def __init__(self, part: Part, normaliser: Normaliser) -> None:
        """:param part: which part of a reply is the answer."""
        self.rules = rules_of(part)
        self._part = part
        self._normaliser = normaliser

    @classmethod
    def from_options(cls, options: Mapping[str, object], *, where: str = "") -> Self:
        """The scorer as a definition asks for it.

        :param options: ``read`` (``answer``) and ``normalise`` (`NORMALISE`).
        :raises DefinitionError: an option is unknown or has a value that can't be.
        """
        given = Options("exact", options, where)
        scorer = cls(part_option(given, Part.ANSWER), normalise_option(given, NORMALISE))
        given.done()
        return scorer

    def read(self, sample: Sample, text: str) -> Reading:
        """The normalised answer."""
        return read_text(text, self._part, self._normaliser, sample)

    def value(self, sample: Sample, answer: str) -> float:
        """1.0 for a right answer."""
        return float(answer in map(self._normaliser.apply, sample.targets))
