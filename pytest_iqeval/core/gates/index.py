"""Judges the gates on the index: of a run as a whole, also against its baseline."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from fractions import Fraction

from pytest_iqeval.core.comparison import Comparison, Pair
from pytest_iqeval.core.gates.compared import (
    differences,
    drop_row,
    means,
    not_comparable,
    not_worse_row,
)
from pytest_iqeval.core.gates.gate import Gate
from pytest_iqeval.core.gates.measured import COMPARE
from pytest_iqeval.core.gates.row import GateRow, gate_row
from pytest_iqeval.core.gates.scopes import Target
from pytest_iqeval.core.index import Cell, IndexPart, cells, measure_index
from pytest_iqeval.core.metrics import COMPARED, MACRO
from pytest_iqeval.core.metrics.values import Metric, shown, shown_share
from pytest_iqeval.core.phrases import gates as phrases
from pytest_iqeval.core.phrases.signs import COMMA
from pytest_iqeval.core.result import Result
from pytest_iqeval.core.statistics.combined import weighted_mean
from pytest_iqeval.core.statistics.paired import Difference, paired_difference
from pytest_iqeval.core.told import Told, joined


def index_row(
    gate: Gate,
    target: Target,
    results: Sequence[Result],
    parts: Sequence[IndexPart],
    comparison: Comparison | None,
    *,
    available: int,
) -> GateRow:
    """The row of a gate on the index.

    :param available: how many questions the run's benchmarks have.
    """
    if gate.form is not None:
        return _compared(gate, target, parts, comparison, available=available)
    found = measure_index(parts, results, gate.level)
    if found.total is None:
        return gate_row(
            gate, target, reason=_lacking(found.missing), n=found.n, available=available
        )
    ends = {"lower": found.low, "upper": found.high}
    end = None if gate.bound is None else ends[gate.bound]
    observed = found.total if end is None else Fraction(end)
    metric = Metric(value=float(found.total), low=found.low, high=found.high, n=found.n)
    limits = (gate.threshold,)
    reason = phrases.INDEX(value=shown_share(metric, limits), count=len(parts), n=found.n)
    if gate.bound is not None:
        bound = phrases.BOUNDS[gate.bound]
        reason = phrases.BOUND(bound=bound, value=shown(observed, limits), text=reason)
    return gate_row(
        gate,
        target,
        passed=COMPARE[gate.op](observed, gate.threshold),
        observed=observed,
        low=found.low,
        high=found.high,
        n=found.n,
        available=available,
        reason=reason,
    )


def _lacking(missing: Sequence[str]) -> Told:
    if not missing:
        return phrases.NO_NUMBER(metric="index", why=phrases.NOTHING_ASKED)
    names = joined(missing, COMMA)
    return phrases.NO_NUMBER(metric="index", why=phrases.NONE_OF_THESE(names=names))


def _compared(
    gate: Gate,
    target: Target,
    parts: Sequence[IndexPart],
    comparison: Comparison | None,
    *,
    available: int,
) -> GateRow:
    """``drop(index)`` and ``not_worse(index, …)``: the paired differences of the benchmarks."""
    if comparison is None:
        return gate_row(gate, target, reason=phrases.NO_BASELINE, available=available)
    pieces = {part: cells(part, comparison.pairs, lambda pair: pair.sample) for part in parts}
    n = sum(len(cell.items) for found in pieces.values() for cell in found)
    names = [part.benchmark for part in parts]
    changed = [one for one in comparison.changed if any(map(one.concerns, names))]
    unpaired = [p.benchmark for p in parts if p.metric not in (*COMPARED, MACRO)]
    missing = [part.benchmark for part, found in pieces.items() if not found]
    if changed:
        reason = not_comparable(changed)
    elif unpaired:
        reason = phrases.NOT_PAIRED(names=joined(unpaired, COMMA))
    elif missing or not parts:
        why = phrases.NO_PAIRS_OF(names=joined(missing, COMMA))
        reason = phrases.NO_NUMBER(metric=gate.measured, why=why)
    else:
        every = [cell for found in pieces.values() for cell in found]
        return replace(_moved(gate, target, every), n=n, available=available)
    return gate_row(gate, target, reason=reason, n=n, available=available)


def _moved(gate: Gate, target: Target, pieces: Sequence[Cell[Pair]]) -> GateRow:
    """The row where every benchmark has pairs."""
    weight = sum((cell.weight for cell in pieces), start=Fraction())
    before = now = Fraction()
    moved: list[tuple[float, float, float, float]] = []
    for cell in pieces:
        then, today = means(cell.metric, cell.items)
        before += then * cell.weight / weight
        now += today * cell.weight / weight
        found = paired_difference(differences(cell.metric, cell.items), gate.level)
        moved.append((float(cell.weight), found.mean, found.low, found.high))
    mean, low, high = weighted_mean(moved)
    n = sum(len(cell.items) for cell in pieces)
    if gate.form == "drop":
        return drop_row(gate, target, before, now, (-high, -low), count=n)
    return not_worse_row(gate, target, Difference(mean=mean, low=low, high=high, n=n))
