"""The right answer of a row, in whichever way the data writes it → a sample's target."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from pytest_iqeval.core.definition import Definition
from pytest_iqeval.core.kinds import Ask, may_be_several
from pytest_iqeval.core.plain import kind_of
from pytest_iqeval.core.sample import joined_labels
from pytest_iqeval.sources.named_options import (
    AnswerFault,
    Options,
    different,
    folded,
    parts_of,
    several,
    shown,
    whole_number,
)
from pytest_iqeval.sources.row_options import is_blank, marks_of

MARK = "####"
"""What GSM8K writes between the worked solution and the number."""
_BOX = re.compile(r"\\(?:boxed|fbox)\s*\{")


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """A right answer: ``target`` and ``also`` as a `Sample` has them.

    ``working`` is the worked solution that stood before it.
    """

    target: str
    also: tuple[str, ...] = ()
    working: str | None = None


class Answers:
    """How the answers of one definition are written."""

    def __init__(self, definition: Definition) -> None:
        self._kind = definition.answer_kind
        self._numbered = definition.labels == "digits"
        self._several = may_be_several(definition.answer_kind, definition.scorer)
        self._asks = definition.asks

    @property
    def free(self) -> bool:
        """Whether the questions have no options."""
        return self._kind == "text"

    def read(self, value: object, choices: Sequence[str], *, own_labels: object = None) -> Answer:
        """The right answer of a question with these options (none for a free question).

        :param own_labels: the labels that the data gives the options, where it does.
        :raises AnswerFault: it is missing, or is no answer to such a question.
        """
        if is_blank(value):
            raise AnswerFault("is missing; every question needs its right answer")
        if self.free:
            return self._text(value)
        options = Options(choices, numbered=self._numbered)
        if self._kind in ("index", "position"):
            places = self._counted(value, options)
        elif self._kind == "marks":
            places = self._marks(value, options)
        elif own_labels is not None:
            places = self._by_own_labels(value, own_labels, options)
        elif self._kind == "letters":
            places = several(value, options)
        else:
            places = [self._one(value, options)]
        return self._named(places, options)

    def at(self, place: int, choices: Sequence[str]) -> Answer:
        """The option at `place` (from 0), as the right answer."""
        return self._named([place], Options(choices, numbered=self._numbered))

    def _named(self, places: list[int], options: Options) -> Answer:
        labels = [options.labels[n] for n in sorted(places)]
        return Answer(target=joined_labels(labels, numbered=self._numbered))

    def _text(self, value: object) -> Answer:
        values = value if isinstance(value, list) else [value]
        if not values:
            raise AnswerFault("is an empty list; a list holds all texts that are right")
        texts = [_as_text(one) for one in values]
        if self._asks is not Ask.CODE:  # whose lines may begin with blanks that are meant
            texts = [text.strip() for text in texts]
        texts = list(dict.fromkeys(texts))
        working = None
        if self._asks is Ask.NUMBER and len(texts) == 1 and MARK in texts[0]:
            before, _, after = texts[0].rpartition(MARK)
            working, texts = before.strip() or None, [after.strip()]
            if not texts[0]:
                raise AnswerFault(f"has nothing after {MARK}; write the number there")
        if self._asks is Ask.MATHS and len(texts) == 1 and (boxed := _last_box(texts[0])):
            working, texts = texts[0], [boxed]
        if not all(text.strip() for text in texts):
            raise AnswerFault("holds an empty text; fill it in, or take it out")
        return Answer(target=texts[0], also=tuple(texts[1:]), working=working)

    def _one(self, value: object, options: Options) -> int:
        if isinstance(value, list):
            raise AnswerFault(
                "is a list; write the one right answer as text, or, where several options are "
                "right together, `scorer: multi_choice` in the definition"
            )
        return options.place(value)

    def _marks(self, value: object, options: Options) -> list[int]:
        marks = marks_of(value)
        if not isinstance(marks, list) or len(marks) < len(options.labels):
            raise AnswerFault(
                f"is {kind_of(value)}; marks are a 1 or a 0 for each option, in a list or a mapping"
            )
        right = [n for n, mark in enumerate(marks) if mark in (1, "1")]
        if any(mark not in (0, 1, "0", "1") for mark in marks):
            raise AnswerFault("holds a mark that is neither 1 nor 0; 1 marks a right option")
        if not right or right[-1] >= len(options.labels):
            raise AnswerFault("marks no option with 1; every question needs its right answer")
        if len(right) > 1 and not self._several:
            raise AnswerFault(
                f"marks {len(right)} options with 1; where several are right together, write "
                "`scorer: multi_choice` in the definition"
            )
        return right

    def _by_own_labels(self, value: object, labels: object, options: Options) -> list[int]:
        """Data may call its options 1 to 4 and name one so, though we show letters."""
        if not isinstance(labels, list) or len(labels) < len(options.labels):
            raise AnswerFault("has no list of labels beside it; look at `fields.labels`")
        known = [folded(str(label)).strip() for label in labels[: len(options.labels)]]
        parts = parts_of(value) if self._several else [value]
        places = []
        for part in parts:
            label = folded(str(part)).strip()
            if known.count(label) != 1:
                raise AnswerFault(
                    f"{shown(part)} is not one of the row's labels, {', '.join(known)}"
                )
            places.append(known.index(label))
        return different(places, options)

    def _counted(self, value: object, options: Options) -> list[int]:
        first = int(self._kind == "position")
        parts = parts_of(value) if self._several else [value]
        if not parts:
            raise AnswerFault("is an empty list; every question needs its right answer")
        places = [whole_number(part) for part in parts]
        for part, place in zip(parts, places, strict=True):
            if place is None or not first <= place < first + len(options.labels):
                raise AnswerFault(
                    f"{shown(part)} is no {self._kind} of an option, "
                    f"{first} to {first + len(options.labels) - 1}"
                )
        return different([place - first for place in places if place is not None], options)


def _last_box(text: str) -> str | None:
    """What stands in the last ``\\boxed{…}`` (or ``\\fbox{…}``) of a worked solution."""
    found = list(_BOX.finditer(text))
    if not found:
        return None
    depth, start = 1, found[-1].end()
    for place in range(start, len(text)):
        depth += {"{": 1, "}": -1}.get(text[place], 0)
        if depth == 0:
            return text[start:place].strip() or None
    return None


def _as_text(value: object) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, str | int):
        return str(value)
    if isinstance(value, float):
        return format(Decimal(repr(value)), "f")  # 0.00001, not 1e-05
    raise AnswerFault(
        f"{'holds' if value is None else 'is'} {kind_of(value)}; write the right answer as text, "
        "or a list of all texts that are right"
    )
