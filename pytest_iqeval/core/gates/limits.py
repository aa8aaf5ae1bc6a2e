"""What a gate's value may be, by the kind of its metric."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

from pytest_iqeval.core.gates.faults import gate_fault
from pytest_iqeval.core.metrics import is_own, is_share


@dataclass(frozen=True, slots=True, kw_only=True)
class Number:
    """A number as written: ``text`` with its unit, and where it stands in the expression."""

    text: str
    value: Fraction
    unit: str
    start: int
    end: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Kind:
    """``noun`` says what it is; ``units`` maps each unit it takes to its size.

    ``whole``: without a unit it is a count. ``has_interval``: it is a share, or can be one, of
    independent questions. ``only_at_most``: a gate on it can only allow up to a limit.
    """

    noun: str
    units: dict[str, Fraction]
    whole: bool = False
    has_interval: bool = False
    only_at_most: bool = False


_PERCENT = Fraction(1, 100)
_SHARE = Kind(noun="a share", units={"": Fraction(1), "%": _PERCENT}, has_interval=True)
_OUTCOME = Kind(
    noun="a count", units={"": Fraction(1), "%": _PERCENT}, whole=True, has_interval=True
)
_ERRORS = Kind(
    noun="counted, not estimated,",
    units={"": Fraction(1), "%": _PERCENT},
    whole=True,
    only_at_most=True,
)
_COUNT = Kind(noun="a count", units={"": Fraction(1)}, whole=True)
_OWN = Kind(noun="a metric of your own", units={"": Fraction(1), "%": _PERCENT})
_SECONDS = Kind(noun="a time", units={"s": Fraction(1), "ms": Fraction(1, 1000)})


def kind_of(metric: str) -> Kind:
    """The kind of a metric that gates know; any other name is a user's own."""
    if is_own(metric):
        return _OWN
    if metric.startswith("latency."):
        return _SECONDS
    if metric == "n" or metric.startswith("tokens."):
        return _COUNT
    if metric == "errors":
        return _ERRORS
    return _SHARE if is_share(metric) else _OUTCOME


def limit_of(text: str, metric: str, bound: str | None, number: Number) -> tuple[Fraction, str]:
    """The threshold in the metric's own unit (share, count, seconds), and the unit as written.

    :raises GateError: the value makes no sense for this metric; the hint mends it.
    """
    kind = kind_of(metric)
    found = _fault(kind, metric, bound, number)
    if found is not None:
        problem, hint = found
        raise gate_fault(text, number.start, number.end, problem, hint=hint)
    return number.value * kind.units[number.unit], number.unit


def points_of(text: str, number: Number) -> Fraction:
    """The share that percentage points stand for: 3pt is 0.03.

    :raises GateError: another unit, or more than 100.
    """
    digits = number.text.removesuffix(number.unit)
    if number.unit != "pt":
        share = not number.unit and number.value < 1
        points = f"{float(number.value * 100):g}" if share else digits
        raise gate_fault(
            text,
            number.start,
            number.end,
            "a difference between two runs is in percentage points",
            hint=f"write {points}pt",
        )
    if number.value > 100:
        raise gate_fault(text, number.start, number.end, f"{number.text} is more than all")
    return number.value * _PERCENT


def probability_of(text: str, number: Number) -> Fraction:
    """A p value.

    :raises GateError: a unit, or not between 0 and 1.
    """
    if number.unit or not 0 < number.value < 1:
        raise gate_fault(
            text, number.start, number.end, "a p value is between 0 and 1", hint="write 0.05"
        )
    return number.value


def _fault(
    kind: Kind, metric: str, bound: str | None, number: Number
) -> tuple[str, str | None] | None:
    """What is wrong with a value, and how to mend it."""
    value, unit = number.value, number.unit
    digits = number.text.removesuffix(unit)
    if unit == "pt":
        mend = f"write {digits}%" if "%" in kind.units and value <= 100 else None
        return "pt belongs to drop(...) and not_worse(...)", mend
    if unit not in kind.units:
        if not unit:
            return f"{metric} is a time and needs a unit", f"write {digits}s or {digits}ms"
        return f"{metric} is {kind.noun} and takes no {unit!r}", _unit_hint(kind, digits)
    if kind is _OWN:  # which may be any number
        return None
    if unit == "%":
        too_much = (f"{number.text} is more than all", "a share is from 0% to 100%")
        return too_much if value > 100 else None
    if unit:
        return None
    if bound or not kind.whole:
        if value <= 1:
            return None
        name = f"{bound}({metric})" if bound else metric
        mend = f"write {digits}% or {float(value / 100):g}" if value <= 100 else None
        return f"{name} is a share from 0 to 1", mend or "a share is from 0% to 100%"
    if value.denominator == 1:
        return None
    share = f"write {float(value * 100):g}%" if "%" in kind.units and value < 1 else None
    return f"{metric} is a count here, and {digits} is no count", share or "write a whole number"


def _unit_hint(kind: Kind, digits: str) -> str:
    return "write " + " or ".join(digits + unit for unit in kind.units)
