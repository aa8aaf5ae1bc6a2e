"""Writes datasets/benchmark.schema.json anew: `python docs/make_schema.py`."""

from __future__ import annotations

from pathlib import Path

from pytest_iqeval.core.definition_schema import SCHEMA_FILE, schema_text

PATH = Path(__file__).resolve().parents[1] / "datasets" / SCHEMA_FILE

if __name__ == "__main__":
    PATH.write_text(schema_text(), encoding="utf-8")
