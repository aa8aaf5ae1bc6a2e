"""The options of a row, in whichever way the data writes them, and the marks beside them."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence

from pytest_iqeval.core.sample import LABELS
from pytest_iqeval.sources.named_options import folded, structure_in
from pytest_iqeval.sources.values import value_at

_LISTS = ("choices", "text")
_MARKS = ("labels", "label")
_LETTERS = frozenset(LABELS)
_MARK_VALUES = (0, 1, "0", "1")


def option_values(
    values: Mapping[str, object], columns: str | Sequence[str], *, separator: str | None = None
) -> object:
    """The options of a row as they stand: a list, unless the one column holds something else.

    A column may hold a list, a mapping of labels to options (``{A: text}``), one of options to
    their marks (``{text: 1}``), or one of two lists (``{choices: […], labels: […]}``); a list or
    a mapping may be written as text. Of several columns each is an option, or, with a separator,
    several of them.
    """
    if isinstance(columns, str):
        found = value_at(values, columns)
        if isinstance(found, str):
            found = _parts(found, separator) if separator is not None else structure_in(found)
        if isinstance(found, Mapping):
            found = _listed(found, _LISTS) or _in_mapping(found)
            return _without_end(found) if isinstance(found, list) else found
        return found
    if separator is None:
        return _without_end([value_at(values, column) for column in columns])
    return [part for column in columns for part in _parts(value_at(values, column), separator)]


def count_before(
    values: Mapping[str, object], columns: Sequence[str], column: str, *, separator: str | None
) -> int:
    """How many options stand in the columns before `column`."""
    before = [value_at(values, one) for one in columns[: columns.index(column)]]
    return len(before) if separator is None else sum(len(_parts(v, separator)) for v in before)


def marks_of(value: object) -> object:
    """The marks of the options, a list, unless the value is something else."""
    value = structure_in(value)
    if isinstance(value, Mapping):
        return _listed(value, _MARKS) or list(value.values())
    return value


def is_blank(value: object) -> bool:
    """Whether a cell holds nothing: no text, or what stands for a missing number."""
    if isinstance(value, float):
        return math.isnan(value)
    return value is None or (isinstance(value, str) and not value.strip())


def _in_mapping(value: Mapping[object, object]) -> object:
    """The options of a mapping: its values in the order of their labels, or, where these are
    marks, its keys. The mapping itself where labels are left out: an answer names them otherwise
    than we would.
    """
    texts = {folded(str(key)).strip(): text for key, text in value.items()}
    letters = all(key in _LETTERS for key in texts)
    marked = all(mark in _MARK_VALUES for mark in value.values())
    if marked and not (letters and all(isinstance(mark, str) for mark in value.values())):
        return list(value)
    for labels in (LABELS[: len(value)], _numbers(0, len(value)), _numbers(1, len(value))):
        if set(texts) == set(labels):
            return [texts[label] for label in labels]
    if letters or all(key.isdecimal() for key in texts):
        return value
    return list(value.values())


def _numbers(first: int, count: int) -> list[str]:
    return [str(number) for number in range(first, first + count)]


def _listed(value: Mapping[object, object], names: Sequence[str]) -> list[object] | None:
    return next((v for n in names if isinstance(v := value.get(n), list)), None)


def _parts(value: object, separator: str) -> list[object]:
    if not isinstance(value, str):
        return [] if value is None else [value]
    return [part.strip() for part in value.split(separator.strip() or separator) if part.strip()]


def _without_end(options: list[object]) -> list[object]:
    """A question with fewer options leaves its last columns empty."""
    while options and is_blank(options[-1]):
        options.pop()
    return options
