"""What a suite is: options out of one reviewed file, and what it says of each benchmark alone."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, fields, replace
from fractions import Fraction
from typing import Any

from pytest_iqeval.core.definition import Benchmark
from pytest_iqeval.core.errors import DefinitionError

_SOME = ("limit", "share", "sample")
# What else goes where an option of the command line replaces a field: both say how many.
_TOGETHER: Mapping[str, tuple[str, ...]] = {
    "limit": _SOME,
    "sample": _SOME,
    "few-shot": ("few_shot",),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class SuiteSet:
    """One benchmark of a suite, and what holds for its questions alone (``None``: the run's).

    ``spec`` is what ``--iqeval-dataset`` takes for it, ``subsets`` the wanted ones (none: all).
    ``limit`` (the first N), ``share`` (0 to 1, the first ones) and ``sample`` (drawn) are of each
    subset, and one of them at most is set. ``few_shot`` says how many examples are shown
    before a question. ``weight`` and ``metric`` are its part in the
    index. ``system`` stands for the definition's; ``generation`` are fields of the request body,
    ``None`` for one that is left out. ``typed_shots`` names the benchmarks whose examples the
    command line counts, over `few_shot`.
    """

    spec: str
    subsets: tuple[str, ...] = ()
    limit: int | None = None
    share: float | None = None
    sample: int | None = None
    few_shot: int | None = None
    typed_shots: tuple[str, ...] = ()
    weight: Fraction = Fraction(1)
    metric: str | None = None
    system: str | None = None
    generation: Mapping[str, object] = field(default_factory=dict)

    @property
    def some(self) -> Mapping[str, Any]:
        """Which part of each subset it wants; nothing where the run's own limit holds."""
        given = ((name, getattr(self, name)) for name in _SOME)
        return {name: value for name, value in given if value is not None}

    @property
    def specs(self) -> tuple[str, ...]:
        """As ``--iqeval-dataset`` names it, a subset each where only some are wanted."""
        return tuple(f"{self.spec}:{subset}" for subset in self.subsets) or (self.spec,)

    def without(self, options: Collection[str], body: Collection[str]) -> SuiteSet:
        """The set, less what the command line says for all benchmarks.

        :param options: names of the options that stand there.
        :param body: and of fields of the request body.
        """
        gone: dict[str, Any] = dict.fromkeys(
            name for option in options for name in _TOGETHER.get(option, ())
        )
        dropped = {option.replace("-", "_") for option in options} | {*body}
        return replace(
            self,
            generation={k: v for k, v in self.generation.items() if k not in dropped},
            **gone,
        )

    def shots(self, name: str) -> int | None:
        """`few_shot`, where the command line says nothing of that benchmark by its name."""
        return None if name in self.typed_shots else self.few_shot

    def applied(self, benchmark: Benchmark) -> Benchmark:
        """The benchmark as this suite wants it asked."""
        definition = benchmark.definition
        return replace(
            benchmark,
            definition=replace(
                definition,
                system=self.system or definition.system,
                generation={**definition.generation, **self.generation},
            ),
        )

    def to_plain(self) -> dict[str, object]:
        """Plain types only, for workers and the journal."""
        plain: dict[str, object] = {f.name: getattr(self, f.name) for f in fields(self)}
        return {
            **plain,
            "subsets": list(self.subsets),
            "typed_shots": list(self.typed_shots),
            "weight": str(self.weight),
            "generation": dict(self.generation),
        }

    @classmethod
    def from_plain(cls, plain: Mapping[str, Any]) -> SuiteSet:
        """The inverse of `to_plain`."""
        read = {"subsets": tuple, "typed_shots": tuple, "weight": Fraction}
        return cls(**{k: read[k](v) if k in read else v for k, v in plain.items()})


@dataclass(frozen=True, slots=True, kw_only=True)
class Suite:
    """A suite as it was read.

    ``file`` is its path for people, ``sha256`` that of its bytes. ``options`` maps option names to
    values as `make_settings` takes them; ``gate_lines`` are the lines of its gates, in order.
    ``taken`` tells, of a file of another system, what became of each of its keys.
    """

    file: str
    sha256: str = ""
    options: Mapping[str, object] = field(default_factory=dict)
    sets: tuple[SuiteSet, ...] = ()
    gate_lines: tuple[int, ...] = ()
    taken: tuple[str, ...] = ()

    @property
    def gate_origins(self) -> tuple[str, ...]:
        """Where each of its gates stands: ``release.yaml:12``."""
        return tuple(f"{self.file}:{line}" if line else self.file for line in self.gate_lines)

    def to_plain(self) -> dict[str, object]:
        """Plain types only, for the workers."""
        return {
            "file": self.file,
            "sha256": self.sha256,
            "options": {k: list(v) if isinstance(v, tuple) else v for k, v in self.options.items()},
            "sets": [one.to_plain() for one in self.sets],
            "gate_lines": list(self.gate_lines),
            "taken": list(self.taken),
        }

    @classmethod
    def from_plain(cls, plain: Mapping[str, Any]) -> Suite:
        """The inverse of `to_plain`."""
        return cls(
            file=plain["file"],
            sha256=plain["sha256"],
            options=plain["options"],
            sets=tuple(SuiteSet.from_plain(one) for one in plain["sets"]),
            gate_lines=tuple(plain["gate_lines"]),
            taken=tuple(plain["taken"]),
        )


def set_of(
    sets: Sequence[SuiteSet], name: str, written: Mapping[str, Sequence[str]]
) -> SuiteSet | None:
    """What a suite says of the benchmark `name`, if anything.

    :param written: what users wrote for each benchmark: a suite may name it by a path.
    """
    return next(
        (one for one in sets if name == one.spec or one.spec in written.get(name, ())), None
    )


def check_once(sets: Sequence[SuiteSet], name: str, written: Sequence[str]) -> None:
    """Refuse a benchmark that a suite names twice, in two ways: it could say two things of it.

    :param written: what users wrote for the benchmark `name` so far.
    :raises DefinitionError: there are two entries for it.
    """
    named = [one.spec for one in sets if one.spec == name or one.spec in written]
    if len(named) > 1:
        raise DefinitionError(
            f"the suite's entries {' and '.join(named)} are the same benchmark, {name}",
            hint="put its subsets into one entry",
        )
