"""The verdict: DESIGN's table of exit codes, held over every combination of what can happen."""

# ruff: noqa: E501 - tables are read across

from __future__ import annotations

from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pytest_iqeval.core.gates.row import GateRow
from pytest_iqeval.core.verdict import Tally, decide


def make_row(passed: bool | None, *, metric: str = "accuracy", benchmark: str = "demo") -> GateRow:
    return GateRow(
        expression=f"{metric} >= 0.6" if metric == "accuracy" else f"{metric} <= 0",
        benchmark=benchmark,
        metric=metric,
        threshold=0.6,
        passed=passed,
        observed=None if passed is None else 0.5,
        reason="accuracy has no number" if passed is None else "accuracy 0.50",
    )


def make_tally(**changes: int | bool) -> Tally:
    values = {"collected": 10, "asked": 10, "scored": 10, "correct": 7, "failed": 3}
    return Tally(**{**values, **changes})  # type: ignore[arg-type]


GATES = {
    "passed": (True, True),
    "failed": (True, False),
    "without a number": (True, None),
    "failed and without a number": (None, False),
    "none": (),
}
# What befell the run: the changes to the tally, and whether the implied errors row is broken.
EVENTS = {
    "all right": ({"correct": 10, "failed": 0}, False),
    "wrong answers": ({}, False),
    "outages": ({"scored": 8, "correct": 6, "failed": 2, "no_reply": 2}, True),
    "a crashed scorer": ({"scored": 9, "crashed": 1}, True),
    "interrupted": ({"scored": 4, "not_asked": 6, "interrupted": True}, True),
    "stopped by -x": ({"scored": 1, "correct": 0, "failed": 1, "not_asked": 9}, True),
}
WITHOUT_TROUBLE = {
    "passed": ("passed", 0),
    "failed": ("failed", 1),
    "without a number": ("inconclusive", 6),
    "failed and without a number": ("failed", 1),
}


@pytest.mark.parametrize(("gates", "event", "ordinary"), list(product(GATES, EVENTS, (0, 2))))
def test_the_table_of_exit_codes(gates: str, event: str, ordinary: int) -> None:
    """(gates) x (what befell the run) x (an ordinary test failed)."""
    changes, incomplete = EVENTS[event]
    rows = [make_row(passed) for passed in GATES[gates]]
    if incomplete:
        rows.append(make_row(False, metric="errors"))
    verdict = decide(rows, make_tally(ordinary_failures=ordinary, **changes))
    if event == "interrupted":
        expected = ("inconclusive", 2)
    elif incomplete:
        expected = ("inconclusive", 6)
    elif gates == "none":
        expected = ("ungated", 1 if event == "wrong answers" else 0)
    else:
        expected = WITHOUT_TROUBLE[gates]
    if ordinary and event != "interrupted":
        expected = (expected[0], 1)
    assert (verdict.name, verdict.exit_code) == expected
    assert verdict.headline.startswith(f"{verdict.name}: ")


def test_nothing_collected_is_no_run() -> None:
    """It comes first, as pytest's own exit code does."""
    verdict = decide([], make_tally(collected=0, asked=0, ordinary_failures=1, interrupted=True))
    assert (verdict.name, verdict.exit_code) == ("none", 5)
    assert verdict.headline == "none: nothing was collected"


@pytest.mark.parametrize(("gated", "expected"), [(True, ("inconclusive", 6)), (False, ("ungated", 1))])  # fmt: skip
def test_earlier_failures_alone_leave_gates_open(gated: bool, expected: tuple[str, int]) -> None:
    """--lf with gates says nothing of them; without, it is what a run without gates is."""
    rows = [make_row(None)] if gated else []
    verdict = decide(rows, make_tally(only_failures=True))
    assert (verdict.name, verdict.exit_code) == expected
    assert not gated or verdict.headline == (
        "inconclusive: only earlier failures were asked, so no gate was judged"
    )


@pytest.mark.parametrize(
    ("rows", "changes", "headline"),
    [
        ([True], {}, "passed: the gate held, 7 of 10 correct"),
        ([True, True], {}, "passed: all 2 gates held, 7 of 10 correct"),
        ([True], {"no_reply": 1, "scored": 9}, "passed: the gate held, 7 of 9 correct; 1 of 10 got no reply, which the errors gates allow"),
        ([False], {}, "failed: accuracy >= 0.6 (demo) does not hold: accuracy 0.50"),
        ([False, True, False], {}, "failed: accuracy >= 0.6 (demo) does not hold: accuracy 0.50 (and 1 more)"),
        ([None], {}, "inconclusive: accuracy >= 0.6 (demo): accuracy has no number"),
        ([], {}, "ungated: 7 of 10 correct; to let it decide, set a gate: --iqeval-gate 'accuracy >= 0.6'"),
        ([True], {"interrupted": True, "scored": 4}, "inconclusive: interrupted with 4 of 10 questions scored"),
        ([True], {"ordinary_failures": 1}, "passed: the gate held, 7 of 10 correct; an ordinary test failed"),
        ([True], {"ordinary_failures": 3}, "passed: the gate held, 7 of 10 correct; 3 ordinary tests failed"),
    ],
)  # fmt: skip
def test_the_headline_is_one_sentence(
    rows: list[bool | None], changes: dict[str, int], headline: str
) -> None:
    assert decide([make_row(p) for p in rows], make_tally(**changes)).headline == headline


def test_the_headline_tells_every_kind_of_missing_question() -> None:
    tally = make_tally(no_reply=1, crashed=2, not_asked=3)
    assert decide([make_row(False, metric="errors")], tally).headline == (
        "inconclusive: 1 of 10 got no reply, 2 of 10 could not be scored, 3 of 10 were never asked"
    )


ROWS = st.lists(
    st.builds(
        make_row,
        st.sampled_from([True, False, None]),
        metric=st.sampled_from(["accuracy", "errors"]),
        benchmark=st.sampled_from(["a", "b"]),
    ),
    max_size=6,
)
TALLIES = st.builds(
    make_tally,
    failed=st.integers(0, 3),
    no_reply=st.integers(0, 2),
    ordinary_failures=st.integers(0, 2),
    interrupted=st.booleans(),
    only_failures=st.booleans(),
)


@given(rows=ROWS, tally=TALLIES)
def test_verdict_exit_code_and_rows_agree(rows: list[GateRow], tally: Tally) -> None:
    """A reader of any one of the three is never told otherwise by the other two."""
    verdict = decide(rows, tally)
    outcomes = {r.passed for r in rows}
    if verdict.name == "passed":
        assert outcomes == {True}
    if verdict.name == "failed":
        assert any(r.passed is False and r.metric != "errors" for r in rows)
        assert not any(r.passed is False and r.metric == "errors" for r in rows)
    if verdict.name == "ungated":
        assert not rows
    if verdict.name == "inconclusive":
        assert tally.interrupted or outcomes & {None, False}
    if tally.interrupted:
        assert verdict.exit_code == 2
    elif tally.ordinary_failures:
        assert verdict.exit_code == 1
    else:
        code = {"passed": 0, "failed": 1, "inconclusive": 6, "ungated": int(tally.failed > 0)}
        assert verdict.exit_code == code[verdict.name]


def test_the_headline_says_why_the_run_itself_left_questions_out() -> None:
    tally = make_tally(scored=4, not_asked=6, why_not_asked="the token budget of 500 is spent")  # type: ignore[arg-type]
    verdict = decide([make_row(False, metric="errors")], tally)
    assert (verdict.name, verdict.exit_code) == ("inconclusive", 6)
    assert verdict.headline.endswith("6 of 10 were never asked: the token budget of 500 is spent")
