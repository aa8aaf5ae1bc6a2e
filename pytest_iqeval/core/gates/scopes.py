"""Which questions a gate is about, and into which rows it falls."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from pytest_iqeval.core.definition import Benchmark
from pytest_iqeval.core.errors import GateError, nearest_hint
from pytest_iqeval.core.gates.faults import gate_fault
from pytest_iqeval.core.gates.grammar import Gate, Scope
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
    if scope is not None and scope.benchmark is not None:
        return (Target(gate.expression, scope.benchmark, within(scope.benchmark, scope.subset)),)
    everything = (s for b in benchmarks for s in b.samples)
    return (
        _spread(gate, selected)
        or _spread(gate, everything)
        or (Target(gate.expression, None, lambda _: False),)
    )


def _spread(gate: Gate, samples: Iterable[Sample]) -> tuple[Target, ...]:
    scope = gate.scope
    groups = dict.fromkeys((s.benchmark, s.subset) for s in samples if _matches(scope, s))
    if scope is not None and scope.each == "subset":
        return tuple(Target(gate.scoped(f"{b}:{s}"), b, within(b, s)) for b, s in groups)
    names = dict.fromkeys(benchmark for benchmark, _ in groups)
    if scope is not None and scope.each == "benchmark":
        return tuple(Target(gate.scoped(b), b, within(b)) for b in names)
    if scope is None and gate.metric.startswith("tokens."):
        return (Target(gate.expression, None, lambda _: True),) if names else ()
    return tuple(Target(gate.expression, b, within(b, scope=scope)) for b in names)


def within(
    benchmark: str, subset: str | None = None, scope: Scope | None = None
) -> Callable[[Sample], bool]:
    """Tells the questions of a benchmark, or of its subset, that have the scope's field value."""

    def holds(sample: Sample) -> bool:
        return (
            sample.benchmark == benchmark
            and (subset is None or sample.subset == subset)
            and _matches(scope, sample)
        )

    return holds


def _matches(scope: Scope | None, sample: Sample) -> bool:
    """Whether a sample has the field's value; true where the scope is of another kind."""
    if scope is None or scope.field is None:
        return True
    name, value = scope.field
    return normalised(value) in field_values(sample, name)


def check_gates(gates: Iterable[Gate], benchmarks: Sequence[Benchmark]) -> None:
    """Find every scope that names nothing, before anything is asked.

    :raises GateError: a benchmark, subset, field or value that does not exist, with the nearest
        that do.
    """
    for gate in gates:
        if gate.scope is not None:
            _check(gate, gate.scope, benchmarks)


def _check(gate: Gate, scope: Scope, benchmarks: Sequence[Benchmark]) -> None:
    def fault(part: str, problem: str, known: Iterable[str], hint: str | None = None) -> GateError:
        start = scope.text.rindex(part)
        names = list(dict.fromkeys(known))
        return gate_fault(
            gate.expression,
            start,
            start + len(part),
            problem,
            hint=hint or nearest_hint(part, names),
        )

    if scope.benchmark is not None:
        by_name = {b.name: b for b in benchmarks}
        benchmark = by_name.get(scope.benchmark)
        if benchmark is None:
            has_it = [b.name for b in benchmarks if scope.benchmark in b.subsets]
            hint = f"write {has_it[0]}:{scope.benchmark}" if has_it else None
            problem = f"this run has no benchmark {scope.benchmark!r}"
            raise fault(scope.benchmark, problem, by_name, hint)
        if scope.subset is not None and scope.subset not in benchmark.subsets:
            problem = f"{scope.benchmark} has no subset {scope.subset!r}"
            raise fault(scope.subset, problem, benchmark.subsets)
    elif scope.field is not None:
        name, value = scope.field
        samples = [s for b in benchmarks for s in b.samples]
        values = [v for s in samples for v in field_values(s, name)]
        if not values:
            fields = ("subset", *(key for s in samples for key in s.metadata))
            raise fault(name, f"no question has a field {name!r}", fields)
        if normalised(value) not in values:
            raise fault(value, f"no question has {name}={value}", values)
