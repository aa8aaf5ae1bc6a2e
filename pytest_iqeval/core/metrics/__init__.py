"""Metrics: results → an exact measure. The tables name all that a gate may ask for."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from functools import partial

from pytest_iqeval.core.metrics.effort import latency, tokens
from pytest_iqeval.core.metrics.repeated import FAMILIES, among, flaky
from pytest_iqeval.core.metrics.scores import (
    accuracy,
    accuracy_macro,
    answered,
    credit,
    outcome_count,
    outcome_share,
)
from pytest_iqeval.core.metrics.values import Measure, Metric
from pytest_iqeval.core.result import Result
from pytest_iqeval.core.score import Outcome

__all__ = [
    "COMPARED",
    "FAMILIES",
    "INDEX",
    "MACRO",
    "MEANS",
    "METRICS",
    "Measure",
    "Metric",
    "MetricFunction",
    "family_of",
    "is_mean",
    "is_own",
    "is_share",
    "metric_function",
    "share_function",
]

MetricFunction = Callable[[Sequence[Result]], Measure]

_JUDGED = {o.value: o for o in Outcome if o is not Outcome.ERROR}

MACRO = "accuracy.macro"
"""The mean over subsets, a share with an interval, but no mean over questions."""

METRICS: Mapping[str, MetricFunction] = {
    "accuracy": accuracy,
    "credit": credit,
    MACRO: accuracy_macro,
    **{name: partial(outcome_count, outcome=outcome) for name, outcome in _JUDGED.items()},
    "errors": partial(outcome_count, outcome=Outcome.ERROR),
    "n": answered,
    "flaky": flaky,
    "latency.p50": partial(latency, percent=50),
    "latency.p95": partial(latency, percent=95),
    "latency.p99": partial(latency, percent=99),
    "latency.mean": latency,
    "tokens.completion": partial(tokens, kind="completion"),
    "tokens.prompt": partial(tokens, kind="prompt"),
    "tokens.total": partial(tokens, kind="total"),
}
"""Metrics by name; those of `FAMILIES` come with a number: ``pass@5``."""

MEANS = frozenset({"accuracy", "credit"})
"""Those that are means over questions: shares that always come with their interval."""

INDEX = "index"
"""The weighted mean of a run's benchmarks: a mean of means, over the run as a whole."""

COMPARED = ("accuracy", "credit", *_JUDGED)
"""Those that two runs can be compared in, question by question; outcomes as shares."""

_NUMBERED = re.compile(rf"({'|'.join(map(re.escape, FAMILIES))})([1-9][0-9]{{0,2}})")


def family_of(metric: str) -> tuple[str, int] | None:
    """``pass@5`` → ``pass@`` and 5; ``None`` where it is of no family, or has no such number."""
    found = _NUMBERED.fullmatch(metric)
    return None if found is None else (found[1], int(found[2]))


def is_own(name: str) -> bool:
    """Whether a gate's metric can only be a user's own."""
    return name not in METRICS and name != INDEX and family_of(name) is None


def is_mean(metric: str) -> bool:
    """Whether a metric is a mean over questions."""
    return metric in MEANS or family_of(metric) is not None


def is_share(metric: str) -> bool:
    """Whether a metric is a share that always comes with its interval."""
    return metric in (MACRO, INDEX) or is_mean(metric)


def metric_function(metric: str) -> MetricFunction:
    """What measures a metric that gates know."""
    family = family_of(metric)
    if family is None:
        return METRICS[metric]
    name, k = family
    return partial(among, k=k, chance=FAMILIES[name])


def share_function(metric: str) -> MetricFunction:
    """What measures it as a mean over questions, for its interval."""
    outcome = _JUDGED.get(metric)
    return metric_function(metric) if outcome is None else partial(outcome_share, outcome=outcome)
