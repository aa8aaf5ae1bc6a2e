"""Metrics over results."""

# ruff: noqa: E501 - tables are read across

from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pytest_iqeval.core.metrics import METRICS
from pytest_iqeval.core.metrics.effort import latency_shown, summed_tokens
from pytest_iqeval.core.metrics.scores import outcome_counts
from pytest_iqeval.core.metrics.values import Measure, Metric, shown, shown_share
from pytest_iqeval.core.request import Usage
from pytest_iqeval.core.result import Result
from tests.support.runs import make_reply, make_result, make_run, make_sample


def results_of(letters: str) -> list[Result]:
    return make_run({"demo": letters})[2]


def test_accuracy_is_the_share_of_correct_scores() -> None:
    metric = METRICS["accuracy"](results_of("cciut")).metric()
    assert (metric.value, metric.n) == (0.4, 5)
    assert metric.low is not None
    assert metric.high is not None
    assert metric.low < 0.4 < metric.high


def test_errors_are_not_in_accuracy() -> None:
    """An outage and a crashed scorer say nothing about the model."""
    assert METRICS["accuracy"](results_of("cexi")) == Measure(total=Fraction(1), n=2)


@pytest.mark.parametrize("letters", ["", "ee"])
def test_accuracy_of_no_scores_is_no_number(letters: str) -> None:
    assert METRICS["accuracy"](results_of(letters)).metric() == Metric(value=None, n=0)


def test_a_repeated_question_weighs_as_one() -> None:
    """Right in 1 of 3 replies, and right once: the mean of the questions' means."""
    twice, once = make_sample("q-1"), make_sample("q-2")
    results = [make_result(twice, letter, repeat=i) for i, letter in enumerate("cii")]
    results.append(make_result(once, "c"))
    assert METRICS["accuracy"](results) == Measure(total=Fraction(4, 3), n=2)
    assert METRICS["n"](results).total == 2
    assert METRICS["incorrect"](results).total == 2


@pytest.mark.parametrize(
    ("name", "count", "among"),
    [("correct", 2, 6), ("incorrect", 1, 6), ("unparsed", 1, 6), ("truncated", 1, 6), ("refused", 1, 6), ("errors", 2, 8)],
)  # fmt: skip
def test_outcomes_are_counted_among_replies_and_errors_among_all(
    name: str, count: int, among: int
) -> None:
    assert METRICS[name](results_of("cciutrex")) == Measure(total=Fraction(count), n=among)


def test_an_outcome_among_nothing_is_no_number_but_n_is_zero() -> None:
    assert METRICS["truncated"]([]).total is None
    assert METRICS["n"]([]).total == 0


def test_every_outcome_is_counted_zeros_too() -> None:
    assert outcome_counts(results_of("cce")) == {
        "correct": 2, "incorrect": 0, "unparsed": 0, "truncated": 0, "refused": 0, "error": 1,
    }  # fmt: skip


def test_latency_is_over_replies_in_seconds() -> None:
    sample = make_sample()
    results = [make_result(sample, "c", reply=make_reply(latency_s=s)) for s in (1.0, 2.0, 6.0)]
    results.append(make_result(sample, "e"))
    assert METRICS["latency.p50"](results) == Measure(total=Fraction(2), n=3)
    assert METRICS["latency.mean"](results) == Measure(total=Fraction(3), n=3)
    assert latency_shown(results) == {"p50": 2.0, "p95": pytest.approx(5.6)}
    assert METRICS["latency.mean"]([]).total is None


def test_tokens_are_summed_where_the_endpoint_counted_them() -> None:
    """A reply without a count is not a reply of zero tokens."""
    sample = make_sample()
    half = make_reply(usage=Usage(prompt_tokens=7))
    results = [make_result(sample, "c"), make_result(sample, "i", reply=half)]
    assert METRICS["tokens.prompt"](results) == Measure(total=Fraction(17), n=2)
    assert METRICS["tokens.completion"](results) == Measure(total=Fraction(5), n=1)
    assert METRICS["tokens.total"](results) == Measure(total=Fraction(15), n=1)
    assert summed_tokens([make_result(sample, "e")], "completion") is None


def test_a_printed_value_stays_on_its_side_of_a_limit() -> None:
    assert shown(Fraction(5999, 10000), [Fraction(6, 10)]) == "0.5999"
    assert shown(Fraction(3, 5), [Fraction(6, 10)]) == "0.60"
    assert shown(1 / 3, [0.33]) == "0.333"


@given(
    hits=st.integers(0, 2000), more=st.integers(0, 2000), limit=st.fractions(0, 1, max_denominator=1000)
)  # fmt: skip
def test_no_printed_value_contradicts_a_comparison(hits: int, more: int, limit: Fraction) -> None:
    """What is printed is above, below or at the limit, as the value is."""
    value = Fraction(hits, hits + more + 1)
    printed, edge = float(shown(value, [limit])), float(limit)
    assert (printed > edge, printed < edge) == (value > limit, value < limit)


def test_a_share_is_printed_with_its_interval() -> None:
    assert shown_share(Measure(total=Fraction(72), n=120).metric()) == "0.60 [0.51, 0.68]"
    assert shown_share(Measure(total=Fraction(720), n=1200).metric()) == "0.600 [0.572, 0.627]"
    assert shown_share(Metric(value=None, n=0)) == "-"
    assert shown_share(Metric(value=0.5, n=2)) == "0.50"
