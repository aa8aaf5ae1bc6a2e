"""Yes or no, however reply and target spell it."""

from __future__ import annotations

import pytest

from pytest_iqeval.core.score import Outcome
from pytest_iqeval.core.scorers import make_scorer
from tests.support.scoring import free_sample, score_free


@pytest.mark.parametrize(
    ("text", "target", "outcome", "extracted"),
    [
        ("Whales breathe air.\nANSWER: yes", "True", Outcome.CORRECT, "yes"),
        ("答案：错误", "×", Outcome.CORRECT, "no"),
        ("答案：错误", "对", Outcome.INCORRECT, "no"),
        ("No, they don't.", "否", Outcome.CORRECT, "no"),
        ("不一定。", "否", Outcome.UNPARSED, None),
        ("It depends.", "yes", Outcome.UNPARSED, None),
        ("抱歉，我无法回答。", "否", Outcome.REFUSED, None),
    ],
)
def test_reply_and_target_need_not_be_spelled_alike(text, target, outcome, extracted):
    got = score_free("yes_no", text, target)
    assert (got.outcome, got.extracted) == (outcome, extracted)


def test_a_target_that_is_neither_is_at_fault():
    scorer = make_scorer("yes_no", {})
    assert scorer.target_fault(free_sample("正确")) is None
    assert scorer.target_fault(free_sample("Paris")) == (
        "'Paris' is neither yes nor no; write yes or no, true or false, 是 or 否, 对 or 错, "
        "正确 or 错误"
    )
