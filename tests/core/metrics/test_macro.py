"""The mean over subsets: in a metric, and in a gate."""

from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pytest_iqeval.core.metrics import MACRO, METRICS, metric_function
from pytest_iqeval.core.metrics.values import Measure, Metric
from pytest_iqeval.core.statistics.strata import Stratum, macro_interval
from tests.support.runs import make_result, make_run, make_sample, make_summary


def test_each_subset_weighs_the_same() -> None:
    """3 of 4 and 0 of 1: micro 3/5, macro 3/8."""
    results = make_run({"demo:IQ": "ccci", "demo:EQ": "i"})[2]
    assert METRICS["accuracy"](results).share == Fraction(3, 5)
    measure = METRICS[MACRO](results)
    assert (measure.share, measure.n) == (Fraction(3, 8), 5)
    low, high = macro_interval([Stratum(total=3, squares=3, n=4), Stratum(total=0, squares=0, n=1)])
    assert measure.metric() == Metric(value=0.375, low=low, high=high, n=5)


def test_of_one_subset_it_is_its_accuracy() -> None:
    results = make_run({"demo": "cciut"})[2]
    assert METRICS[MACRO](results).metric() == METRICS["accuracy"](results).metric()


def test_a_subset_without_a_score_is_not_in_it() -> None:
    results = make_run({"demo:IQ": "ci", "demo:EQ": "ee"})[2]
    assert METRICS[MACRO](results).share == Fraction(1, 2)
    assert METRICS[MACRO](make_run({"demo:EQ": "ee"})[2]) == Measure(total=None, n=0)


def test_subsets_of_one_name_are_two_in_two_benchmarks() -> None:
    results = make_run({"one:IQ": "cc", "two:IQ": "iiii"})[2]
    assert METRICS[MACRO](results).share == Fraction(1, 2)


def test_repeats_are_averaged_within_their_question() -> None:
    first, second = make_sample("a", subset="IQ"), make_sample("b", subset="EQ")
    results = [make_result(first, letter, repeat=n) for n, letter in enumerate("cii")]
    results.append(make_result(second, "c"))
    assert METRICS[MACRO](results).share == Fraction(2, 3)


@given(
    subsets=st.dictionaries(
        st.sampled_from(["a", "b", "c", "d"]), st.text("ci", min_size=1, max_size=9), min_size=1
    )
)
def test_it_is_the_mean_of_the_subsets_own(subsets: dict[str, str]) -> None:
    results = make_run({f"demo:{name}": letters for name, letters in subsets.items()})[2]
    shares = [Fraction(letters.count("c"), len(letters)) for letters in subsets.values()]
    assert metric_function(MACRO)(results).share == sum(shares, Fraction()) / len(shares)


@pytest.mark.parametrize(
    ("gate", "passed", "reason"),
    [
        ("accuracy.macro >= 37.5%", True, "accuracy.macro 0.375 [*] n=5 of 5"),
        ("accuracy.macro > 37.5%", False, "accuracy.macro 0.375 [*] n=5 of 5"),
        ("demo: accuracy.macro < 0.4", True, "accuracy.macro 0.38 [*] n=5 of 5"),
        ("demo:IQ: accuracy.macro == 75%", True, "accuracy.macro 0.75 [*] n=4 of 4"),
        ("lower(accuracy.macro) > 5%", True, "lower 0.* of accuracy.macro 0.38 [*] n=5 of 5"),
        ("upper(accuracy.macro, 90) < 0.9", True, "upper 0.* of accuracy.macro 0.38 [*"),
    ],
)
def test_gates_ask_for_it(gate: str, passed: bool, reason: str) -> None:
    row = make_summary({"demo:IQ": "ccci", "demo:EQ": "i"}, gate).gates[0]
    assert row.passed is passed
    begin, _, end = reason.partition("*")
    assert row.reason.startswith(begin)
    assert row.reason.endswith(end.rpartition("*")[2])
    assert (row.low or 0) < (row.high or 0)
