"""What decides a verdict beside its gates: questions, definitions, settings, as a lock has them."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

from pytest_iqeval.core.definition import Benchmark
from pytest_iqeval.core.facts import GROUP, OF_A_BENCHMARK, Facts, facts_of_benchmark
from pytest_iqeval.core.facts import changes as changes_of
from pytest_iqeval.core.phrases import changes, gates
from pytest_iqeval.core.policy import needed
from pytest_iqeval.core.sample import Sample
from pytest_iqeval.core.settings import Settings

DEFINED = tuple(name for name in OF_A_BENCHMARK if name != "data")
ANSWER, REPEATS, PASS, ALLOW = "answer", "repeats", "pass", "baseline-allow"
WEIGHTS = "index"
"""What a suite makes the index of; nothing stands there without a suite."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """Which questions of a benchmark a run asked: how many, and a hash of their names."""

    count: int
    sha256: str


@dataclass(frozen=True, slots=True)
class Shift:
    """What a run changed, as sentences: to ask for less, for more, or for something else."""

    less: tuple[str, ...] = ()
    more: tuple[str, ...] = ()
    other: tuple[str, ...] = ()


def asked_of(benchmarks: Iterable[Benchmark], selected: Iterable[Sample]) -> dict[str, Asked]:
    """What was asked of each benchmark, whatever options chose it."""
    names: dict[str, list[str]] = {b.name: [] for b in benchmarks}
    for sample in selected:
        names[sample.benchmark].append(f"{sample.subset}::{sample.id}")
    return {
        name: Asked(
            count=len(ids), sha256=hashlib.sha256("\n".join(sorted(ids)).encode()).hexdigest()
        )
        for name, ids in names.items()
    }


def defined(
    benchmarks: Iterable[Benchmark], prompts: Mapping[str, str]
) -> dict[str, Mapping[str, str]]:
    """How each benchmark asks and judges, and which of its questions go together.

    :param prompts: a hash of the prompt that each is asked with.
    """
    found = {b.name: facts_of_benchmark(b, prompts.get(b.name)) for b in benchmarks}
    return {name: known_of(facts) for name, facts in found.items()}


def known_of(facts: Mapping[str, object]) -> dict[str, str]:
    """Those of `DEFINED` that are there, also from a lock's file."""
    return {name: str(facts[name]) for name in DEFINED if name in facts}


def deciding(settings: Settings) -> dict[str, str]:
    """The settings that make a verdict of replies, or that change what is replied to."""
    return {
        ANSWER: settings.answer,
        REPEATS: str(settings.repeats),
        PASS: settings.pass_,
        ALLOW: ", ".join(sorted(set(settings.baseline_allow))),
        **_weights(settings),
    }


def _weights(settings: Settings) -> dict[str, str]:
    parts = [
        f"{one.spec} × {float(one.weight):g}" + (f" ({one.metric})" if one.metric else "")
        for one in sorted(settings.sets, key=lambda one: one.spec)
    ]
    return {WEIGHTS: ", ".join(parts)} if parts else {}


def read_deciding(plain: Mapping[str, object]) -> dict[str, str]:
    """The inverse of `deciding`, from a lock's file.

    :raises ValueError: a number that is none, as AttributeError says that it is no mapping.
    """
    settings = {str(name): str(value) for name, value in plain.items()}
    repeats = int(settings.get(REPEATS, "1"))
    needed(settings.get(PASS, "all"), repeats=repeats)
    return settings


def settings_shift(was: Mapping[str, str], now: Mapping[str, str]) -> Shift:
    """What became of settings that both know; a suite that is gone or new is told too."""
    less: list[str] = []
    more: list[str] = []
    other: list[str] = []
    if was:  # a lock of today: nothing stands there where it had no suite
        was, now = ({WEIGHTS: "", **one} for one in (was, now))
    for name in [n for n in now if n in was and was[n] != now[n]]:
        before, today = (one[name] or None for one in (was, now))
        called = gates.WEIGHTS if name == WEIGHTS else f"--iqeval-{name}"
        said = changes.is_and_was(called, now=today, was=before)
        weight = _weight(name, was, now)
        if weight is None:
            other.append(said)
        elif weight != 0:
            (less if weight < 0 else more).append(said)
    return Shift(tuple(less), tuple(more), tuple(other))


def asked_shift(
    was: Mapping[str, Asked], now: Mapping[str, Asked], *, moved: Sequence[str]
) -> Shift:
    """What became of the questions, where both know them.

    :param moved: benchmarks of other data, whose questions may be others for that alone.
    """
    less: list[str] = []
    more: list[str] = []
    other: list[str] = []
    for name in [n for n in now if n in was and was[n] != now[n]]:
        before, today = was[name].count, now[name].count
        if before != today:
            said = gates.SO_MANY_ASKED(name=name, now=today, was=before)
            (less if today < before else more).append(said)
        elif name not in moved:
            other.append(gates.OTHERS_ASKED(name=name))
    return Shift(tuple(less), tuple(more), tuple(other))


def defined_shift(was: Facts, now: Facts) -> Shift:
    """What became of benchmarks' definitions, where both know it."""
    less: list[str] = []
    more: list[str] = []
    other: list[str] = []
    for change in changes_of(was, now):
        if change.benchmark is None:  # a setting
            continue
        kind = other
        if change.name == GROUP:
            # Intervals over groups are wider as a rule.
            then, today = (one.benchmarks[change.benchmark][GROUP] for one in (was, now))
            kind = other if then and today else less if then else more
        kind.append(change.said)
    return Shift(tuple(less), tuple(more), tuple(other))


def _weight(name: str, was: Mapping[str, str], now: Mapping[str, str]) -> Fraction | int | None:
    """Below 0: it asks for less now; above: for more; 0: for the same; ``None``: it is other."""
    if name in (REPEATS, PASS):
        (before, then), (today, times) = _pass_rule({**now, **was}), _pass_rule(now)
        return today - before or times - then
    if name == ALLOW:
        old, new = (set(filter(None, one[name].split(", "))) for one in (was, now))
        if "all" in new or old < new:
            return -1
        return 1 if "all" in old or new < old else None
    return None


def _pass_rule(settings: Mapping[str, str]) -> tuple[Fraction, int]:
    """How much a question must get right to pass, and by how many replies that is judged.

    Replies that are right at a rate of n / (repeats + 1) pass about as often as not, where n must
    be right: a half of any majority of an odd number, so that more repeats only make it surer.
    """
    repeats = int(settings.get(REPEATS, "1"))
    return Fraction(needed(settings.get(PASS, "majority"), repeats=repeats), repeats + 1), repeats
