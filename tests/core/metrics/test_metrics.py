"""Metrics over results."""

# ruff: noqa: E501 - tables are read across

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pytest_iqeval.core.metrics import METRICS, metric_function, share_function
from pytest_iqeval.core.metrics.effort import latency_shown, summed_tokens, timings_shown
from pytest_iqeval.core.metrics.scores import outcome_counts
from pytest_iqeval.core.metrics.values import Measure, Metric, shown, shown_share
from pytest_iqeval.core.request import Timing, Usage
from pytest_iqeval.core.result import Result, result_of
from pytest_iqeval.core.score import Outcome, Score, error_score
from pytest_iqeval.core.statistics.intervals import share_interval, wilson
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
    assert METRICS["accuracy"](results_of("cexi")) == Measure(
        total=Fraction(1), n=2, squares=Fraction(1)
    )


@pytest.mark.parametrize("letters", ["", "ee"])
def test_accuracy_of_no_scores_is_no_number(letters: str) -> None:
    assert METRICS["accuracy"](results_of(letters)).metric() == Metric(value=None, n=0)


def test_a_repeated_question_weighs_as_one() -> None:
    """Right in 1 of 3 replies, and right once: the mean of the questions' means."""
    twice, once = make_sample("q-1"), make_sample("q-2")
    results = [make_result(twice, letter, repeat=i) for i, letter in enumerate("cii")]
    results.append(make_result(once, "c"))
    assert METRICS["accuracy"](results) == Measure(
        total=Fraction(4, 3), n=2, squares=Fraction(10, 9)
    )
    assert METRICS["n"](results).total == 2
    assert METRICS["incorrect"](results).total == 2


def test_the_interval_of_repeated_questions_comes_from_how_they_differ() -> None:
    """Five replies to each of four questions say more than one: their means lie close together."""
    results = [
        make_result(make_sample(f"q-{question}"), letter, repeat=repeat)
        for question, letters in enumerate(("cccci", "cccii", "cccci", "cccii"))
        for repeat, letter in enumerate(letters)
    ]
    metric = METRICS["accuracy"](results).metric()
    means = (0.8, 0.6, 0.8, 0.6)
    low, high = share_interval(sum(means), sum(mean * mean for mean in means), 4)
    assert (metric.value, metric.n) == (0.7, 4)
    assert (metric.low, metric.high) == pytest.approx((low, high))


def test_questions_of_a_group_go_together() -> None:
    """Six questions on two passages and one alone, across subsets: three groups."""
    placed = [("P", "IQ", "ccc"), ("Q", "IQ", "ii"), ("Q", "EQ", "i"), (None, "EQ", "c")]
    results = [
        make_result(replace(make_sample(f"{group}-{n}", subset=subset), group=group), letter)
        for group, subset, letters in placed
        for n, letter in enumerate(letters)
    ]
    for name in ("accuracy", "credit", "pass@1"):
        measure = metric_function(name)(results)
        assert measure.groups == ((3, 3), (0, 3), (1, 1))
        metric = measure.metric()
        assert (metric.n, metric.groups) == (7, 3)
        assert (metric.low, metric.high) == share_interval(4, 4, 7, groups=measure.groups)
    assert share_function("incorrect")(results).groups == ((0, 3), (3, 3), (0, 1))
    again = [make_result(one.sample, "i", repeat=1) for one in results[:4]]
    assert share_function("flaky")([*results, *again]).groups == ((3, 3), (0, 1))


def valued(*values: float | None) -> list[Result]:
    """A question for each value; ``None`` is a question without a score."""
    return [
        result_of(sample, error_score("down"), None)
        if value is None
        else result_of(sample, Score(outcome=Outcome.INCORRECT, value=value), make_reply())
        for sample, value in ((make_sample(f"q-{n}"), v) for n, v in enumerate(values))
    ]


def test_credit_is_the_mean_value_with_an_interval_from_the_spread() -> None:
    """0, 1/2, 1/2 and 1: half the variance of right and wrong answers, 2 differ from the rest."""
    metric = METRICS["credit"](valued(0, 0.5, 0.5, 1)).metric()
    assert (metric.value, metric.n) == (0.5, 4)
    assert (metric.low, metric.high) == pytest.approx(wilson(3, 6))


def test_credit_of_whole_answers_is_accuracy_interval_and_all() -> None:
    results = results_of("cciute")
    assert METRICS["credit"](results).metric() == METRICS["accuracy"](results).metric()


@pytest.mark.parametrize("values", [[0.5], [0.5, 0.5, 0.5]])
def test_values_all_alike_have_an_interval_with_a_width(values: list[float]) -> None:
    """Their own spread is nothing, which would pretend to be sure."""
    metric = METRICS["credit"](valued(*values)).metric()
    n = len(values) * (len(values) / 2 + 1)
    assert (metric.low, metric.high) == pytest.approx(wilson(n / 2, n))


def test_credit_leaves_errors_out_and_has_no_number_over_nothing() -> None:
    assert METRICS["credit"](valued(0.5, None)).n == 1
    assert METRICS["credit"](valued(None)).metric() == Metric(value=None, n=0)


def test_credit_of_a_repeated_question_is_the_mean_of_its_replies() -> None:
    """A half and a whole in two replies, nothing in the other question's one."""
    twice, once = make_sample("q-1"), make_sample("q-2")
    results = [make_result(twice, letter, repeat=i) for i, letter in enumerate("hc")]
    results.append(make_result(once, "i"))
    measure = METRICS["credit"](results)
    assert (measure.total, measure.n, measure.squares) == (Fraction(3, 4), 2, Fraction(9, 16))


@given(st.lists(st.tuples(st.integers(0, 64), st.integers(1, 64)), min_size=1, max_size=60))
def test_credit_sums_the_fractions_that_were_meant(parts: list[tuple[int, int]]) -> None:
    """Three values of 1/3 are 1 and not 0.9999999999999999, so a gate at 1/3 holds."""
    fractions = [Fraction(min(a, b), b) for a, b in parts]
    measure = METRICS["credit"](valued(*map(float, fractions)))
    assert measure.total == sum(fractions)


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
    assert latency_shown(results) == {
        "p50": 2.0, "p95": pytest.approx(5.6), "p99": pytest.approx(5.92), "mean": 3.0,
    }  # fmt: skip
    assert METRICS["latency.mean"]([]).total is None


def test_a_reply_from_the_cache_took_another_runs_time() -> None:
    replies = [make_reply(latency_s=1.0), make_reply(latency_s=9.0, cached=True, attempts=0)]
    results = [make_result(make_sample(), "c", reply=reply) for reply in replies]
    assert METRICS["latency.mean"](results) == Measure(total=Fraction(1), n=1)
    assert timings_shown(results)["total"] == {"n": 1, "p50": 1.0, "p95": 1.0, "p99": 1.0}


def test_where_the_seconds_went_is_told_of_what_was_measured() -> None:
    """11 tokens of which ten came in the two seconds after the first: five a second."""
    streamed = make_reply(
        latency_s=2.5,
        timing=Timing(queued_s=3.0, first_byte_s=0.25, first_token_s=0.5),
        usage=Usage(completion_tokens=11),
    )
    whole = make_reply(latency_s=1.0, timing=Timing(queued_s=1.0, connect_s=0.125))
    shown = timings_shown([make_result(make_sample(), "c", reply=r) for r in (streamed, whole)])
    assert (shown["queued"]["n"], shown["queued"]["p50"]) == (2, 2.0)
    assert (shown["connect"]["n"], shown["connect"]["p50"]) == (1, 0.125)
    assert (shown["first_token"]["n"], shown["first_token"]["p50"]) == (1, 0.5)
    assert (shown["tokens_per_s"]["n"], shown["tokens_per_s"]["p50"]) == (1, 5.0)
    assert timings_shown([])["first_byte"] == {"n": 0, "p50": None, "p95": None, "p99": None}


@pytest.mark.parametrize("first_token_s", [2.5, 2.499])
def test_a_reply_that_a_gateway_held_back_has_no_pace(first_token_s: float) -> None:
    """Its first token came with its last, or 100 more in a millisecond: 100,000 a second."""
    held = make_reply(
        latency_s=2.5,
        timing=Timing(first_token_s=first_token_s),
        usage=Usage(completion_tokens=101),
    )
    shown = timings_shown([make_result(make_sample(), "c", reply=held)])
    assert (shown["tokens_per_s"]["n"], shown["first_token"]["n"]) == (0, 1)


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
