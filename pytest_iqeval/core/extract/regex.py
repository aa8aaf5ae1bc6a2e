"""Regular expressions that are compiled when they are first used.

There are hundreds, Python takes 1 to 3 ms to compile one, and a reply that says what it means needs
few of them. Every process of a run would compile all of them before its first question.
"""

from __future__ import annotations

import re
from typing import Any, cast


class _Late:
    """Stands for a `re.Pattern`, by its methods and ``pattern``."""

    def __init__(self, source: str, flags: int) -> None:
        self.pattern = source
        self._flags = flags

    def __getattr__(self, name: str) -> Any:
        """Asked once for each name: what is found stays as the object's own."""
        value = getattr(re.compile(self.pattern, self._flags), name)
        setattr(self, name, value)
        return value


def regex(source: str, flags: int = 0) -> re.Pattern[str]:
    """``re.compile(source, flags)``, compiled at its first use. Not for the functions of `re`."""
    return cast("re.Pattern[str]", _Late(source, flags))
