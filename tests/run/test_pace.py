"""Where a run stands, and what the live line says of the endpoint."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pytest_iqeval.broker.stats import BrokerStats
from pytest_iqeval.core.metrics.scores import accuracy
from pytest_iqeval.core.plan import Planned
from pytest_iqeval.core.score import Outcome, Score, error_score
from pytest_iqeval.core.settings import make_settings
from pytest_iqeval.run.ledger import Ledger
from pytest_iqeval.run.pace import held_up, progress_of, repeats_noted
from pytest_iqeval.run.standing import Standing
from tests.support.runs import make_result, make_sample

LETTERS = st.lists(st.text("ciue", min_size=1, max_size=2), max_size=6)


@given(letters=LETTERS)
def test_the_running_accuracy_is_that_of_the_report(letters: list[str]) -> None:
    """Questions, replies in each: what is shown on the way is what comes out."""
    results = [
        make_result(make_sample(f"q-{n}"), letter, repeat=repeat)
        for n, replies in enumerate(letters)
        for repeat, letter in enumerate(replies)
    ]
    ledger = Ledger(repeats=2)
    for result in results:
        ledger.score(result.key, result.sample, result.score)
    standing = ledger.standing
    assert standing.accuracy() == accuracy(results)
    assert standing.done == sum(len(replies) >= 2 for replies in letters)
    assert standing.errors == "".join(letters).count("e")


def test_a_crash_takes_back_what_was_counted() -> None:
    """A worker that dies after the score: the question is an error, and in no accuracy."""
    ledger, sample = Ledger(), make_sample("q")
    result = make_result(sample, "c")
    ledger.plan([Planned(node_id="n", sample=sample)])
    ledger.score(result.key, sample, result.score)
    ledger.crashed("n", "died")
    assert ledger.standing == Standing(done=1, errors=1)


@pytest.mark.parametrize(
    ("given_", "said"),
    [
        ({"repeats": 3, "pass": "2"}, "3 times (seeds 0 to 2); passes with at least 2 right"),
        ({"repeats": 3, "gen": ["seed=7"]}, "3 times (seeds 7 to 9); passes with majority right"),
        (
            {"repeats": 2, "gen": ["seed="], "pass": "all"},
            "2 times (no seed is sent); passes with all right",
        ),
    ],
)
def test_the_header_tells_repeats(given_: dict[str, object], said: str) -> None:
    settings = make_settings({"model": "m", **given_})
    assert repeats_noted(settings, {"temperature": 0.7}) == [f"each question {said}"]
    assert len(repeats_noted(settings, {"temperature": 0})) == 2


def test_one_reply_to_each_question_needs_no_word() -> None:
    assert repeats_noted(make_settings({"model": "m"}), {"temperature": 0}) == []


def test_a_run_that_goes_on_as_asked_has_nothing_to_say() -> None:
    assert held_up(BrokerStats(limit=8, full_limit=8)) == ()


def test_slowing_and_what_waits_are_told() -> None:
    stats = BrokerStats(limit=12, full_limit=50, delayed=3)
    assert held_up(stats) == ("slowed to 12 of 50 in flight", "3 to be sent again")


def test_an_outage_comes_before_slowing() -> None:
    stats = BrokerStats(limit=1, full_limit=50, outage_s=14.2, patience_s=120.0)
    assert held_up(stats) == ("nobody has answered for 14 s, waiting up to 120 s",)


def test_a_budget_tells_what_is_spent() -> None:
    stats = BrokerStats(limit=8, full_limit=8, tokens_spent=1234, token_budget=5000)
    assert held_up(stats) == ("1,234 of 5,000 tokens",)


def test_accuracy_counts_what_was_judged_and_the_time_left_what_was_asked() -> None:
    """Two of four are done, one of them an error: the accuracy is of the other."""
    ledger = Ledger()
    items = [make_sample(f"q-{n}") for n in range(4)]
    planned = [Planned(node_id=sample.node_id, sample=sample) for sample in items]
    ledger.plan(planned)
    ledger.score(planned[0].key, items[0], Score(outcome=Outcome.CORRECT))
    ledger.score(planned[1].key, items[1], error_score("refused"))
    now = progress_of(ledger, BrokerStats(completion_tokens=30), elapsed_s=10.0)
    assert (now.done, now.total, now.errors) == (2, 4, 1)
    assert (now.accuracy.value, now.accuracy.n) == (1.0, 1)
    assert (now.tokens_per_s, now.seconds_left) == (3.0, 10.0)


def test_of_a_run_that_has_just_begun_nothing_is_guessed() -> None:
    now = progress_of(Ledger(), BrokerStats(), elapsed_s=0.0)
    assert (now.done, now.total, now.accuracy.value) == (0, 0, None)
    assert (now.tokens_per_s, now.seconds_left) == (None, None)
