"""Baselines and the sights of gates, from the letters of `tests.support.runs`."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from pytest_iqeval.core.comparison import Baseline, scored
from pytest_iqeval.core.gates import parse_gate
from pytest_iqeval.core.gates.sight import Sight, sights
from tests.support.runs import make_result, make_run

SPEC = {"demo": "c" * 96 + "i" * 24}


def baseline_of(spec: Mapping[str, str], replies: Sequence[str] = ()) -> Baseline:
    """A run of `spec`; `replies` are further letters of the first questions."""
    _, selected, results = make_run(spec)
    more = [
        make_result(sample, letter, repeat=repeat)
        for sample, letters in zip(selected, replies, strict=False)
        for repeat, letter in enumerate(letters, 1)
    ]
    return Baseline(run="r", model="m", scores=scored([*results, *more]))


def seen(
    spec: Mapping[str, str], *gates: str, baseline: Baseline | None = None, repeats: int = 1
) -> tuple[Sight, ...]:
    benchmarks, selected, _ = make_run(spec)
    parsed = [parse_gate(gate) for gate in gates]
    return sights(parsed, benchmarks, selected, baseline=baseline, repeats=repeats)
