"""Data files of every format as rows with line numbers, and everything that is wrong with them."""

from __future__ import annotations

import codecs
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from pytest_iqeval.core.definition import PACKED, data_suffix
from pytest_iqeval.sources.csv_records import csv_records
from pytest_iqeval.sources.json_records import json_records, jsonl_records
from pytest_iqeval.sources.packed import unpacked
from pytest_iqeval.sources.records import Fault, Row, decode


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """A data file: its good rows in file order, and its faults.

    ``path`` is the file, or the archive that holds it; ``shown`` its name in messages;
    ``content`` the bytes that were read, unpacked. ``by_row`` says that rows are counted, not
    lines.
    """

    path: Path
    shown: str
    content: bytes
    rows: tuple[Row, ...]
    faults: tuple[Fault, ...]
    by_row: bool = False

    def told(self, fault: Fault) -> str:
        """``file:line: what``."""
        if self.by_row and fault.line:
            return f"{self.shown}: row {fault.line}: {fault.what}"
        return fault.told(self.shown)


def read_content(path: Path) -> bytes | Fault:
    """The bytes of a file, unpacked, or why they can't be had."""
    try:
        content = path.read_bytes()
    except OSError as error:
        return Fault(0, f"can't be read: {error.strerror or error}")
    return unpacked(content) if path.name.lower().endswith(PACKED) else content


def read_table(path: Path, *, shown: str) -> Table:
    """Read a file; by its suffix it is JSONL where it is nothing else. See `Table.faults`."""
    content = read_content(path)
    if isinstance(content, Fault):
        return broken_table(content, path=path, shown=shown)
    return parse_table(content, path=path, shown=shown)


def broken_table(fault: Fault, *, path: Path, shown: str) -> Table:
    """A file that can't be read at all."""
    return Table(path=path, shown=shown, content=b"", rows=(), faults=(fault,))


def parse_table(
    content: bytes, *, path: Path, shown: str, columns: Sequence[str] = (), name: str | None = None
) -> Table:
    """The rows and faults of a file's bytes.

    :param columns: those of a CSV or TSV file without a header.
    :param name: the file's own, whose suffix says what it is, where `path` is an archive.
    """
    suffix = data_suffix(name or path.name)
    records = list(_records(content, suffix, columns, shown))
    rows = tuple(r for r in records if isinstance(r, Row))
    faults = tuple(r for r in records if isinstance(r, Fault))
    if not rows and not faults:
        headed = suffix in (".csv", ".tsv") and content.removeprefix(codecs.BOM_UTF8).strip()
        what = "has a header and nothing below it" if headed else "is empty"
        faults = (Fault(0, f"{what}; it should hold one question a line"),)
    return Table(
        path=path,
        shown=shown,
        content=content,
        rows=rows,
        faults=faults,
        by_row=suffix == ".parquet",
    )


def _records(
    content: bytes, suffix: str | None, columns: Sequence[str], shown: str
) -> Iterable[Row | Fault]:
    if suffix == ".parquet":
        # Imported here: only this format needs a package of an extra.
        from pytest_iqeval.sources.parquet_records import parquet_records

        return parquet_records(content, shown=shown)
    text = decode(content)
    if isinstance(text, Fault):
        return [text]
    if suffix in (".csv", ".tsv"):
        return csv_records(text, columns=columns, separator="," if suffix == ".csv" else "\t")
    return json_records(text) if suffix == ".json" else jsonl_records(text)
