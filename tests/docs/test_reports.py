"""The page of reports names what the schemas hold."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

import pytest_iqeval
from tests.support.pages import read_page, table_rows, ticked

PAGE = read_page("reports.md")


def schema(name: str) -> dict[str, Any]:
    """A schema as it ships."""
    path = Path(pytest_iqeval.__file__).parent / "reports" / f"{name}.schema.json"
    assert f"`pytest_iqeval/reports/{path.name}`" in PAGE
    plain: dict[str, Any] = json.loads(path.read_text("utf-8"))
    return plain


@pytest.mark.parametrize("name", ["report", "review"])
def test_the_table_names_every_key(name: str) -> None:
    """And no other."""
    rows = table_rows(PAGE, f"<!-- keys: {name} -->")
    assert {key for cells in rows for key in ticked(cells[0])} == set(schema(name)["properties"])


@pytest.mark.parametrize(
    ("key", "where"),
    [
        ("run", ("run",)),
        ("selection", ("selection",)),
        ("gates", ("gates", "items")),
        ("usage", ("usage",)),
        ("baseline", ("baseline",)),
        ("foresight", ("foresight",)),
        ("foresight", ("foresight", "properties", "gates", "items")),
    ],
)
def test_inner_keys_are_named(key: str, where: tuple[str, ...]) -> None:
    """The cell of an object lists what is in it."""
    node = schema("report")["properties"][where[0]]
    for step in where[1:]:
        node = node[step]
    (cell,) = [c[1] for c in table_rows(PAGE, "<!-- keys: report -->") if c[0] == f"`{key}`"]
    assert set(node["properties"]) <= set(ticked(cell))
