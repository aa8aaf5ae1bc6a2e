"""CSV and TSV files, with a header or without one."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Sequence

from pytest_iqeval.core.plain import counted, quoted
from pytest_iqeval.sources.records import Fault, Row

_LONGEST_CELL = 2**30
_CALLED = {",": "CSV", "\t": "TSV"}


def csv_records(
    text: str, *, columns: Sequence[str] = (), separator: str = ","
) -> Iterator[Row | Fault]:
    """The records of a text; a quoted cell may hold line breaks.

    :param columns: those of a file without a header; an empty one is not kept. A first record
        that repeats them is a header all the same.
    """
    # The module's limit of 131,072 characters holds for the whole process.
    before = csv.field_size_limit(_LONGEST_CELL)
    try:
        yield from _records(text, list(columns), separator)
    finally:
        csv.field_size_limit(before)


def _records(text: str, given: list[str], separator: str) -> Iterator[Row | Fault]:
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True)
    columns = given
    first, begin = True, 1
    try:
        for cells in reader:
            line, begin = begin, reader.line_num + 1
            if not any(map(str.strip, cells)):
                continue
            if first:
                first = False
                if not given:
                    columns = [cell.strip() for cell in cells]
                    if fault := _header_fault(columns, separator):
                        yield Fault(line, fault)
                        return
                    continue
                if [c.strip().casefold() for c in cells] == [c.casefold() for c in given]:
                    continue
            if len(cells) != len(columns):
                yield Fault(line, _length_fault(cells, columns, separator, given=bool(given)))
            else:
                values: dict[str, object] = dict(zip(columns, cells, strict=True))
                values.pop("", None)  # the row number that pandas writes
                yield Row(line, values)
    except csv.Error as error:
        mend = "look at the quotes of the record that begins here"
        yield Fault(begin, f"broken {_CALLED[separator]}: {error}; {mend}")


def _length_fault(
    cells: Sequence[str], columns: Sequence[str], separator: str, *, given: bool
) -> str:
    many = counted(len(cells), "cell")
    if given:
        return f"has {many}, but the definition's `columns:` are {len(columns)}"
    what = "comma" if separator == "," else "tab"
    return (
        f"has {many}, but the header has {len(columns)}; "
        f"put quotes around a cell that holds a {what}"
    )


def _header_fault(columns: list[str], separator: str) -> str | None:
    named = [c for c in columns if c]
    twice = next((c for c in named if named.count(c) > 1), None)
    if twice is not None:
        return (
            f"the header names {quoted(twice)} twice; rename one, or, if this is no header, "
            "say the columns: `columns:` of a layout in the definition"
        )
    if len(columns) == 1 and any(mark in columns[0] for mark in ";\t,"):
        with_what = "commas" if separator == "," else "tabs"
        return f"the header has one column; separate the columns with {with_what}"
    return None
