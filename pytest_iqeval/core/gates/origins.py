"""Gates with the place where they were written: a user's own, and those of definitions."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import replace

from pytest_iqeval.core.definition import Definition
from pytest_iqeval.core.errors import GateError
from pytest_iqeval.core.gates.faults import at_origin, gate_fault
from pytest_iqeval.core.gates.gate import BASELINE_FORMS, Gate, Scope
from pytest_iqeval.core.gates.grammar import parse_gate
from pytest_iqeval.core.gates.row import GateRow
from pytest_iqeval.core.metrics import INDEX
from pytest_iqeval.core.phrases import gates as phrases
from pytest_iqeval.core.told import Told


def user_gates(
    texts: Iterable[str], origins: Iterable[str], own: Collection[str] = ()
) -> tuple[Gate, ...]:
    """The gates that a user gave.

    :param origins: where each was written.
    :param own: the names of the user's own metrics.
    :raises GateError: one that can't be read.
    """
    gates = []
    for text, origin in zip(texts, origins, strict=True):
        try:
            gates.append(replace(parse_gate(text, own), origin=origin))
        except GateError as fault:
            raise at_origin(fault, origin) from None
    return tuple(gates)


def definition_gate(text: str, name: str, *, origin: str) -> Gate:
    """A gate of the definition of the benchmark `name`, about its questions alone.

    :raises GateError: it can't be read, or speaks of what is not the definition's affair.
    """
    gate = parse_gate(text)
    scope = gate.scope
    if scope is not None and scope.benchmark not in (None, name):
        raise gate_fault(
            gate.expression,
            0,
            len(scope.benchmark or ""),
            f"a gate of this definition is about {name}",
            hint=f"for a subset write {name}:{scope.benchmark}",
        )
    if gate.metric == INDEX:
        raise gate_fault(
            gate.expression,
            0,
            len(gate.expression),
            "index is of all benchmarks of a run, and a definition is of one",
            hint="give this gate in a suite, with --iqeval-gate, or in the ini file",
        )
    if gate.form in BASELINE_FORMS:
        raise gate_fault(
            gate.expression,
            len(gate.expression) - len(gate.condition),
            len(gate.expression),
            "a definition knows of no baseline, and would refuse every run without one",
            hint="give this gate with --iqeval-gate, or in the ini file",
        )
    return replace(gate, scope=scope or Scope(text=name, benchmark=name), home=name, origin=origin)


def definition_gates(definitions: Iterable[Definition]) -> tuple[Gate, ...]:
    """The gates of definitions, which were checked when they were read."""
    return tuple(
        definition_gate(text, definition.name, origin=definition.file)
        for definition in definitions
        for text in definition.gates
    )


def stored_gates(rows: Iterable[GateRow]) -> list[Gate]:
    """A finished run's gates, one a row; implied ones are implied again where they fail."""
    return [
        replace(parse_gate(row.expression, own=None), home=row.benchmark, origin=row.origin)
        for row in rows
        if not row.implied
    ]


def origin_lines(gates: Iterable[Gate]) -> list[Told]:
    """``gates (--iqeval-gate): accuracy >= 0.6; n >= 20``, a line for each origin."""
    by_origin: dict[str, list[str]] = {}
    for gate in gates:
        by_origin.setdefault(gate.origin or "", []).append(gate.expression)
    return [
        phrases.ORIGIN(origin=origin, gates="; ".join(texts)) for origin, texts in by_origin.items()
    ]
