"""Walks over a gate's text: names, operators, numbers and brackets, each told where it stands.

Punctuation of a Chinese keyboard (``：（），％≥≤``) is read as what it stands for.
"""

from __future__ import annotations

import re
from collections.abc import Collection
from fractions import Fraction

from pytest_iqeval.core.errors import GateError
from pytest_iqeval.core.gates.faults import gate_fault
from pytest_iqeval.core.gates.limits import Number

OPERATORS = (">=", "<=", "==", ">", "<")
EXAMPLE = "accuracy >= 0.6"

_NAME = re.compile(r"[^\W\d]\w*(?:\.\w+)*(?:[@^]\w*)?")
_OPERATOR = re.compile(r"[<>=!≥≤＞＜＝]+")
# A unit may stand apart if it is one (`60 %`); any other word stands apart to be refused by itself.
_NUMBER = re.compile(
    r"([+-]?)([0-9]+(?:\.[0-9]+)?|\.[0-9]+)(?:\s*([%％]|(?:ms|s|pt)\b)|([^\W\d]+))?"
)
_WIDE = str.maketrans("＞＜＝：（），％", "><=:(),%") | {ord("≥"): ">=", ord("≤"): "<="}
_MENDED = {"=": "==", "=>": ">=", "=<": "<=", "===": "=="}
_VALUES = "a share (0.6 or 60%), a count (3), or a time (20s, 800ms)"


class Cursor:
    """A place in a gate's text, from `at` to the end.

    ``own`` are the names of the user's own metrics; ``None``: any name may be one.
    """

    def __init__(self, text: str, at: int, own: Collection[str] | None = ()) -> None:
        self.text = text
        self.at = at
        self.own = own

    def fault(self, start: int, end: int, problem: str, hint: str | None = None) -> GateError:
        """The error for a part of the text."""
        return gate_fault(self.text, start, end, problem, hint=hint)

    def rest(self) -> str:
        """Go past blanks; what is left."""
        left = self.text[self.at :].lstrip()
        self.at = len(self.text) - len(left)
        return left

    def take(self, char: str) -> bool:
        """Go past `char`, in either width, if it comes next."""
        if self.rest()[:1].translate(_WIDE) != char:
            return False
        self.at += 1
        return True

    def peek(self) -> str | None:
        """The name that comes next, if one does."""
        self.rest()
        match = _NAME.match(self.text, self.at)
        return None if match is None else match.group()

    def name(self, missing: str, hint: str) -> tuple[int, str]:
        """Where the next name begins, and the name."""
        name = self.peek()
        begin = self.at
        if name is None:
            raise self.fault(begin, begin, missing, hint)
        self.at += len(name)
        return begin, name

    def open(self, name: str, wants: str, hint: str) -> None:
        """Go past the opening bracket that belongs to `name`."""
        if not self.take("("):
            raise self.fault(self.at, self.at, f"{name} wants {wants} in brackets", hint)

    def close(self, hint: str) -> None:
        """Go past the closing bracket."""
        if not self.take(")"):
            raise self.fault(self.at, self.at, "a closing bracket is missing", hint)

    def end(self) -> None:
        """Nothing else may come."""
        if self.rest():
            raise self.fault(self.at, len(self.text), "there is more after the gate's end")

    def operator(self) -> tuple[int, str]:
        """Where the operator begins, and the operator."""
        self.rest()
        begin = self.at
        match = _OPERATOR.match(self.text, begin)
        one_of = f"one of {' '.join(OPERATORS)}"
        if match is None:
            raise self.fault(begin, begin, "an operator is missing", one_of)
        self.at = match.end()
        op = match.group().translate(_WIDE)
        if op not in OPERATORS:
            mend = f"write {_MENDED[op]}" if op in _MENDED else one_of
            raise self.fault(begin, self.at, f"{op} is no operator of gates", mend)
        return begin, op

    def number(self, hint: str = _VALUES) -> Number:
        """The next number with its unit; what it may be is its metric's affair."""
        self.rest()
        match = _NUMBER.match(self.text, self.at)
        if match is None or len(match[2]) > 40:  # longer ones are no limit anybody means
            problem = "a number is missing" if match is None else "that number is too long"
            raise self.fault(self.at, self.at, problem, hint)
        self.at = match.end()
        sign, digits, unit = match[1], match[2], (match[3] or match[4] or "").translate(_WIDE)
        if sign == "-":
            raise self.fault(match.start(), match.end(), "a gate's value can't be negative")
        return Number(
            text=digits + unit,
            value=Fraction(digits),
            unit=unit,
            start=match.start(),
            end=match.end(),
        )
