"""A gate lock: the gates and data of a reviewed run, and what a later run changed of them.

A lock never decides: a run whose gates were loosened says so, wherever its verdict is shown.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from pytest_iqeval.core.definition import Benchmark
from pytest_iqeval.core.gates.gate import Gate
from pytest_iqeval.core.gates.grammar import parse_gate
from pytest_iqeval.core.gates.limits import kind_of
from pytest_iqeval.core.phrases import gates as phrases
from pytest_iqeval.core.phrases.signs import SEMICOLON
from pytest_iqeval.core.told import Told, joined

LOCK_VERSION = 1
NEW, KEPT, TIGHTENED, LOOSENED, UNWRITTEN = "new", "kept", "tightened", "loosened", "unwritten"


@dataclass(frozen=True, slots=True, kw_only=True)
class Lock:
    """``gates`` are expressions, ``data`` maps a benchmark to its data's sha256 and revision."""

    gates: tuple[str, ...]
    data: Mapping[str, tuple[str, str]]

    def to_plain(self) -> dict[str, object]:
        """The lock's file, sorted."""
        return {
            "schema_version": LOCK_VERSION,
            "gates": sorted(set(self.gates)),
            "benchmarks": {
                name: {"data_sha256": sha256, "revision": revision}
                for name, (sha256, revision) in sorted(self.data.items())
            },
        }

    @classmethod
    def from_plain(cls, plain: Mapping[str, Any]) -> Lock:
        """The inverse of `to_plain`.

        :raises GateError: an expression that can't be read.
        :raises ValueError: no such file, as KeyError, TypeError and AttributeError also say.
        """
        if plain["schema_version"] != LOCK_VERSION:
            raise ValueError(f"schema_version {plain['schema_version']!r} is not {LOCK_VERSION}")
        for text in plain["gates"]:
            parse_gate(text, own=None)
        data = {
            name: (str(facts["data_sha256"]), str(facts["revision"]))
            for name, facts in plain["benchmarks"].items()
        }
        return cls(gates=tuple(plain["gates"]), data=data)


@dataclass(frozen=True, slots=True, kw_only=True)
class LockReport:
    """What a run changed of its lock ``file``, a sentence each.

    ``state`` is ``new`` (this run wrote it), ``kept``, ``tightened``, ``loosened`` (also where
    data are others), or ``unwritten``: then `loosened` says why.
    """

    file: str
    state: str
    loosened: tuple[str, ...] = ()
    tightened: tuple[str, ...] = ()
    data: tuple[str, ...] = ()

    @property
    def weaker(self) -> tuple[str, ...]:
        """What makes it say less than the locked run did."""
        return (*self.loosened, *self.data)

    @property
    def told(self) -> Told | None:
        """In one line; ``None`` where there is nothing to tell."""
        if self.state == NEW:
            return phrases.LOCK_WRITTEN(file=self.file)
        what = joined((*self.weaker, *self.tightened), SEMICOLON)
        if not what:
            return None
        return phrases.LOCK(file=self.file, state=phrases.LOCK_STATES[self.state], what=what)

    @classmethod
    def from_plain(cls, plain: Mapping[str, Any]) -> LockReport:
        """As it stands in `report.json`."""
        values: dict[str, Any] = {
            name: tuple(value) if isinstance(value, list) else value
            for name, value in plain.items()
        }
        return cls(**values)


def lock_of(gates: Iterable[Gate], benchmarks: Iterable[Benchmark]) -> Lock:
    """The lock of a run."""
    return Lock(
        gates=tuple(gate.expression for gate in gates),
        data={b.name: (b.data_sha256, b.revision) for b in benchmarks},
    )


def against_lock(locked: Lock, now: Lock, *, file: str) -> LockReport:
    """What `now` changed of `locked`."""
    gates = [parse_gate(text, own=None) for text in now.gates]
    loosened: list[str] = []
    tightened: list[str] = []
    for text in locked.gates:
        if text in now.gates:
            continue
        old = parse_gate(text, own=None)
        like = [gate for gate in gates if _about(gate) == _about(old)]
        if not like and old.metric == "errors":
            # Then `errors <= 0` holds again, or another gate that is told as new.
            tightened += [phrases.GATE_GONE(gate=text)] if old.threshold > 0 else []
        elif not like:
            loosened.append(phrases.GATE_GONE(gate=text))
        elif stricter := [gate for gate in like if _at_least_as_strict(gate, old)]:
            tightened.append(phrases.GATE_NOW(gate=text, now=stricter[0].expression))
        else:
            loosened.append(phrases.GATE_NOW(gate=text, now=like[0].expression))
    more_loose, more_tight = _new(locked, now, gates)
    loosened += more_loose
    tightened += more_tight
    data = _moved(locked, now)
    state = LOOSENED if loosened or data else TIGHTENED if tightened else KEPT
    return LockReport(
        file=file, state=state, loosened=tuple(loosened), tightened=tuple(tightened), data=data
    )


def _new(locked: Lock, now: Lock, gates: Sequence[Gate]) -> tuple[list[str], list[str]]:
    """The gates about what no locked gate is about: those that allow more, and the others."""
    loosened: list[str] = []
    tightened: list[str] = []
    known = {_about(parse_gate(text, own=None)) for text in locked.gates}
    tests = set().union(*(_tests(gate, now) for gate in gates if _about(gate) in known))
    for gate in gates:
        if _about(gate) in known:
            continue
        further = _tests(gate, now) - tests
        one_of_each = gate.scope is not None and gate.scope.subset and "each(subset)" in tests
        if tests and further and not one_of_each:
            # Holm's correction asks more of each p value, the more of them there are.
            loosened.append(phrases.TEST_NEW(gate=gate.expression))
            tests |= further
        else:
            # Without an errors gate, `errors <= 0` holds: one can only allow more.
            kind = loosened if gate.metric == "errors" and gate.threshold > 0 else tightened
            kind.append(phrases.GATE_NEW(gate=gate.expression))
    return loosened, tightened


def _tests(gate: Gate, run: Lock) -> set[str]:
    """The questions whose p values a gate tests in a run, a name for each set of them."""
    if gate.form != "no_regressions":
        return set()
    if gate.scope is None or gate.scope.each == "benchmark":
        return set(run.data)
    return {gate.scope.text}


def _moved(locked: Lock, now: Lock) -> tuple[str, ...]:
    told = []
    for name, (sha256, revision) in locked.data.items():
        if name not in now.data:
            told.append(phrases.NOT_ASKED(name=name))
        elif now.data[name][0] != sha256:
            other = now.data[name][1]
            phrase = phrases.OTHER_DATA if other == revision else phrases.OTHER_REVISION
            told.append(phrase(name=name, now=other, was=revision))
    return tuple(told)


def _about(gate: Gate) -> Sequence[object]:
    """What two gates share that differ in strictness alone."""
    scope = None if gate.scope is None else gate.scope.text
    # `truncated <= 3` and `truncated <= 1%` can't be compared; 0.6 and 60% can.
    counts = gate.form is None and kind_of(gate.metric).whole and not (gate.bound or gate.unit)
    return scope, gate.form, gate.metric, gate.bound, gate.op[0], gate.field, counts


def _at_least_as_strict(gate: Gate, than: Gate) -> bool:
    """Whether whatever passes `gate` passes `than`."""
    if gate.form == "no_regressions":  # fails below it
        return gate.threshold >= than.threshold
    if gate.bound is not None and gate.level < than.level:
        return False
    if gate.form == "not_worse":
        return gate.threshold <= than.threshold
    if gate.op[0] == "=":
        return gate.threshold == than.threshold
    sign = 1 if gate.op[0] == ">" else -1
    apart = sign * (gate.threshold - than.threshold)
    return apart > 0 or (apart == 0 and not (len(gate.op) == 2 and len(than.op) == 1))
