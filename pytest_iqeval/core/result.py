"""One question's end: its sample, its score, and the facts of its reply (without the text)."""

from __future__ import annotations

from dataclasses import dataclass, field

from pytest_iqeval.core.request import Key, Reply, Usage
from pytest_iqeval.core.sample import Sample
from pytest_iqeval.core.score import Score


@dataclass(frozen=True, slots=True, kw_only=True)
class Result:
    """What the owner of a run keeps in memory of one question.

    The reply's text stays in the journal. ``latency_s`` is seconds, ``None`` without a reply;
    ``attempts`` counts every sending; a ``cached`` reply had none.
    """

    sample: Sample
    score: Score
    repeat: int = 0
    finish_reason: str | None = None
    usage: Usage = field(default_factory=Usage)
    latency_s: float | None = None
    attempts: int = 0
    cached: bool = False

    @property
    def key(self) -> Key:
        """The request's key."""
        return Key(self.sample.benchmark, self.sample.subset, self.sample.id, self.repeat)


@dataclass(frozen=True, slots=True, kw_only=True)
class Reviewed:
    """A result with what came back (``None``: there was no reply): what a review row holds."""

    result: Result
    reply: Reply | None


def result_of(sample: Sample, score: Score, reply: Reply | None, *, repeat: int = 0) -> Result:
    """Join a score to its sample and to the facts of its reply (``None``: there was none)."""
    if reply is None:
        return Result(sample=sample, score=score, repeat=repeat)
    return Result(
        sample=sample,
        score=score,
        repeat=repeat,
        finish_reason=reply.finish_reason,
        usage=reply.usage,
        latency_s=reply.latency_s,
        attempts=reply.attempts,
        cached=reply.cached,
    )
