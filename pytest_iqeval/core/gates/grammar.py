"""Reads a gate: ``[SCOPE ":"] METRIC OP VALUE``, by hand and never by `eval`.

Punctuation of a Chinese keyboard (``：（），％≥≤``) is read as what it stands for. What a later
version will know (``drop``, ``must_pass``, ``pass@K``, ...) is refused by its name.
"""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import dataclass
from fractions import Fraction

from pytest_iqeval.core.errors import nearest_hint
from pytest_iqeval.core.gates.faults import gate_fault
from pytest_iqeval.core.gates.limits import Number, kind_of, limit_of
from pytest_iqeval.core.metrics import METRICS

BOUNDS = ("lower", "upper")
EACH = ("subset", "benchmark")

_LATER = ("flaky", "index", "drop", "must_pass", "not_worse", "no_regressions")
TAKEN = (*METRICS, *BOUNDS, *_LATER)
"""Names that a gate reads as its own: no metric of a user can have one."""

_NAME = re.compile(r"[^\W\d]\w*(?:\.\w+)*(?:[@^]\w*)?")
_OPERATOR = re.compile(r"[<>=!≥≤＞＜＝]+")
# A unit may stand apart if it is one (`60 %`); any other word stands apart to be refused by itself.
_NUMBER = re.compile(
    r"([+-]?)([0-9]+(?:\.[0-9]+)?|\.[0-9]+)(?:\s*([%％]|(?:ms|s|pt)\b)|([^\W\d]+))?"
)
_WIDE = str.maketrans("＞＜＝：（），％", "><=:(),%") | {ord("≥"): ">=", ord("≤"): "<="}
_OPERATORS = (">=", "<=", "==", ">", "<")
_MENDED = {"=": "==", "=>": ">=", "=<": "<=", "===": "=="}
_EXAMPLE = "accuracy >= 0.6"


@dataclass(frozen=True, slots=True, kw_only=True)
class Scope:
    """Which questions a gate is about; ``text`` as it stands in the expression.

    Exactly one is set: ``benchmark`` (with ``subset`` or without), ``field`` (name and value of
    a sample's field), or ``each`` (``subset`` or ``benchmark``: one row for each of them).
    """

    text: str
    benchmark: str | None = None
    subset: str | None = None
    field: tuple[str, str] | None = None
    each: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Gate:
    """A condition on the aggregate.

    ``condition`` is ``METRIC OP VALUE`` with one spacing. ``bound`` is ``lower`` or ``upper``
    where the gate is about an end of the metric's interval at ``level`` (0 to 1).
    ``threshold`` is exact: a share (0 to 1), a count, or seconds; ``unit`` (``%``, ``s``,
    ``ms`` or nothing) is how the user wrote it, and how what was observed is printed.
    """

    condition: str
    scope: Scope | None = None
    metric: str
    bound: str | None = None
    level: float = 0.95
    op: str
    threshold: Fraction
    unit: str = ""

    @property
    def expression(self) -> str:
        """The gate's name in every report; parsing it gives an equal gate."""
        return self.scoped(None if self.scope is None else self.scope.text)

    def scoped(self, scope: str | None) -> str:
        """The expression with another scope."""
        return self.condition if scope is None else f"{scope}: {self.condition}"


def parse_gate(text: str, own: Collection[str] = ()) -> Gate:
    """Read one expression.

    :param own: the names of the user's own metrics.
    :raises GateError: it tells what is wrong, with a caret under it, and what to write.
    """
    colon = max(text.rfind(":"), text.rfind("："))
    scope = None if colon < 0 else _scope(text, colon)
    return _Reader(text, colon + 1, own).gate(scope)


def _scope(text: str, end: int) -> Scope:
    """The scope that stands before the colon at `end`."""
    said = text[:end]
    start = len(said) - len(said.lstrip())
    stop = len(said.rstrip())
    if start >= stop:
        raise gate_fault(text, 0, end, "there is no scope before ':'", hint=f"write {_EXAMPLE}")
    said = said[start:stop]
    if each := re.fullmatch(r"each\s*[(（]\s*([^()（）]*?)\s*[)）]", said):
        if each[1] not in EACH:
            begin, close = start + each.start(1), start + each.end(1)
            raise gate_fault(
                text,
                begin,
                close,
                f"each({each[1]}) is not possible",
                hint="write each(subset) or each(benchmark)",
            )
        return Scope(text=f"each({each[1]})", each=each[1])
    if field := re.fullmatch(r"([^=＝]*?)\s*[=＝]\s*(.*)", said, re.DOTALL):
        name, value = (" ".join(part.split()) for part in field.groups())
        if not re.fullmatch(r"[\w.\- ]+", name) or not value or value[0] in "=＝":
            raise gate_fault(
                text, start, stop, "a scope is FIELD=VALUE", hint="for example level=1: " + _EXAMPLE
            )
        return Scope(text=f"{name}={value}", field=(name, value))
    parts = [" ".join(part.split()) for part in re.split("[:：]", said)]
    if len(parts) > 2 or not all(parts):
        raise gate_fault(
            text, start, stop, "a scope is BENCHMARK or BENCHMARK:SUBSET, then a colon"
        )
    subset = parts[1] if len(parts) == 2 else None
    return Scope(text=":".join(parts), benchmark=parts[0], subset=subset)


class _Reader:
    """Walks over ``METRIC OP VALUE``, from `at` to the end."""

    def __init__(self, text: str, at: int, own: Collection[str]) -> None:
        self.text = text
        self.at = at
        self.known = (*METRICS, *BOUNDS, *own)

    def gate(self, scope: Scope | None) -> Gate:
        begin, name = self.metric_name("a metric is missing")
        bound, level, said = None, 0.95, name
        if name in BOUNDS:
            bound = name
            name, level, said = self.bound(bound)
        elif self.take("("):
            raise gate_fault(self.text, begin, self.at, f"{name} takes no brackets")
        kind = kind_of(name)
        if bound and not kind.has_interval:
            raise gate_fault(
                self.text, begin, self.at, f"{name} is {kind.noun} and has no interval to bound"
            )
        op_at, op = self.operator()
        number = self.number()
        if self.rest():
            raise gate_fault(self.text, self.at, len(self.text), "there is more after the value")
        threshold, unit = limit_of(self.text, name, bound, number)
        if kind.only_at_most and (op[0] == ">" or (threshold == 0 and op == "<")):
            raise gate_fault(
                self.text,
                op_at,
                len(self.text),
                f"an {name} gate says how many may be lost",
                hint=f"write {name} <= {number.text or '0'}",
            )
        return Gate(
            condition=f"{said} {op} {number.text}",
            scope=scope,
            metric=name,
            bound=bound,
            level=level,
            op=op,
            threshold=threshold,
            unit=unit,
        )

    def metric_name(self, missing: str) -> tuple[int, str]:
        """Where the next name begins, and the name: of a metric, or `lower` or `upper`."""
        self.rest()
        begin = self.at
        match = _NAME.match(self.text, begin)
        if match is None:
            raise gate_fault(self.text, begin, begin, missing, hint=f"for example {_EXAMPLE}")
        self.at = match.end()
        name = match.group()
        if name in self.known:
            return begin, name
        if name in _LATER or re.match(r"(pass|majority)[@^]", name):
            raise gate_fault(
                self.text,
                begin,
                self.at,
                f"{name} is not known in this version of pytest-iqeval",
                hint=f"this one compares a metric with a value, as in {_EXAMPLE}",
            )
        self.rest()
        following = _NAME.match(self.text, self.at)
        if following and following.group() in self.known:
            hint: str | None = "a scope ends with a colon: BENCHMARK:SUBSET: METRIC ..."
        else:
            hint = nearest_hint(name, self.known)
        raise gate_fault(self.text, begin, begin + len(name), f"unknown metric {name!r}", hint=hint)

    def bound(self, bound: str) -> tuple[str, float, str]:
        """What stands in ``lower(METRIC[, LEVEL])``: metric, level, and all of it as text."""
        if not self.take("("):
            raise gate_fault(
                self.text,
                self.at,
                self.at,
                f"{bound} wants a metric in brackets",
                hint=f"write {bound}(accuracy)",
            )
        begin, name = self.metric_name(f"{bound}(...) names no metric")
        if name in BOUNDS:
            raise gate_fault(self.text, begin, self.at, f"{bound}({name}(...)) is not possible")
        level, said = 0.95, f"{bound}({name})"
        if self.take(","):
            number = self.number()
            level = float(number.value / 100)
            if not 0.5 <= level < 1 or number.unit not in ("", "%"):
                raise gate_fault(
                    self.text,
                    number.start,
                    number.end,
                    "a level is in percent, at least 50 and below 100",
                    hint=f"write {bound}({name}, 95)",
                )
            said = f"{bound}({name}, {number.text})"
        if not self.take(")"):
            raise gate_fault(
                self.text,
                self.at,
                self.at,
                "a closing bracket is missing",
                hint=f"write {said} >= 0.6",
            )
        return name, level, said

    def operator(self) -> tuple[int, str]:
        """Where the operator begins, and the operator."""
        self.rest()
        begin = self.at
        match = _OPERATOR.match(self.text, begin)
        if match is None:
            raise gate_fault(
                self.text,
                begin,
                begin,
                "an operator is missing",
                hint=f"one of {' '.join(_OPERATORS)}",
            )
        self.at = match.end()
        op = match.group().translate(_WIDE)
        if op not in _OPERATORS:
            mend = f"write {_MENDED[op]}" if op in _MENDED else f"one of {' '.join(_OPERATORS)}"
            raise gate_fault(self.text, begin, self.at, f"{op} is no operator of gates", hint=mend)
        return begin, op

    def number(self) -> Number:
        """The next number with its unit; what it may be is its metric's affair."""
        self.rest()
        match = _NUMBER.match(self.text, self.at)
        if match is None or len(match[2]) > 40:  # longer ones are no limit anybody means
            raise gate_fault(
                self.text,
                self.at,
                self.at,
                "a number is missing" if match is None else "that number is too long",
                hint="a share (0.6 or 60%), a count (3), or a time (20s, 800ms)",
            )
        self.at = match.end()
        sign, digits, unit = match[1], match[2], (match[3] or match[4] or "").translate(_WIDE)
        if sign == "-":
            raise gate_fault(
                self.text, match.start(), match.end(), "a gate's value can't be negative"
            )
        return Number(
            text=digits + unit,
            value=Fraction(digits),
            unit=unit,
            start=match.start(),
            end=match.end(),
        )

    def take(self, char: str) -> bool:
        """Go past `char`, in either width, if it comes next."""
        if self.rest()[:1].translate(_WIDE) != char:
            return False
        self.at += 1
        return True

    def rest(self) -> str:
        """Go past blanks; what is left."""
        left = self.text[self.at :].lstrip()
        self.at = len(self.text) - len(left)
        return left
