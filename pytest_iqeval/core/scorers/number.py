"""Numbers: what the reply commits to, against the right number, as exact rationals."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from functools import lru_cache
from typing import Self

from pytest_iqeval.core.errors import DefinitionError
from pytest_iqeval.core.extract.number import read_number
from pytest_iqeval.core.extract.number_rules import RULES
from pytest_iqeval.core.extract.number_target import target_number
from pytest_iqeval.core.extract.quantity import Quantity
from pytest_iqeval.core.extract.reading import Reading
from pytest_iqeval.core.sample import Sample
from pytest_iqeval.core.scorers.reading import ReadingScorer

_OPTIONS = ("tolerance", "relative_tolerance")


class NumberScorer(ReadingScorer):
    """Judges replies to questions whose answer is one number; the answer is a `Quantity.text`.

    A reply is right when it is within `tolerance` of a right number, or within
    `relative_tolerance` times that number; both are 0 unless set, and 0 means equal.
    """

    rules = RULES

    def __init__(
        self, tolerance: Fraction = Fraction(0), relative_tolerance: Fraction = Fraction(0)
    ) -> None:
        """:param tolerance: how far off an answer may be, in the units of the target."""
        self._tolerance = tolerance
        self._relative = relative_tolerance

    @classmethod
    def from_options(cls, options: Mapping[str, object], *, where: str = "") -> Self:
        """The scorer as a definition asks for it.

        :raises DefinitionError: an option that there is not, or a tolerance that is no number.
        """
        faults = [
            f"{where}scorer: number has no option {o!r}" for o in options if o not in _OPTIONS
        ]
        values = {name: _tolerance(options[name]) for name in _OPTIONS if name in options}
        faults += [
            f"{where}scorer.{name}: {options[name]!r} is no number of 0 or more"
            for name, value in values.items()
            if value is None
        ]
        if faults:
            raise DefinitionError(
                faults, hint="write `scorer: {name: number, tolerance: 0.01}`, or `scorer: number`"
            )
        return cls(**{name: value for name, value in values.items() if value is not None})

    def read(self, sample: Sample, text: str) -> Reading:
        """The number that `text` commits to."""
        del sample
        return read_number(text)

    def value(self, sample: Sample, answer: str) -> float:
        """1.0 for a right number."""
        said = Quantity.parse(answer)
        wanted = (_target(text) for text in sample.targets)
        return float(any(t and said.meets(t, self._tolerance, self._relative) for t in wanted))

    def target_fault(self, sample: Sample) -> str | None:
        """A target that is not one number."""
        for target in sample.targets:
            if _target(target) is None:
                shown = target if len(target) <= 60 else f"{target[:59]}…"
                return (
                    f"the target {shown!r} is not one number; write it as 18, 1.5, 3/4 or 25%, "
                    "or choose another scorer"
                )
        return None


_target = lru_cache(maxsize=256)(target_number)


def _tolerance(value: object) -> Fraction | None:
    """A tolerance as written: a decimal is taken as its digits say, 0.1 as a tenth."""
    if isinstance(value, bool) or not isinstance(value, (int, float, str)):
        return None
    read = target_number(str(value))
    return None if read is None or read.value < 0 or read.percent else read.value
