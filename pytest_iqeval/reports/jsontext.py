"""JSON as every reader takes it: finite numbers, no lone surrogate, UTF-8 as it is, no secret."""

from __future__ import annotations

import json
import math
from collections.abc import Callable, Mapping

from pytest_iqeval.core.clean import storable, unbroken

Redact = Callable[[str], str]


def json_text(value: object, *, indent: int | None = None, redact: Redact | None = None) -> str:
    """`value` as JSON; what JSON has no word for (NaN, a date) becomes text or ``null``.

    :param redact: applied to every text but the keys of objects.
    """
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
