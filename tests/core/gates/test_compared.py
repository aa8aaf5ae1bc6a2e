"""Gates on a comparison with a baseline: what is compared, what is left out, what is corrected."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pytest_iqeval.core.comparison import Baseline, Comparison, compare, scored
from pytest_iqeval.core.facts import Change, Facts
from pytest_iqeval.core.gates import parse_gate
from pytest_iqeval.core.gates.judge import judge_gates
from pytest_iqeval.core.gates.row import GateRow
from pytest_iqeval.core.policy import majority
from pytest_iqeval.core.statistics.paired import holm, mcnemar, score_interval
from pytest_iqeval.core.told import said_in
from tests.support.runs import make_benchmark, make_result, make_run, make_sample

WARMER = Change(name="temperature", said="temperature is 0.7, it was 0")


def judge(
    before: dict[str, str], now: dict[str, str], *gates: str, changed: tuple[Change, ...] = ()
) -> tuple[GateRow, ...]:
    """Two runs over the same questions, each spelt as `make_run` does."""
    benchmarks, selected, results = make_run(now)
    earlier = make_run(before)[2]
    baseline = Baseline(run="20260101_101010", model="old", scores=scored(earlier))
    comparison = compare(baseline, selected, results, passes=majority, facts=Facts())
    told = Comparison(**{**vars(comparison), "changed": changed}) if changed else comparison
    parsed = [parse_gate(g) for g in gates]
    return judge_gates(parsed, benchmarks, selected, results, comparison=told)


def test_a_drop_is_the_baseline_minus_now_over_the_pairs() -> None:
    before, now = {"demo": "c" * 60 + "i" * 40}, {"demo": "c" * 57 + "i" * 43}
    (row,) = judge(before, now, "drop(accuracy) <= 3pt")
    assert (row.passed, row.observed, row.threshold) == (True, 0.03, 0.03)
    assert (row.metric, row.n) == ("drop(accuracy)", 100)
    assert row.reason == "accuracy dropped by 3.0pt, from 0.600 to 0.570, over 100 pairs"
    low, high = score_interval(3, 0, 100)
    assert (row.low, row.high) == pytest.approx((-high, -low))
    (row,) = judge({"demo": "cc" * 30}, {"demo": "ci" * 30}, "drop(accuracy) < 50pt")
    assert row.passed is False


def test_a_drop_just_above_the_limit_is_not_printed_as_the_limit() -> None:
    (row,) = judge({"demo": "c" * 997}, {"demo": "c" * 967 + "i" * 30}, "drop(accuracy) <= 3pt")
    assert row.passed is False
    assert "dropped by 3.01pt" in row.reason


def test_a_drop_below_0_is_a_rise() -> None:
    """7 of 80 more: 8.75 points are 8.8, and 0.0875 is 0.088 and not 0.087."""
    (row,) = judge({"demo": "i" * 80}, {"demo": "c" * 7 + "i" * 73}, "drop(accuracy) <= 3pt")
    assert row.passed is True
    assert row.reason == "accuracy rose by 8.8pt, from 0.000 to 0.088, over 80 pairs"
    assert said_in(row.reason, "zh") == "accuracy 上升 8.8pt：从 0.000 到 0.088，可对比 80 题"


def test_what_has_no_two_scores_is_left_out_and_counted() -> None:
    """Lost now, lost then, and new."""
    (row, _) = judge({"demo": "ccec"}, {"demo": "cceccc"}, "drop(accuracy) <= 3pt", "errors <= 9")
    assert (row.passed, row.n, row.available) == (True, 3, 6)
    assert row.reason.endswith("over 3 pairs; 1 without two scores and 2 new left out")


@pytest.mark.parametrize(
    "gate", ["drop(accuracy) <= 3pt", "not_worse(accuracy, 99pt)", "no_regressions(p < 0.05)"]
)
def test_a_part_of_the_questions_is_said_to_be_one(gate: str) -> None:
    """`.` is left out of the run; the pairs are those that both have."""
    (row,) = judge({"demo": "ccc"}, {"demo": "cc.."}, gate)
    assert row.reason.endswith("2 pairs; 2 of 4 questions selected")


def test_credit_and_outcomes_are_compared_as_shares() -> None:
    before, now = {"demo": "ccchtt"}, {"demo": "cchhct"}
    credit, cut = judge(before, now, "drop(credit) <= 0pt", "drop(truncated) >= 10pt")
    assert credit.observed == pytest.approx((3.5 - 4) / 6)
    assert (cut.passed, cut.observed) == (True, pytest.approx(1 / 6))


def test_not_worse_asks_for_the_end_of_the_interval() -> None:
    """Equal runs over few questions can't tell that they are equal."""
    few, many = "c" * 20 + "i" * 20, "c" * 400 + "i" * 400
    (row,) = judge({"demo": few}, {"demo": few}, "not_worse(accuracy, 3pt)")
    assert row.passed is False
    assert row.threshold == -0.03
    low, high = score_interval(0, 0, 40)
    assert (row.observed, row.low, row.high) == pytest.approx((low, low, high))
    assert row.reason == (
        "lower end -8.8pt of accuracy +0.0pt [-8.8, +8.8] against the baseline, over 40 pairs"
    )
    (row,) = judge({"demo": many}, {"demo": many}, "not_worse(accuracy, 3pt)")
    assert row.passed is True


def test_of_a_bad_outcome_more_is_worse() -> None:
    """More truncated replies fail; fewer never do."""
    more, less = {"demo": "c" * 360 + "t" * 40}, {"demo": "c" * 399 + "t"}
    (row,) = judge(less, more, "not_worse(truncated, 3pt)")
    assert (row.passed, row.threshold) == (False, 0.03)
    assert row.reason.startswith("upper end +")
    (row,) = judge(more, less, "not_worse(truncated, 3pt)")
    assert row.passed is True


def test_regressions_are_tested_by_lost_against_gained_questions() -> None:
    before, now = {"demo": "c" * 10 + "ii" + "c"}, {"demo": "i" * 10 + "cc" + "c"}
    (row,) = judge(before, now, "no_regressions(p < 0.05)")
    assert row.passed is False
    assert row.p == row.adjusted == row.observed == mcnemar(10, 2)
    assert row.reason == "p 0.019: 10 lost, 2 gained, accuracy -61.5pt, over 13 pairs"
    (row,) = judge(now, before, "no_regressions(p < 0.05)")
    assert row.passed is True
    assert row.reason == "p 1: 2 lost, 10 gained, accuracy +61.5pt, over 13 pairs"
    (row,) = judge({"demo": "c" * 40}, {"demo": "i" * 40}, "no_regressions(p < 0.05)")
    assert row.reason.startswith("p 9.1e-13: 40 lost")


def test_several_such_tests_are_corrected_by_holm() -> None:
    """IQ alone would fail at 0.05; of two tests it may be chance."""
    before = {"a:IQ": "c" * 6 + "i", "a:EQ": "ccci"}
    now = {"a:IQ": "i" * 6 + "c", "a:EQ": "iccc"}
    gate = "no_regressions(p < 0.07)"
    alone = judge({"a:IQ": before["a:IQ"]}, {"a:IQ": now["a:IQ"]}, gate)[0]
    assert (alone.passed, alone.p) == (False, mcnemar(6, 1))
    iq, eq = judge(before, now, f"each(subset): {gate}")
    assert (iq.p, eq.p) == (mcnemar(6, 1), mcnemar(1, 1))
    assert [iq.adjusted, eq.adjusted] == holm([mcnemar(6, 1), mcnemar(1, 1)])
    assert (iq.passed, eq.passed) == (True, True)
    assert iq.reason == (
        "p 0.062, 0.12 after Holm over 2: 6 lost, 1 gained, accuracy -71.4pt, over 7 pairs"
    )


@pytest.mark.parametrize(
    "more", ["a: {gate}", "each(benchmark): {gate}", "a:IQ: {gate}", "subset=IQ: {gate}"]
)
def test_the_same_questions_tested_again_are_one_test(more: str) -> None:
    """Else whoever writes a gate twice would make a failed run pass."""
    gate = "no_regressions(p < 0.05)"
    before, now = {"a:IQ": "c" * 9 + "i"}, {"a:IQ": "i" * 7 + "cci"}
    (alone,) = judge(before, now, gate)
    assert alone.passed is False
    first, second = judge(before, now, gate, more.format(gate="no_regressions(p < 0.01)"))
    assert (first.passed, first.adjusted, first.reason) == (False, alone.p, alone.reason)
    assert (second.passed, second.p, second.adjusted) == (alone.p >= 0.01, alone.p, alone.p)


def test_a_test_of_other_questions_is_a_further_one() -> None:
    """One question less is enough for it."""
    before, now = {"a:IQ": "c" * 9, "a:EQ": "c"}, {"a:IQ": "i" * 9, "a:EQ": "c"}
    gate = "no_regressions(p < 0.05)"
    both, part, again = judge(before, now, gate, f"a:IQ: {gate}", f"a: {gate}")
    assert both.p == part.p == again.p == mcnemar(9, 0)
    assert both.adjusted == part.adjusted == again.adjusted == 2 * mcnemar(9, 0)
    assert "after Holm over 2:" in part.reason


def test_not_worse_is_not_corrected() -> None:
    """All gates must hold, so several of them pass a bad release no more often than one."""
    spec = {"a:IQ": "c" * 200 + "i" * 200, "a:EQ": "c" * 200 + "i" * 200}
    alone = judge(spec, spec, "a:IQ: not_worse(accuracy, 3pt)")[0]
    rows = judge(spec, spec, "each(subset): not_worse(accuracy, 3pt)")
    assert [(r.low, r.high, r.passed) for r in rows] == [(alone.low, alone.high, True)] * 2


@given(
    st.lists(
        st.tuples(st.text("ci", min_size=6, max_size=6), st.text("ci", min_size=6, max_size=6)),
        min_size=1,
        max_size=5,
    )
)
def test_correction_only_ever_forgives(runs: list[tuple[str, str]]) -> None:
    """A row that passes alone passes among others, and printed p and verdict agree."""
    gate = "no_regressions(p < 0.2)"
    before = {f"b{n}": old for n, (old, _) in enumerate(runs)}
    now = {f"b{n}": new for n, (_, new) in enumerate(runs)}
    rows = judge(before, now, gate)
    for n, row in enumerate(rows):
        (alone,) = judge({f"b{n}": before[f"b{n}"]}, {f"b{n}": now[f"b{n}"]}, gate)
        assert row.p == alone.p
        assert row.passed or not alone.passed
        assert row.adjusted is not None
        assert row.passed is (row.adjusted >= 0.2)


@pytest.mark.parametrize(
    "gate", ["drop(accuracy) <= 3pt", "not_worse(accuracy, 3pt)", "no_regressions(p < 0.05)"]
)
def test_what_can_t_be_compared_has_no_verdict(gate: str) -> None:
    """Another setting, no pair, or no baseline."""
    spec = {"demo": "cci"}
    (row,) = judge(spec, spec, gate, changed=(WARMER,))
    assert (row.passed, row.observed, row.p) == (None, None, None)
    assert "not judged: temperature is 0.7, it was 0 (--iqeval-baseline-allow" in row.reason
    (row,) = judge({"other": "c"}, spec, gate)
    assert row.passed is None
    assert row.reason.endswith("no question in its scope has a score in both runs")
    benchmarks, selected, results = make_run(spec)
    (row,) = judge_gates([parse_gate(gate)], benchmarks, selected, results)
    assert (row.passed, row.reason) == (None, "not judged: there is no baseline to compare with")


def test_a_benchmark_s_change_silences_its_own_gates_alone() -> None:
    """Its data are others; those of the other benchmark are not, and its gate is judged."""
    change = Change(name="data", said="data of a is r2, it was r1", benchmark="a")
    before, now = {"a": "cccc", "b": "c" * 10}, {"a": "cccc", "b": "i" * 10}
    for gate in ("drop(accuracy) <= 3pt", "no_regressions(p < 0.05)"):
        of_a, of_b = judge(before, now, gate, changed=(change,))
        assert of_a.passed is None
        assert "not judged: data of a is r2" in of_a.reason
        assert of_b.passed is False
    rows = judge(before, now, "each(subset): drop(accuracy) <= 3pt", changed=(change,))
    assert [row.passed for row in rows] == [None, False]
    both = judge(before, now, "drop(accuracy) <= 3pt", changed=(change, WARMER))
    assert [row.passed for row in both] == [None, None]
    assert "data of a" not in both[1].reason


def regressions(before: list[str], now: list[str]) -> GateRow:
    """`no_regressions` over questions that have a letter for each of their replies."""
    samples = [make_sample(f"q{n}") for n in range(len(now))]
    earlier, later = (
        [
            make_result(sample, letter, repeat=repeat)
            for sample, letters in zip(samples, run, strict=True)
            for repeat, letter in enumerate(letters)
        ]
        for run in (before, now)
    )
    comparison = compare(
        Baseline(run="r", model="m", scores=scored(earlier)),
        samples,
        later,
        passes=majority,
        facts=Facts(),
    )
    (row,) = judge_gates(
        [parse_gate("no_regressions(p < 0.05)"), parse_gate("errors <= 9")],
        [make_benchmark(samples)],
        samples,
        later,
        comparison=comparison,
    )[:1]
    return row


def test_a_question_that_flips_counts_by_how_far_it_moved() -> None:
    """It is flaky and no lost one, and not left out."""
    row = regressions(["ccc"], ["ici"])
    assert row.reason == "p 0.5: 0 lost, 0 gained, 1 flaky, accuracy -66.7pt, over 1 pair"
    row = regressions(["ccccc"] * 40, ["ccicc"] * 4 + ["iccii"] * 16 + ["ccccc"] * 20)
    assert row.passed is False
    assert row.p == mcnemar(20, 0)
    assert row.reason.endswith("0 lost, 0 gained, 20 flaky, accuracy -26.0pt, over 40 pairs")
    row = regressions(["cic"] * 40, ["icc"] * 40)
    assert (row.passed, row.p) == (True, 1.0)


def test_other_numbers_of_replies_are_compared_by_their_means() -> None:
    """One then and two now, of which one was lost: -1/2 four times, -1 once, +1/2 once."""
    row = regressions(["c"] * 5 + ["i"], ["ci"] * 4 + ["ie", "ic"])
    assert row.p == 6 / 64  # of all signs: one half gained, whichever of five, or none
    assert row.reason.startswith("p 0.094: 1 lost, 0 gained, 5 flaky, accuracy -41.7pt")
