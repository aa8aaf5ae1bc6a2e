"""What became of a lock's gates in a later run, whatever order either has them in."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from pytest_iqeval.core.gates.conditions import Shift
from pytest_iqeval.core.gates.gate import Gate
from pytest_iqeval.core.gates.meaning import at_least_as_strict, same_meaning, subject, unlike
from pytest_iqeval.core.phrases import gates as phrases
from pytest_iqeval.core.told import Told


def gates_shift(locked: Iterable[Gate], gates: Iterable[Gate], benchmarks: Iterable[str]) -> Shift:
    """What of gates asks for less now, and what for more; equal ones may be written otherwise.

    :param benchmarks: the names of those that are asked now.
    """
    before, now = _telling(locked), _telling(gates)
    gone = [old for old in before if not any(same_meaning(gate, old) for gate in now)]
    free = [gate for gate in now if not any(same_meaning(gate, old) for old in before)]
    stricter = {old: found for old in gone if (found := _stricter(old, free))}
    looser = _paired(
        [old for old in gone if old not in stricter],
        [gate for gate in free if gate not in stricter.values()],
    )
    less: list[Told] = []
    more: list[Told] = []
    for old in gone:
        text = old.expression
        if old in stricter:
            more.append(phrases.GATE_NOW(gate=text, now=stricter[old].expression))
        elif old in looser:
            less.append(phrases.GATE_NOW(gate=text, now=looser[old].expression))
        elif old.metric != "errors" or any(subject(gate) == subject(old) for gate in now):
            less.append(phrases.GATE_GONE(gate=text))
        elif old.threshold > 0:
            # Then `errors <= 0` holds again, or another gate that is told as new.
            more.append(phrases.GATE_GONE(gate=text))
    told = {*stricter.values(), *looser.values()}
    further = _further(before, now, [gate for gate in now if gate not in told], benchmarks)
    return Shift((*less, *further.less), (*more, *further.more))


def _telling(gates: Iterable[Gate]) -> list[Gate]:
    """Those that no other one holds anyway, in an order of their own."""
    ordered = sorted(gates, key=lambda gate: (gate.scope is not None, gate.expression))
    kept: list[Gate] = []
    for gate in ordered:
        if not any(_holds(one, gate) for one in kept):
            kept = [one for one in kept if not _holds(gate, one)] + [gate]
    return kept


def _holds(gate: Gate, other: Gate) -> bool:
    return subject(gate) == subject(other) and at_least_as_strict(gate, other)


def _stricter(old: Gate, gates: Sequence[Gate]) -> Gate | None:
    """The gate most like an old one among those that hold it."""
    return min(
        (gate for gate in gates if _holds(gate, old)),
        key=lambda gate: unlike(old, gate),
        default=None,
    )


def _paired(gone: Sequence[Gate], gates: Sequence[Gate]) -> dict[Gate, Gate]:
    """Which gate took an old one's place: the most alike first, and each but once."""
    candidates = [
        (unlike(old, gate), old, gate)
        for old in gone
        for gate in gates
        if subject(gate) == subject(old)
    ]
    pairs: dict[Gate, Gate] = {}
    for _, old, gate in sorted(candidates, key=lambda candidate: candidate[0]):
        if old not in pairs and gate not in pairs.values():
            pairs[old] = gate
    return pairs


def _further(
    locked: Sequence[Gate],
    gates: Sequence[Gate],
    untold: Sequence[Gate],
    benchmarks: Iterable[str],
) -> Shift:
    """What gates ask that no locked one does.

    :param untold: those of them that took no other's place.
    """
    less: list[Told] = []
    more: list[Told] = []
    known = {subject(old) for old in locked}
    names = tuple(benchmarks)
    tests = set().union(*(_tests(gate, names) for gate in gates if subject(gate) in known))
    for gate in untold:
        if any(_holds(old, gate) for old in locked):
            continue
        further = _tests(gate, names) - tests
        one_of_each = gate.scope is not None and gate.scope.subset and "each(subset)" in tests
        if tests and further and not one_of_each:
            # Holm's correction asks more of each p value, the more of them there are.
            less.append(phrases.TEST_NEW(gate=gate.expression))
            tests |= further
            continue
        # Without an errors gate, `errors <= 0` holds: one can only allow more.
        kind = less if gate.metric == "errors" and gate.threshold > 0 else more
        kind.append(phrases.GATE_NEW(gate=gate.expression))
    return Shift(tuple(less), tuple(more))


def _tests(gate: Gate, benchmarks: Sequence[str]) -> set[str]:
    """The questions whose p values a gate tests in a run, a name for each set of them."""
    if gate.form != "no_regressions":
        return set()
    if gate.scope is None or gate.scope.each == "benchmark":
        return set(benchmarks)
    return {gate.scope.text}
