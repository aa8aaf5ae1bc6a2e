"""Samples in place of the questions of a finished run that have no review row.

What those questions were is in no file of the run, but how many there were is in its aggregate,
and gates and groups count them. What is lost: which fields (``level=1``) those questions had that
were selected and never reached.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from pytest_iqeval.core.gates import Scope, parse_gate
from pytest_iqeval.core.gates.row import GateRow
from pytest_iqeval.core.gates.scopes import has
from pytest_iqeval.core.sample import Sample
from pytest_iqeval.core.summary import BenchmarkSummary


def unreached(summary: BenchmarkSummary, reviewed: Sequence[Sample]) -> list[Sample]:
    """One for each question that was selected and never reached.

    :param reviewed: the benchmark's questions that have a row.
    """
    return [
        stand_in
        for name, group in summary.subsets.items()
        for stand_in in _stand_ins(
            summary, name, "never asked", group.asked - sum(s.subset == name for s in reviewed)
        )
    ]


def unselected(
    summary: BenchmarkSummary, selected: Sequence[Sample], rows: Sequence[GateRow]
) -> list[Sample]:
    """One for each question that was not selected.

    They have the fields that the run's gates speak of, as often as the rows of the gates count.

    :param rows: the run's gates as they were judged.
    """
    groups = summary.subsets.items()
    counts = {name: group.available - group.asked for name, group in groups}
    # Subsets of which nothing was selected are in no report: they are told by no name.
    counts[""] = summary.available - sum(group.available for _, group in groups)
    samples = [
        stand_in
        for name, count in counts.items()
        for stand_in in _stand_ins(summary, name, "not selected", count)
    ]
    for row in {r.expression: r for r in rows if r.benchmark == summary.name}.values():
        gate = parse_gate(row.expression, own=None)
        fields = [field for field in (_field_of(gate.scope), gate.field) if field is not None]
        if not fields:
            continue
        # A gate that was not judged was not counted either, but there was a question for it.
        available = 1 if row.available is None else row.available
        there = sum(all(has(field, s) for field in fields) for s in (*selected, *samples))
        free = [n for n, s in enumerate(samples) if not any(_has(s, name) for name, _ in fields)]
        for n in free[: max(0, available - there)]:
            for name, value in fields:
                samples[n] = _with(samples[n], name, value)
    return samples


def _field_of(scope: Scope | None) -> tuple[str, str] | None:
    """The field that a gate speaks of, and its value; a subset is one too."""
    if scope is None:
        return None
    return scope.field or (None if scope.subset is None else ("subset", scope.subset))


def _has(sample: Sample, field: str) -> bool:
    return bool(sample.subset) if field == "subset" else field in sample.metadata


def _with(sample: Sample, field: str, value: str) -> Sample:
    if field == "subset":
        return replace(sample, subset=value)
    return replace(sample, metadata={**sample.metadata, field: value})


def _stand_ins(summary: BenchmarkSummary, subset: str, why: str, count: int) -> Iterator[Sample]:
    for number in range(count):
        yield Sample(
            benchmark=summary.name,
            subset=subset,
            id=f"({why} {number + 1})",
            input="",
            target="",
        )
