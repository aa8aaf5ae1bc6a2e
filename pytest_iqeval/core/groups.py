"""The scores of a benchmark, of its subsets, and of the categories that these belong to."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import fields
from functools import partial
from typing import Any

from pytest_iqeval.core.definition import Benchmark, Definition
from pytest_iqeval.core.metrics import MACRO, family_of, metric_function
from pytest_iqeval.core.metrics.effort import latency_shown, summed_tokens
from pytest_iqeval.core.metrics.own import OwnMetrics, own_shown
from pytest_iqeval.core.metrics.repeats import spread
from pytest_iqeval.core.metrics.scores import (
    accuracy_macro,
    outcome_counts,
    right_in_part,
    shown_metrics,
)
from pytest_iqeval.core.result import Result
from pytest_iqeval.core.sample import Sample
from pytest_iqeval.core.summary import BenchmarkSummary, Category, Group


def benchmark_summary(
    benchmark: Benchmark,
    selected: Sequence[Sample],
    results: Sequence[Result],
    repeats: int,
    *,
    own: OwnMetrics,
    prompt: str | None,
) -> BenchmarkSummary:
    """What a run found of one benchmark, its subsets and their categories.

    :param selected: the run's questions, and `results` its replies, of any benchmark.
    :param own: the user's own metrics, by name.
    :param prompt: a hash of the prompt that it was asked with, where it is known.
    """
    chosen = [s for s in selected if s.benchmark == benchmark.name]
    mine = [r for r in results if r.sample.benchmark == benchmark.name]
    partly = right_in_part(mine)
    wanted = benchmark.definition.metrics
    of_subsets = partial(_group, repeats=repeats, partly=partly, own=own, wanted=wanted)
    names = tuple(dict.fromkeys(s.subset for s in chosen))
    whole = of_subsets(benchmark.name, chosen, benchmark.samples, mine, macro=len(names) > 1)
    definition = benchmark.definition
    return BenchmarkSummary(
        **_fields(whole),
        revision=benchmark.revision,
        language=definition.language,
        licence=definition.licence,
        data_sha256=benchmark.data_sha256,
        scorer={"name": definition.scorer, "options": dict(definition.scorer_options)},
        few_shot=definition.few_shot.count,
        prompt_sha256=prompt,
        grouped_by=definition.group or "",
        generation=dict(definition.generation),
        average=definition.average,
        subsets={
            name: of_subsets(
                name,
                [s for s in chosen if s.subset == name],
                [s for s in benchmark.samples if s.subset == name],
                [r for r in mine if r.sample.subset == name],
            )
            for name in names
        },
        categories={
            category: Category(
                **_fields(
                    of_subsets(
                        category,
                        [s for s in chosen if s.subset in subsets],
                        [s for s in benchmark.samples if s.subset in subsets],
                        [r for r in mine if r.sample.subset in subsets],
                        macro=len(subsets) > 1,
                    )
                ),
                subsets=subsets,
            )
            for category, subsets in _categories(definition, names).items()
        },
    )


def _fields(group: Group) -> dict[str, Any]:
    return {f.name: getattr(group, f.name) for f in fields(group)}


def _fits(metric: str, repeats: int) -> bool:
    """Whether a run of so many replies to each question can tell a metric."""
    family = family_of(metric)
    return family is None or family[1] <= repeats


def _categories(definition: Definition, subsets: Sequence[str]) -> dict[str, tuple[str, ...]]:
    """The subsets of each category, in order; nothing where there are not two categories."""
    found: dict[str, tuple[str, ...]] = {}
    for subset in subsets:
        category = definition.category(subset)
        if category is not None:
            found[category] = (*found.get(category, ()), subset)
    return found if len(found) > 1 else {}


def _group(
    name: str,
    asked: Sequence[Sample],
    available: Sequence[Sample],
    results: Sequence[Result],
    *,
    repeats: int,
    partly: bool,
    own: OwnMetrics,
    wanted: Sequence[str] = (),
    macro: bool = False,
) -> Group:
    """:param wanted: further metrics that the definition names.
    :param macro: whether these are several subsets, whose mean is told too.
    """
    return Group(
        name=name,
        asked=len(asked),
        available=len(available),
        metrics={
            **shown_metrics(results, partly=partly),
            **({MACRO: accuracy_macro(results).metric()} if macro else {}),
            **{
                name: metric_function(name)(results).metric()
                for name in wanted
                if _fits(name, repeats)
            },
            **own_shown(results, own),
        },
        outcomes=outcome_counts(results),
        cut=sum(r.score.cut for r in results),
        latency=latency_shown(results),
        tokens=summed_tokens(results, "completion"),
        spread=spread(results, repeats),
    )
