"""What is told before a run is paid for: its requests, and what its gates can see."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pytest_iqeval.core.foresight import Sight, cost_text, dimmest, sight_text
from pytest_iqeval.core.gates import parse_gate
from pytest_iqeval.core.statistics.power import detectable, needed
from tests.support.runs import make_run


def seen(spec: dict[str, str], *gates: str) -> Sight | None:
    benchmarks, selected, _ = make_run(spec)
    return dimmest([parse_gate(gate) for gate in gates], benchmarks, selected)


def test_a_gate_of_120_questions_sees_nine_points() -> None:
    """The accuracy that the line names is the gate's own."""
    sight = seen({"demo": "c" * 120}, "accuracy >= 0.805")
    assert sight is not None
    assert sight_text(sight) == (
        "gate accuracy >= 0.805: 120 questions can show a change of about 9 points from 0.805; "
        "3 points need about 1,080 (one-sided 5 %, power 80 %)"
    )


def test_enough_questions_need_no_more() -> None:
    """Where 3 points are seen, no further number is named; below 2 points one decimal is."""
    sight = Sight(expression="accuracy >= 0.8", n=14_000, accuracy=0.8, change=0.0084)
    assert sight_text(sight) == (
        "gate accuracy >= 0.8: 14,000 questions can show a change of about 0.8 points from 0.8 "
        "(one-sided 5 %, power 80 %)"
    )


def test_of_several_gates_and_rows_the_dimmest_is_told() -> None:
    """The smaller subset sees less; gates on counts, times and unasked questions see nothing."""
    spec = {"demo:IQ": "c" * 80, "demo:EQ": "c" * 40 + "...."}
    sight = seen(spec, "accuracy >= 0.8", "each(subset): accuracy >= 0.8", "errors <= 1%")
    assert sight is not None
    assert (sight.expression, sight.n) == ("demo:EQ: accuracy >= 0.8", 40)
    assert seen(spec, "errors <= 1", "latency.p95 <= 20s") is None
    assert seen({"demo": "...."}, "accuracy >= 0.8") is None
    assert seen(spec) is None


@given(n=st.integers(1, 20_000), percent=st.integers(0, 100))
def test_what_is_told_is_what_the_statistics_say(n: int, percent: int) -> None:
    """No gate sees less than nothing or more than all, and no number is told too low."""
    accuracy = percent / 100
    change = detectable(n, accuracy)
    text = sight_text(Sight(expression="g", n=n, accuracy=accuracy, change=change))
    if " need about " in text:
        told = int(text.partition(" need about ")[2].split()[0].replace(",", ""))
        assert n < needed(0.03, accuracy) <= told <= 1.01 * needed(0.03, accuracy) + 1
    else:
        assert n >= needed(0.03, accuracy)


@pytest.mark.parametrize(
    ("requests", "tokens", "kept", "at_most", "text"),
    [
        (1, 300, 0, False, "1 request, about 300 tokens (a reply taken as 256)"),
        (1_200, 429_001, 0, False, "1,200 requests, about 430,000 tokens (a reply taken as 256)"),
        (5, 0, 0, True, "at most 5 requests, about 0 tokens (a reply taken as 256)"),
        (
            137,
            40_000,
            63,
            False,
            "137 requests beside 63 replies that are kept, about 40,000 tokens"
            " (a reply taken as 256)",
        ),
        (
            0,
            0,
            1,
            True,
            "at most 0 requests beside 1 reply that is kept, about 0 tokens (a reply taken as 256)",
        ),
    ],
)
def test_the_cost_is_told_in_round_numbers(
    requests: int, tokens: int, kept: int, at_most: bool, text: str
) -> None:
    """Rounded up to two digits; with a cache it is a limit."""
    said = cost_text(requests=requests, tokens=tokens, reply_tokens=256, kept=kept, at_most=at_most)
    assert said == text
