"""Replies in which a right answer must occur, wherever it stands."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Self

from pytest_iqeval.core.extract.answer_text import Part
from pytest_iqeval.core.extract.reading import Reading, Rule
from pytest_iqeval.core.extract.searched import searched
from pytest_iqeval.core.normalise import Normaliser, is_unspaced
from pytest_iqeval.core.plain import quoted
from pytest_iqeval.core.sample import Sample
from pytest_iqeval.core.scorers.options import Options
from pytest_iqeval.core.scorers.reading import ReadingScorer
from pytest_iqeval.core.scorers.text import normalise_option, part_option

NORMALISE = ("nfkc", "case", "whitespace")
"""The steps where a definition names none."""

MATCHES = ("any", "all")

RULES = (
    Rule(
        name="contains",
        language="any",
        matches="the target, or another text that is right, in what is read",
        example="It is Paris, of course.",
        reads="Paris",
    ),
)


class ContainsScorer(ReadingScorer):
    """Correct where one target occurs in the reply, or all of them do; else incorrect.

    What is said of the target is not looked at: "It is not Paris" contains Paris.
    """

    rules = RULES

    def __init__(self, part: Part, normaliser: Normaliser, *, every: bool, word: bool) -> None:
        """:param every: all targets must occur, and not one of them.
        :param word: a target is a whole word or number (70 is not found in 170 or 70.5).
        """
        self._part = part
        self._normaliser = normaliser
        self._every = every
        self._word = word

    @classmethod
    def from_options(cls, options: Mapping[str, object], *, where: str = "") -> Self:
        """The scorer as a definition asks for it.

        :param options: ``match`` (``any``), ``word`` (true), ``read`` (``whole``), ``normalise``
            (`NORMALISE`).
        :raises DefinitionError: an option is unknown or has a value that can't be.
        """
        given = Options("contains", options, where)
        scorer = cls(
            part_option(given, Part.WHOLE),
            normalise_option(given, NORMALISE),
            every=given.one_of("match", MATCHES, "any") == "all",
            word=given.flag("word", True),
        )
        given.done()
        return scorer

    def read(self, sample: Sample, text: str) -> Reading:
        """The targets that occur; the span is where the first of them is found last."""
        part = searched(text, self._part)
        if isinstance(part, Reading):
            return part
        normal = self._normaliser.mapped(part.text)
        found: list[tuple[str, tuple[int, int]]] = []
        missing: list[str] = []
        for target in sample.targets:
            wanted = self._normaliser.apply(target)
            place = _last(normal.text, wanted, self._word)
            if place is None:
                missing.append(target)
            else:
                found.append((wanted, place))
        if not found or (self._every and missing):
            return Reading(note=f"it does not contain {_listed(missing)}", missed=True)
        right = found if self._every else found[:1]
        return Reading(
            answer=", ".join(wanted for wanted, _ in right),
            rule="contains",
            span=part.origin(*normal.origin(*right[0][1])),
        )

    def value(self, sample: Sample, answer: str) -> float:
        """1.0: an answer is read only where it is right."""
        del sample, answer
        return 1.0


def _listed(targets: list[str]) -> str:
    shown = ", ".join(quoted(target) for target in targets[:3])
    return shown + (f" and {len(targets) - 3} more" if len(targets) > 3 else "")


def _last(text: str, wanted: str, word: bool) -> tuple[int, int] | None:
    """Where `wanted` occurs last in `text`."""
    at = text.rfind(wanted) if wanted else -1
    while at >= 0:
        end = at + len(wanted)
        if not word or not (_joined(text, at) or _joined(text, end)):
            return at, end
        at = text.rfind(wanted, 0, end - 1)
    return None


def _joined(text: str, at: int) -> bool:
    """Whether no word or number ends or begins at `at`; Han text has no such borders."""
    before, after = text[max(0, at - 2) : at], text[at : at + 2]
    if not before or not after:
        return False
    if _in_word(before[-1]) and _in_word(after[0]):
        return True
    # 70.5 and 1,000 are one number each, and so is -5.
    if after[0].isdigit() and before[-1] in ".,":
        return before[0].isdigit()
    if before[-1].isdigit() and after[0] in ".,":
        return len(after) == 2 and after[1].isdigit()
    return after[0].isdigit() and before[-1] in "-−" and not before[:-1].isalnum()


def _in_word(character: str) -> bool:
    return character.isalnum() and not is_unspaced(character)
