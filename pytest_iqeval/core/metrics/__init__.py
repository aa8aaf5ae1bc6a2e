"""Metrics: results → an exact measure. The table names all that a gate may ask for."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import partial

from pytest_iqeval.core.metrics.effort import latency, tokens
from pytest_iqeval.core.metrics.scores import accuracy, answered, credit, outcome_count
from pytest_iqeval.core.metrics.values import Measure, Metric
from pytest_iqeval.core.result import Result
from pytest_iqeval.core.score import Outcome

__all__ = ["MEANS", "METRICS", "Measure", "Metric", "MetricFunction"]

MetricFunction = Callable[[Sequence[Result]], Measure]

METRICS: Mapping[str, MetricFunction] = {
    "accuracy": accuracy,
    "credit": credit,
    "correct": partial(outcome_count, outcome=Outcome.CORRECT),
    "incorrect": partial(outcome_count, outcome=Outcome.INCORRECT),
    "unparsed": partial(outcome_count, outcome=Outcome.UNPARSED),
    "truncated": partial(outcome_count, outcome=Outcome.TRUNCATED),
    "refused": partial(outcome_count, outcome=Outcome.REFUSED),
    "errors": partial(outcome_count, outcome=Outcome.ERROR),
    "n": answered,
    "latency.p50": partial(latency, percent=50),
    "latency.p95": partial(latency, percent=95),
    "latency.p99": partial(latency, percent=99),
    "latency.mean": latency,
    "tokens.completion": partial(tokens, kind="completion"),
    "tokens.prompt": partial(tokens, kind="prompt"),
    "tokens.total": partial(tokens, kind="total"),
}

MEANS = frozenset({"accuracy", "credit"})
"""Those that are means over questions: shares that always come with their interval."""
