"""Single-choice questions: the option that the reply commits to, against the right one."""

from __future__ import annotations

from collections.abc import Mapping
from importlib import import_module
from typing import Self

from pytest_iqeval.core.errors import DefinitionError
from pytest_iqeval.core.extract.reading import Reading, Rule
from pytest_iqeval.core.plain import quoted
from pytest_iqeval.core.sample import Sample
from pytest_iqeval.core.scorers.reading import ReadingScorer


class ChoiceScorer(ReadingScorer):
    """Judges replies to questions with one right option; the answer is its label.

    The reader and its table compile a hundred patterns, so they are imported with the first
    reply: the first requests are under way by then, and a process that only owns the run, and
    leaves the judging to xdist workers, does without.
    """

    @property
    def rules(self) -> tuple[Rule, ...]:  # type: ignore[override]  # nobody writes it
        """The reader's table."""
        from pytest_iqeval.core.extract.choice_rules import RULES

        return RULES

    @classmethod
    def from_options(cls, options: Mapping[str, object], *, where: str = "") -> Self:
        """The scorer as a definition asks for it; it takes no options."""
        if options:
            raise DefinitionError(
                [f"{where}scorer: choice has no option {o!r}" for o in options],
                hint="write `scorer: choice`",
            )
        return cls()

    def read(self, sample: Sample, text: str) -> Reading:
        """The option that `text` commits to."""
        from pytest_iqeval.core.extract.choice import read_choice

        return read_choice(text, sample.choices, numbered=sample.numbered)

    def load_reader(self) -> None:
        """Import reader and table."""
        import_module("pytest_iqeval.core.extract.choice")

    def value(self, sample: Sample, answer: str) -> float:
        """1.0 for the right label."""
        return float(answer == sample.target)

    def target_fault(self, sample: Sample) -> str | None:
        """A target that is no label on offer."""
        if not sample.choices:
            return "the question has no options"
        if sample.target in sample.labels:
            return None
        return f"{quoted(sample.target)} is none of the labels {', '.join(sample.labels)}"
