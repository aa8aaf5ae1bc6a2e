"""JSON as servers send it."""

from __future__ import annotations

import json
from typing import Any

_MOST_DIGITS = 300  # a float still holds as many


def parsed(text: str) -> Any:
    """The value of a JSON text; of a key that comes twice the last counts.

    :raises ValueError: it is no JSON.
    :raises RecursionError: it is nested deeper than can be read.
    """
    try:
        return json.loads(text)
    except json.JSONDecodeError:
        raise
    except ValueError:  # Python reads no integer of more than 4,300 digits
        return json.loads(text, parse_int=_integer)


def _integer(digits: str) -> int | float:
    return int(digits) if len(digits) <= _MOST_DIGITS else float("inf")
