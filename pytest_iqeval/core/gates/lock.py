"""A gate lock: what decided a reviewed run's verdict, and what a later run changed of it.

A lock never decides: a run whose gates were loosened says so, wherever its verdict is shown.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any

from pytest_iqeval.core.definition import Benchmark
from pytest_iqeval.core.facts import Facts
from pytest_iqeval.core.gates.conditions import (
    WEIGHTS,
    Asked,
    asked_of,
    asked_shift,
    deciding,
    defined,
    defined_shift,
    known_of,
    read_deciding,
    settings_shift,
)
from pytest_iqeval.core.gates.gate import Gate
from pytest_iqeval.core.gates.grammar import parse_gate
from pytest_iqeval.core.gates.shift import gates_shift
from pytest_iqeval.core.phrases import gates as phrases
from pytest_iqeval.core.phrases.signs import COMMA, SEMICOLON
from pytest_iqeval.core.sample import Sample
from pytest_iqeval.core.settings import Settings
from pytest_iqeval.core.told import Told, joined

LOCK_VERSION = 1
NEW, KEPT, TIGHTENED, LOOSENED, UNWRITTEN = "new", "kept", "tightened", "loosened", "unwritten"


@dataclass(frozen=True, slots=True, kw_only=True)
class Lock:
    """``gates`` are expressions, ``data`` maps a benchmark to its data's sha256 and revision.

    ``asked`` says which of its questions were asked, ``defined`` by which prompt, scorer and group,
    ``settings`` what else decides a verdict. Locks of earlier versions have none of these.
    """

    gates: tuple[str, ...]
    data: Mapping[str, tuple[str, str]]
    asked: Mapping[str, Asked] = field(default_factory=dict)
    defined: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    settings: Mapping[str, str] = field(default_factory=dict)

    def to_plain(self) -> dict[str, object]:
        """The lock's file, sorted."""
        plain: dict[str, object] = {
            "schema_version": LOCK_VERSION,
            "gates": sorted(set(self.gates)),
        }
        if self.settings:
            plain["settings"] = dict(sorted(self.settings.items()))
        benchmarks: dict[str, dict[str, object]] = {}
        for name, (sha256, revision) in sorted(self.data.items()):
            benchmarks[name] = {"data_sha256": sha256, "revision": revision}
            benchmarks[name].update(self.defined.get(name, {}))
            if name in self.asked:
                benchmarks[name]["asked"] = asdict(self.asked[name])
        return {**plain, "benchmarks": benchmarks}

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
        benchmarks = plain["benchmarks"]
        settings = read_deciding(plain.get("settings", {}))
        return cls(
            gates=tuple(plain["gates"]),
            data={
                name: (str(facts["data_sha256"]), str(facts["revision"]))
                for name, facts in benchmarks.items()
            },
            asked={
                name: Asked(
                    count=int(facts["asked"]["count"]), sha256=str(facts["asked"]["sha256"])
                )
                for name, facts in benchmarks.items()
                if "asked" in facts
            },
            defined={
                name: known for name, facts in benchmarks.items() if (known := known_of(facts))
            },
            settings=settings,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class LockReport:
    """What a run changed of its lock ``file``, a sentence each.

    ``state`` is ``new`` (this run wrote it), ``kept``, ``tightened``, ``loosened`` (also where
    data, questions, definitions or settings are others), or ``unwritten``: then `loosened` says
    why. ``changed`` are questions, definitions and settings that are others, neither more nor
    less; ``unrecorded`` is what a lock of an earlier version doesn't hold.
    """

    file: str
    state: str
    loosened: tuple[str, ...] = ()
    tightened: tuple[str, ...] = ()
    data: tuple[str, ...] = ()
    changed: tuple[str, ...] = ()
    unrecorded: tuple[str, ...] = ()

    @property
    def weaker(self) -> tuple[str, ...]:
        """What makes it say less than the locked run did, or something else."""
        return (*self.loosened, *self.data, *self.changed)

    @property
    def told(self) -> Told | None:
        """In one line; ``None`` where there is nothing to tell."""
        if self.state == NEW:
            return phrases.LOCK_WRITTEN(file=self.file)
        worse = UNWRITTEN if self.state == UNWRITTEN else LOOSENED
        parts = [
            phrases.LOCK_PARTS[name](what=joined(what, between))
            for name, what, between in (
                (worse, self.weaker, SEMICOLON),
                (TIGHTENED, self.tightened, SEMICOLON),
                ("unrecorded", self.unrecorded, COMMA),
            )
            if what
        ]
        return phrases.LOCK(file=self.file, what=joined(parts, SEMICOLON)) if parts else None

    @classmethod
    def from_plain(cls, plain: Mapping[str, Any]) -> LockReport:
        """As it stands in `report.json`."""
        values: dict[str, Any] = {
            name: tuple(value) if isinstance(value, list) else value
            for name, value in plain.items()
        }
        return cls(**values)


def lock_of(
    gates: Iterable[Gate],
    benchmarks: Sequence[Benchmark],
    selected: Iterable[Sample],
    settings: Settings,
    *,
    prompts: Mapping[str, str],
) -> Lock:
    """The lock of a run.

    :param prompts: a hash of the prompt that each benchmark is asked with.
    """
    return Lock(
        gates=tuple(gate.expression for gate in gates),
        data={b.name: (b.data_sha256, b.revision) for b in benchmarks},
        asked=asked_of(benchmarks, selected),
        defined=defined(benchmarks, prompts),
        settings=deciding(settings),
    )


def against_lock(locked: Lock, now: Lock, *, file: str) -> LockReport:
    """What `now` changed of `locked`."""
    data, moved = _moved(locked, now)
    settings = settings_shift(locked.settings, now.settings)
    asked = asked_shift(locked.asked, now.asked, moved=moved)
    ways = defined_shift(
        *(Facts(settings=one.settings, benchmarks=one.defined) for one in (locked, now))
    )
    gates = gates_shift(
        [_parsed(text) for text in locked.gates], [_parsed(text) for text in now.gates], now.data
    )
    further = [phrases.ASKED_TOO(name=name) for name in now.data if name not in locked.data]
    loosened = (*gates.less, *asked.less, *ways.less, *settings.less)
    tightened = (*gates.more, *further, *asked.more, *ways.more, *settings.more)
    changed = (*asked.other, *ways.other, *settings.other)
    weaker = loosened or data or changed
    return LockReport(
        file=file,
        state=LOOSENED if weaker else TIGHTENED if tightened else KEPT,
        loosened=loosened,
        tightened=tightened,
        data=data,
        changed=changed,
        unrecorded=_unrecorded(locked, now),
    )


def _parsed(text: str) -> Gate:
    return parse_gate(text, own=None)


def _moved(locked: Lock, now: Lock) -> tuple[tuple[str, ...], list[str]]:
    """What is told of data that are others, and the benchmarks that have them."""
    told, moved = [], []
    for name, (sha256, revision) in locked.data.items():
        if name not in now.data:
            told.append(phrases.NOT_ASKED(name=name))
        elif now.data[name][0] != sha256:
            other = now.data[name][1]
            phrase = phrases.OTHER_DATA if other == revision else phrases.OTHER_REVISION
            told.append(phrase(name=name, now=other, was=revision))
            moved.append(name)
    return tuple(told), moved


def _unrecorded(locked: Lock, now: Lock) -> tuple[str, ...]:
    """What a run has and its lock does not."""
    names: list[str] = []
    if (locked.data.keys() & now.asked.keys()) - locked.asked.keys():
        names.append(phrases.WHICH_QUESTIONS)
    if (locked.data.keys() & now.defined.keys()) - locked.defined.keys():
        names.append(phrases.WHICH_DEFINITIONS)
    unknown = [name for name in now.settings if name not in (*locked.settings, WEIGHTS)]
    names += [f"--iqeval-{name}" for name in unknown]
    return tuple(names)
