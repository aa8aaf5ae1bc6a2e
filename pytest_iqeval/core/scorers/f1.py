"""Short answers by the words that they share with a right one."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping
from typing import Self

from pytest_iqeval.core.extract.answer_text import Part
from pytest_iqeval.core.extract.reading import Reading
from pytest_iqeval.core.normalise import UNSPACED, Normaliser
from pytest_iqeval.core.sample import Sample
from pytest_iqeval.core.scorers.options import Options
from pytest_iqeval.core.scorers.reading import ReadingScorer
from pytest_iqeval.core.scorers.text import normalise_option, part_option, read_text, rules_of

NORMALISE = ("nfkc", "case", "punctuation", "articles", "whitespace")
"""The steps where a definition names none: SQuAD's, with NFKC before them."""

_TOKEN = re.compile(rf"[{UNSPACED}]|[^\s{UNSPACED}]+")


def tokens(text: str) -> list[str]:
    """Words between blanks; in scripts that are written without blanks, characters.

    So MLQA's evaluation script cuts Chinese (``mixed_segmentation`` of
    mlqa_evaluation_v1.py, Lewis et al. 2020).
    """
    return _TOKEN.findall(text)


def token_f1(answer: str, target: str) -> float:
    """F1 of the tokens that two normalised texts share, 0.0 to 1.0.

    2PR / (P + R), where P and R are the shared tokens (each as often as both have it) over all
    of the answer's and all of the target's: ``f1_score`` of SQuAD's evaluate-v1.1.py
    (Rajpurkar et al. 2016). Two texts without a token are equal, as in SQuAD 2.0.
    """
    ours, theirs = Counter(tokens(answer)), Counter(tokens(target))
    both = ours.total() + theirs.total()
    return 2 * (ours & theirs).total() / both if both else 1.0


class F1Scorer(ReadingScorer):
    """The value is the best F1 over the targets; correct from a threshold on."""

    def __init__(self, part: Part, normaliser: Normaliser, threshold: float) -> None:
        """:param threshold: the least F1 of a correct answer, above 0 and at most 1."""
        self.rules = rules_of(part)
        self._part = part
        self._normaliser = normaliser
        self._threshold = threshold

    @classmethod
    def from_options(cls, options: Mapping[str, object], *, where: str = "") -> Self:
        """The scorer as a definition asks for it.

        :param options: ``threshold`` (1.0), ``read`` (``answer``), ``normalise`` (`NORMALISE`).
        :raises DefinitionError: an option is unknown or has a value that can't be.
        """
        given = Options("f1", options, where)
        scorer = cls(
            part_option(given, Part.ANSWER),
            normalise_option(given, NORMALISE),
            given.share("threshold", 1.0),
        )
        given.done()
        return scorer

    def read(self, sample: Sample, text: str) -> Reading:
        """The normalised answer."""
        return read_text(text, self._part, self._normaliser, sample)

    def value(self, sample: Sample, answer: str) -> float:
        """The best F1 over the targets."""
        return max(token_f1(answer, self._normaliser.apply(t)) for t in sample.targets)

    def right(self, value: float) -> bool:
        """Whether the threshold is reached."""
        return value >= self._threshold
