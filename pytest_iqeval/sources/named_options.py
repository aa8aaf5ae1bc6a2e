"""The options of a row, and which of them an answer names: by labels, or by their texts."""

from __future__ import annotations

import ast
import json
import re
import unicodedata
import warnings
from collections.abc import Sequence
from functools import cached_property

from pytest_iqeval.core.plain import kind_of, quoted
from pytest_iqeval.core.sample import labels_of

# Between answers that stand together: "A,C", "A、C", "A C", "A; C", "A/C", "A|C".
_BETWEEN = re.compile(r"[\s,，、;；/|]+")
_BY_NUMBER = "`answer_kind: index` (from 0) or `answer_kind: position` (from 1) in the definition"


class AnswerFault(ValueError):
    """What is wrong with a row's answer, and how to mend it."""


class Options:
    """The options of a row, and which of them a value names."""

    def __init__(self, choices: Sequence[str], *, numbered: bool = False) -> None:
        """:param choices: 26 at most; of texts that do not differ none names an option."""
        self.labels = labels_of(len(choices), numbered=numbered)
        self._numbered = numbered
        self._choices = choices

    @cached_property
    def _squeezed(self) -> list[str]:
        # Most answers are labels: then no text is looked at.
        return [squeezed(text) for text in self._choices]

    def place(self, value: object) -> int:
        """The option (from 0) that a label, or an option's own text, names.

        :raises AnswerFault: it names none, or two.
        """
        if isinstance(value, bool) or not isinstance(value, str | int | float):
            raise AnswerFault(f"is {kind_of(value)}; write the one right answer as text")
        if not isinstance(value, str) and not self._numbered:
            if (place := self.by_text(str(value))) is not None:
                return place
            raise AnswerFault(
                f"{quoted(value)} is a number; write the letter of the right option, or, if it "
                f"counts, {_BY_NUMBER}"
            )
        label = self._by_label(str(value))
        if label is not None and not self._numbered:
            return label
        text = self.by_text(str(value))
        if label is None and self._squeezed.count(squeezed(str(value))) > 1:
            raise AnswerFault(
                f"{quoted(value)} is the text of two options; write the label of the right one"
            )
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
        """The one option whose text this is."""
        wanted = squeezed(text)
        return self._squeezed.index(wanted) if self._squeezed.count(wanted) == 1 else None

    def by_labels(self, text: str) -> list[int] | None:
        """The options that a text of nothing but labels names; letters may stand without commas."""
        places: list[int] = []
        for word in _BETWEEN.split(folded(text).strip(" ,;、/|")):
            for label in [word] if self._numbered else word:
                if label not in self.labels:
                    return None
                places.append(self.labels.index(label))
        return places or None

    def _by_label(self, text: str) -> int | None:
        label = folded(text).strip()
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
        return different([options.place(part) for part in listed], options)
    named = options.by_labels(value) if isinstance(value, str) else None
    if named is None or len(named) == 1:
        return [options.place(value)]
    if options.by_text(str(value)) is not None:
        raise AnswerFault(
            f"{quoted(str(value))} is several labels and the text of one option; put commas "
            "between labels, or write a list of texts"
        )
    return different(named, options)


def parts_of(value: object) -> list[object]:
    """What stands in a list, in the text of one, or between commas and blanks."""
    if isinstance(value, list):
        return value
    if (listed := list_in(value)) is not None:
        return listed
    return list(_BETWEEN.split(value.strip())) if isinstance(value, str) else [value]


def list_in(value: object) -> list[object] | None:
    """The list that a text holds, as JSON or as Python prints it (CSV files have both)."""
    found = structure_in(value)
    return found if isinstance(value, str) and isinstance(found, list) else None


def structure_in(value: object) -> object:
    """The list or the mapping that a text holds, written likewise; else the value itself."""
    if not isinstance(value, str) or not value.strip().startswith(("[", "{")):
        return value
    for read in (json.loads, ast.literal_eval):
        try:
            with warnings.catch_warnings(action="ignore"):  # Python's, of escapes like \\d
                found = read(value.strip())
        except (ValueError, SyntaxError, RecursionError, MemoryError):
            continue
        if isinstance(found, list | dict):
            return found
    return value


def squeezed(text: str) -> str:
    """`text` with single blanks. Not NFKC: as options x² and x2 are different answers."""
    return " ".join(text.split())


def whole_number(value: object) -> int | None:
    """The whole number, 0 to 999 in a text, that a value is."""
    text = value.strip() if isinstance(value, str) else value
    if isinstance(text, str):
        return int(text) if text.isdecimal() and len(text) < 4 else None
    return text if isinstance(text, int) and not isinstance(text, bool) else None


def different(places: list[int], options: Options) -> list[int]:
    """These places, none of them twice.

    :raises AnswerFault: one is.
    """
    twice = next((n for n in places if places.count(n) > 1), None)
    if twice is not None:
        raise AnswerFault(f"names option {options.labels[twice]} twice; name each once")
    return places


def shown(value: object) -> str:
    """A value for a message."""
    return quoted(value) if isinstance(value, str | int | float) else kind_of(value)


def folded(text: str) -> str:
    """`text` as labels are compared: NFKC, upper case."""
    return unicodedata.normalize("NFKC", text).upper()
