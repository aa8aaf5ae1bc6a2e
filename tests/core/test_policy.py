"""What makes a question pass that was asked several times."""

from __future__ import annotations

import pytest

from pytest_iqeval.core.errors import SettingsError
from pytest_iqeval.core.policy import policy
from tests.support.runs import make_result, make_sample


@pytest.mark.parametrize(
    ("name", "letters", "passes"),
    [
        ("majority", "c", True),
        ("majority", "i", False),
        ("majority", "ci", False),  # half is no majority
        ("majority", "cci", True),
        ("majority", "", False),
        ("all", "cc", True),
        ("all", "cci", False),
        ("all", "", False),
        ("any", "iic", True),
        ("any", "iit", False),
        ("2", "cic", True),
        ("2", "cii", False),
    ],
)
def test_a_policy_looks_at_the_replies_that_are_right(
    name: str, letters: str, passes: bool
) -> None:
    scores = [make_result(make_sample(), letter).score for letter in letters]
    assert policy(name, repeats=3)(scores) is passes


@pytest.mark.parametrize("text", ["most", "0", "4", "-1", "２", "1.5", ""])
def test_another_policy_is_refused_with_those_there_are(text: str) -> None:
    with pytest.raises(SettingsError) as caught:
        policy(text, repeats=3)
    assert "asked 3 times" in caught.value.problem
    assert caught.value.hint == "majority, all, any, or a number from 1 to 3"


def test_one_reply_leaves_one_number() -> None:
    with pytest.raises(SettingsError, match="asked once"):
        policy("2")
