"""The reviews as one flat table, for spreadsheets.

UTF-8 with a byte order mark: without one Excel reads Chinese as the system's own encoding.
Lines end as RFC 4180 has them. What a spreadsheet would take for a formula gets an apostrophe
before it, as OWASP advises ("CSV Injection", owasp.org/www-community/attacks/CSV_Injection);
numbers stay numbers. A cell holds 32,767 characters, which is Excel's limit ("Excel
specifications and limits", support.microsoft.com): longer texts are cut, and whole in reviews/.
"""

from __future__ import annotations

import csv
import json
import re
from collections.abc import Callable, Iterable, Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any

from pytest_iqeval.core.clean import visible
from pytest_iqeval.core.errors import FolderError

MOST_CHARACTERS = 32_767
# Full-width signs too: spreadsheets in Chinese and Japanese read them alike.
_FORMULA = tuple("=+-@\t\r\n＝＋－＠")
_NUMBER = re.compile(r"[+-]?\d+(\.\d+)?%?")
_COLUMNS = (
    *("benchmark", "subset", "id", "repeat", "outcome", "value", "target", "also", "extracted"),
    *("rule", "note", "question", "choices", "reply", "reasoning", "refusal", "finish_reason"),
    *("cut", "latency_s", "attempts", "cached", "prompt_tokens", "completion_tokens", "cleaned"),
)
_Row = Mapping[str, Any]


def write_csv(path: Path, rows: Callable[[], Iterable[_Row]]) -> int:
    """Write the table; the file appears when it is whole.

    :param rows: gives the review rows anew at each call: first the names of the data set's
        further fields are collected, each of which becomes a column ``metadata.NAME``.
    :returns: how many rows were written.
    :raises FolderError: the file can't be written.
    """
    fields = list(dict.fromkeys(name for row in rows() for name in row["metadata"]))
    heads = [*_COLUMNS, *(f"metadata.{name}" for name in fields)]
    part = path.with_name(f".{path.name}.part")
    count = 0
    try:
        with part.open("w", encoding="utf-8-sig", newline="") as file:
            table = csv.writer(file)
            table.writerow([_cell(head) for head in heads])
            for count, row in enumerate(rows(), start=1):  # noqa: B007 - the last one counts
                flat = {**row, **row["usage"], "choices": _choices(row)}
                values = [flat.get(name) for name in _COLUMNS]
                values += [row["metadata"].get(name) for name in fields]
                table.writerow([_cell(value) for value in values])
        part.replace(path)
    except OSError as error:
        raise FolderError(
            f"{path}: can't be written: {error.strerror or error}", hint="give another --csv FILE"
        ) from None
    finally:
        with suppress(OSError):  # gone after a success
            part.unlink()
    return count


def _choices(row: _Row) -> str:
    """One a line, with its label."""
    labels = row.get("labels") or [""] * len(row["choices"])
    return "\n".join(
        f"{label}) {choice}".removeprefix(") ")
        for label, choice in zip(labels, row["choices"], strict=False)
    )


def _cell(value: object) -> str | int | float:
    """A value as a cell; nothing for ``None``."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, (int, float)):
        return value
    text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
    text = visible(text)
    if text.startswith(_FORMULA) and not _NUMBER.fullmatch(text):
        text = f"'{text}"
    return text if len(text) <= MOST_CHARACTERS else text[: MOST_CHARACTERS - 1] + "…"
