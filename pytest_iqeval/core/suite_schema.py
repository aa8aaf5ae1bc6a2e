"""The JSON Schema of a suite, made from the tables of its fields: for editors."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping

from pytest_iqeval.core.options import Option
from pytest_iqeval.core.suite_table import BY_NAME, OF_A_SET, SECTIONS, TOP, key_of

SCHEMA_FILE = "suite.schema.json"
COMMENT = f"# yaml-language-server: $schema={SCHEMA_FILE}"
"""The line by which editors find the schema beside a suite."""

_Shape = Mapping[str, object]
_TEXT: _Shape = {"type": "string", "pattern": r"\S"}
_TEXTS: _Shape = {"type": "array", "items": _TEXT, "minItems": 1}
_COUNT: _Shape = {"type": "integer", "minimum": 1}
_BODY: _Shape = {
    "temperature": {"type": "number", "minimum": 0},
    "max_tokens": _COUNT,
}
_OF_A_SET: Mapping[str, _Shape] = {
    "name": _TEXT,
    "path": _TEXT,
    "subsets": {"anyOf": [_TEXT, _TEXTS]},
    "limit": {"anyOf": [_COUNT, {"type": "string", "pattern": "^[0-9.]+%$"}]},
    "sample": _COUNT,
    "few_shot": {"type": "integer", "minimum": 0},
    "weight": {"type": "number", "minimum": 0},
    "metric": _TEXT,
    "system": _TEXT,
    "generation": {"type": "object", "properties": _BODY},
}
_KINDS: Mapping[str, _Shape] = {
    "text": _TEXT,
    "int": {"type": "integer"},
    "float": {"type": "number"},
    "flag": {"type": "boolean"},
    "list": {"anyOf": [_TEXT, {"type": "integer"}, {"type": "array", "minItems": 1}]},
}


def suite_schema() -> dict[str, object]:
    """The schema, in the draft that editors know best."""
    one_set = _object({name: _told(_OF_A_SET[name], text) for name, text in OF_A_SET.items()})
    sections = {
        section: _object(_of_options(names), closed=section != "generation")
        for section, names in SECTIONS.items()
    }
    return {
        "$schema": "http://json-schema.org/draft-07/schema#",
        "title": "A suite of pytest-iqeval",
        **_object(
            {
                "name": _told(_TEXT, "For people alone."),
                **_of_options(TOP),
                **sections,
                "benchmarks": {
                    "description": "What is asked: names, or mappings with what holds for each.",
                    "type": "array",
                    "minItems": 1,
                    "items": {"anyOf": [_TEXT, one_set]},
                },
                "gates": _told({"type": "array", "items": _TEXT}, BY_NAME["gate"].help),
            }
        ),
        "required": ["benchmarks"],
    }


def schema_text() -> str:
    """The schema as a file holds it."""
    return json.dumps(suite_schema(), ensure_ascii=False, indent=2) + "\n"


def _of_options(names: Iterable[str]) -> dict[str, _Shape]:
    return {key_of(name): _told(_shape(BY_NAME[name]), BY_NAME[name].help) for name in names}


def _shape(option: Option) -> _Shape:
    if option.choices:
        return {"enum": list(option.choices)}
    if option.name == "header":
        return {"type": "object", "additionalProperties": _TEXT}
    return _KINDS[option.kind]


def _object(shapes: Mapping[str, _Shape], *, closed: bool = True) -> dict[str, object]:
    return {"type": "object", "properties": dict(shapes), "additionalProperties": not closed}


def _told(shape: _Shape, description: str) -> _Shape:
    return {"description": description, **shape}
