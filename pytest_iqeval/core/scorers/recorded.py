"""Scores that came with the replies, from another tool: kept as they are, and told to be so."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from typing import Any, Self

from pytest_iqeval.core.imported import RECORDED
from pytest_iqeval.core.request import Reply
from pytest_iqeval.core.sample import Sample
from pytest_iqeval.core.score import Outcome, Score, error_score, share
from pytest_iqeval.core.scorers.options import Options

KEPT = RECORDED
"""The field of a row that holds the scores: ``{from: TOOL, replies: [{reply, metric, score}]}``."""
NOT_RESCORED = "not rescored"
_LONGEST = 100  # of an answer; what is longer is the reply itself


class RecordedScorer:
    """Gives a reply the score that the data has of it; another reply has none.

    For `iqeval import`: benchmarks that this package can't score keep their scores. A share of 1
    is correct, anything less is not.
    """

    @classmethod
    def from_options(cls, options: Mapping[str, object], *, where: str = "") -> Self:
        """The scorer as a definition asks for it: it has no options."""
        Options("recorded", options, where).done()
        return cls()

    def score(self, sample: Sample, reply: Reply) -> Score:
        """The recorded score of this very text."""
        kept = recorded_of(sample, reply)
        if kept is None:
            return error_score("no score is recorded of this reply; the data is of an import")
        value, metric, tool = share(kept.get("score")), kept.get("metric"), kept.get("from")
        if value is None:
            return error_score(f"the recorded {metric} is {kept.get('score')!r}, no share of 1")
        answer = kept.get("extracted")
        short = isinstance(answer, str) and len(answer) <= _LONGEST and "\n" not in answer
        return Score(
            outcome=Outcome.CORRECT if value >= 1 else Outcome.INCORRECT,
            value=value,
            extracted=answer if short else None,
            rule=KEPT,
            note=f"{NOT_RESCORED}: {metric} {value:g} is the score of {tool}",
            cut=reply.cut,
        )


def recorded_of(sample: Sample, reply: Reply) -> Mapping[str, Any] | None:
    """What the data has recorded of a reply, with the tool that it is ``from``."""
    recorded: Any = sample.metadata.get(KEPT)
    if not isinstance(recorded, Mapping) or not isinstance(recorded.get("replies"), list):
        return None
    wanted = fingerprint_of(reply.text)
    for one in recorded["replies"]:
        if isinstance(one, Mapping) and one.get("reply") == wanted and "score" in one:
            return {**one, "from": recorded.get("from")}
    return None


def fingerprint_of(text: str) -> str:
    """What tells a reply's text from others: 16 hex digits of its sha256."""
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:16]
