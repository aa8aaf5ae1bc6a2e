"""One gate as every report shows it."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

from pytest_iqeval.core.gates.gate import Gate
from pytest_iqeval.core.gates.scopes import Target


@dataclass(frozen=True, slots=True, kw_only=True)
class GateRow:
    """One gate judged for one benchmark (``None``: for the run).

    ``passed`` is ``None`` where it could not be judged; ``reason`` is a sentence for people:
    ``accuracy 0.62 [0.53, 0.70] n=120 of 120``. ``observed`` and ``threshold`` are a share
    (0 to 1), a count or seconds. ``n`` is what it was observed over, of ``available`` questions
    in the whole set; they come in so many ``groups``, where they do. ``implied`` tells a row of
    ``errors <= 0`` that nobody asked for.

    ``drop(...)`` and ``not_worse(...)`` are differences of two shares (-1 to 1) with their
    interval, over ``n`` pairs. ``p`` is that of ``no_regressions``, ``adjusted`` the same after
    Holm's correction over all such tests. ``origin`` says where the gate was written; ``None`` in
    reports of earlier versions and for an implied one.
    """

    expression: str
    benchmark: str | None
    metric: str
    threshold: float
    passed: bool | None
    observed: float | None
    low: float | None = None
    high: float | None = None
    n: int | None = None
    available: int | None = None
    reason: str
    implied: bool = False
    p: float | None = None
    adjusted: float | None = None
    origin: str | None = None
    groups: int | None = None

    @property
    def title(self) -> str:
        """The expression, with the benchmark where it does not begin with it."""
        known = self.benchmark is None or self.expression.startswith(f"{self.benchmark}:")
        return self.expression if known else f"{self.expression} ({self.benchmark})"


def gate_row(
    gate: Gate,
    target: Target,
    *,
    reason: str,
    passed: bool | None = None,
    observed: Fraction | float | None = None,
    threshold: Fraction | None = None,
    low: float | None = None,
    high: float | None = None,
    n: int | None = None,
    available: int | None = None,
    groups: int | None = None,
    p: float | None = None,
) -> GateRow:
    """The row of a gate for one of its targets; without a verdict where nothing else is said.

    :param threshold: what `observed` was compared with, where it is not the gate's own number.
    """
    return GateRow(
        expression=target.expression,
        benchmark=target.benchmark,
        metric=gate.measured,
        threshold=float(gate.threshold if threshold is None else threshold),
        passed=passed,
        observed=None if observed is None else float(observed),
        low=low,
        high=high,
        n=n,
        available=available,
        reason=reason,
        p=p,
        adjusted=p,
        origin=gate.origin,
        groups=groups,
    )
