"""Samples with free answers, and what a scorer makes of a reply to them."""

from __future__ import annotations

from pytest_iqeval.core.request import Reply
from pytest_iqeval.core.sample import Sample
from pytest_iqeval.core.score import Score
from pytest_iqeval.core.scorers import make_scorer


def free_sample(target: str, *also: str) -> Sample:
    """A question without options; `also` are further right answers."""
    return Sample(benchmark="b", subset="s", id="1", input="?", target=target, also=also)


def score_free(
    scorer: str, text: str, *targets: str, reply: dict[str, object] | None = None, **options: object
) -> Score:
    """The score of a reply to a question with these targets; `options` are the scorer's."""
    made = make_scorer(scorer, options)
    return made.score(free_sample(*targets), Reply(text=text, **(reply or {})))
