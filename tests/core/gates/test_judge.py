"""Judging gates: which rows there are, and what each says."""

# ruff: noqa: E501 - tables are read across

from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pytest_iqeval.core.gates import parse_gate
from pytest_iqeval.core.gates.judge import judge_gates
from pytest_iqeval.core.gates.row import GateRow
from pytest_iqeval.core.policy import Passes, every, majority
from pytest_iqeval.core.request import Usage
from tests.support.runs import make_benchmark, make_reply, make_result, make_run, make_sample


def judge(spec: dict[str, str], *gates: str, only_failures: bool = False) -> tuple[GateRow, ...]:
    benchmarks, selected, results = make_run(spec)
    parsed = [parse_gate(g) for g in gates]
    return judge_gates(parsed, benchmarks, selected, results, only_failures=only_failures)


def test_a_row_says_what_was_observed() -> None:
    (row,) = judge({"demo": "ccci.."}, "accuracy >= 0.6")
    assert row.passed is True
    assert (row.observed, row.n, row.available, row.threshold) == (0.75, 4, 6, 0.6)
    assert row.reason == "accuracy 0.75 [0.30, 0.95] n=4 of 6"
    assert row.low == pytest.approx(0.300642)
    assert row.title == "accuracy >= 0.6 (demo)"


@pytest.mark.parametrize(("right", "wrong"), [(3, 2), (72, 48), (6, 4), (8_400, 5_600)])
def test_a_share_at_the_threshold_passes_exactly(right: int, wrong: int) -> None:
    spec = {"demo": "c" * right + "i" * wrong}
    assert [r.passed for r in judge(spec, "accuracy >= 0.6", "accuracy <= 60%", "accuracy == 0.6")] == [True] * 3  # fmt: skip
    assert [r.passed for r in judge(spec, "accuracy > 0.6", "accuracy < 60%")] == [False] * 2


def test_a_value_just_below_is_not_printed_as_the_threshold() -> None:
    (row,) = judge({"demo": "c" * 599 + "i" * 400}, "accuracy >= 0.6")
    assert row.passed is False
    assert row.reason.startswith("accuracy 0.5996 [")


@given(
    right=st.integers(0, 60),
    wrong=st.integers(0, 60),
    percent=st.integers(0, 100),
    op=st.sampled_from([">=", "<=", ">", "<", "=="]),
)
def test_the_verdict_is_the_exact_comparison_and_the_printed_one(
    right: int, wrong: int, percent: int, op: str
) -> None:
    """No float decides: the row agrees with rational numbers, and with what is printed."""
    (row,) = judge({"demo": "c" * right + "i" * wrong + "."}, f"accuracy {op} {percent}%")
    if right + wrong == 0:
        assert (row.passed, row.observed) == (None, None)
        return
    value, limit = Fraction(right, right + wrong), Fraction(percent, 100)
    compare = {">=": value >= limit, "<=": value <= limit, ">": value > limit,
               "<": value < limit, "==": value == limit}  # fmt: skip
    assert row.passed is compare[op]
    printed = Fraction(row.reason.split()[1])
    assert ((printed > limit) - (printed < limit)) == ((value > limit) - (value < limit))


PART = "; 10 of 12 questions selected"


@pytest.mark.parametrize(
    ("gate", "passed", "observed", "reason"),
    [
        ("correct >= 3", True, 3, f"correct 3 of 8{PART}"),
        ("truncated <= 1", False, 2, f"truncated 2 of 8{PART}"),
        ("truncated <= 25%", True, 0.25, f"truncated 25.0% (2 of 8){PART}"),
        ("refused <= 12%", False, 0.125, f"refused 12.5% (1 of 8){PART}"),
        ("n >= 9", False, 8, "n 8 of 12"),
        ("errors <= 2", True, 2, f"errors 2 of 10, 1 of them never asked{PART}"),
        ("errors <= 10%", False, 0.2, f"errors 20.0% (2 of 10), 1 of them never asked{PART}"),
        ("latency.p95 <= 1s", True, 1, f"latency.p95 1.00s over 8 replies{PART}"),
        ("latency.mean < 900ms", False, 1, f"latency.mean 1000ms over 8 replies{PART}"),
        ("tokens.completion <= 40", True, 40, f"tokens.completion 40 over 8 replies{PART}"),
        ("demo: tokens.total < 100", False, 120, f"tokens.total 120 over 8 replies{PART}"),
    ],
)
def test_every_metric_has_its_reason(gate: str, passed: bool, observed: float, reason: str) -> None:
    row = judge({"demo": "ccciuttre-.."}, gate)[0]
    assert (row.passed, row.observed, row.reason) == (passed, observed, reason)


@pytest.mark.parametrize(
    ("gate", "reason"),
    [
        ("truncated <= 1", "truncated 0 of 1; 1 of 2 questions selected"),
        ("latency.p95 <= 9s", "latency.p95 1.00s over 1 reply; 1 of 2 questions selected"),
        ("tokens.total <= 99", "tokens.total 15 over 1 reply; 1 of 2 questions selected"),
        ("must_pass(subset=default)", "1 question passed; 1 of 2 questions selected"),
        ("accuracy >= 0.5", "accuracy 1.00 [0.21, 1.00] n=1 of 2"),
        ("n >= 1", "n 1 of 2"),
        ("lower(accuracy) >= 0", "lower 0.21 of accuracy 1.00 [0.21, 1.00] n=1 of 2"),
    ],
)
def test_of_a_part_of_the_questions_each_row_says_so(gate: str, reason: str) -> None:
    """One question, one reply, and one that is left out."""
    (row,) = judge({"demo": "c."}, gate)
    assert (row.passed, row.reason) == (True, reason)


def test_nothing_scored_is_said_of_one_question_too() -> None:
    row = judge({"demo": "e"}, "accuracy >= 0.5")[0]
    assert row.reason == "accuracy has no number: the only question in its scope has no score"


def test_a_bound_is_an_end_of_the_printed_interval() -> None:
    plain, low, high = judge(
        {"demo": "c" * 72 + "i" * 48},
        "accuracy >= 0.6",
        "lower(accuracy) >= 0.5",
        "upper(accuracy, 95) <= 0.68",
    )
    assert (low.observed, high.observed) == (plain.low, plain.high)
    assert (low.passed, high.passed) == (True, False)
    assert low.reason == "lower 0.51 of accuracy 0.60 [0.51, 0.68] n=120 of 120"
    assert high.reason == "upper 0.683 of accuracy 0.60 [0.51, 0.683] n=120 of 120"
    (narrow,) = judge({"demo": "c" * 72 + "i" * 48}, "lower(accuracy, 50) >= 0.5")
    assert narrow.observed is not None
    assert plain.low is not None
    assert narrow.observed > plain.low


def test_a_bound_on_an_outcome_is_of_its_share() -> None:
    (row,) = judge({"demo": "c" * 99 + "t"}, "upper(truncated) <= 5%")
    assert row.passed is False
    assert row.reason == "upper 0.054 of truncated 0.01 [0.00, 0.054] n=100 of 100"


def test_credit_is_judged_by_the_value_of_the_answers() -> None:
    """5 of 10 correct and 4 of them half right: 0.7, exactly."""
    exact, low, above = judge(
        {"demo": "ccccchhhhi"}, "credit >= 0.7", "lower(credit) >= 50%", "credit > 70%"
    )
    assert (exact.passed, exact.observed, above.passed) == (True, 0.7, False)
    assert exact.reason == "credit 0.70 [0.45, 0.87] n=10 of 10"
    assert low.passed is False
    assert low.observed == exact.low
    assert low.reason == "lower 0.45 of credit 0.70 [0.45, 0.87] n=10 of 10"
    (nothing,) = judge({"demo": "."}, "demo: credit >= 0.7")
    assert (nothing.passed, nothing.observed) == (None, None)


TWO = {"a:IQ": "cci", "a:EQ": "cc", "b:IQ": "ii", "c": ".."}


@pytest.mark.parametrize(
    ("gate", "rows"),
    [
        ("accuracy > 0", [("a", "accuracy > 0", 5), ("b", "accuracy > 0", 2)]),
        ("a: accuracy > 0", [("a", "a: accuracy > 0", 5)]),
        ("a:IQ: accuracy > 0", [("a", "a:IQ: accuracy > 0", 3)]),
        ("subset=IQ: accuracy > 0", [("a", "subset=IQ: accuracy > 0", 3), ("b", "subset=IQ: accuracy > 0", 2)]),
        ("level=3: accuracy > 0", [("a", "level=3: accuracy > 0", 1)]),
        ("each(benchmark): n > 0", [("a", "a: n > 0", 5), ("b", "b: n > 0", 2)]),
        ("each(subset): n > 0", [("a", "a:IQ: n > 0", 3), ("a", "a:EQ: n > 0", 2), ("b", "b:IQ: n > 0", 2)]),
        ("tokens.total > 0", [(None, "tokens.total > 0", 7)]),
        ("each(benchmark): tokens.total > 0", [("a", "a: tokens.total > 0", 5), ("b", "b: tokens.total > 0", 2)]),
    ],
)  # fmt: skip
def test_a_gate_falls_into_the_rows_of_its_scope(
    gate: str, rows: list[tuple[str | None, str, int]]
) -> None:
    """Benchmarks and subsets of which nothing was selected have no row of their own."""
    found = [(r.benchmark, r.expression, r.n) for r in judge(TWO, gate)]
    assert found == rows


def test_every_row_s_expression_is_a_gate() -> None:
    for row in judge(TWO, "each(subset): accuracy > 0", "level=1: n > 0"):
        assert parse_gate(row.expression).expression == row.expression


def test_a_gate_written_twice_is_one_row() -> None:
    assert len(judge({"a": "c"}, "accuracy>0", "accuracy > 0", "each(benchmark): n > 0", "a: n > 0")) == 2  # fmt: skip


@pytest.mark.parametrize("gate", ["c: accuracy > 0", "c: truncated <= 0", "c: errors <= 0",
                                  "c: latency.p50 < 1s"])  # fmt: skip
def test_a_gate_over_nothing_has_no_number(gate: str) -> None:
    """It is not passed for want of anything wrong."""
    row = judge(TWO, gate)[0]
    assert (row.passed, row.observed) == (None, None)
    assert row.reason.endswith("has no number: no question in its scope was asked")


def test_a_gate_does_not_vanish_when_nothing_at_all_was_selected() -> None:
    (row,) = judge({"c": ".."}, "accuracy > 0")
    assert (row.benchmark, row.passed) == ("c", None)
    (row,) = judge_gates([parse_gate("n > 0")], [], [], [])
    assert (row.benchmark, row.passed) == (None, False)


def test_questions_that_all_failed_to_get_a_reply_leave_accuracy_without_a_number() -> None:
    row = judge({"a": "ee"}, "accuracy >= 0")[0]
    assert row.passed is None
    assert row.reason == "accuracy has no number: none of 2 questions in its scope has a score"


def test_tokens_that_were_not_all_counted_are_no_number() -> None:
    """A sum over some of the replies could pass a limit that the run broke."""
    counted, uncounted = make_sample("q-1"), make_sample("q-2")
    results = [
        make_result(counted, "c"),
        make_result(uncounted, "c", reply=make_reply(usage=Usage())),
    ]
    benchmark = make_benchmark([counted, uncounted])
    gate = parse_gate("tokens.total <= 100")
    (row,) = judge_gates([gate], [benchmark], benchmark.samples, results)
    assert row.passed is None
    assert row.reason == "tokens.total has no number: the endpoint counted 1 of 2 replies"


def test_missing_questions_break_the_gate_that_nobody_wrote() -> None:
    accuracy, row = judge({"a": "cce-", "b": "c"}, "a: accuracy > 0")
    assert accuracy.passed is True
    assert (row.benchmark, row.expression, row.passed) == ("a", "errors <= 0", False)
    assert (row.observed, row.reason) == (2, "errors 2 of 4, 1 of them never asked")


def test_a_complete_run_does_not_show_it() -> None:
    assert judge({"a": "cc"}) == ()
    assert len(judge({"a": "cc"}, "errors <= 0")) == 1


def test_an_errors_gate_of_the_user_takes_its_place_in_its_own_scope() -> None:
    """Two lost in IQ are allowed; the one lost in EQ is not."""
    spec = {"a:IQ": "ccee", "a:EQ": "cce"}
    allowed, row = judge(spec, "a:IQ: errors <= 2")
    assert allowed.passed is True
    assert (row.expression, row.passed, row.observed, row.n) == ("errors <= 0", False, 1, 3)
    assert [r.passed for r in judge(spec, "errors <= 3")] == [True]
    assert [r.passed for r in judge(spec, "errors <= 2")] == [False]


def test_among_earlier_failures_only_no_gate_is_judged() -> None:
    (row,) = judge({"a": "c."}, "accuracy > 0", only_failures=True)
    assert (row.passed, row.observed) == (None, None)
    assert row.reason == "not judged: only earlier failures were asked"
    _, implied = judge({"a": "e."}, "errors <= 5", only_failures=True)
    assert (implied.expression, implied.passed) == ("errors <= 0", False)


def repeated(letters: dict[str, str], *gates: str, passes: Passes = majority) -> list[GateRow]:
    """Judge questions of which each letter is a reply."""
    samples = [make_sample(name, level=1 + n % 2) for n, name in enumerate(letters)]
    results = [
        make_result(sample, letter, repeat=repeat)
        for sample, replies in zip(samples, letters.values(), strict=True)
        for repeat, letter in enumerate(replies)
    ]
    parsed = [parse_gate(g) for g in gates]
    benchmark = make_benchmark(samples)
    return list(judge_gates(parsed, [benchmark], samples, results, passes=passes))


def test_flaky_counts_questions_whose_replies_differ() -> None:
    """Two wrong replies of another kind agree: both are not correct."""
    replies = {"a": "ccc", "b": "cic", "c": "iut", "d": "cee"}
    count, share, upper = repeated(replies, "flaky <= 1", "flaky < 33%", "upper(flaky) <= 90%")[:3]
    assert (count.passed, count.observed, count.reason) == (True, 1, "flaky 1 of 3")
    assert (share.passed, share.reason) == (False, "flaky 33.3% (1 of 3)")
    assert upper.reason.startswith("upper 0.79 of flaky 0.33 [0.06, 0.79] n=3")


def test_one_reply_a_question_says_nothing_of_flakiness() -> None:
    (row,) = judge({"demo": "cci"}, "flaky <= 0")
    assert row.passed is None
    assert "--iqeval-repeats" in row.reason


def test_pass_at_k_and_its_like_are_exact_means_over_questions() -> None:
    """One of two right: 1/2, 1/2·0, ...; by hand for k = 2 of 4 replies."""
    replies = {"a": "cccc", "b": "ccii", "c": "iiii"}
    at, every, most, low = repeated(
        replies, "pass@2 >= 0.6", "pass^2 == 0.3", "majority@3 >= 50%", "lower(pass@2) >= 0.05"
    )
    # b: 1 - C(2,2)/C(4,2) = 5/6;  C(2,2)/C(4,2) = 1/6;  2 of 3 right in 2 of 4 draws = 1/2.
    assert at.observed == pytest.approx((1 + 5 / 6) / 3)
    assert (at.passed, at.n) == (True, 3)
    assert every.observed == pytest.approx((1 + 1 / 6) / 3)
    assert (most.passed, most.observed) == (True, 0.5)
    assert low.observed == at.low
    assert at.reason.startswith("pass@2 0.61 [")


def test_fewer_replies_than_k_are_no_number() -> None:
    """But a question that lost a reply is left out, as it is from accuracy."""
    (row,) = judge({"demo": "cci"}, "pass@5 >= 0.5")
    assert row.passed is None
    assert row.reason == (
        "pass@5 has no number: 3 of 3 questions have fewer than 5 replies: --iqeval-repeats 5"
    )
    row, _ = repeated({"a": "ccc", "b": "cce"}, "pass@3 >= 0.5")
    assert (row.passed, row.n, row.observed) == (True, 1, 1)


def test_the_interval_of_an_outcome_is_over_questions_not_replies() -> None:
    """Five replies to one question are no five questions."""
    (row,) = repeated({"a": "ttttt", "b": "ccccc"}, "upper(truncated) <= 99%")
    assert row.n == 2
    assert row.high == pytest.approx(0.9055, abs=1e-4)


def test_questions_that_must_pass() -> None:
    """By the pass policy; the first five that do not are named."""
    replies = {"a": "cci", "b": "iii", "c": "ccc", "d": "cii", "e": "cci"}
    both = repeated(replies, "must_pass(subset=default)", "must_pass(level=1)")
    assert both[0].passed is False
    assert both[0].observed == 2
    assert both[0].reason == "2 of 5 do not pass: default::b, default::d"
    assert (both[1].passed, both[1].reason) == (True, "3 questions passed")
    strict = repeated(replies, "level=1: must_pass(subset=default)", passes=every)
    assert strict[0].reason == "2 of 3 do not pass: default::a, default::e"
    many = judge({"demo": "i" * 7}, "must_pass(subset=default)")[0]
    assert many.reason.endswith("default::q-3, default::q-4 and 2 more")


def test_what_must_pass_and_has_no_score_is_open() -> None:
    """A lost question is no pass; a wrong one beside it fails all the same."""
    row = judge({"demo": "cce-"}, "must_pass(subset=default)", "errors <= 2")[0]
    assert (row.passed, row.reason) == (None, "must_pass has no verdict: 2 of 4 without a score")
    row = judge({"demo": "cie"}, "must_pass(subset=default)", "errors <= 2")[0]
    assert row.passed is False
    assert row.reason == "1 of 3 does not pass: default::q-1; 1 without a score"
    row = judge({"demo": "e"}, "must_pass(subset=default)")[0]
    assert row.passed is None


def test_a_list_that_holds_the_value_counts() -> None:
    samples = [make_sample("a", tag=["core", "x"]), make_sample("b", tag=["x"])]
    results = [make_result(samples[0], "c"), make_result(samples[1], "i")]
    gates = [parse_gate("must_pass(tag=core)"), parse_gate("must_pass(tag=x)")]
    core, x = judge_gates(gates, [make_benchmark(samples)], samples, results)
    assert (core.passed, core.n, x.passed) == (True, 1, False)


def test_of_several_replies_each_that_is_missing_is_an_error() -> None:
    """A question that was half asked is no whole one."""
    benchmarks, selected, results = make_run({"demo": "cc-"})
    again = make_result(selected[0], "c", repeat=1)
    (row,) = judge_gates([], benchmarks, selected, [*results, again], repeats=2)
    assert (row.expression, row.observed, row.n) == ("errors <= 0", 3, 6)
