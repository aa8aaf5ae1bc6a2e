"""Metrics over what the replies took: seconds and tokens."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

from pytest_iqeval.core.metrics.values import Measure
from pytest_iqeval.core.request import Usage
from pytest_iqeval.core.result import Result
from pytest_iqeval.core.statistics import percentile


def latency(results: Sequence[Result], percent: float | None = None) -> Measure:
    """Seconds of the replies: a percentile (linear), or the mean where no `percent` is said."""
    seconds = [r.latency_s for r in results if r.latency_s is not None]
    if not seconds:
        return Measure(total=None, n=0)
    if percent is None:
        return Measure(
            total=sum(map(Fraction, seconds), start=Fraction()) / len(seconds), n=len(seconds)
        )
    found = percentile(seconds, percent)
    assert found is not None
    return Measure(total=Fraction(found), n=len(seconds))


def tokens(results: Sequence[Result], kind: str) -> Measure:
    """The sum of the tokens that the endpoint counted; ``n`` is how many replies had a count.

    :param kind: ``prompt``, ``completion`` or ``total``, which needs both counts of a reply.
    """
    counts = [c for c in (_count(r.usage, kind) for r in results) if c is not None]
    return Measure(total=Fraction(sum(counts)) if counts else None, n=len(counts))


def _count(usage: Usage, kind: str) -> int | None:
    if kind == "prompt":
        return usage.prompt_tokens
    if kind == "completion":
        return usage.completion_tokens
    if usage.prompt_tokens is None or usage.completion_tokens is None:
        return None
    return usage.prompt_tokens + usage.completion_tokens


def summed_tokens(results: Sequence[Result], kind: str) -> int | None:
    """The counted tokens as a whole number; ``None`` where the endpoint counted none."""
    total = tokens(results, kind).total
    return None if total is None else int(total)


def latency_shown(results: Sequence[Result]) -> dict[str, float | None]:
    """``p50`` and ``p95`` in seconds, as `report.json` holds them."""
    seconds = [r.latency_s for r in results if r.latency_s is not None]
    return {"p50": percentile(seconds, 50), "p95": percentile(seconds, 95)}
