"""The table of benchmarks and subsets, as wide as the terminal allows."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from pytest_iqeval.core.language import Lang
from pytest_iqeval.core.metrics.values import NO_NUMBER, shown_share
from pytest_iqeval.core.summary import BenchmarkSummary, Category, Group, Summary
from pytest_iqeval.core.width import cut, display_width, one_line, pad, wrap
from pytest_iqeval.reports.subsets import rows_of
from pytest_iqeval.reports.terminal_words import terminal_words

_GAP = "  "
_LEAST_NAME = 6

IN_TABLE = ("accuracy", "credit")
"""The metrics that have a column; users' own have lines below."""


@dataclass(frozen=True, slots=True)
class _Column:
    """``short`` is the heading where room is scarce; ``drop`` orders what goes first (0 never)."""

    heading: str
    short: str
    drop: int = 0
    right: bool = True


# Latency and tokens go first: the line under the table says them for the run.
_COLUMNS = (
    _Column("benchmark", "benchmark", right=False),
    _Column("subset", "subset", right=False),
    _Column("n", "n"),
    _Column("accuracy", "accuracy", right=False),
    _Column("credit", "credit", 5, right=False),
    _Column("unparsed", "unp", 3),
    _Column("truncated", "trunc", 3),
    _Column("refused", "ref", 3),
    _Column("errors", "err", 4),
    _Column("p50/p95", "p50/p95", 2),
    _Column("tokens", "tokens", 1),
)
_UNDROPPABLE = sum(column.drop == 0 for column in _COLUMNS)


def table_lines(summary: Summary, *, width: int, lang: Lang = "en") -> list[str]:
    """Heading and rows, none wider than `width` columns.

    What does not fit is given up in this order: long headings, tokens, latency, the three
    outcomes, errors, credit, the ends of names; below that the rows are no table any more.
    """
    said = terminal_words(lang)
    limits = {
        name: [row.threshold for row in summary.gates if row.metric == name] for name in IN_TABLE
    }
    rows = [
        _cells(benchmark, group, limits, said)
        for benchmark in summary.benchmarks
        for group in rows_of(benchmark)
    ]
    for headings in _headings(credit=any("credit" in b.metrics for b in summary.benchmarks)):
        words = [None if heading is None else said[heading] for heading in headings]
        lines = _laid_out(words, rows, width)
        if lines is not None:
            return lines
    stacked = (f"{cells[0]} {cells[1]}: {cells[3]} n={cells[2]}" for cells in rows)
    return [
        cut(said["accuracy"], width),
        *(w for text in stacked for w in wrap(text, width, indent="  ")),
    ]


def _cells(
    benchmark: BenchmarkSummary,
    group: Group,
    limits: Mapping[str, Sequence[float]],
    said: Mapping[str, str],
) -> list[str]:
    accuracy, credit = group.metrics["accuracy"], group.metrics.get("credit")
    p50, p95 = group.latency["p50"], group.latency["p95"]
    n = str(accuracy.n)
    if accuracy.n < group.available:
        n = said["of"].format(n=n, available=group.available)
    if accuracy.groups is not None:
        key = "in_group" if accuracy.groups == 1 else "in_groups"
        n = said[key].format(n=n, groups=accuracy.groups)
    return [
        one_line(benchmark.name),
        said["all"] if group is benchmark else _named(group, said),
        n,
        shown_share(accuracy, limits["accuracy"]),
        NO_NUMBER if credit is None else shown_share(credit, limits["credit"]),
        *(str(group.outcomes[name]) for name in ("unparsed", "truncated", "refused", "error")),
        NO_NUMBER if p50 is None or p95 is None else f"{p50:.1f}/{p95:.1f} s",
        NO_NUMBER if group.tokens is None else str(group.tokens),
    ]


def _named(group: Group, said: Mapping[str, str]) -> str:
    name = one_line(group.name)
    if not isinstance(group, Category):
        return name
    count = len(group.subsets)
    return said["category" if count == 1 else "categories"].format(name=name, count=count)


def _headings(*, credit: bool) -> list[list[str | None]]:
    """The headings of each layout, the widest first; ``None`` leaves a column out."""
    out = {"credit"} if not credit else set()
    full = [None if c.heading in out else c.heading for c in _COLUMNS]
    layouts = [full]
    for least in range(6):
        layouts.append(
            [None if 0 < c.drop <= least or c.heading in out else c.short for c in _COLUMNS]
        )
    return layouts


def _laid_out(
    headings: Sequence[str | None], rows: Sequence[Sequence[str]], width: int
) -> list[str] | None:
    """The table under these headings; ``None`` where it does not fit."""
    kept = [i for i, heading in enumerate(headings) if heading is not None]
    table = [[str(headings[i]) for i in kept], *([row[i] for i in kept] for row in rows)]
    widths = [max(display_width(line[column]) for line in table) for column in range(len(kept))]
    excess = sum(widths) + len(_GAP) * (len(kept) - 1) - width
    if len(kept) == _UNDROPPABLE:  # names lose their ends last, and numbers never
        for column in (0, 1):
            give = max(0, min(excess, widths[column] - _LEAST_NAME))
            widths[column] -= give
            excess -= give
    if excess > 0:
        return None
    return [
        _GAP.join(
            pad(cut(cell, widths[at]), widths[at], right=_COLUMNS[kept[at]].right)
            for at, cell in enumerate(line)
        ).rstrip()
        for line in table
    ]
