"""The facts of a finished run, and its comparison with a baseline as reports show it."""

from __future__ import annotations

from collections.abc import Sequence

from pytest_iqeval.core.comparison import Comparison, Pair, node_id_of, p_worse
from pytest_iqeval.core.facts import Facts, benchmark_facts, run_settings
from pytest_iqeval.core.metrics.values import Metric
from pytest_iqeval.core.statistics.paired import paired_difference
from pytest_iqeval.core.summary import BaselineSummary, Summary


def facts_of(summary: Summary, *, repeats: int) -> Facts:
    """By which means a finished run came about.

    :param repeats: how often it asked each question.
    """
    run = summary.run
    return Facts(
        settings=run_settings(answer=run.answer, repeats=repeats, generation=run.generation),
        benchmarks={
            b.name: benchmark_facts(
                revision=b.revision,
                data_sha256=b.data_sha256,
                prompt=b.prompt_sha256,
                scorer=b.scorer,
                group=b.grouped_by,
                generation=b.generation,
                few_shot=b.few_shot,
            )
            for b in summary.benchmarks
        },
    )


def baseline_summary(comparison: Comparison) -> BaselineSummary:
    """What is told of a comparison; computed here once, for every report."""
    lost, gained = comparison.lost, comparison.gained
    by_benchmark: dict[str, list[Pair]] = {}
    for pair in comparison.pairs:
        by_benchmark.setdefault(pair.sample.benchmark, []).append(pair)
    return BaselineSummary(
        run=comparison.run,
        model=comparison.model,
        p=p_worse(comparison.pairs),
        pairs=len(comparison.pairs),
        lost=_node_ids(lost),
        gained=_node_ids(gained),
        flaky=_node_ids(comparison.flaky),
        unscored=tuple(sample.node_id for sample in comparison.unscored),
        new=tuple(sample.node_id for sample in comparison.new),
        gone=tuple(map(node_id_of, comparison.gone)),
        unselected=comparison.unselected,
        changed_settings=tuple(c.said for c in (*comparison.changed, *comparison.allowed)),
        allowed_settings=tuple(change.said for change in comparison.allowed),
        difference={name: _difference(pairs) for name, pairs in by_benchmark.items()},
    )


def _node_ids(pairs: Sequence[Pair]) -> tuple[str, ...]:
    return tuple(pair.sample.node_id for pair in pairs)


def _difference(pairs: Sequence[Pair]) -> Metric:
    found = paired_difference([float(pair.difference) for pair in pairs])
    return Metric(value=found.mean, low=found.low, high=found.high, n=found.n)
