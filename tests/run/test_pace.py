"""What the live line says of the endpoint's state."""

from __future__ import annotations

from pytest_iqeval.broker.stats import BrokerStats
from pytest_iqeval.run.pace import held_up


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
