"""``fields:`` of a definition: which column of the data is what."""

from __future__ import annotations

from pytest_iqeval.core.definition import Fields
from pytest_iqeval.core.definition_checks import Checks
from pytest_iqeval.core.sample import LABELS

# Ours, as the definition's `fields` may name them; level to system are kept as metadata.
# `labels` are those that the data itself gives its options, for answers that name one.
FIELDS = (
    "question",
    "choices",
    "answer",
    "id",
    "level",
    "category",
    "explanation",
    "system",
    "labels",
)
# A column `system` or `labels` need not be what we mean by it: it must be named.
_UNNAMED = ("id", "level", "category", "explanation")


def named_columns(value: object, checks: Checks, where: str = "fields") -> Fields:
    """What a ``fields:`` says, without what holds where it says nothing."""
    given = checks.mapping(where, value, FIELDS, example="question: query")
    fields: dict[str, str | tuple[str, ...]] = {}
    for name, column in given.items():
        at = f"{where}.{name}"
        if name == "choices" and isinstance(column, list):
            fields[name] = _columns(column, checks, at)
        else:
            fields[name] = checks.text(at, column, required=True) or name
    return fields


def all_columns(
    named: Fields, checks: Checks, where: str = "fields", *, choices: bool, marks: bool
) -> Fields:
    """Our own names for the columns that nobody named, unless they serve as another field.

    :param choices: whether the questions must have options.
    :param marks: whether the answer is a mark at each of them.
    """
    fields = dict(named)
    for name in ("question", "answer", *(["choices"] if choices else [])):
        fields.setdefault(name, name)
    used: dict[str, str] = {}
    for name, columns in fields.items():
        for column in (columns,) if isinstance(columns, str) else columns:
            other = used.setdefault(column, name)
            if other != name and not _may_share({name, other}, fields, marks=marks):
                checks.fault(where, f"{other} and {name} are both the column {column}")
    return fields | {name: name for name in _UNNAMED if name not in fields | used}


def _may_share(names: set[str], fields: Fields, *, marks: bool) -> bool:
    """Whether two fields may be one column: the right option's own, or options with marks."""
    return names == {"choices", "answer"} and (marks or isinstance(fields["choices"], tuple))


def _columns(value: list[object], checks: Checks, where: str) -> tuple[str, ...]:
    columns = [checks.text(where, v, required=True) for v in value]
    if not 2 <= len(columns) <= len(LABELS) or len(set(columns)) < len(columns):
        checks.fault(where, f"must be 2 to {len(LABELS)} different columns, an option each")
    return tuple(c for c in columns if c is not None)
