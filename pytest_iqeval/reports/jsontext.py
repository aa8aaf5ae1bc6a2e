"""JSON as every reader takes it: finite numbers, no lone surrogate, UTF-8 as it is, no secret."""

from __future__ import annotations

import contextlib
import json
import math
from collections.abc import Callable, Mapping

from pytest_iqeval.core.clean import is_storable, storable, unbroken

Redact = Callable[[str], str]
_NUL = "\\u0000"  # as JSON has it; the text may also speak of it, which costs a second look


def json_text(value: object, *, indent: int | None = None, redact: Redact | None = None) -> str:
    """`value` as JSON; what JSON has no word for (NaN, a date) becomes text or ``null``.

    :param redact: applied to every text but the keys of objects.
    """
    # Rows that have nothing to clean are many, and written whole they are soon looked through.
    with contextlib.suppress(TypeError, ValueError):
        text = json.dumps(value, ensure_ascii=False, indent=indent, allow_nan=False)
        if _NUL not in text and is_storable(text) and (not redact or redact(text) == text):
            return unbroken(text)
    return unbroken(
        json.dumps(
            _clean(value, redact or (lambda text: text)),
            ensure_ascii=False,
            indent=indent,
            allow_nan=False,
        )
    )


def _clean(value: object, redact: Redact) -> object:
    if isinstance(value, str):
        return storable(redact(str(value)))[0]
    if value is None or isinstance(value, (bool, int)):
        return value
    if isinstance(value, float):
        return value if math.isfinite(value) else None
    if isinstance(value, Mapping):
        return {storable(str(key))[0]: _clean(inner, redact) for key, inner in value.items()}
    if isinstance(value, (list, tuple)):
        return [_clean(inner, redact) for inner in value]
    return _clean(str(value), redact)
