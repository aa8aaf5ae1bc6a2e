"""JSONL and CSV files as rows with line numbers, and everything that is wrong with them."""

from __future__ import annotations

import codecs
import csv
import io
import json
import math
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

from pytest_iqeval.core.plain import counted, kind_of, quoted, unstorable


class Row(NamedTuple):
    """One record: the line (from 1) where it begins, and its columns."""

    line: int
    values: dict[str, object]


class Fault(NamedTuple):
    """What is wrong with a file, at a line (from 1); 0 is the file as a whole."""

    line: int
    what: str

    def told(self, file: str) -> str:
        """``file:line: what``."""
        return f"{file}:{self.line}: {self.what}" if self.line else f"{file}: {self.what}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """A data file: its good rows in file order, and its faults.

    ``shown`` is the file's name in messages; ``content`` the bytes that were read.
    """

    path: Path
    shown: str
    content: bytes
    rows: tuple[Row, ...]
    faults: tuple[Fault, ...]


def read_table(path: Path, *, shown: str) -> Table:
    """Read a file; by its suffix it is CSV, else JSONL. Raises nothing: see `Table.faults`."""
    try:
        content = path.read_bytes()
    except OSError as error:
        fault = Fault(0, f"can't be read: {error.strerror or error}")
        return Table(path=path, shown=shown, content=b"", rows=(), faults=(fault,))
    return parse_table(content, path=path, shown=shown)


def parse_table(content: bytes, *, path: Path, shown: str) -> Table:
    """The rows and faults of a file's bytes; its suffix says whether they are CSV."""
    text = decode(content)
    if isinstance(text, Fault):
        records: list[Row | Fault] = [text]
    elif path.suffix.lower() == ".csv":
        records = list(_csv_records(text))
    else:
        records = list(_jsonl_records(text))
    rows = tuple(r for r in records if isinstance(r, Row))
    faults = tuple(r for r in records if isinstance(r, Fault))
    if not rows and not faults:
        faults = (Fault(0, "is empty; it should hold one question a line"),)
    return Table(path=path, shown=shown, content=content, rows=rows, faults=faults)


def decode(content: bytes) -> str | Fault:
    """The text of UTF-8 bytes (without their byte order mark), or why they are none."""
    mend = "save the file again as UTF-8"
    if content.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return Fault(1, f"is in UTF-16, not UTF-8; {mend}")
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        guess = ", it looks like GBK" if _looks_like_gbk(content) else ""
        return Fault(line, f"byte 0x{content[error.start]:02x} is not UTF-8{guess}; {mend}")
    if "\0" in text:
        line = text.count("\n", 0, text.index("\0")) + 1
        # Every other byte of English in UTF-16 is NUL, and valid UTF-8.
        guess = ", it looks like UTF-16" if text.count("\0") * 4 > len(text) else ""
        return Fault(line, f"holds a NUL byte{guess}; {mend}")
    return text


def _looks_like_gbk(content: bytes) -> bool:
    """Whether the bytes read as GBK, and then are mostly common Chinese characters."""
    try:
        text = content.decode("gb18030")
    except UnicodeDecodeError:
        return False
    foreign = [c for c in text if not c.isascii()]
    common = "".join(foreign).encode("gb2312", "ignore")
    return len(common) >= 2 * 0.9 * len(foreign)


class _Refused(ValueError):
    """JSON that parses, and that we refuse all the same."""


def _unique(pairs: list[tuple[str, object]]) -> dict[str, object]:
    values = dict(pairs)
    if len(values) < len(pairs):
        names = [name for name, _ in pairs]
        twice = next(name for name in names if names.count(name) > 1)
        raise _Refused(f"has the field {quoted(twice)} twice; keep one")
    return values


def _no_constant(name: str) -> object:
    raise _Refused(f"holds {name}, which is not JSON; write null, or leave the field out")


def _finite(digits: str) -> float:
    number = float(digits)
    if not math.isfinite(number):
        raise _Refused(f"holds {quoted(digits)}, too large a number")
    return number


_JSON = json.JSONDecoder(
    object_pairs_hook=_unique, parse_constant=_no_constant, parse_float=_finite
)


def _jsonl_records(text: str) -> Iterator[Row | Fault]:
    if text.lstrip().startswith("["):
        first = text.count("\n", 0, text.index("[")) + 1
        yield Fault(first, "begins a JSON array; write one object a line, without [ ] and commas")
        return
    # Not str.splitlines: it also cuts at U+2028 and others, which JSON texts may hold.
    for number, line in enumerate(text.split("\n"), start=1):
        if not line.strip():
            continue
        values = _json_values(line)
        yield Fault(number, values) if isinstance(values, str) else Row(number, values)


def _json_values(line: str) -> dict[str, object] | str:
    """The object of a line, or what is wrong with it."""
    try:
        value = _JSON.decode(line)
    except _Refused as refused:
        return str(refused)
    except json.JSONDecodeError as error:
        what = error.msg[:1].lower() + error.msg[1:]
        return f"broken JSON at column {error.colno}: {what}; mend or delete the line"
    except RecursionError:
        return "is nested too deeply; a question is a flat object"
    except ValueError:  # CPython refuses to convert integers of more than 4,300 digits
        return "holds too large a number"
    if not isinstance(value, dict):
        return f'is {kind_of(value)}, not an object; write {{"question": …}}'
    if "\\u" in line and (half := unstorable(value)):
        return f"holds {half}; take that out"
    return value


def _csv_records(text: str) -> Iterator[Row | Fault]:
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    columns: list[str] | None = None
    begin = 1
    try:
        for cells in reader:
            line, begin = begin, reader.line_num + 1
            if not any(cell.strip() for cell in cells):
                continue
            if columns is None:
                columns = [cell.strip() for cell in cells]
                fault = _header_fault(columns)
                if fault:
                    yield Fault(line, fault)
                    return
            elif len(cells) != len(columns):
                yield Fault(
                    line,
                    f"has {counted(len(cells), 'cell')}, but the header has {len(columns)}; "
                    "put quotes around a cell that holds a comma",
                )
            else:
                # A column without a name is the row number that pandas writes.
                yield Row(line, {n: c for n, c in zip(columns, cells, strict=True) if n})
    except csv.Error as error:
        mend = "look at the quotes of the record that begins here"
        yield Fault(begin, f"broken CSV: {error}; {mend}")


def _header_fault(columns: list[str]) -> str | None:
    named = [c for c in columns if c]
    twice = next((c for c in named if named.count(c) > 1), None)
    if twice is not None:
        return f"the header names {quoted(twice)} twice; rename one"
    if len(columns) == 1 and any(mark in columns[0] for mark in ";\t"):
        return "the header has one column; separate the columns with commas"
    return None
