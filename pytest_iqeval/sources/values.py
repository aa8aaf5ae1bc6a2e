"""What a field of the definition names in a row: a column, a way into one, or a template.

``question.stem`` is the value ``stem`` of the mapping in the column ``question``; where a list
stands on the way, it is that value of each of its mappings. ``{ctx_a} {ctx_b|capitalize}`` puts
texts together. A column that is called so, dots and all, comes first.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

_PLACE = re.compile(r"\{([^{}|]+)(?:\|([a-z]+))?\}")
_FILTERS = {"capitalize": str.capitalize}
"""What a template may do with a text: the first letter large and all others small."""


def is_template(field: str) -> bool:
    """Whether a field is texts put together."""
    return _PLACE.search(field) is not None


def value_at(values: Mapping[str, object], field: str) -> object:
    """The value that `field` names; ``None`` where there is none."""
    if field in values:
        return values[field]
    if "{" in field and is_template(field):
        return _filled(values, field)
    return _followed(values, field.split(".")) if "." in field else None


def is_in(values: Mapping[str, object], field: str) -> bool:
    """Whether a row has what `field` names, be it empty."""
    if field in values:
        return True
    if is_template(field):
        return all(is_in(values, place[1]) for place in _PLACE.finditer(field))
    return "." in field and _followed(values, field.split(".")) is not None


def column_of(field: str) -> str:
    """The column that a way begins in; a plain column is its own."""
    return field.partition(".")[0]


def _followed(values: Mapping[str, object], way: list[str]) -> object:
    value: object = values
    for name in way:
        if isinstance(value, Mapping):
            value = value.get(name)
        elif isinstance(value, list) and value and all(isinstance(v, Mapping) for v in value):
            value = [one.get(name) for one in value]
        else:
            return None
    return value


def _filled(values: Mapping[str, object], template: str) -> str | None:
    """The template with its values; ``None`` where one is missing or is no text or number."""
    parts = []
    for place in _PLACE.finditer(template):
        value = value_at(values, place[1])
        if isinstance(value, bool) or not isinstance(value, str | int | float):
            return None
        change = _FILTERS.get(place[2])
        parts.append(change(str(value)) if change else str(value))
    waiting = iter(parts)
    return _PLACE.sub(lambda _: next(waiting), template)
