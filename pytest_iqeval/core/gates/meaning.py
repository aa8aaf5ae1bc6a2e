"""What a gate means, however it is written: which values of its metric pass it."""

from __future__ import annotations

import math
from collections.abc import Hashable
from fractions import Fraction

from pytest_iqeval.core.gates.gate import Gate
from pytest_iqeval.core.gates.limits import kind_of
from pytest_iqeval.core.metrics import is_own
from pytest_iqeval.core.sample import normalised

_End = tuple[Fraction | float, int]
"""An end of the values that pass; the second number is 0 where the end itself passes, 1 where
only what is above it does, and -1 where only what is below it does. So ends can be compared."""

_NONE: _End = (Fraction(0), 0)


def subject(gate: Gate) -> Hashable:
    """What two gates share that differ in strictness alone: questions, metric and form."""
    scope = gate.scope
    where: Hashable = None
    if scope is None or scope.each == "benchmark":
        # A gate without a scope has a row for each benchmark, unless it is about the whole run.
        where = "run" if scope is None and gate.metric.startswith("tokens.") else "benchmarks"
    else:
        where = scope.benchmark, scope.subset, _named(scope.field), scope.each
    return where, gate.form, gate.metric, _named(gate.field)


def at_least_as_strict(gate: Gate, than: Gate) -> bool:
    """Whether whatever passes `gate` passes `than`; both are on the same subject."""
    low, high = _passing(gate)
    if low > high:  # nothing passes it
        return True
    least, most = _passing(than)
    if _counts(gate) != _counts(than):
        # Counts and shares can't be compared, but none is none.
        return low == high == _NONE and least <= low and most >= high
    mine, theirs = _reach(gate), _reach(than)
    # What bounds one end of an interval from below bounds all that lies above it, and no more.
    low_holds = least <= _bottom(than) or (theirs >= mine and low >= least)
    high_holds = most >= _top(than) or (theirs <= mine and high <= most)
    return low_holds and high_holds


def same_meaning(one: Gate, other: Gate) -> bool:
    """Whether two gates pass the same runs."""
    return (
        subject(one) == subject(other)
        and at_least_as_strict(one, other)
        and at_least_as_strict(other, one)
    )


def unlike(one: Gate, other: Gate) -> tuple[bool, bool, bool, float, Fraction]:
    """How far two gates on the same subject are apart: the more alike, the lower."""
    return (
        one.bound != other.bound,
        one.op[0] != other.op[0],
        _counts(one) != _counts(other),
        abs(one.level - other.level),
        abs(one.threshold - other.threshold),
    )


def _passing(gate: Gate) -> tuple[_End, _End]:
    """The lowest and the highest value that passes; the lowest is above it where none does."""
    low, high, at = _bottom(gate), _top(gate), gate.threshold
    if gate.form == "not_worse":  # of the end that it asks for, counted so that more is better
        return (-at, 1), high
    if gate.form == "no_regressions":  # of p
        return (at, 0), high
    if gate.op in (">=", ">", "=="):
        low = max(low, (at, int(gate.op == ">")))
    if gate.op in ("<=", "<", "=="):
        high = min(high, (at, -int(gate.op == "<")))
    if _counts(gate):  # more than 2 are at least 3
        low = (low[0] + low[1], 0)
        high = (high[0] + high[1], 0)
    return low, high


def _bottom(gate: Gate) -> _End:
    """The least value that there can be."""
    if is_own(gate.metric) and gate.form is None:
        return -math.inf, 0
    return (-1 if gate.form in ("drop", "not_worse") else 0), 0


def _top(gate: Gate) -> _End:
    """The highest value that there can be."""
    if gate.form is None and (_counts(gate) or "s" in kind_of(gate.metric).units):
        return math.inf, 0
    return (math.inf if is_own(gate.metric) and gate.form is None else 1), 0


def _counts(gate: Gate) -> bool:
    """Whether its values are whole numbers."""
    return gate.form is None and kind_of(gate.metric).whole and not (gate.bound or gate.unit)


def _reach(gate: Gate) -> float:
    """Which end of an interval it asks for: the higher, the higher that end lies.

    A metric lies between its bounds, and a bound of a higher level further out.
    """
    return {None: 0.0, "lower": -gate.level, "upper": gate.level}[gate.bound]


def _named(field: tuple[str, str] | None) -> Hashable:
    return None if field is None else (field[0], normalised(field[1]))
