"""Questions with several right options: the set that the reply commits to, against theirs."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from importlib import import_module
from types import MappingProxyType
from typing import Self

from pytest_iqeval.core.errors import DefinitionError, nearest_hint
from pytest_iqeval.core.extract.reading import Reading, Rule
from pytest_iqeval.core.plain import quoted
from pytest_iqeval.core.sample import Sample, joined_labels
from pytest_iqeval.core.scorers.reading import ReadingScorer

_Labels = frozenset[str]


def _nothing(said: _Labels, right: _Labels) -> float:
    del said, right
    return 0.0


def _half(said: _Labels, right: _Labels) -> float:
    return 0.5 if said < right else 0.0


def _subset(said: _Labels, right: _Labels) -> float:
    return len(said) / len(right) if said < right else 0.0


def _jaccard(said: _Labels, right: _Labels) -> float:
    return len(said & right) / len(said | right)


PARTIAL: Mapping[str, Callable[[_Labels, _Labels], float]] = MappingProxyType(
    {"none": _nothing, "half": _half, "subset": _subset, "jaccard": _jaccard}
)
"""What a set that is not the right one is worth, by its name in a definition.

With S the options said and R the right ones, both sets of labels, S not empty:

===========  ==================================  ============================================
``none``     0                                   most benchmarks: all or nothing
``half``     1/2 if S is a proper subset of R    the Chinese Gaokao (physics, older papers):
                                                 half the points, none with a wrong option
``subset``   |S| / |R| if S is a proper subset   newer Gaokao papers: points for each option
             of R, else 0                        found, none with a wrong option
``jaccard``  |S ∩ R| / |S ∪ R|                   multi-label tasks: a wrong option costs, but
                                                 not everything (P. Jaccard, 1901)
===========  ==================================  ============================================
"""


class MultiChoiceScorer(ReadingScorer):
    """Judges replies to questions with several right options; only the exact set is correct.

    Reader and table are imported with the first reply, as those of `ChoiceScorer` are.
    """

    def __init__(self, partial: str = "none") -> None:
        """:param partial: a name in `PARTIAL`."""
        self._partial = PARTIAL[partial]

    @classmethod
    def from_options(cls, options: Mapping[str, object], *, where: str = "") -> Self:
        """The scorer as a definition asks for it: ``scorer: {name: multi_choice, partial: half}``.

        :raises DefinitionError: another option, or a `partial` that is not in `PARTIAL`.
        """
        faults = [
            f"{where}scorer: multi_choice has no option {quoted(o)}; {nearest_hint(o, ['partial'])}"
            for o in options
            if o != "partial"
        ]
        partial = options.get("partial", "none")
        if partial is None:  # `partial: none` is text in YAML, but `partial: null` and `~` are not
            partial = "none"
        if not isinstance(partial, str) or partial not in PARTIAL:
            known = ", ".join(PARTIAL)
            faults.append(f"{where}scorer.partial: {partial!r} is unknown; write one of {known}")
        if faults:
            raise DefinitionError(faults)
        return cls(str(partial))

    @property
    def rules(self) -> tuple[Rule, ...]:  # type: ignore[override]  # nobody writes it
        """The reader's table."""
        from pytest_iqeval.core.extract.multi_rules import RULES

        return RULES

    def read(self, sample: Sample, text: str) -> Reading:
        """The options that `text` commits to."""
        from pytest_iqeval.core.extract.multi_choice import read_multi_choice

        return read_multi_choice(text, sample.choices, numbered=sample.numbered)

    def load_reader(self) -> None:
        """Import reader and table."""
        import_module("pytest_iqeval.core.extract.multi_choice")

    def value(self, sample: Sample, answer: str) -> float:
        """1.0 for exactly the right labels, in whatever order the target has them."""
        said = _labels(sample, answer)
        return max(
            1.0 if said == right else self._partial(said, right)
            for right in (_labels(sample, target) for target in sample.targets)
        )

    def target_fault(self, sample: Sample) -> str | None:
        """A target that is no set of labels on offer."""
        if not sample.choices:
            return "the question has no options"
        known = sample.labels
        example = joined_labels(known[:2], numbered=sample.numbered)
        for target in sample.targets:
            if (what := _fault(_split(sample, target), known)) is not None:
                return (
                    f"{quoted(target)} {what}; write the labels of all right options, "
                    f"such as {example} (labels: {', '.join(known)})"
                )
        return None


def _fault(labels: list[str], known: tuple[str, ...]) -> str | None:
    if not labels:
        return "names no option"
    for label in labels:
        if label not in known:
            return f"names {quoted(label)}, which is not on offer"
    return "names an option twice" if len(set(labels)) < len(labels) else None


def _split(sample: Sample, answer: str) -> list[str]:
    if sample.numbered:
        return answer.split(",") if answer else []
    return list(answer)


def _labels(sample: Sample, answer: str) -> _Labels:
    return frozenset(_split(sample, answer))
