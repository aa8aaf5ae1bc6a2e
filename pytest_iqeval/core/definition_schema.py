"""The JSON Schema of a definition, made from the table of its fields."""

from __future__ import annotations

import json

from pytest_iqeval.core.definition_shapes import fields_of, or_nothing, told
from pytest_iqeval.core.definition_table import FIELDS_TABLE

SCHEMA_FILE = "benchmark.schema.json"
COMMENT = f"# yaml-language-server: $schema={SCHEMA_FILE}"
"""The line by which editors find the schema beside a definition."""


def definition_schema() -> dict[str, object]:
    """The schema, in the draft that editors know best."""
    shapes = {
        name: told(entry.shape if entry.required else or_nothing(entry.shape), entry.meaning)
        for name, entry in FIELDS_TABLE.items()
    }
    required = [name for name, entry in FIELDS_TABLE.items() if entry.required]
    return {
        "$schema": "http://json-schema.org/draft-07/schema#",
        "title": "A benchmark of pytest-iqeval",
        **fields_of(shapes, required=required),
    }


def schema_text() -> str:
    """The schema as a file holds it."""
    return json.dumps(definition_schema(), ensure_ascii=False, indent=2) + "\n"
