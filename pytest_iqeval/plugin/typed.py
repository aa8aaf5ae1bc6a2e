"""Arguments as they were typed, also where the locale knows no Chinese (``LC_ALL=C``).

Python then reads them as ASCII, and each byte of a Chinese character is a lone surrogate: no
field has such a value, and no file in UTF-8 can hold it.
"""

from __future__ import annotations

import os

from pytest_iqeval.core.clean import is_storable, storable


def as_typed(argument: str) -> str | None:
    """The characters of an argument; ``None`` where its bytes are no UTF-8."""
    if is_storable(argument):
        return argument
    try:
        return os.fsencode(argument).decode("utf-8")
    except UnicodeError:
        return None


def for_reports(argument: str) -> str:
    """The same for people; what can't be read is U+FFFD."""
    return as_typed(argument) or storable(argument)[0]
