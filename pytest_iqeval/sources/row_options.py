"""The options of a row, in whichever way the data writes them, and the marks beside them."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence

from pytest_iqeval.sources.values import value_at

_LISTS = ("choices", "text")
_MARKS = ("labels", "label")


def option_values(
    values: Mapping[str, object], columns: str | Sequence[str], *, separator: str | None = None
) -> object:
    """The options of a row as they stand: a list, unless the one column holds something else.

    A column may hold a list, a mapping of options to their marks (``{text: 1}``), or a mapping of
    two lists (``{choices: […], labels: […]}``). Of several columns each is an option, or, with a
    separator, several of them.
    """
    if isinstance(columns, str):
        found = value_at(values, columns)
        if isinstance(found, Mapping):
            return _without_end(_listed(found, _LISTS) or list(found))
        if separator is not None and isinstance(found, str):
            return _parts(found, separator)
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
    if isinstance(value, Mapping):
        return _listed(value, _MARKS) or list(value.values())
    return value


def is_blank(value: object) -> bool:
    """Whether a cell holds nothing: no text, or what stands for a missing number."""
    if isinstance(value, float):
        return math.isnan(value)
    return value is None or (isinstance(value, str) and not value.strip())


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
