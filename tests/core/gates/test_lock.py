"""A gate lock tells whether a later run asks for less."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pytest_iqeval.core.gates import parse_gate
from pytest_iqeval.core.gates.lock import Lock, LockReport, against_lock, lock_of
from pytest_iqeval.core.settings import Settings
from pytest_iqeval.core.statistics.intervals import wilson
from tests.support.runs import make_benchmark, make_sample

DATA = {"demo": ("0" * 64, "r1")}
QUESTIONS = [make_sample(f"q{n}") for n in range(5)]


def locked_run(
    gates: Sequence[str] = (),
    *,
    asked: str = "01234",
    prompt: str = "a" * 64,
    defined: Mapping[str, Any] | None = None,
    **settings: Any,
) -> Lock:
    """A run of questions by their numbers.

    :param defined: fields of the benchmark's definition.
    """
    chosen = [QUESTIONS[int(n)] for n in asked]
    parsed = [parse_gate(gate, own=["hard"]) for gate in gates]
    given = Settings(model="m", **settings)
    benchmark = make_benchmark(QUESTIONS)
    definition = replace(benchmark.definition, **(defined or {}))
    asked_of = [replace(benchmark, definition=definition)]
    return lock_of(parsed, asked_of, chosen, given, prompts={"demo": prompt})


def against(locked: Sequence[str], now: Sequence[str]) -> LockReport:
    """The same data, and gates that changed."""
    first, second = locked_run(locked), locked_run(now)
    assert first.data == DATA
    return against_lock(first, second, file="gates.lock")


def moved(before: Lock, now: Lock) -> tuple[str, str | None]:
    """State and line of two runs."""
    report = against_lock(before, now, file="f")
    return report.state, report.told


@pytest.mark.parametrize(
    ("locked", "now", "state"),
    [
        ("accuracy >= 0.6", "accuracy > 0.6", "tightened"),
        ("accuracy > 0.6", "accuracy >= 0.6", "loosened"),
        ("accuracy >= 0.6", "accuracy >= 0.59", "loosened"),
        ("accuracy >= 0.6", "accuracy == 0.6", "tightened"),
        ("accuracy == 0.6", "accuracy >= 0.6", "loosened"),
        ("accuracy >= 0.6", "accuracy <= 0.6", "loosened"),  # another condition
        ("hard >= 0.6", "hard >= 0.5", "loosened"),
        ("truncated <= 1%", "truncated <= 2%", "loosened"),
        ("truncated <= 1%", "truncated <= 1", "loosened"),
        ("truncated <= 1%", "truncated == 0", "tightened"),
        ("truncated == 0", "truncated <= 1%", "loosened"),
        ("truncated <= 2", "truncated <= 1", "tightened"),
        ("truncated <= 2", "truncated < 2", "tightened"),
        ("lower(accuracy) >= 0.5", "lower(accuracy, 90) >= 0.5", "loosened"),
        ("lower(accuracy, 90) >= 0.5", "lower(accuracy) >= 0.5", "tightened"),
        ("lower(accuracy) >= 0.5", "lower(accuracy, 90) >= 0.6", "loosened"),
        ("lower(accuracy) >= 0.5", "accuracy >= 0.9", "loosened"),
        ("accuracy >= 0.5", "lower(accuracy) >= 0.5", "tightened"),
        ("upper(accuracy) >= 0.7", "upper(accuracy, 99) >= 0.7", "loosened"),
        ("upper(accuracy, 99) >= 0.7", "upper(accuracy) >= 0.7", "tightened"),
        ("upper(unparsed) <= 20%", "upper(unparsed, 99) <= 20%", "tightened"),
        ("upper(unparsed, 99) <= 20%", "upper(unparsed) <= 20%", "loosened"),
        ("lower(unparsed) <= 20%", "lower(unparsed, 99) <= 20%", "loosened"),
        ("lower(unparsed) <= 20%", "unparsed <= 20%", "tightened"),
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


def test_a_test_of_the_same_questions_weakens_nothing() -> None:
    """It is counted once, whatever its p; where its scope is the same too, it asks for less."""
    gate, other = "no_regressions(p < 0.05)", "no_regressions(p < 0.01)"
    report = against([gate], [gate, f"demo: {other}"])
    assert (report.loosened, report.tightened) == ((), (f"demo: {other} is new",))
    assert against([gate], [gate, f"each(benchmark): {other}"]).told is None
    every = f"each(subset): {gate}"
    assert against([every], [every, f"demo:IQ: {gate}"]).state == "tightened"


def test_other_data_are_told() -> None:
    locked = Lock(gates=(), data={"a": ("1", "r1"), "b": ("2", "r1"), "c": ("3", "r1")})
    now = Lock(gates=(), data={"a": ("1", "r2"), "b": ("4", "r2"), "d": ("5", "r1")})
    report = against_lock(locked, now, file="f")
    assert report.tightened == ("d is asked too",)
    assert report.data == (
        "the data of b are others (revision r2, it was r1)",
        "c is not asked",
    )
    assert report.state == "loosened"


def test_what_got_stricter_is_not_called_loosened() -> None:
    """One line tells both, each under its own word."""
    report = against(["accuracy >= 0.6", "n >= 20"], ["accuracy >= 0.5", "n >= 30"])
    assert report.told == (
        "gate lock gates.lock: loosened: accuracy >= 0.6 is now accuracy >= 0.5; "
        "tightened: n >= 20 is now n >= 30"
    )


@pytest.mark.parametrize(
    ("locked", "now"),
    [
        ("accuracy >= 60%", "accuracy >= 0.6"),
        ("latency.p95 <= 20s", "latency.p95 <= 20000ms"),
        ("drop(accuracy) <= 3pt", "drop(accuracy) <= 3.0pt"),
        ("not_worse(accuracy, 3pt)", "not_worse(accuracy, 3.00pt)"),
        ("no_regressions(p < 0.05)", "no_regressions(p < 0.050)"),
        ("truncated == 0", "truncated <= 0"),
        ("truncated == 0", "truncated < 1"),
        ("truncated == 0", "truncated <= 0%"),
        ("n > 99", "n >= 100"),
        ("accuracy == 1", "accuracy >= 100%"),
        ("lower(accuracy) >= 0.5", "lower(accuracy, 95) >= 50%"),
        ("accuracy >= 0.5", "each(benchmark): accuracy >= 0.5"),
        ("category=Ａ: accuracy >= 0.5", "category=A: accuracy >= 0.5"),
        ("must_pass(level=1)", "must_pass(level = 1)"),
        ("hard >= 0.5", "hard >= 50%"),
    ],
)
def test_the_same_gate_written_otherwise_is_kept(locked: str, now: str) -> None:
    for first, second in ((locked, now), (now, locked)):
        report = against([first], [second])
        assert (report.state, report.told) == ("kept", None)


def test_a_gate_that_another_locked_one_holds_is_not_missed() -> None:
    assert against(["accuracy >= 0.6", "accuracy >= 0.5"], ["accuracy >= 0.6"]).told is None
    assert against(["accuracy >= 0.6"], ["accuracy >= 0.6", "accuracy >= 0.5"]).told is None
    further = against(["accuracy >= 0.6"], ["accuracy >= 0.6", "accuracy < 0.9"])
    assert further.tightened == ("accuracy < 0.9 is new",)


@pytest.mark.parametrize(
    ("locked", "now", "told"),
    [
        (
            ["accuracy >= 0.5", "accuracy <= 0.9"],
            ["accuracy <= 0.9", "accuracy >= 0.4"],
            "loosened: accuracy >= 0.5 is now accuracy >= 0.4",
        ),
        (
            ["accuracy >= 0.5", "accuracy <= 0.9"],
            ["accuracy <= 0.9"],
            "loosened: accuracy >= 0.5 is gone",
        ),
        (
            ["accuracy >= 0.5", "accuracy <= 0.9"],
            ["accuracy >= 0.4"],
            "loosened: accuracy <= 0.9 is gone; accuracy >= 0.5 is now accuracy >= 0.4",
        ),
        (
            ["accuracy >= 0.5", "lower(accuracy) >= 0.3"],
            ["lower(accuracy) >= 0.2", "accuracy >= 0.4"],
            "loosened: accuracy >= 0.5 is now accuracy >= 0.4; "
            "lower(accuracy) >= 0.3 is now lower(accuracy) >= 0.2",
        ),
        (
            ["truncated <= 2", "truncated <= 1%"],
            ["truncated <= 2%", "truncated <= 3"],
            "loosened: truncated <= 1% is now truncated <= 2%; "
            "truncated <= 2 is now truncated <= 3",
        ),
        (
            ["accuracy >= 0.7", "accuracy >= 0.5"],
            ["accuracy >= 0.4", "accuracy >= 0.6"],
            "loosened: accuracy >= 0.7 is now accuracy >= 0.6",
        ),
    ],
)
def test_a_gate_is_told_beside_the_one_that_took_its_place(
    locked: list[str], now: list[str], told: str
) -> None:
    """One most like it that is no other locked gate's; whatever the order of either."""
    for first in (locked, locked[::-1]):
        for second in (now, now[::-1]):
            assert against(first, second).told == f"gate lock gates.lock: {told}"


# Each metric with its values, finer than any limit below: shares, whole counts, seconds, points.
VALUES = {
    "accuracy": [Fraction(n, 40) for n in range(41)],
    "truncated": [Fraction(n) for n in range(11)],  # beyond every limit too
    "latency.p95": [Fraction(n, 4) for n in range(40)],
    "drop(accuracy)": [Fraction(n, 40) for n in range(-40, 41)],
}
WRITTEN = {
    "accuracy": lambda n: [f"{n}0%", f"{n / 10}", f"{n}0.0%"],
    "truncated": lambda n: [f"{n}", f"{n}.0"],
    "latency.p95": lambda n: [f"{n}s", f"{n}000ms", f"{n}.00s"],
    "drop(accuracy)": lambda n: [f"{n}0pt", f"{n}0.0pt"],
}
LIMIT = {"accuracy": 10, "truncated": 1, "latency.p95": 1, "drop(accuracy)": 10}
COMPARE = {
    ">=": Fraction.__ge__,
    ">": Fraction.__gt__,
    "<=": Fraction.__le__,
    "<": Fraction.__lt__,
    "==": Fraction.__eq__,
}


@st.composite
def written(draw: st.DrawFn, metric: str) -> tuple[str, frozenset[Fraction]]:
    """A gate, and which of the values pass it."""
    op, n = draw(st.sampled_from(sorted(COMPARE))), draw(st.integers(0, 8))
    limit = Fraction(n, LIMIT[metric])
    passing = frozenset(v for v in VALUES[metric] if COMPARE[op](v, limit))
    return f"{metric} {op} {draw(st.sampled_from(WRITTEN[metric](n)))}", passing


@given(data=st.data(), metric=st.sampled_from(sorted(VALUES)))
def test_a_difference_is_told_just_where_the_meaning_differs(
    data: st.DataObject, metric: str
) -> None:
    """And it is called tighter just where nothing passes that did not."""
    (old, before), (new, now) = data.draw(st.tuples(written(metric), written(metric)))
    report = against([old], [new])
    assert (report.told is None) == (before == now)
    assert (report.state == "loosened") == bool(now - before)


LEVELS = st.sampled_from([None, 60, 90, 95, 99])


@given(
    bounds=st.tuples(st.sampled_from(["lower", "upper"]), st.sampled_from(["lower", "upper"])),
    levels=st.tuples(LEVELS, LEVELS),
    ops=st.tuples(*[st.sampled_from([">=", ">", "<=", "<"])] * 2),
    limits=st.tuples(st.integers(1, 9), st.integers(1, 9)),
)
def test_of_a_bound_what_is_kept_or_tighter_never_passes_more(
    bounds: tuple[str, str],
    levels: tuple[int | None, int | None],
    ops: tuple[str, str],
    limits: tuple[int, int],
) -> None:
    """Over all shares of forty questions, each bound by the interval itself."""

    def passes(place: int, hits: int) -> bool:
        level = levels[place]
        value = (
            hits / 40 if level is None else wilson(hits, 40, level / 100)[bounds[place] == "upper"]
        )
        return COMPARE[ops[place]](Fraction(value), Fraction(limits[place], 10))

    old, new = (
        f"{'accuracy' if level is None else f'{bound}(accuracy, {level})'} {op} {limit}0%"
        for bound, level, op, limit in zip(bounds, levels, ops, limits, strict=True)
    )
    if against([old], [new]).state != "loosened":
        # The interval is a float: at a limit itself, one may lie by chance on either side.
        assert not any(passes(1, hits) and not passes(0, hits) for hits in range(1, 40))


@pytest.mark.parametrize(
    ("before", "now", "state", "told"),
    [
        ({}, {"asked": "01"}, "loosened", "loosened: 2 questions of demo are asked, it was 5"),
        ({"asked": "01"}, {}, "tightened", "tightened: 5 questions of demo are asked, it was 2"),
        (
            *({"asked": "01"}, {"asked": "23"}, "loosened"),
            "loosened: other questions of demo are asked, as many as then",
        ),
        (
            *({"repeats": 5}, {"repeats": 3}, "loosened"),
            "loosened: --iqeval-repeats is 3, it was 5",
        ),
        ({}, {"repeats": 3}, "tightened", "tightened: --iqeval-repeats is 3, it was 1"),
        (
            *({"repeats": 5}, {"repeats": 5, "pass_": "any"}, "loosened"),
            "loosened: --iqeval-pass is any, it was majority",
        ),
        (
            *({"repeats": 5, "pass_": "2"}, {"repeats": 5, "pass_": "all"}, "tightened"),
            "tightened: --iqeval-pass is all, it was 2",
        ),
        (
            {"repeats": 2, "pass_": "all"},
            {"repeats": 8, "pass_": "2"},
            "loosened",
            "loosened: --iqeval-repeats is 8, it was 2; --iqeval-pass is 2, it was all",
        ),
        (
            *({"repeats": 2, "pass_": "2"}, {"repeats": 8, "pass_": "2"}, "loosened"),
            "loosened: --iqeval-repeats is 8, it was 2",
        ),
        (
            *({"repeats": 3, "pass_": "any"}, {"repeats": 5, "pass_": "any"}, "loosened"),
            "loosened: --iqeval-repeats is 5, it was 3",
        ),
        (
            *({"repeats": 3, "pass_": "all"}, {"repeats": 5, "pass_": "all"}, "tightened"),
            "tightened: --iqeval-repeats is 5, it was 3",
        ),
        (
            *({"repeats": 2}, {"repeats": 8}, "loosened"),
            "loosened: --iqeval-repeats is 8, it was 2",
        ),
        (
            *({"repeats": 8, "pass_": "6"}, {"repeats": 2, "pass_": "any"}, "loosened"),
            "loosened: --iqeval-repeats is 2, it was 8; --iqeval-pass is any, it was 6",
        ),
        (
            *({}, {"answer": "letter"}, "loosened"),
            "loosened: --iqeval-answer is letter, it was free",
        ),
        (
            *({}, {"baseline_allow": ("data",)}, "loosened"),
            "loosened: --iqeval-baseline-allow is data, it was not set",
        ),
        (
            *({"baseline_allow": ("all",)}, {"baseline_allow": ("data",)}, "tightened"),
            "tightened: --iqeval-baseline-allow is data, it was all",
        ),
    ],
)
def test_questions_and_settings_are_locked_too(
    before: dict[str, Any], now: dict[str, Any], state: str, told: str
) -> None:
    assert moved(locked_run(**before), locked_run(**now)) == (state, f"gate lock f: {told}")


RULES = st.integers(1, 9).flatmap(lambda n: st.tuples(st.integers(1, n), st.just(n)))


@given(was=RULES, now=RULES)
def test_a_pass_rule_that_whatever_rate_of_right_replies_meets_sooner_is_looser(
    was: tuple[int, int], now: tuple[int, int]
) -> None:
    """It needs no more right replies, and allows no fewer wrong ones."""
    before, after = (locked_run(pass_=str(n), repeats=k) for n, k in (was, now))
    if was != now and now[0] <= was[0] and now[1] - now[0] >= was[1] - was[0]:
        assert moved(before, after)[0] == "loosened"
        assert moved(after, before)[0] == "tightened"


PASSAGE = {"defined": {"group": "passage"}}


@pytest.mark.parametrize(
    ("before", "now", "state", "told"),
    [
        (PASSAGE, {}, "loosened", "loosened: group of demo is not set, it was passage"),
        ({}, PASSAGE, "tightened", "tightened: group of demo is passage, it was not set"),
        (
            *(PASSAGE, {"defined": {"group": "author"}}, "loosened"),
            "loosened: group of demo is author, it was passage",
        ),
        (
            *({}, {"defined": {"scorer_options": {"partial": "half"}}}, "loosened"),
            'loosened: scorer of demo is choice {"partial": "half"}, it was choice',
        ),
        (
            *({}, {"prompt": "b" * 64}, "loosened"),
            "loosened: prompt of demo is sha256 bbbbbbbbbbbb, it was sha256 aaaaaaaaaaaa",
        ),
        (  # which asks with another prompt
            *({}, {"prompt": "b" * 64, "answer": "letter"}, "loosened"),
            "loosened: --iqeval-answer is letter, it was free",
        ),
    ],
)
def test_what_a_definition_decides_is_locked_too(
    before: dict[str, Any], now: dict[str, Any], state: str, told: str
) -> None:
    """The group makes intervals, prompt and scorer make outcomes."""
    assert moved(locked_run(**before), locked_run(**now)) == (state, f"gate lock f: {told}")
    assert moved(locked_run(**now), locked_run(**now)) == ("kept", None)


def test_a_lock_without_definitions_says_that_alone() -> None:
    """An earlier version kept questions and settings, but not these."""
    old, now = replace(locked_run(), defined={}), locked_run(**PASSAGE)
    report = against_lock(old, now, file="f")
    assert report.state == "kept"
    assert report.unrecorded == ("prompt, scorer and group of each benchmark",)


def test_settings_that_mean_the_same_are_kept() -> None:
    """All are asked by any limit that is not below; of one reply all, any and most are the same."""
    one, other = locked_run(pass_="all"), locked_run(limit=9, seed=4, pass_="majority")
    assert moved(one, other) == ("kept", None)
    three, two = locked_run(repeats=3, pass_="majority"), locked_run(repeats=3, pass_="2")
    assert moved(three, two) == ("kept", None)


def test_a_lock_of_an_earlier_version_says_what_is_not_in_it() -> None:
    old = Lock(gates=("n >= 2",), data=DATA)
    state, told = moved(old, locked_run(["n >= 2"], asked="0"))
    assert state == "kept"
    assert told == (
        "gate lock f: not recorded in it, so not compared: which questions were asked, "
        "prompt, scorer and group of each benchmark, "
        "--iqeval-answer, --iqeval-repeats, --iqeval-pass, --iqeval-baseline-allow "
        "(delete it, and the next run writes it anew)"
    )


def test_a_lock_is_read_as_it_was_written() -> None:
    lock = locked_run(["n >= 2", "accuracy >= 0.6"])
    plain = lock.to_plain()
    assert plain["gates"] == ["accuracy >= 0.6", "n >= 2"]
    assert Lock.from_plain(plain).to_plain() == plain
