"""Scores that came with the replies."""

from __future__ import annotations

from typing import Any

import pytest

from pytest_iqeval.core.errors import DefinitionError
from pytest_iqeval.core.request import Reply
from pytest_iqeval.core.sample import Sample
from pytest_iqeval.core.score import Outcome
from pytest_iqeval.core.scorers import make_scorer
from pytest_iqeval.core.scorers.recorded import KEPT, fingerprint_of

SCORER = make_scorer("recorded", {})


def sample(score: Any, *, text: str = "Well.", extracted: str | None = None) -> Sample:
    """A question with what EvalScope made of one reply to it."""
    one = {"reply": fingerprint_of(text), "metric": "acc", "score": score, "extracted": extracted}
    kept = {"from": "EvalScope", "replies": [one]}
    return Sample(benchmark="b", subset="s", id="1", input="?", target="-", metadata={KEPT: kept})


@pytest.mark.parametrize(
    ("score", "outcome", "value"),
    [
        (1.0, Outcome.CORRECT, 1.0),
        (True, Outcome.CORRECT, 1.0),
        (0, Outcome.INCORRECT, 0.0),
        (0.75, Outcome.INCORRECT, 0.75),
    ],
)
def test_a_share_is_kept(score: Any, outcome: Outcome, value: float) -> None:
    """All of it is correct, anything less is not."""
    found = SCORER.score(sample(score), Reply(text="Well."))
    assert (found.outcome, found.value, found.rule) == (outcome, value, "recorded")
    assert found.note == f"not rescored: acc {value:g} is the score of EvalScope"


@pytest.mark.parametrize("score", [7, -1, "good", None])
def test_what_is_no_share_is_no_score(score: Any) -> None:
    """It must not look like a wrong answer."""
    found = SCORER.score(sample(score), Reply(text="Well."))
    assert found.outcome is Outcome.ERROR
    assert found.note == f"the recorded acc is {score!r}, no share of 1"


def test_another_reply_has_none() -> None:
    """Scores are of a text, not of a question."""
    found = SCORER.score(sample(1.0), Reply(text="Well!"))
    assert found.outcome is Outcome.ERROR
    assert found.note == "no score is recorded of this reply; the data is of an import"


@pytest.mark.parametrize("metadata", [{}, {KEPT: 1}, {KEPT: {"replies": [1, {}]}}])
def test_data_without_scores_has_none(metadata: dict[str, Any]) -> None:
    """Whatever stands there."""
    bare = Sample(benchmark="b", subset="s", id="1", input="?", target="-", metadata=metadata)
    assert SCORER.score(bare, Reply(text="Well.")).outcome is Outcome.ERROR


@pytest.mark.parametrize(
    ("extracted", "shown"), [("B", "B"), (None, None), ("a\nb", None), ("x" * 101, None)]
)
def test_a_short_answer_is_shown(extracted: str | None, shown: str | None) -> None:
    """Some metrics take the whole reply for it."""
    found = SCORER.score(sample(1.0, extracted=extracted), Reply(text="Well."))
    assert found.extracted == shown


def test_it_has_no_options() -> None:
    """One that is given is refused."""
    with pytest.raises(DefinitionError):
        make_scorer("recorded", {"from": "x"})
