"""What `iqeval compare` prints: the runs, the pairs, and what differs beside the model."""

from __future__ import annotations

from collections.abc import Iterator

from pytest_iqeval.cli.columns import in_columns
from pytest_iqeval.cli.output import Output
from pytest_iqeval.core.metrics.values import NO_NUMBER, p_shown, shown_share
from pytest_iqeval.core.pairwise import ALL_PAIRS_UP_TO, LEVEL, Standings, Versus
from pytest_iqeval.core.phrases import stored
from pytest_iqeval.core.width import wrap
from pytest_iqeval.reports.figures import minute, points


def show(out: Output, found: Standings) -> None:
    """The whole comparison for people."""
    out.heading(stored.RUNS)
    for line in in_columns(
        out.said(list(_runs(found))), width=out.width, right=(0, 5), gives=(1, 2, 4)
    ):
        out.line(line)
    out.line()
    out.heading(stored.PAIRS)
    if found.versus:
        for line in in_columns(
            out.said(list(_pairs(found))), width=out.width, right=(2, 4, 5, 6), gives=(1,)
        ):
            out.line(line)
    else:
        out.line(out.said(stored.NOTHING_COMMON))
    out.line()
    for line in _notes(found):
        for part in wrap(out.said(line), out.width, indent="  "):
            out.line(part)


def _runs(found: Standings) -> Iterator[list[str]]:
    called = stored.ACCURACY if found.metric == "accuracy" else found.metric
    yield ["", stored.MODEL, stored.RUN, stored.DATE, stored.BENCHMARK, "n", called]
    for place, one in enumerate(found.runs, start=1):
        run = one.summary.run
        for row, benchmark in enumerate(one.summary.benchmarks):
            metric = benchmark.metrics.get(found.metric)
            named = [str(place), run.model, run.id, minute(run.started)] if row == 0 else [""] * 4
            figures = (
                [NO_NUMBER, NO_NUMBER] if metric is None else [str(metric.n), shown_share(metric)]
            )
            yield [*named, benchmark.name, *figures]


def _pairs(found: Standings) -> Iterator[list[str]]:
    yield [
        *(stored.PAIR, stored.BENCHMARK, "n", stored.DIFFERENCE),
        *(stored.LOST, stored.GAINED, stored.FLAKY, "p", "p (Holm)"),
    ]
    for one in found.versus:
        yield [
            pair_name(one.first, one.second),
            one.benchmark,
            str(one.difference.n) if one.difference else "0",
            _difference(one),
            str(one.lost),
            str(one.gained),
            str(one.flaky) if any(v.flaky for v in found.versus) else "",
            NO_NUMBER if one.p is None else p_shown(one.p),
            _corrected(one) if len(found.versus) > 1 else "",
        ]


def pair_name(first: int, second: int) -> str:
    """``2 - 1``, counted from 1: the second minus the first."""
    return f"{second + 1} - {first + 1}"


def _difference(one: Versus) -> str:
    if one.difference is None:
        return NO_NUMBER
    return points(one.difference.mean, one.difference.low, one.difference.high)


def _corrected(one: Versus) -> str:
    if one.p_holm is None:
        return NO_NUMBER
    return p_shown(one.p_holm) + (" *" if one.significant else "")


def _notes(found: Standings) -> Iterator[str]:
    if len(found.runs) > ALL_PAIRS_UP_TO:
        yield stored.AGAINST_FIRST(most=ALL_PAIRS_UP_TO)
    if len(found.versus) > 1:
        yield stored.CORRECTED(count=len(found.versus), level=LEVEL)
    for said, pairs in found.changed:
        named = ", ".join(pair_name(*pair) for pair in pairs)
        yield stored.NOT_ALIKE(pairs=named, said=said)
    yield stored.DIFFERING(count=len(found.differing))
