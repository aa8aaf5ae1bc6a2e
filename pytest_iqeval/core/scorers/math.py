"""Mathematics: the expression that the reply commits to, against the right one, by equality."""

from __future__ import annotations

import re

from pytest_iqeval.core.errors import Undecided
from pytest_iqeval.core.extract.latex import Number, number, plain_text, tidy
from pytest_iqeval.core.extract.math import read_math
from pytest_iqeval.core.extract.math_rules import RULES
from pytest_iqeval.core.extract.reading import Reading
from pytest_iqeval.core.ports import Equality
from pytest_iqeval.core.sample import Sample
from pytest_iqeval.core.scorers.reading import ReadingScorer


class MathScorer(ReadingScorer):
    """Judges replies whose answer is an expression, in LaTeX or plain notation.

    What `settled` can't tell is asked of `equality`.
    """

    rules = RULES

    def __init__(self, equality: Equality) -> None:
        self._equality = equality

    def read(self, sample: Sample, text: str) -> Reading:
        """The expression that `text` commits to."""
        del sample
        return read_math(text)

    def value(self, sample: Sample, answer: str) -> float:
        """1.0 for an answer that equals one of the sample's targets."""
        return self.worth(sample, answer)[0]

    def worth(self, sample: Sample, answer: str) -> tuple[float, str | None]:
        """`value`, and why the answer could not be shown equal, where time or memory ran out."""
        undecided: str | None = None
        for target in sample.targets:
            same = settled(answer, target)
            if same is None:
                try:
                    same = self._equality.equal(tidy(answer), tidy(target))
                except Undecided as why:
                    undecided = undecided or f"not shown equal to {target}: {why.problem}"
            if same:
                return 1.0, None
        return 0.0, undecided

    def target_fault(self, sample: Sample) -> str | None:
        """A target must hold an expression or a text."""
        if all(tidy(target) for target in sample.targets):
            return None
        return "the answer holds no expression; write it in LaTeX or as plain text"


def settled(answer: str, target: str) -> bool | None:
    """Whether `answer` equals `target`, as far as that shows without algebra; else ``None``.

    - Written alike, blanks apart, they are equal; so are two texts alike but for their case.
    - Two numbers are equal if their exact values are: a rounded decimal is not the fraction.
    - ``50\\%`` equals 50 and 0.5. A stated base counts where both state one; where one does,
      the digits may also be equal (``2516_8`` and ``2516``).
    """
    one, other = tidy(answer), tidy(target)
    if not one or not other:
        return False
    if _written(one) == _written(other):
        return True
    text, target_text = plain_text(one), plain_text(other)
    if text is not None and text == target_text:
        return True
    value, target_value = number(one), number(other)
    if value is None or target_value is None:
        return None
    return _same(value, target_value)


def _written(tidied: str) -> str:
    """What is compared as written: without blanks, and without braces that hold one character."""
    return re.sub(r"\{(\w)\}", r"\1", tidied.replace(" ", ""))


def _same(one: Number, other: Number) -> bool:
    if one.base is not None or other.base is not None:
        both = one.base is not None and other.base is not None
        return one.value == other.value if both else one.digits == other.digits
    if one.percent == other.percent:
        return one.value == other.value
    part, whole = (one, other) if one.percent else (other, one)
    return whole.value in (part.value, part.value / 100)
