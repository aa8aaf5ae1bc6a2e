"""Which questions a gate is about, and into which rows it falls."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from pytest_iqeval.core.definition import Benchmark
from pytest_iqeval.core.gates.gate import Gate
from pytest_iqeval.core.metrics import INDEX
from pytest_iqeval.core.sample import Sample, normalised


@dataclass(frozen=True, slots=True)
class Target:
    """One row to be: its expression, its benchmark (``None``: the run), and its questions."""

    expression: str
    benchmark: str | None
    holds: Callable[[Sample], bool]


def field_values(sample: Sample, name: str) -> tuple[str, ...]:
    """The values of a field as a gate writes them; several of a list, none where it is absent.

    ``subset`` is a field too; any other is the sample's metadata, read as text (``1``, ``true``).
    """
    value = sample.subset if name == "subset" else sample.metadata.get(name)
    several = value if isinstance(value, (list, tuple)) else [value]
    return tuple(
        normalised(v if isinstance(v, str) else json.dumps(v, default=str))
        for v in several
        if v is not None
    )


def targets(
    gate: Gate, benchmarks: Sequence[Benchmark], selected: Sequence[Sample]
) -> tuple[Target, ...]:
    """The rows of a gate, never none: a gate does not vanish because nothing was selected.

    Where a gate speaks of several benchmarks or subsets, those with selected questions have a
    row; where there are none, all that exist; where there are none either, one of the run.
    """
    scope = gate.scope
    if gate.metric == INDEX:
        return (Target(gate.expression, None, lambda _: True),)
    if scope is not None and scope.benchmark is not None:
        return (_target(gate, gate.expression, scope.benchmark, scope.subset),)
    everything = (s for b in benchmarks for s in b.samples)
    return (
        _spread(gate, selected)
        or _spread(gate, everything)
        or (Target(gate.expression, gate.home, lambda _: False),)
    )


def _spread(gate: Gate, samples: Iterable[Sample]) -> tuple[Target, ...]:
    scope = gate.scope
    groups = dict.fromkeys((s.benchmark, s.subset) for s in samples if concerns(gate, s))
    if scope is not None and scope.each == "subset":
        return tuple(_target(gate, gate.scoped(f"{b}:{s}"), b, s) for b, s in groups)
    names = dict.fromkeys(benchmark for benchmark, _ in groups)
    if scope is not None and scope.each == "benchmark":
        return tuple(_target(gate, gate.scoped(b), b) for b in names)
    if scope is None and gate.home is None and gate.metric.startswith("tokens."):
        return (Target(gate.expression, None, lambda _: True),) if names else ()
    return tuple(_target(gate, gate.expression, b) for b in names)


def _target(gate: Gate, expression: str, benchmark: str, subset: str | None = None) -> Target:
    inside = within(benchmark, subset)
    return Target(expression, benchmark, lambda s: inside(s) and concerns(gate, s))


def within(benchmark: str, subset: str | None = None) -> Callable[[Sample], bool]:
    """Tells the questions of a benchmark, or of its subset."""

    def holds(sample: Sample) -> bool:
        return sample.benchmark == benchmark and subset in (None, sample.subset)

    return holds


def concerns(gate: Gate, sample: Sample) -> bool:
    """Whether a sample has the field values that a gate speaks of, and is of its benchmark."""
    return (
        (gate.home is None or sample.benchmark == gate.home)
        and (gate.scope is None or has(gate.scope.field, sample))
        and has(gate.field, sample)
    )


def has(field: tuple[str, str] | None, sample: Sample) -> bool:
    """Whether a sample has this field value; true where none is asked for."""
    if field is None:
        return True
    name, value = field
    return normalised(value) in field_values(sample, name)
