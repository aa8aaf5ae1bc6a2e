"""Requests, replies, scores and plans cross a channel or a file unchanged."""

from __future__ import annotations

import json

from hypothesis import given
from hypothesis import strategies as st

from pytest_iqeval.core.errors import NoReply
from pytest_iqeval.core.plan import Planned
from pytest_iqeval.core.request import Key, Message, Reply, Request, Usage
from pytest_iqeval.core.result import result_of
from pytest_iqeval.core.sample import Sample
from pytest_iqeval.core.score import Outcome, Score, error_score

SAMPLE = Sample(benchmark="b", subset="s", id="i", input="?", choices=("1", "2"), target="A")
REQUEST = Request(
    key=Key("b", "s", "i"),
    messages=(Message(role="user", content="?"),),
    body={"response_format": {"type": "json_object"}},
)
optional_text = st.none() | st.text(max_size=20)


@given(st.text(), optional_text, optional_text, st.none() | st.integers(0, 9))
def test_a_reply_crosses_unchanged(
    text: str, reasoning: str | None, finish: str | None, tokens: int | None
) -> None:
    """Through JSON, with and without its optional parts."""
    reply = Reply(
        text=text,
        reasoning=reasoning,
        finish_reason=finish,
        usage=Usage(completion_tokens=tokens),
        latency_s=0.25,
    )
    assert Reply.from_plain(json.loads(json.dumps(reply.to_plain()))) == reply


@given(st.sampled_from(Outcome), st.none() | st.tuples(st.integers(0), st.integers(0)))
def test_a_score_crosses_unchanged(outcome: Outcome, span: tuple[int, int] | None) -> None:
    """Outcome and span have their types again."""
    score = Score(outcome=outcome, span=span, extracted="A", rule="r")
    again = Score.from_plain(json.loads(json.dumps(score.to_plain())))
    assert again == score
    assert again.outcome is outcome


def test_a_request_and_a_plan_cross_unchanged() -> None:
    """Keys are keys again, messages messages."""
    assert Request.from_plain(json.loads(json.dumps(REQUEST.to_plain()))) == REQUEST
    planned = Planned(node_id="iqeval/b::s::i", sample=SAMPLE, ahead=False)
    assert Planned.from_plain(json.loads(json.dumps(planned.to_plain()))) == planned


def test_a_failure_crosses_with_all_that_is_told_of_it() -> None:
    """Words, kind, status, attempts and latency; it is final, so never retryable."""
    failure = NoReply("down", hint="wait", kind="connect", retryable=True, attempts=6)
    again = NoReply.from_plain(json.loads(json.dumps(failure.to_plain())))
    assert again.to_plain() == failure.to_plain()
    assert not again.retryable
    assert str(again) == "down\n  hint: wait"


def test_keys_read_well_in_messages() -> None:
    """The repeat is named from the second on."""
    assert str(Key("b", "s", "i")) == "b::s::i"
    assert str(Key("b", "s", "i", 2)) == "b::s::i#3"


def test_a_result_without_a_reply_has_no_latency() -> None:
    """Nothing is no number."""
    result = result_of(SAMPLE, error_score("down"), None)
    assert result.latency_s is None
    assert result.score.outcome is Outcome.ERROR
    assert not result.score.correct
