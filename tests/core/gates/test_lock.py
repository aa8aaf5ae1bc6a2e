"""A gate lock tells whether a later run asks for less."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pytest_iqeval.core.gates import parse_gate
from pytest_iqeval.core.gates.lock import Lock, LockReport, against_lock, lock_of
from tests.support.runs import make_benchmark, make_sample

DATA = {"demo": ("0" * 64, "r1")}


def against(locked: list[str], now: list[str]) -> LockReport:
    """The same data, and gates that changed."""
    first, second = (
        lock_of(map(parse_gate, gates), [make_benchmark([make_sample()])])
        for gates in (locked, now)
    )
    assert first.data == DATA
    return against_lock(first, second, file="gates.lock")


@pytest.mark.parametrize(
    ("locked", "now", "state"),
    [
        ("accuracy >= 0.6", "accuracy >= 60%", "tightened"),  # as strict, written otherwise
        ("accuracy >= 0.6", "accuracy > 0.6", "tightened"),
        ("accuracy > 0.6", "accuracy >= 0.6", "loosened"),
        ("accuracy >= 0.6", "accuracy >= 0.59", "loosened"),
        ("accuracy >= 0.6", "accuracy == 0.6", "loosened"),  # another condition
        ("truncated <= 1%", "truncated <= 2%", "loosened"),
        ("truncated <= 1%", "truncated <= 1", "loosened"),
        ("truncated <= 2", "truncated <= 1", "tightened"),
        ("lower(accuracy) >= 0.5", "lower(accuracy, 90) >= 0.5", "loosened"),
        ("lower(accuracy, 90) >= 0.5", "lower(accuracy) >= 0.5", "tightened"),
        ("lower(accuracy) >= 0.5", "lower(accuracy, 90) >= 0.6", "loosened"),
        ("lower(accuracy) >= 0.5", "accuracy >= 0.9", "loosened"),
        ("latency.p95 <= 20s", "latency.p95 <= 800ms", "tightened"),
        ("drop(accuracy) <= 3pt", "drop(accuracy) <= 4pt", "loosened"),
        ("not_worse(accuracy, 3pt)", "not_worse(accuracy, 2pt)", "tightened"),
        ("not_worse(accuracy, 3pt)", "not_worse(accuracy, 4pt)", "loosened"),
        ("no_regressions(p < 0.05)", "no_regressions(p < 0.01)", "loosened"),
        ("no_regressions(p < 0.05)", "no_regressions(p < 0.1)", "tightened"),
        ("must_pass(level=1)", "must_pass(level=2)", "loosened"),
        ("demo: accuracy >= 0.6", "demo:IQ: accuracy >= 0.6", "loosened"),
    ],
)
def test_a_gate_that_changed_is_looser_or_tighter(locked: str, now: str, state: str) -> None:
    report = against([locked], [now])
    assert report.state == state
    assert any(locked in told for told in (*report.loosened, *report.tightened))


def test_a_gate_that_is_gone_says_so() -> None:
    report = against(["accuracy >= 0.6", "n >= 20"], ["n >= 20"])
    assert report.loosened == ("accuracy >= 0.6 is gone",)
    assert report.told == "gate lock gates.lock: loosened: accuracy >= 0.6 is gone"


def test_the_same_gates_in_another_order_are_kept() -> None:
    report = against(["accuracy >= 0.6", "n >= 20"], ["n >= 20", "accuracy >= 0.6"])
    assert (report.state, report.told) == ("kept", None)


def test_a_gate_more_is_tighter_but_for_one_that_allows_errors() -> None:
    """Without one, none may be lost."""
    assert against([], ["accuracy >= 0.6"]).tightened == ("accuracy >= 0.6 is new",)
    assert against([], ["errors <= 1%"]).loosened == ("errors <= 1% is new",)
    assert against(["errors <= 1%"], []).tightened == ("errors <= 1% is gone",)
    assert against(["errors <= 0"], []).state == "kept"
    assert against(["errors <= 0"], ["errors <= 1%"]).state == "loosened"


def test_a_further_test_of_regressions_weakens_those_that_are_there() -> None:
    """All p values of a run are corrected for their number; the first of them is simply new."""
    gate, told = "no_regressions(p < 0.05)", "the correction for their number weakens the others"
    assert against([], [gate, f"demo:IQ: {gate}"]).tightened[0] == f"{gate} is new"
    report = against([gate], [gate, f"demo:IQ: {gate}"])
    assert report.loosened == (f"demo:IQ: {gate} is new, a further test: {told}",)
    assert against([f"each(subset): {gate}"], [f"each(subset): {gate}", gate]).state == "loosened"
    assert against([gate, f"a=1: {gate}"], [f"a=1: {gate}", gate]).state == "kept"


@pytest.mark.parametrize("scope", ["demo", "each(benchmark)"])
def test_a_test_of_the_same_questions_weakens_nothing(scope: str) -> None:
    """It is counted once, whatever its p."""
    gate = "no_regressions(p < 0.05)"
    report = against([gate], [gate, f"{scope}: no_regressions(p < 0.01)"])
    assert report.tightened == (f"{scope}: no_regressions(p < 0.01) is new",)
    assert report.loosened == ()
    every = f"each(subset): {gate}"
    assert against([every], [every, f"demo:IQ: {gate}"]).state == "tightened"


def test_other_data_are_told() -> None:
    locked = Lock(gates=(), data={"a": ("1", "r1"), "b": ("2", "r1"), "c": ("3", "r1")})
    now = Lock(gates=(), data={"a": ("1", "r2"), "b": ("4", "r2"), "d": ("5", "r1")})
    report = against_lock(locked, now, file="f")
    assert report.data == (
        "the data of b are others (revision r2, it was r1)",
        "c is not asked",
    )
    assert report.state == "loosened"


OPS = st.sampled_from([">=", ">", "<=", "<"])


@given(op=OPS, other=OPS, limit=st.integers(0, 10), new=st.integers(0, 10))
def test_what_is_called_kept_or_tighter_never_passes_more(
    op: str, other: str, limit: int, new: int
) -> None:
    """Over all shares of ten questions."""
    compare = {">=": int.__ge__, ">": int.__gt__, "<=": int.__le__, "<": int.__lt__}
    report = against([f"accuracy {op} {limit}0%"], [f"accuracy {other} {new}0%"])
    more = [n for n in range(11) if compare[other](n, new) and not compare[op](n, limit)]
    if report.state in ("kept", "tightened"):
        assert not more


def test_a_lock_is_read_as_it_was_written() -> None:
    lock = Lock(gates=("n >= 2", "accuracy >= 0.6"), data=DATA)
    plain = lock.to_plain()
    assert plain["gates"] == ["accuracy >= 0.6", "n >= 2"]
    assert Lock.from_plain(plain).to_plain() == plain
