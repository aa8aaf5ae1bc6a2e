"""The shipped JSON Schemas, ready to hold a run's files against."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from typing import Any

import jsonschema

import pytest_iqeval

_FOLDER = Path(pytest_iqeval.__file__).parent / "reports"


@cache
def _validator(name: str) -> jsonschema.protocols.Validator:
    schema = json.loads((_FOLDER / name).read_text("utf-8"))
    jsonschema.Draft202012Validator.check_schema(schema)
    return jsonschema.Draft202012Validator(schema)


def check_report(report: Any) -> None:
    """Raise where `report.json`'s content breaks its schema."""
    _validator("report.schema.json").validate(report)


def check_review(row: Any) -> None:
    """Raise where a review row breaks its schema."""
    _validator("review.schema.json").validate(row)
