"""Writes what is made from the table of a definition's fields: the schema, and the table in docs.

Run it after a change of `pytest_iqeval/core/definition_table.py`: ``python docs/make_schema.py``.
"""

from __future__ import annotations

from pathlib import Path

from pytest_iqeval.core.definition_schema import SCHEMA_FILE, schema_text
from pytest_iqeval.core.definition_table import FIELDS_TABLE, Entry

SCHEMA = Path(__file__).resolve().parents[1] / "datasets" / SCHEMA_FILE
PAGE = Path(__file__).with_name("datasets.md")
BEGIN, END = "<!-- fields: begin -->\n", "<!-- fields: end -->\n"


def table() -> str:
    """The Markdown table, one row a field."""
    rows = ["| field | meaning |", "| --- | --- |"]
    rows += [_row(name, entry) for name, entry in FIELDS_TABLE.items()]
    return "\n".join(rows) + "\n"


def with_table(page: str) -> str:
    """The page with the present table between its marks."""
    before, rest = page.split(BEGIN)
    _, after = rest.split(END)
    return f"{before}{BEGIN}\n{table()}\n{END}{after}"


def _row(name: str, entry: Entry) -> str:
    meaning = entry.meaning.replace("|", "\\|")
    return f"| `{name}` | {meaning}{' (required)' if entry.required else ''} |"


if __name__ == "__main__":
    SCHEMA.write_text(schema_text(), encoding="utf-8")
    PAGE.write_text(with_table(PAGE.read_text("utf-8")), encoding="utf-8")
