"""Questions to be answered by yes or no, true or false, 是 or 否, 对 or 错."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Self

from pytest_iqeval.core.extract.reading import Reading
from pytest_iqeval.core.extract.yes_no import read_yes_no, yes_or_no
from pytest_iqeval.core.extract.yes_no_rules import RULES
from pytest_iqeval.core.plain import quoted
from pytest_iqeval.core.sample import Sample
from pytest_iqeval.core.scorers.options import Options
from pytest_iqeval.core.scorers.reading import ReadingScorer


class YesNoScorer(ReadingScorer):
    """The answer is ``yes`` or ``no``, however reply and target spell it."""

    rules = RULES

    @classmethod
    def from_options(cls, options: Mapping[str, object], *, where: str = "") -> Self:
        """The scorer as a definition asks for it; it takes no options.

        :raises DefinitionError: there is one.
        """
        Options("yes_no", options, where).done()
        return cls()

    def target_fault(self, sample: Sample) -> str | None:
        """A target that means neither."""
        for target in sample.targets:
            if yes_or_no(target) is None:
                return (
                    f"{quoted(target)} is neither yes nor no; write yes or no, true or false, "
                    "是 or 否, 对 or 错, 正确 or 错误"
                )
        return None

    def read(self, sample: Sample, text: str) -> Reading:
        """``yes`` or ``no``."""
        del sample
        return read_yes_no(text)

    def value(self, sample: Sample, answer: str) -> float:
        """1.0 for the right one."""
        return float(answer in map(yes_or_no, sample.targets))
