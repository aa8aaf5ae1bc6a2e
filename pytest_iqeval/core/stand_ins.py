"""Samples in place of the questions of a finished run that have no review row.

What those questions were is in no file of the run, but how many there were is in its aggregate,
and gates and groups count them.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from pytest_iqeval.core.gates import GateRow, parse_gate
from pytest_iqeval.core.gates.scopes import within
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
    fields: list[dict[str, object]] = [{} for _ in samples]
    for row in {r.expression: r for r in rows if r.benchmark == summary.name}.values():
        scope = parse_gate(row.expression).scope
        if scope is None or scope.field is None or row.available is None:
            continue
        name, value = scope.field
        holds = within(summary.name, scope=scope)
        there = (replace(s, metadata=f) if f else s for s, f in zip(samples, fields, strict=True))
        missing = row.available - sum(map(holds, (*selected, *there)))
        for free in [f for f in fields if name not in f][: max(0, missing)]:
            free[name] = value
    return [replace(s, metadata=f) for s, f in zip(samples, fields, strict=True)]


def _stand_ins(summary: BenchmarkSummary, subset: str, why: str, count: int) -> Iterator[Sample]:
    for number in range(count):
        yield Sample(
            benchmark=summary.name,
            subset=subset,
            id=f"({why} {number + 1})",
            input="",
            target="",
        )
