"""The account of a session's questions comes out the same in whatever order things are told."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pytest_iqeval.core.plan import Planned
from pytest_iqeval.core.policy import every
from pytest_iqeval.core.score import Outcome, Score, error_score
from pytest_iqeval.run.ledger import Ledger
from tests.support.runs import make_sample

RIGHT, WRONG = Score(outcome=Outcome.CORRECT), Score(outcome=Outcome.INCORRECT)


def item(name: str, *, marked: bool = False, certain: bool = True) -> Planned:
    sample = make_sample(name)
    node_id = f"test_x.py::test[{name}]" if marked else sample.node_id
    return Planned(node_id=node_id, sample=sample, marked=marked, certain=certain)


def account(*planned: Planned, **scores: Score) -> Ledger:
    """The account of these items, with scores by the samples' ids."""
    ledger = Ledger()
    ledger.plan(planned)
    for one in planned:
        if one.sample.id in scores:
            ledger.score(one.key, one.sample, scores[one.sample.id])
    return ledger


def test_what_was_skipped_is_not_missing_and_what_was_not_reached_is() -> None:
    asked, skipped, missed = item("asked"), item("skipped"), item("missed")
    ledger = account(asked, skipped, missed, asked=RIGHT)
    ledger.skipped(skipped.node_id)
    assert list(ledger.counted()) == [asked.key, missed.key]
    assert ledger.lacking().keys() == {missed.key}


def test_a_test_that_takes_the_sample_alone_counts_only_if_it_asked() -> None:
    silent, asked = item("silent", certain=False), item("asked", certain=False)
    ledger = account(silent, asked)
    assert not ledger.any_selected()
    ledger.score(asked.key, asked.sample, RIGHT)
    assert ledger.any_selected()
    assert list(ledger.counted()) == [asked.key]


@pytest.mark.parametrize(
    ("marked", "score", "phase", "question"),
    [
        (False, WRONG, "call", True),
        (False, RIGHT, "call", False),  # a hook raised, or a strict xfail passed
        (False, None, "setup", True),
        (False, RIGHT, "setup", False),
        (False, WRONG, "teardown", False),
        (True, WRONG, "call", True),
        (True, WRONG, "setup", True),
        (True, RIGHT, "call", False),
        (True, None, "setup", False),  # a user's own test that failed before it asked
    ],
)
def test_whose_failure_it_is(marked: bool, score: Score | None, phase: str, question: bool) -> None:
    one = item("q", marked=marked)
    ledger = account(one, **({} if score is None else {"q": score}))
    assert ledger.is_question(one.node_id, phase) is question
    assert not ledger.is_question("tests/test_other.py::test_it", phase)


def test_a_hook_that_raised_before_a_users_own_test_asked_is_no_error_of_the_question() -> None:
    own, ours = item("own", marked=True), item("ours")
    ledger = account(own, ours)
    for one in (own, ours):
        ledger.not_set_up(one.node_id, "a hook raised")
    assert {key.id: score.note for key, score in ledger.scores.items()} == {"ours": "a hook raised"}


@given(order=st.permutations(range(6)))
def test_a_crash_stands_whatever_came_before_it(order: list[int]) -> None:
    """Plan, scores and reports come from workers on ways of their own."""
    dead, well, broken = item("dead"), item("well"), item("broken")
    ledger = Ledger()
    told: list[Callable[[], object]] = [
        lambda: ledger.plan([dead, well]),
        lambda: ledger.plan([broken]),
        lambda: ledger.score(dead.key, dead.sample, RIGHT),
        lambda: ledger.score(well.key, well.sample, WRONG),
        lambda: ledger.crashed(dead.node_id, "worker gw0 crashed"),
        lambda: ledger.not_set_up(broken.node_id, "a hook raised"),
    ]
    for index in order:
        told[index]()
    ledger.crashed(dead.node_id, "worker gw1 crashed")  # the first is told
    ledger.failed(dead.node_id)
    ledger.failed(well.node_id)
    assert {key.id: (score.outcome, score.note) for key, score in ledger.scores.items()} == {
        "dead": (Outcome.ERROR, "worker gw0 crashed"),
        "well": (Outcome.INCORRECT, WRONG.note),
        "broken": (Outcome.ERROR, "a hook raised"),
    }
    assert {key.id for key in ledger.counted()} == {"dead", "well", "broken"}
    assert {key.id for key in ledger.lacking()} == {"dead", "broken"}
    assert {key.id for key in ledger.failing()} == {"dead", "well"}


def test_of_several_replies_a_question_lacks_those_without_a_score() -> None:
    """It is one question of the account all the same, and its item's failure is by the rule."""
    one = item("q")
    ledger = Ledger(3, every)
    ledger.plan([one])
    keys = ledger.keys(one.key)
    for key, score in zip(keys, (RIGHT, error_score("refused")), strict=False):
        ledger.score(key, one.sample, score)
    assert list(ledger.counted()) == [one.key]
    assert ledger.lacking() == {one.key: set(keys[1:])}
    assert not ledger.is_question(one.node_id, "call")
    ledger.score(keys[2], one.sample, WRONG)
    assert ledger.is_question(one.node_id, "call")
    ledger.crashed(one.node_id, "worker gw0 crashed")
    assert [score.note for score in ledger.scores.values()] == ["worker gw0 crashed"] * 3
