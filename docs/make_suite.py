"""Writes what is made from the tables of a suite's fields: the schema, and the tables in the docs.

Run it after a change of `core/suite_table.py` or `core/options.py`: ``python docs/make_suite.py``.
"""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from pytest_iqeval.core.suite_schema import SCHEMA_FILE, schema_text
from pytest_iqeval.core.suite_table import BY_NAME, OF_A_SET, SECTIONS, TOP, key_of

SCHEMA = Path(__file__).with_name(SCHEMA_FILE)
PAGE = Path(__file__).with_name("suites.md")
_DONE = "fields done:"  # of a mark whose table is written
BEGIN, END = "<!-- fields: begin -->\n", "<!-- fields: end -->\n"


def tables() -> str:
    """The Markdown tables, one row a field."""
    rows = ["| field | as the option, or meaning |", "| --- | --- |"]
    rows += [
        "| `name` | a title, for people alone |",
        "| `benchmarks` | a list; see [below](#one-benchmark) |",
        "| `gates` | a list of [gates](gates.md); one with a colon in it needs quotes |",
        *_options("", TOP),
    ]
    for section, names in SECTIONS.items():
        rows += _options(f"{section}.", names)
    rows.append("| `generation.…` | any further field of the request body; `null` leaves it out |")
    return "\n".join(rows) + "\n"


def set_table() -> str:
    """The fields of one benchmark."""
    rows = ["| field | meaning |", "| --- | --- |"]
    rows += [f"| `{name}` | {text} |" for name, text in OF_A_SET.items()]
    return "\n".join(rows) + "\n"


def with_tables(page: str) -> str:
    """The page with the present tables between their marks."""
    for table in (tables(), set_table()):
        before, found, rest = page.partition(BEGIN)
        _, _, after = rest.partition(END)
        done = f"{found}\n{table}\n{END}".replace("fields:", _DONE)
        page = f"{before}{done}{after}"
    return page.replace(_DONE, "fields:")


def _options(prefix: str, names: Iterable[str]) -> list[str]:
    return [f"| `{prefix}{key_of(name)}` | `{BY_NAME[name].flag}` |" for name in names]


if __name__ == "__main__":
    SCHEMA.write_text(schema_text(), encoding="utf-8")
    PAGE.write_text(with_tables(PAGE.read_text("utf-8")), encoding="utf-8")
