"""What is known before a run: how long replies will be, and a report that can be read back."""

from __future__ import annotations

import json
from dataclasses import asdict

import pytest

from pytest_iqeval.core.foresight import EarlierReplies, Foresight, ReplyLength, reply_length
from pytest_iqeval.core.gates import parse_gate
from pytest_iqeval.core.gates.sight import sights
from tests.support.runs import make_run

EARLIER = EarlierReplies(run="r1 (m)", tokens={"demo": 12.5, "gone": 900.0})


@pytest.mark.parametrize(
    ("limit", "earlier", "expected"),
    [
        (4096, None, ReplyLength(tokens=256, basis="guess")),
        (None, None, ReplyLength(tokens=256, basis="guess")),
        (16, None, ReplyLength(tokens=16, basis="limit")),
        (4096, EARLIER, ReplyLength(tokens=12.5, basis="earlier", run="r1 (m)")),
        (None, EARLIER, ReplyLength(tokens=12.5, basis="earlier", run="r1 (m)")),
        (8, EARLIER, ReplyLength(tokens=8, basis="limit")),
        (8, EarlierReplies(run="r", tokens={}), ReplyLength(tokens=8, basis="limit")),
    ],
)
def test_a_reply_is_as_long_as_earlier_ones_and_never_above_its_limit(
    limit: int | None, earlier: EarlierReplies | None, expected: ReplyLength
) -> None:
    _, selected, _ = make_run({"demo": "ccc"})
    assert reply_length(selected, guess=256, limit=limit, earlier=earlier) == expected


def test_benchmarks_that_were_not_asked_before_are_guessed() -> None:
    """The mean is over the questions: two of 12.5 tokens, one of 256 or its limit."""
    _, selected, _ = make_run({"demo": "cc", "new": "c"})
    found = reply_length(selected, guess=256, limit=None, earlier=EARLIER)
    assert found == ReplyLength(tokens=pytest.approx(281 / 3), basis="partly", run="r1 (m)")
    found = reply_length(selected, guess=256, limit=100, earlier=EARLIER)
    assert found.tokens == pytest.approx(125 / 3)


def test_it_survives_the_report() -> None:
    benchmarks, selected, _ = make_run({"demo": "ccci"})
    told = Foresight(
        requests=4,
        at_most=False,
        tokens=1_200,
        reply_tokens=256,
        reply_basis="guess",
        gates=sights([parse_gate("accuracy >= 0.8")], benchmarks, selected),
    )
    assert Foresight.from_plain(json.loads(json.dumps(asdict(told)))) == told
