"""What can be known of a gate before anything is asked: names that exist, runs that can tell."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from pytest_iqeval.core.definition import Benchmark
from pytest_iqeval.core.errors import GateError, nearest_hint
from pytest_iqeval.core.gates.faults import at_origin, gate_fault
from pytest_iqeval.core.gates.gate import BASELINE_FORMS, Gate, Scope
from pytest_iqeval.core.gates.scopes import field_values, has, within
from pytest_iqeval.core.metrics import family_of
from pytest_iqeval.core.sample import Sample, normalised


def check_gates(gates: Iterable[Gate], benchmarks: Sequence[Benchmark]) -> None:
    """Find every scope and field that names nothing, before anything is asked.

    :raises GateError: a benchmark, subset, field or value that does not exist, with the nearest
        that do.
    """
    for gate in gates:
        own = [b for b in benchmarks if gate.home in (None, b.name)]
        try:
            _check(gate, own)
        except GateError as fault:
            raise at_origin(fault, gate.origin) from None


def _check(gate: Gate, benchmarks: Sequence[Benchmark]) -> None:
    if gate.scope is not None and gate.scope.field is None:
        _check_names(gate, gate.scope, benchmarks)
    samples = [s for b in benchmarks for s in b.samples]
    if gate.scope is not None and gate.scope.field is not None:
        _check_field(gate, gate.scope.field, 0, len(gate.scope.text), samples)
    if gate.field is not None:
        inside = [s for s in samples if _scoped(gate.scope, s)]
        text = gate.expression
        _check_field(gate, gate.field, len(text) - len(gate.condition), len(text) - 1, inside)


def check_baseline(gates: Iterable[Gate]) -> None:
    """Refuse gates on a comparison, in a run that is compared with nothing.

    :raises GateError: the first of them.
    """
    for gate in gates:
        if gate.form in BASELINE_FORMS:
            text = gate.expression
            fault = gate_fault(
                text,
                len(text) - len(gate.condition),
                len(text),
                f"{gate.form} compares with a baseline, and none is given",
                hint="add --iqeval-baseline last, the name of a run, or a file",
            )
            raise at_origin(fault, gate.origin)


def check_repeats(gates: Iterable[Gate], repeats: int) -> None:
    """Refuse gates on more replies to a question than a run asks for.

    :raises GateError: the first of them.
    """
    for gate in gates:
        family = family_of(gate.metric)
        least = family[1] if family is not None else 2 if gate.metric == "flaky" else 1
        if least > repeats:
            text = gate.expression
            begin = text.index(gate.metric, len(text) - len(gate.condition))
            asked = "once" if repeats == 1 else f"{repeats} times"
            fault = gate_fault(
                text,
                begin,
                begin + len(gate.metric),
                f"{gate.metric} needs {least} replies to a question, and each is asked {asked}",
                hint=f"add --iqeval-repeats {max(least, 5) if family is None else least}",
            )
            raise at_origin(fault, gate.origin)


def _scoped(scope: Scope | None, sample: Sample) -> bool:
    if scope is None:
        return True
    if scope.benchmark is not None:
        return within(scope.benchmark, scope.subset)(sample)
    return has(scope.field, sample)


def _fault(
    gate: Gate, begin: int, part: str, problem: str, known: Iterable[str], hint: str | None = None
) -> GateError:
    """The error for `part`, which stands from `begin` on."""
    return gate_fault(
        gate.expression,
        begin,
        begin + len(part),
        problem,
        hint=hint or nearest_hint(part, list(dict.fromkeys(known))),
    )


def _check_names(gate: Gate, scope: Scope, benchmarks: Sequence[Benchmark]) -> None:
    if scope.benchmark is None:
        return
    by_name = {b.name: b for b in benchmarks}
    benchmark = by_name.get(scope.benchmark)
    if benchmark is None:
        has_it = [b.name for b in benchmarks if scope.benchmark in b.subsets]
        hint = f"write {has_it[0]}:{scope.benchmark}" if has_it else None
        problem = f"this run has no benchmark {scope.benchmark!r}"
        raise _fault(gate, 0, scope.benchmark, problem, by_name, hint)
    if scope.subset is not None and scope.subset not in benchmark.subsets:
        problem = f"{scope.benchmark} has no subset {scope.subset!r}"
        begin = len(scope.text) - len(scope.subset)
        why = benchmark.definition.unavailable.get(scope.subset)
        raise _fault(gate, begin, scope.subset, problem, benchmark.subsets, why)


def _check_field(
    gate: Gate, field: tuple[str, str], begin: int, end: int, samples: Sequence[Sample]
) -> None:
    """:param begin: the field's name is not before it in the expression; `end`: the value's."""
    name, value = field
    values = [v for s in samples for v in field_values(s, name)]
    if not values:
        fields = ("subset", *(key for s in samples for key in s.metadata))
        at = gate.expression.rindex(f"{name}={value}", begin, end)
        raise _fault(gate, at, name, f"no question has a field {name!r}", fields)
    if normalised(value) not in values:
        raise _fault(gate, end - len(value), value, f"no question has {name}={value}", values)
