"""What is told before a run is paid for, in words."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pytest_iqeval.core.foresight import Foresight
from pytest_iqeval.core.foresight_text import cost_text, dimmest, foresight_lines, sight_text
from pytest_iqeval.core.gates.sight import Sight
from pytest_iqeval.core.statistics.power import detectable, needed
from tests.support.sights import SPEC, baseline_of, seen


def told(*gates: str, **more: object) -> list[str]:
    return [sight_text(sight) for sight in seen(SPEC, *gates, **more)]


def test_a_gate_of_120_questions_sees_nine_points() -> None:
    """The accuracy that the line names is the gate's own."""
    assert told("accuracy >= 0.805") == [
        "gate accuracy >= 0.805: 120 questions can show a change of about 9 points from 0.805; "
        "3 points need about 1,080 (one-sided 5 %, power 80 %)"
    ]


def test_with_a_baseline_a_threshold_tells_what_it_asks_for() -> None:
    assert told("accuracy >= 0.77", "accuracy >= 0.6", baseline=baseline_of(SPEC)) == [
        "gate accuracy >= 0.77: 120 questions can show a change of about 10 points from 0.77; "
        "this gate asks for 3, as the baseline has 0.8: it needs about 1,220 "
        "(one-sided 5 %, power 80 %)",
        "gate accuracy >= 0.6: 120 questions can show a change of about 11 points from 0.6; "
        "this gate asks for 20, as the baseline has 0.8, which takes about 38 "
        "(one-sided 5 %, power 80 %)",
    ]


def test_a_threshold_at_the_baseline_is_told() -> None:
    (line,) = told("accuracy >= 0.8", baseline=baseline_of(SPEC))
    assert "; the baseline has just that, so chance decides (one-sided" in line


def test_a_paired_gate_names_the_share_that_differs() -> None:
    """Assumed, or as the baseline's repeats say."""
    assert told("not_worse(accuracy, 3pt)", baseline=baseline_of(SPEC)) == [
        "gate not_worse(accuracy, 3pt): 120 questions can show a change of about 10 points; "
        "this gate asks for 3: it needs about 1,390 "
        "(one-sided 2.5 %, power 80 %, 16 % of the questions differing: assumed)"
    ]
    repeated = baseline_of({"demo": "c" * 120}, ["i"] * 10 + ["c"] * 110)
    assert told("drop(accuracy) <= 10pt", baseline=repeated) == [
        "gate drop(accuracy) <= 10pt: 120 questions can show a change of about 9 points; "
        "this gate asks for 10, which takes about 95 (one-sided 5 %, power 80 %, "
        "6.2 % of the questions differing, by the baseline's repeats)"
    ]


def test_a_regression_test_has_no_size_of_its_own() -> None:
    """So 3 points are counted for it, as for a threshold without a baseline."""
    assert told("no_regressions(p < 0.05)", baseline=baseline_of(SPEC)) == [
        "gate no_regressions(p < 0.05): 120 questions can show a change of about 13 points; "
        "3 points need about 1,370 "
        "(one-sided 5 %, power 80 %, 16 % of the questions differing: assumed)"
    ]


def fixed(n: int, at: float) -> Sight:
    """A threshold of which no more is known."""
    return Sight(
        gate="g",
        expression="g",
        benchmark="demo",
        n=n,
        change=detectable(n, at),
        asked=None,
        needed=None,
        needed_3pt=needed(0.03, at),
        basis="threshold",
        at=at,
        before=None,
        level=0.05,
        power=0.8,
    )


def test_enough_questions_need_no_more() -> None:
    """Where 3 points are seen, no further number is named; below 2 points one decimal is."""
    assert sight_text(fixed(14_000, 0.8)) == (
        "gate g: 14,000 questions can show a change of about 0.8 points from 0.8 "
        "(one-sided 5 %, power 80 %)"
    )


@given(n=st.integers(1, 20_000), percent=st.integers(0, 100))
def test_what_is_told_is_what_the_statistics_say(n: int, percent: int) -> None:
    """No gate sees less than nothing or more than all, and no number is told too low."""
    sight = fixed(n, percent / 100)
    text = sight_text(sight)
    if " need about " in text:
        said = int(text.partition(" need about ")[2].split()[0].replace(",", ""))
        assert n < sight.needed_3pt <= said <= 1.01 * sight.needed_3pt + 1
    else:
        assert n >= sight.needed_3pt


def test_each_gate_has_a_line_about_the_row_that_sees_least() -> None:
    """The smaller subset sees less."""
    spec = {"demo:IQ": "c" * 80, "demo:EQ": "c" * 40 + "...."}
    rows = seen(spec, "accuracy >= 0.8", "errors <= 1%", "each(subset): accuracy >= 0.8")
    assert len(rows) == 3
    assert [(row.expression, row.n) for row in dimmest(rows)] == [
        ("accuracy >= 0.8", 120),
        ("demo:EQ: accuracy >= 0.8", 40),
    ]


def foresight(**changes: object) -> Foresight:
    usual = {"requests": 1_200, "at_most": False, "tokens": 429_001, "reply_tokens": 256}
    return Foresight(**{**usual, "reply_basis": "guess", **changes})


@pytest.mark.parametrize(
    ("changes", "text"),
    [
        ({}, "1,200 requests, about 430,000 tokens (a reply taken as 256)"),
        (
            {"requests": 1, "tokens": 300, "reply_tokens": 16, "reply_basis": "limit"},
            "1 request, about 300 tokens (a reply taken as 16, its limit)",
        ),
        (
            {"at_most": True, "tokens": 0},
            "at most 1,200 requests, about 0 tokens (a reply taken as 256)",
        ),
        (
            {"reply_tokens": 1_050, "reply_basis": "earlier", "reply_run": "r1 (m)"},
            "1,200 requests, about 430,000 tokens (a reply taken as 1,050, as in r1 (m))",
        ),
        (
            {"reply_basis": "partly", "reply_run": "r1"},
            "1,200 requests, about 430,000 tokens (a reply taken as 256, in part as in r1)",
        ),
    ],
)
def test_the_cost_is_told_in_round_numbers(changes: dict[str, object], text: str) -> None:
    """Rounded up to two digits; with a cache or a run that goes on it is a limit."""
    told = foresight(**changes)
    assert cost_text(told) == text
    assert foresight_lines(told) == [text]
