"""What is wrong with the columns of a file as a whole: a fault for each, not one for each row."""

from __future__ import annotations

from collections.abc import Mapping

from pytest_iqeval.core.definition import Definition
from pytest_iqeval.core.errors import nearest_hint
from pytest_iqeval.sources.files import Table
from pytest_iqeval.sources.records import Fault
from pytest_iqeval.sources.values import is_in

CONTENT = ("question", "choices", "answer", "id", "labels")
"""What becomes a part of the sample itself; every other column is metadata."""


def missing_columns(table: Table, definition: Definition) -> dict[str, Fault]:
    """Our names of the columns that no row has: one fault for each, not one for each row."""
    there: dict[str, None] = {}
    for row in table.rows:
        there.update(dict.fromkeys(row.values))
    faults: dict[str, Fault] = {}
    for name, columns in definition.fields.items():
        if isinstance(columns, str):
            columns = (columns,)
        # An `id` or a `level` that nobody named need not be there.
        needed = name in ("question", "choices", "answer") or columns != (name,)
        if there and needed and not any(_is_there(column, there, table) for column in columns):
            faults[name] = Fault(
                0,
                f"{name}: no row has the column {', '.join(columns)}; say which it is under "
                f"`fields:` of the definition ({nearest_hint(columns[0], there)})",
            )
    return faults


def missing_group(table: Table, definition: Definition) -> list[Fault]:
    """That no row has the field of the groups, or that it is a part of the question itself."""
    if definition.group is None or not table.rows:
        return []
    content = [name for name in CONTENT if name in definition.fields]
    parts = [definition.fields[name] for name in content]
    columns = {c for one in parts for c in ((one,) if isinstance(one, str) else one)}
    there = dict.fromkeys(column for row in table.rows for column in row.values)
    if definition.group in columns or definition.group in content:
        told = f"{definition.group} is a part of each question"
    elif str(definition.fields.get(definition.group, definition.group)) in there:
        return []
    else:
        told = f"no row has the field {definition.group}"
    others = [column for column in there if column not in columns]
    mend = nearest_hint(definition.group, others) if others else "or take it out"
    return [Fault(0, f"group: {told}; name one that questions share, such as a passage ({mend})")]


def _is_there(column: str, there: Mapping[str, None], table: Table) -> bool:
    return column in there or any(is_in(row.values, column) for row in table.rows)
