"""A gate's fault as its writer sees it: the expression with carets under what is wrong."""

from __future__ import annotations

import re

from pytest_iqeval.core.clean import visible
from pytest_iqeval.core.errors import GateError
from pytest_iqeval.core.width import display_width


def at_origin(fault: GateError, origin: str | None) -> GateError:
    """The same fault with the file before it in which the gate stands."""
    if origin is None or origin.startswith("--"):  # typed a moment ago
        return fault
    return GateError(f"{origin}: {fault.problem}", hint=fault.hint)


def gate_fault(
    text: str, start: int, end: int, problem: str, *, hint: str | None = None
) -> GateError:
    """The error for ``text[start:end]``; an empty range is marked by one caret at `start`.

    Carets are placed by columns, since a Chinese character takes two.
    """

    def shown(part: str) -> str:
        # Blanks stay as many as they are, or the carets would stand elsewhere.
        return visible(re.sub(r"\s", " ", part))

    before = " " * display_width(shown(text[:start]))
    carets = "^" * max(1, display_width(shown(text[start:end])))
    return GateError(f"gate: {problem}\n  {shown(text)}\n  {before}{carets}", hint=hint)
