"""The spread of several repeats, held against its plain meaning."""

from __future__ import annotations

import statistics

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pytest_iqeval.core.metrics.repeats import Spread, spread
from pytest_iqeval.core.metrics.scores import accuracy
from pytest_iqeval.core.result import Result
from tests.support.runs import make_result, make_sample

REPEATS = 3
QUESTIONS = st.lists(st.text("ciue", max_size=REPEATS), max_size=8)
"""Of each question the outcomes of its replies; fewer than were wanted, perhaps."""


def results_of(questions: list[str]) -> list[Result]:
    """A result for each letter."""
    return [
        make_result(make_sample(f"q-{n}"), letter, repeat=repeat)
        for n, letters in enumerate(questions)
        for repeat, letter in enumerate(letters)
    ]


@given(questions=QUESTIONS, seed=st.randoms())
def test_each_repeat_is_a_run_by_itself(questions: list[str], seed) -> None:
    """Whatever the order; flaky is what is right once and not right once."""
    results = results_of(questions)
    seed.shuffle(results)
    found = spread(results, REPEATS)
    assert found is not None
    for repeat, share in enumerate(found.accuracy):
        letters = [q[repeat] for q in questions if len(q) > repeat and q[repeat] != "e"]
        assert share == (letters.count("c") / len(letters) if letters else None)
    known = [share for share in found.accuracy if share is not None]
    assert (found.low, found.high) == (min(known, default=None), max(known, default=None))
    assert found.sd == (statistics.stdev(known) if len(known) > 1 else None)
    assert found.flaky == sum("c" in q and set(q) - {"c", "e"} != set() for q in questions)


@given(
    questions=st.lists(st.text("ci", min_size=REPEATS, max_size=REPEATS), min_size=1, max_size=8)
)
def test_the_mean_of_whole_repeats_is_the_accuracy(questions: list[str]) -> None:
    """Where nothing was lost, the mean over questions is the mean over repeats."""
    results = results_of(questions)
    found = spread(results, REPEATS)
    assert found is not None
    share = accuracy(results).share
    assert share is not None
    assert statistics.fmean(s for s in found.accuracy if s is not None) == pytest.approx(
        float(share)
    )


def test_one_repeat_has_no_spread() -> None:
    assert spread(results_of(["c", "i"]), 1) is None


def test_it_comes_back_from_a_report() -> None:
    found = Spread(accuracy=(0.5, None), low=0.5, high=0.5, sd=None, flaky=1)
    plain = {"accuracy": [0.5, None], "low": 0.5, "high": 0.5, "sd": None, "flaky": 1}
    assert Spread.from_plain(plain) == found
