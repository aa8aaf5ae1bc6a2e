"""Small builders of definitions, files and samples."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from pathlib import Path

from pytest_iqeval.core.definition import Definition
from pytest_iqeval.core.definition_fields import parse_definition
from pytest_iqeval.core.sample import Sample

SCORERS = (
    "choice",
    "multi_choice",
    "number",
    "math",
    "exact",
    "contains",
    "regex",
    "f1",
    "yes_no",
    "own",  # a user's
)


def raw_definition(**changes: object) -> dict[str, object]:
    """A definition as YAML would give it; a change of ``None`` takes the field out."""
    raw: dict[str, object] = {"name": "tiny", "language": "en", "data": {"IQ": "IQ.jsonl"}}
    raw.update(changes)
    return {key: value for key, value in raw.items() if value is not None}


def definition(**changes: object) -> Definition:
    """That definition, checked."""
    return parse_definition(raw_definition(**changes), file="tiny.yaml", scorers=SCORERS)


def question(number: int = 1, **changes: object) -> dict[str, object]:
    """A row with three options, a different one for each number."""
    row: dict[str, object] = {
        "question": f"What is {number} + {number}?",
        "choices": [str(2 * number - 1), str(2 * number), str(2 * number + 1)],
        "answer": "B",
    }
    row.update(changes)
    return {key: value for key, value in row.items() if value is not None}


def jsonl(rows: Iterable[Mapping[str, object]]) -> str:
    """The rows as JSON Lines."""
    return "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows)


def write_jsonl(path: Path, rows: Iterable[Mapping[str, object]]) -> Path:
    """Write the rows, with the folders they need."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(jsonl(rows), encoding="utf-8")
    return path


def sample(id: str = "q", **changes: object) -> Sample:
    """A sample with three options."""
    values: dict[str, object] = {
        "benchmark": "tiny",
        "subset": "IQ",
        "id": id,
        "input": "What is 1 + 1?",
        "choices": ("1", "2", "3"),
        "target": "B",
    }
    return Sample(**(values | changes))  # type: ignore[arg-type]
