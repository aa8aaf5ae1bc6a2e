"""What the rows of gates can see, before anything is asked."""

from __future__ import annotations

import random
from dataclasses import replace
from statistics import fmean

import pytest

from pytest_iqeval.core.gates.sight import Sight
from pytest_iqeval.core.statistics.paired import paired_difference, score_interval
from pytest_iqeval.core.statistics.power import (
    detectable,
    detectable_flips,
    detectable_paired,
    needed,
    needed_flips,
    needed_paired,
)
from tests.support.sights import SPEC, baseline_of, seen


def test_a_threshold_is_seen_at_itself() -> None:
    """Without a baseline it is not known what change matters; 3 points are counted."""
    (sight,) = seen(SPEC, "accuracy >= 0.8")
    assert sight == Sight(
        gate="accuracy >= 0.8",
        expression="accuracy >= 0.8",
        benchmark="demo",
        n=120,
        change=detectable(120, 0.8),
        asked=None,
        needed=None,
        needed_3pt=1_100,
        basis="threshold",
        at=0.8,
        before=None,
        level=0.05,
        power=0.8,
    )


@pytest.mark.parametrize(("limit", "asked"), [("0.77", 0.03), ("0.9", 0.1)])
def test_with_a_baseline_a_threshold_asks_for_the_way_to_it(limit: str, asked: float) -> None:
    """Up or down: the baseline has 0.8."""
    (sight,) = seen(SPEC, f"accuracy >= {limit}", baseline=baseline_of(SPEC))
    assert sight.before == pytest.approx(0.8)
    assert sight.asked == pytest.approx(asked)
    assert sight.needed == needed(asked, float(limit))


def test_a_threshold_at_the_baseline_is_decided_by_chance() -> None:
    """No number of questions is enough."""
    (sight,) = seen(SPEC, "accuracy >= 0.8", baseline=baseline_of(SPEC))
    assert (sight.asked, sight.needed) == (pytest.approx(0), None)


def test_a_bound_errs_as_seldom_as_its_level_says() -> None:
    """The lower end of a two-sided 95 % interval is a one-sided test at 2.5 %."""
    usual, wide = seen(SPEC, "lower(accuracy) >= 0.7", "lower(accuracy, 80) >= 0.7")
    assert usual.level == pytest.approx(0.025)
    assert usual.change == pytest.approx(detectable(120, 0.7, alpha=0.025))
    assert wide.level == pytest.approx(0.1)


def test_not_worse_asks_for_its_margin_at_an_assumed_share() -> None:
    """One reply to each question then and now: p(1-p) of them are taken to differ."""
    (sight,) = seen(SPEC, "not_worse(accuracy, 3pt)", baseline=baseline_of(SPEC))
    assert (sight.basis, sight.at) == ("assumed", pytest.approx(0.16))
    assert (sight.asked, sight.before) == (pytest.approx(0.03), pytest.approx(0.8))
    assert sight.level == pytest.approx(0.025)
    assert sight.change == pytest.approx(detectable_paired(120, 0.16, alpha=0.025))
    assert sight.needed == sight.needed_3pt == needed_paired(0.03, 0.16, alpha=0.025)


def test_a_release_that_is_as_good_passes_with_the_questions_that_are_needed() -> None:
    """Four times of five: simulated, with single replies, as the gate judges them."""
    (sight,) = seen(SPEC, "not_worse(accuracy, 3pt)", baseline=baseline_of(SPEC))
    draw = random.Random(3)
    passed = 0
    for _ in range(500):
        turned = sum(draw.random() < sight.at for _ in range(sight.needed or 0))
        lost = sum(draw.random() < 0.5 for _ in range(turned))
        passed += score_interval(lost, turned - lost, sight.needed or 0)[0] > -0.03
    assert passed / 500 == pytest.approx(0.8, abs=0.05)


def test_so_it_does_with_repeats() -> None:
    """Two replies then and three now; how much they vary is read off the baseline."""
    draw = random.Random(5)
    chances = [draw.betavariate(0.8, 0.3) for _ in range(2_000)]

    def replies(chance: float, k: int) -> list[bool]:
        return [draw.random() < chance for _ in range(k)]

    then = ["".join("ic"[right] for right in replies(chance, 2)) for chance in chances]
    first, more = {"demo": "".join(one[0] for one in then)}, [one[1] for one in then]
    (sight,) = seen(first, "not_worse(accuracy, 5pt)", baseline=baseline_of(first, more), repeats=3)
    assert sight.needed is not None
    passed = 0
    for _ in range(500):
        asked = draw.sample(chances, sight.needed)
        found = paired_difference([fmean(replies(p, 3)) - fmean(replies(p, 2)) for p in asked])
        passed += found.low > -0.05
    assert passed / 500 == pytest.approx(0.8, abs=0.05)


def test_a_drop_is_told_at_the_usual_level() -> None:
    """It has no level of its own; one that asks for 0 points asks for no certain size."""
    drop, none = seen(
        SPEC, "drop(accuracy) <= 3pt", "drop(accuracy) <= 0pt", baseline=baseline_of(SPEC)
    )
    assert (drop.level, drop.asked) == (0.05, pytest.approx(0.03))
    assert drop.needed == needed_flips(0.03, drop.at, step=0)
    assert none.asked is None
    assert none.change == drop.change


def test_no_regressions_is_told_by_its_own_test_and_p() -> None:
    """Of two rows Holm holds the first to half of it; a p of one half or more tests nothing."""
    baseline = baseline_of(SPEC)
    (alone,) = seen(SPEC, "no_regressions(p < 0.05)", baseline=baseline)
    assert (alone.level, alone.asked) == (0.05, None)
    assert alone.change == pytest.approx(detectable_flips(120, 0.16))
    assert alone.needed_3pt == needed_flips(0.03, alone.at)
    two = {"demo:IQ": "c" * 60, "demo:EQ": "i" * 60}
    rows = seen(two, "each(subset): no_regressions(p < 0.05)", baseline=baseline_of(two))
    assert [(row.expression, row.level, row.n) for row in rows] == [
        ("demo:IQ: no_regressions(p < 0.05)", 0.025, 60),
        ("demo:EQ: no_regressions(p < 0.05)", 0.025, 60),
    ]
    assert seen(SPEC, "no_regressions(p < 0.6)", baseline=baseline) == ()


def test_the_repeats_of_a_baseline_tell_how_much_differs() -> None:
    """Ten of 120 questions were right once of twice: half of 10/120 differ, asked once again."""
    baseline = baseline_of({"demo": "c" * 120}, ["i"] * 10 + ["c"] * 110)
    (once,) = seen(SPEC, "drop(accuracy) <= 3pt", baseline=baseline)
    assert once.basis == "repeats"
    within = 10 / 120 / 2
    assert once.at == pytest.approx(within * (1 + 1 / 2))
    (often,) = seen(SPEC, "drop(accuracy) <= 3pt", baseline=baseline, repeats=8)
    assert often.at == pytest.approx(within * (1 / 8 + 1 / 2))
    assert often.n == 120  # and not 960
    (test,) = seen(SPEC, "no_regressions(p < 0.05)", baseline=baseline, repeats=8)
    assert test.at == often.at
    assert test.change == detectable_flips(120, often.at, replies=8, step=1 / 8)


def test_rows_about_the_same_questions_are_one_test() -> None:
    """As Holm's correction counts them once."""
    gates = ("no_regressions(p < 0.05)", "demo: no_regressions(p < 0.05)")
    rows = seen(SPEC, *gates, baseline=baseline_of(SPEC))
    assert [row.level for row in rows] == [0.05, 0.05]
    rows = seen(SPEC, *gates, "demo:default: no_regressions(p < 0.04)", baseline=baseline_of(SPEC))
    assert [row.level for row in rows] == [0.05, 0.05, 0.04]


def test_repeats_make_no_further_questions_for_a_threshold() -> None:
    assert seen(SPEC, "accuracy >= 0.8", repeats=5) == seen(SPEC, "accuracy >= 0.8")


def test_only_questions_that_the_baseline_has_count_for_a_paired_gate() -> None:
    """New ones, and those that had no score then, have no pair; with no pair there is no row."""
    baseline = baseline_of({"demo": "c" * 30 + "e" * 10})
    (sight,) = seen(SPEC, "not_worse(accuracy, 3pt)", baseline=baseline)
    assert sight.n == 30
    assert seen({"other": "ccc"}, "not_worse(accuracy, 3pt)", baseline=baseline) == ()
    assert seen(SPEC, "no_regressions(p < 0.05)") == ()  # refused elsewhere, with a hint


def test_outcomes_and_credit_are_seen_as_shares() -> None:
    """Of truncated ones there were a tenth; of credit the values count, not right and wrong."""
    truncated = baseline_of({"demo": "c" * 108 + "t" * 12})
    (sight,) = seen(SPEC, "not_worse(truncated, 1pt)", baseline=truncated)
    assert (sight.at, sight.before) == (pytest.approx(0.09), pytest.approx(0.1))
    halves = baseline_of({"demo": "c" * 60 + "h" * 60})
    (sight,) = seen(SPEC, "drop(credit) <= 3pt", baseline=halves)
    assert (sight.at, sight.before) == (pytest.approx(0.25 / 4), pytest.approx(0.75))


def test_metrics_of_several_replies_are_seen_without_a_way_from_the_baseline() -> None:
    """Its replies may be too few for them."""
    (sight,) = seen(SPEC, "pass@5 >= 0.9", baseline=baseline_of(SPEC), repeats=5)
    assert (sight.at, sight.n, sight.before, sight.asked) == (0.9, 120, None, None)


def test_counts_times_and_tokens_see_nothing() -> None:
    gates = ("errors <= 1", "latency.p95 <= 20s", "unparsed <= 5%", "must_pass(level=1)")
    assert seen(SPEC, *gates) == ()
    assert seen({"demo": "...."}, "accuracy >= 0.8") == ()


def test_each_row_of_each_gate_is_there() -> None:
    """With the benchmark that a report's row has too."""
    spec = {"demo:IQ": "c" * 8, "demo:EQ": "cccc.", "more": "ccc"}
    rows = seen(spec, "accuracy >= 0.8", "each(subset): credit >= 0.5")
    assert [(row.gate, row.expression, row.benchmark, row.n) for row in rows] == [
        ("accuracy >= 0.8", "accuracy >= 0.8", "demo", 12),
        ("accuracy >= 0.8", "accuracy >= 0.8", "more", 3),
        ("each(subset): credit >= 0.5", "demo:IQ: credit >= 0.5", "demo", 8),
        ("each(subset): credit >= 0.5", "demo:EQ: credit >= 0.5", "demo", 4),
        ("each(subset): credit >= 0.5", "more:default: credit >= 0.5", "more", 3),
    ]


def test_a_baseline_without_any_score_is_as_none() -> None:
    empty = replace(baseline_of(SPEC), scores={})
    assert seen(SPEC, "accuracy >= 0.8", baseline=empty) == seen(SPEC, "accuracy >= 0.8")
