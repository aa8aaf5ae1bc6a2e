"""The right answer of a row, in whichever way the data writes it → a sample's target."""

from __future__ import annotations

import ast
import json
import re
import unicodedata
import warnings
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from pytest_iqeval.core.definition import Definition
from pytest_iqeval.core.kinds import Ask, may_be_several
from pytest_iqeval.core.plain import kind_of, quoted
from pytest_iqeval.core.sample import joined_labels, labels_of

# Between answers that stand together: "A,C", "A、C", "A C", "A; C", "A/C", "A|C".
_BETWEEN = re.compile(r"[\s,，、;；/|]+")
MARK = "####"
"""What GSM8K writes between the worked solution and the number."""
_BY_NUMBER = "`answer_kind: index` (from 0) or `answer_kind: position` (from 1) in the definition"


class AnswerFault(ValueError):
    """What is wrong with a row's answer, and how to mend it."""


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
        self._marked = definition.asks is Ask.NUMBER

    @property
    def free(self) -> bool:
        """Whether the questions have no options."""
        return self._kind == "text"

    def read(self, value: object, choices: Sequence[str]) -> Answer:
        """The right answer of a question with these options (none for a free question).

        :raises AnswerFault: it is missing, or is no answer to such a question.
        """
        if value is None or (isinstance(value, str) and not value.strip()):
            raise AnswerFault("is missing; every question needs its right answer")
        if self.free:
            return self._text(value)
        options = Options(choices, numbered=self._numbered)
        if self._kind in ("index", "position"):
            places = self._counted(value, options)
        elif self._kind == "letters":
            places = several(value, options)
        else:
            places = [self._one(value, options)]
        labels = [options.labels[n] for n in sorted(places)]
        return Answer(target=joined_labels(labels, numbered=self._numbered))

    def _text(self, value: object) -> Answer:
        values = value if isinstance(value, list) else [value]
        if not values:
            raise AnswerFault("is an empty list; a list holds all texts that are right")
        texts = list(dict.fromkeys(_as_text(one) for one in values))
        working = None
        if self._marked and len(texts) == 1 and MARK in texts[0]:
            before, _, after = texts[0].rpartition(MARK)
            working, texts = before.strip() or None, [after.strip()]
            if not texts[0]:
                raise AnswerFault(f"has nothing after {MARK}; write the number there")
        if not all(texts):
            raise AnswerFault("holds an empty text; fill it in, or take it out")
        return Answer(target=texts[0], also=tuple(texts[1:]), working=working)

    def _one(self, value: object, options: Options) -> int:
        if isinstance(value, list):
            raise AnswerFault(
                "is a list; write the one right answer as text, or, where several options are "
                "right together, `scorer: multi_choice` in the definition"
            )
        return options.place(value)

    def _counted(self, value: object, options: Options) -> list[int]:
        first = int(self._kind == "position")
        parts = parts_of(value) if self._several else [value]
        if not parts:
            raise AnswerFault("is an empty list; every question needs its right answer")
        places = [whole_number(part) for part in parts]
        for part, place in zip(parts, places, strict=True):
            if place is None or not first <= place < first + len(options.labels):
                raise AnswerFault(
                    f"{_shown(part)} is no {self._kind} of an option, "
                    f"{first} to {first + len(options.labels) - 1}"
                )
        return _different([place - first for place in places if place is not None], options)


class Options:
    """The options of a row, and which of them a value names."""

    def __init__(self, choices: Sequence[str], *, numbered: bool = False) -> None:
        """:param choices: texts that differ, 26 at most."""
        self.labels = labels_of(len(choices), numbered=numbered)
        self._numbered = numbered
        self._squeezed = [squeezed(text) for text in choices]

    def place(self, value: object) -> int:
        """The option (from 0) that a label, or an option's own text, names.

        :raises AnswerFault: it names none, or two.
        """
        if isinstance(value, bool) or not isinstance(value, str | int | float):
            raise AnswerFault(f"is {kind_of(value)}; write the one right answer as text")
        if not isinstance(value, str) and not self._numbered:
            raise AnswerFault(
                f"{quoted(value)} is a number; write the letter of the right option, or, if it "
                f"counts, {_BY_NUMBER}"
            )
        label, text = self._by_label(str(value)), self.by_text(str(value))
        if self._numbered and None not in (label, text) and label != text:
            raise AnswerFault(
                f"{quoted(value)} is the label of one option and the text of another; write "
                "`answer_kind: position` in the definition if it is the label"
            )
        place = text if label is None else label
        if place is None:
            raise AnswerFault(self._not_among(str(value)))
        return place

    def by_text(self, text: str) -> int | None:
        """The option whose text this is."""
        # Options differ in their squeezed texts, so at most one is named.
        wanted = squeezed(text)
        return self._squeezed.index(wanted) if wanted in self._squeezed else None

    def by_labels(self, text: str) -> list[int] | None:
        """The options that a text of nothing but labels names; letters may stand without commas."""
        places: list[int] = []
        for word in _BETWEEN.split(_folded(text).strip(" ,;、/|")):
            for label in [word] if self._numbered else word:
                if label not in self.labels:
                    return None
                places.append(self.labels.index(label))
        return places or None

    def _by_label(self, text: str) -> int | None:
        label = _folded(text).strip()
        return self.labels.index(label) if label in self.labels else None

    def _not_among(self, text: str) -> str:
        told = (
            f"{quoted(text)} is not among the options; write one of {', '.join(self.labels)}, "
            "or the text of an option"
        )
        if not self._numbered and text.strip().isdecimal():
            return f"{told}, or, if it counts, {_BY_NUMBER}"
        if (named := self.by_labels(text)) and len(named) > 1:
            return f"{told}, or, where several are right together, `scorer: multi_choice`"
        return told


def several(value: object, options: Options) -> list[int]:
    """The options (from 0) that labels or texts name: ``AC``, ``A、C``, ``["A", "C"]``, …

    :raises AnswerFault: what names no option, or one twice.
    """
    listed = value if isinstance(value, list) else list_in(value)
    if listed is not None:
        if not listed:
            raise AnswerFault("is an empty list; every question needs its right answer")
        return _different([options.place(part) for part in listed], options)
    named = options.by_labels(value) if isinstance(value, str) else None
    if named is None or len(named) == 1:
        return [options.place(value)]
    if options.by_text(str(value)) is not None:
        raise AnswerFault(
            f"{quoted(str(value))} is several labels and the text of one option; put commas "
            "between labels, or write a list of texts"
        )
    return _different(named, options)


def parts_of(value: object) -> list[object]:
    """What stands in a list, in the text of one, or between commas and blanks."""
    if isinstance(value, list):
        return value
    if (listed := list_in(value)) is not None:
        return listed
    return list(_BETWEEN.split(value.strip())) if isinstance(value, str) else [value]


def list_in(value: object) -> list[object] | None:
    """The list that a text holds, as JSON or as Python prints it (CSV files have both)."""
    if not isinstance(value, str) or not value.strip().startswith("["):
        return None
    for read in (json.loads, ast.literal_eval):
        try:
            with warnings.catch_warnings(action="ignore"):  # Python's, of escapes like \\d
                listed = read(value.strip())
        except (ValueError, SyntaxError, RecursionError, MemoryError):
            continue
        if isinstance(listed, list):
            return listed
    return None


def squeezed(text: str) -> str:
    """`text` with single blanks. Not NFKC: as options x² and x2 are different answers."""
    return " ".join(text.split())


def whole_number(value: object) -> int | None:
    """The whole number, 0 to 999 in a text, that a value is."""
    text = value.strip() if isinstance(value, str) else value
    if isinstance(text, str):
        return int(text) if text.isdecimal() and len(text) < 4 else None
    return text if isinstance(text, int) and not isinstance(text, bool) else None


def _different(places: list[int], options: Options) -> list[int]:
    twice = next((n for n in places if places.count(n) > 1), None)
    if twice is not None:
        raise AnswerFault(f"names option {options.labels[twice]} twice; name each once")
    return places


def _as_text(value: object) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, str | int):
        return str(value).strip()
    if isinstance(value, float):
        return format(Decimal(repr(value)), "f")  # 0.00001, not 1e-05
    raise AnswerFault(
        f"{'holds' if value is None else 'is'} {kind_of(value)}; write the right answer as text, "
        "or a list of all texts that are right"
    )


def _shown(value: object) -> str:
    return quoted(value) if isinstance(value, str | int | float) else kind_of(value)


def _folded(text: str) -> str:
    return unicodedata.normalize("NFKC", text).upper()
