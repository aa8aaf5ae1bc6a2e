"""Metrics over what the replies took: seconds and tokens."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from fractions import Fraction
from statistics import fmean

from pytest_iqeval.core.metrics.values import Measure
from pytest_iqeval.core.request import Usage
from pytest_iqeval.core.result import Result
from pytest_iqeval.core.statistics.percentile import percentile

# No server makes so many for one reply: what came faster was held back on its way.
_MOST_TOKENS_PER_S = 10_000


def latency(results: Sequence[Result], percent: float | None = None) -> Measure:
    """Seconds of the replies: a percentile (linear), or the mean where no `percent` is said."""
    seconds = _latencies(results)
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


def known_sum(counts: Iterable[int | None]) -> int | None:
    """The sum of the counts that are known; ``None`` where none is."""
    known = [count for count in counts if count is not None]
    return sum(known) if known else None


def summed_tokens(results: Sequence[Result], kind: str) -> int | None:
    """The counted tokens as a whole number; ``None`` where the endpoint counted none."""
    total = tokens(results, kind).total
    return None if total is None else int(total)


def latency_shown(results: Sequence[Result]) -> dict[str, float | None]:
    """``p50``, ``p95``, ``p99`` and ``mean`` in seconds, as `report.json` holds them."""
    seconds = _latencies(results)
    return {**_percentiles(seconds), "mean": fmean(seconds) if seconds else None}


def timings_shown(results: Sequence[Result]) -> dict[str, dict[str, float | int | None]]:
    """Where the seconds of the replies went: ``n``, ``p50``, ``p95`` and ``p99`` of each stage.

    ``queued``, ``connect``, ``first_byte`` and ``first_token`` as in `Timing`, ``total`` is the
    latency; all are seconds. ``tokens_per_s`` is how fast a streamed reply came after its first
    token: the tokens after the first by the seconds after it; one that a gateway held back and
    sent at once has no pace. What was not measured has n = 0.
    """
    asked = [r for r in results if r.latency_s is not None and not r.cached]
    stages: dict[str, list[float | None]] = {
        "queued": [r.timing.queued_s for r in asked],
        "connect": [r.timing.connect_s for r in asked],
        "first_byte": [r.timing.first_byte_s for r in asked],
        "first_token": [r.timing.first_token_s for r in asked],
        "total": [r.latency_s for r in asked],
        "tokens_per_s": [_pace(r) for r in asked],
    }
    shown: dict[str, dict[str, float | int | None]] = {}
    for name, values in stages.items():
        measured = [v for v in values if v is not None]
        shown[name] = {"n": len(measured), **_percentiles(measured)}
    return shown


def _latencies(results: Sequence[Result]) -> list[float]:
    """Of the replies that were asked for in this run: a cached one took another run's time."""
    return [r.latency_s for r in results if r.latency_s is not None and not r.cached]


def _percentiles(values: Sequence[float]) -> dict[str, float | None]:
    return {f"p{percent}": percentile(values, percent) for percent in (50, 95, 99)}


def _pace(result: Result) -> float | None:
    first_s, total_s, count = (
        result.timing.first_token_s,
        result.latency_s,
        result.usage.completion_tokens,
    )
    if first_s is None or total_s is None or count is None or count < 2 or total_s <= first_s:
        return None
    pace = (count - 1) / (total_s - first_s)
    return pace if pace < _MOST_TOKENS_PER_S else None
