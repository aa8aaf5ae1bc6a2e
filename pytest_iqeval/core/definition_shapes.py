"""What values the fields of a definition may have, in the words of JSON Schema."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from pytest_iqeval.core.definition import DATA_SUFFIXES, PACKED
from pytest_iqeval.core.sample import LABELS

Shape = Mapping[str, object]

TEXT: Shape = {"type": "string", "pattern": r"\S"}
# Letters and digits of any script: no regular expression of JavaScript's and Python's names them
# both, so that this names the ASCII signs that are neither.
_NAME = r"^[^\x00-\x20!-,/:-@\[-^`{-\x7f]+$"
NAME: Shape = {"type": "string", "pattern": _NAME}
NOTHING: Shape = {"type": "null"}


def or_nothing(shape: Shape) -> Shape:
    """The same, or left empty."""
    return either(shape, NOTHING)


def either(*shapes: Shape) -> Shape:
    """A value of any of these shapes."""
    return {"anyOf": list(shapes)}


def one_of(words: Sequence[str]) -> Shape:
    """One of a few words."""
    return {"enum": list(words)}


def list_of(shape: Shape, **limits: object) -> Shape:
    """A list of values of one shape."""
    return {"type": "array", "items": shape, **limits}


def mapping_to(shape: Shape, **limits: object) -> Shape:
    """A mapping from any names to values of one shape."""
    return {"type": "object", "additionalProperties": shape, **limits}


def fields_of(shapes: Mapping[str, Shape], *, required: Sequence[str] = ()) -> Shape:
    """A mapping whose names are known."""
    shape: dict[str, object] = {
        "type": "object",
        "properties": dict(shapes),
        "additionalProperties": False,
    }
    return shape | ({"required": list(required)} if required else {})


def told(shape: Shape, description: str) -> Shape:
    """The same with what it is for, which editors show."""
    return {"description": description, **shape}


def _any_case(text: str) -> str:
    return "".join(f"[{c}{c.upper()}]" if c.isalpha() else f"\\{c}" for c in text)


FILE: Shape = {
    "type": "string",
    "pattern": f"({'|'.join(map(_any_case, DATA_SUFFIXES))})({_any_case(PACKED)})?$",
}
FILES: Shape = either(FILE, list_of(FILE, minItems=1))
COLUMN: Shape = TEXT
COLUMNS: Shape = list_of(TEXT, minItems=2, maxItems=len(LABELS), uniqueItems=True)
