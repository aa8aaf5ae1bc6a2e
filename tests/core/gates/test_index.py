"""The index of a run, gates on it, and what they can see."""

# ruff: noqa: E501 - tables are read across

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction

import pytest

from pytest_iqeval.core.comparison import compare
from pytest_iqeval.core.errors import GateError, SettingsError
from pytest_iqeval.core.facts import Change, Facts
from pytest_iqeval.core.gates import parse_gate
from pytest_iqeval.core.gates.index_sight import index_sights
from pytest_iqeval.core.gates.judge import judge_gates
from pytest_iqeval.core.gates.origins import definition_gate
from pytest_iqeval.core.gates.row import GateRow
from pytest_iqeval.core.index import IndexPart, all_alike, check_parts, index_shown, parts_of
from pytest_iqeval.core.policy import majority
from pytest_iqeval.core.statistics.combined import weighted_mean
from pytest_iqeval.core.statistics.intervals import wilson
from pytest_iqeval.core.statistics.paired import paired_difference
from pytest_iqeval.core.statistics.power import detectable, needed
from pytest_iqeval.core.suite import SuiteSet
from tests.support.runs import make_run
from tests.support.sights import baseline_of

HALF = "c" * 50 + "i" * 50
MOST = "c" * 36 + "i" * 4
PARTS = (IndexPart(benchmark="one"), IndexPart(benchmark="two", weight=Fraction(3)))


def judge(spec: dict[str, str], gate: str, parts: tuple[IndexPart, ...] = PARTS, before: dict[str, str] | None = None) -> GateRow:  # fmt: skip
    benchmarks, selected, results = make_run(spec)
    comparison = None
    if before is not None:
        comparison = compare(baseline_of(before), selected, results, passes=majority, facts=Facts())
    (row, *_) = judge_gates([parse_gate(gate)], benchmarks, selected, results, comparison=comparison, index=parts)  # fmt: skip
    return row


def test_the_index_is_the_weighted_mean_with_its_interval() -> None:
    row = judge({"one": HALF, "two": MOST}, "index >= 0.8")
    mean, low, high = weighted_mean([(1, 0.5, *wilson(50, 100)), (3, 0.9, *wilson(36, 40))])
    assert (row.benchmark, row.expression, row.passed) == (None, "index >= 0.8", True)
    assert row.observed == 0.8 == pytest.approx(mean)  # exactly at the limit: no float decides
    assert (row.low, row.high) == pytest.approx((low, high))
    assert row.reason == "index 0.80 [0.70, 0.85] over 2 benchmarks, n=140"
    assert judge({"one": HALF, "two": MOST}, "index > 0.8").passed is False


def test_a_bound_of_it_is_taken_at_its_own_level() -> None:
    row = judge({"one": HALF, "two": MOST}, "lower(index, 80) >= 75%")
    _, low, _ = weighted_mean([(1, 0.5, *wilson(50, 100, 0.8)), (3, 0.9, *wilson(36, 40, 0.8))])
    assert row.observed == pytest.approx(low)
    assert row.passed is (low >= 0.75)
    assert row.reason.startswith("lower 0.7")


def test_a_benchmark_without_a_number_leaves_the_index_without_one() -> None:
    """Errors and questions never asked are no score; a mean of the rest would be another index."""
    row = judge({"one": HALF, "two": "..."}, "index >= 0.1")
    assert (row.passed, row.observed) == (None, None)
    assert row.reason == "index has no number: no question of two has a score"
    row = judge({"one": HALF}, "index >= 0.1")
    assert row.reason == "index has no number: no question of two has a score"


def test_without_a_suite_all_benchmarks_count_alike() -> None:
    benchmarks, _, _ = make_run({"one": HALF, "two": MOST})
    row = judge({"one": HALF, "two": MOST}, "index >= 0.7", all_alike(benchmarks))
    assert (row.observed, row.passed) == (0.7, True)


def test_a_part_may_be_another_mean() -> None:
    parts = (PARTS[0], replace(PARTS[1], metric="majority@1"))
    assert judge({"one": HALF, "two": MOST}, "index >= 0.8", parts).passed is True
    parts = (PARTS[0], replace(PARTS[1], metric="pass@2"))
    assert judge({"one": HALF, "two": MOST}, "index >= 0.8", parts).passed is None
    with pytest.raises(SettingsError, match="pass@2 of two, which needs 2 replies to a question"):
        check_parts(parts, 1)
    check_parts(parts, 2)


@pytest.mark.parametrize(
    ("gate", "passed"), [("drop(index) <= 3pt", False), ("drop(index) <= 5pt", True)]
)
def test_a_drop_is_that_of_the_weighted_means(gate: str, passed: bool) -> None:
    """Two of 40 lost at weight 3, and three of 100 at weight 1."""
    now = {"one": "c" * 47 + "i" * 53, "two": "c" * 34 + "i" * 6}
    row = judge(now, gate, before={"one": HALF, "two": MOST})
    assert row.observed == pytest.approx(0.25 * 0.03 + 0.75 * 0.05)
    assert row.passed is passed
    assert row.n == 140
    one, two = (
        paired_difference([-1.0] * lost + [0.0] * (n - lost)) for lost, n in ((3, 100), (2, 40))
    )
    mean, low, high = weighted_mean(
        [(1, one.mean, one.low, one.high), (3, two.mean, two.low, two.high)]
    )
    assert row.observed == pytest.approx(-mean)
    assert (row.low, row.high) == pytest.approx((-high, -low))


def test_not_worse_asks_for_the_end_of_the_interval() -> None:
    same = {"one": HALF, "two": MOST}
    assert judge(same, "not_worse(index, 15pt)", before=same).passed is True
    row = judge(same, "not_worse(index, 1pt)", before=same)
    assert (row.passed, row.benchmark) == (False, None)
    assert row.reason.startswith("lower end -")


def test_a_comparison_of_the_index_needs_pairs_of_every_benchmark() -> None:
    row = judge({"one": HALF, "two": MOST}, "drop(index) <= 3pt", before={"one": HALF})
    assert row.passed is None
    assert row.reason == "drop(index) has no number: no question of two has a score in both runs"
    parts = (PARTS[0], replace(PARTS[1], metric="majority@1"))
    row = judge(
        {"one": HALF, "two": MOST}, "drop(index) <= 3pt", parts, before={"one": HALF, "two": MOST}
    )
    assert row.reason.startswith("not judged: the metric of two in the index")
    assert judge({"one": HALF, "two": MOST}, "drop(index) <= 3pt").reason.startswith(
        "not judged: there is no baseline"
    )


def test_a_change_of_a_benchmark_outside_the_index_does_not_silence_it() -> None:
    benchmarks, selected, results = make_run({"one": HALF, "two": MOST, "three": "ci"})
    same = baseline_of({"one": HALF, "two": MOST, "three": "ci"})
    comparison = compare(same, selected, results, passes=majority, facts=Facts())
    for name, passed in (("three", True), ("two", None)):
        changed = replace(comparison, changed=(Change(name="data", said="x", benchmark=name),))
        (row,) = judge_gates([parse_gate("drop(index) <= 3pt")], benchmarks, selected, results, comparison=changed, index=PARTS)  # fmt: skip
        assert row.passed is passed


def test_a_definition_knows_no_other_benchmarks() -> None:
    with pytest.raises(GateError, match="index is of all benchmarks of a run"):
        definition_gate("index >= 0.5", "one", origin="one.yaml")


def test_a_suite_says_what_the_index_is_of() -> None:
    """By name or by path; a weight of 0 keeps a benchmark out."""
    sets = [SuiteSet(spec="one", weight=Fraction(2)), SuiteSet(spec="ci/two.yaml", metric="credit"), SuiteSet(spec="x", weight=Fraction(0)), SuiteSet(spec="gone")]  # fmt: skip
    known = {b.name: b for b in make_run({"one": "c", "two": "c", "x": "c"})[0]}
    parts = parts_of(sets, known, {"two": ["ci/two.yaml"]})
    assert [(p.benchmark, float(p.weight), p.metric) for p in parts] == [("one", 2, "accuracy"), ("two", 1, "credit"), ("gone", 1, "accuracy")]  # fmt: skip
    assert parts_of([], known, {}) == ()


def test_a_benchmark_goes_in_with_what_its_makers_report() -> None:
    """The mean over subsets, where that is it: also against a baseline, subset by subset."""
    spec = {"one:big": "c" * 80 + "i" * 20, "one:small": "c" * 5 + "i" * 15, "two": MOST}
    benchmarks, selected, _ = make_run(spec)
    benchmarks = [replace(b, definition=replace(b.definition, average="macro")) for b in benchmarks]
    parts = all_alike(benchmarks)
    assert [p.metric for p in parts] == ["accuracy.macro"] * 2
    assert judge(spec, "index >= 0.7125", parts).observed == pytest.approx(
        ((0.8 + 0.25) / 2 + 0.9) / 2
    )
    fewer = {**spec, "one:small": "c" * 4 + "i" * 16}
    row = judge(fewer, "drop(index) <= 1pt", parts, before=spec)
    assert row.observed == pytest.approx(0.05 / 2 / 2)
    (sight,) = index_sights([parse_gate("index >= 0.7")], parts, selected, baseline=None, repeats=1)
    assert sight.n == 160
    assert sight.change > detectable(
        110, 0.7, alpha=0.05, power=0.8
    )  # the small subset weighs more


def test_reports_have_the_index_as_the_gates_do() -> None:
    _, _, results = make_run({"one": HALF, "two": MOST})
    shown = index_shown(PARTS, results, from_suite=True)
    assert (shown.value, shown.n, shown.missing) == (0.8, 140, ())
    assert shown.parts == PARTS
    assert index_shown(PARTS[:1], [], from_suite=False).missing == ("one",)


def test_what_it_can_see_is_counted_in_questions_as_they_are() -> None:
    """40 questions with three quarters of the weight: 140 tell as much as 68 of one benchmark."""
    _, selected, _ = make_run({"one": HALF, "two": MOST})
    (sight,) = index_sights([parse_gate("index >= 0.8")], PARTS, selected, baseline=baseline_of({"one": HALF, "two": MOST}), repeats=1)  # fmt: skip
    assert (sight.n, sight.benchmark, sight.basis) == (140, None, "threshold")
    assert sight.change == pytest.approx(detectable(68, 0.8, alpha=0.05, power=0.8))
    assert sight.needed_3pt == pytest.approx(needed(0.03, 0.8) * 140 / 68.085, rel=0.01)
    assert sight.before == pytest.approx(0.8)
    paired = index_sights([parse_gate("drop(index) <= 3pt"), parse_gate("not_worse(index, 3pt)")], PARTS, selected, baseline=baseline_of({"one": HALF, "two": MOST}), repeats=1)  # fmt: skip
    assert [(one.basis, one.asked) for one in paired] == [("assumed", 0.03)] * 2
    assert index_sights([parse_gate("drop(index) <= 3pt")], PARTS, selected, baseline=None, repeats=1) == []  # fmt: skip
