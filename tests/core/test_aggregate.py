"""The aggregate of a run."""

# ruff: noqa: E501 - tables are read across

from __future__ import annotations

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pytest_iqeval.core.aggregate import summarise
from pytest_iqeval.core.gates import parse_gate
from pytest_iqeval.core.summary import SCHEMA_VERSION, Lost, Selection, Summary
from tests.support.runs import make_facts, make_result, make_run, make_sample, make_summary

SPEC = {"demo:IQ": "cciu.", "demo:EQ": "ctex-"}


def test_a_benchmark_and_its_subsets_are_counted() -> None:
    (demo,) = make_summary(SPEC).benchmarks
    assert (demo.asked, demo.available, demo.revision, demo.language) == (9, 10, "r1", "en")
    assert demo.outcomes == {
        "correct": 3, "incorrect": 1, "unparsed": 1, "truncated": 1, "refused": 0, "error": 2,
    }  # fmt: skip
    assert demo.metrics["accuracy"].value == 0.5
    assert demo.metrics["accuracy"].n == 6
    assert list(demo.subsets) == ["IQ", "EQ"]
    iq, eq = demo.subsets.values()
    assert (iq.asked, iq.available, iq.metrics["accuracy"].value) == (4, 5, 0.5)
    assert (eq.outcomes["error"], eq.metrics["accuracy"].n, eq.tokens) == (2, 2, 15)
    assert eq.latency == {"p50": 1.0, "p95": 1.0, "p99": 1.0, "mean": 1.0}


def test_credit_stands_beside_accuracy_where_an_answer_is_right_in_part() -> None:
    """In all groups of that benchmark, and in no other benchmark."""
    partly, whole = make_summary({"a:one": "chi", "a:two": "ci", "b": "ci"}).benchmarks
    assert list(partly.metrics) == ["accuracy", "credit", "accuracy.macro"]
    assert (partly.metrics["accuracy"].value, partly.metrics["credit"].value) == (0.4, 0.5)
    assert partly.subsets["two"].metrics["credit"].value == 0.5
    assert list(whole.metrics) == ["accuracy"]


def test_lost_questions_are_named_with_their_reason_and_never_in_accuracy() -> None:
    summary = make_summary(SPEC)
    assert summary.lost == (
        Lost(id="iqeval/demo::EQ::q-2", reason="connection refused"),
        Lost(id="iqeval/demo::EQ::q-3", reason="the scorer raised"),
        Lost(id="iqeval/demo::EQ::q-4", reason="never asked: the run ended before it"),
    )
    assert summary.not_asked == 1
    assert (summary.verdict, summary.exit_code) == ("inconclusive", 6)
    assert summary.headline == (
        "inconclusive: 1 of 9 got no reply, 1 of 9 could not be scored, 1 of 9 were never asked"
    )


def test_at_most_a_hundred_lost_questions_are_named() -> None:
    summary = make_summary({"demo": "e" * 150})
    assert len(summary.lost) == 100
    assert summary.benchmarks[0].outcomes["error"] == 150


def test_the_run_s_own_numbers() -> None:
    summary = make_summary(SPEC, requests=14, retries=5, ordinary_failures=2)
    assert summary.usage == {
        "requests": 14, "retries": 5, "cached": 0, "unreached": 0,
        "prompt_tokens": 70, "completion_tokens": 35,
    }  # fmt: skip
    assert summary.latency == {"p50": 1.0, "p95": 1.0, "p99": 1.0, "mean": 1.0}
    assert (summary.selection.asked, summary.selection.available) == (9, 10)
    assert (summary.ordinary_failures, summary.exit_code) == (2, 1)


def test_replies_that_the_length_limit_cut_are_counted_with_and_without_an_answer() -> None:
    (demo,) = make_summary({"demo:IQ": "ckt", "demo:EQ": "kci"}).benchmarks
    assert demo.cut == 3
    assert [group.cut for group in demo.subsets.values()] == [2, 1]
    assert demo.outcomes["truncated"] == 1


def test_the_scorer_that_judged_is_written_down_and_was_choice_before_that() -> None:
    plain = make_summary({"demo": "ck"}).to_plain()
    (demo,) = plain["benchmarks"]
    assert demo["scorer"] == {"name": "choice", "options": {}}
    del demo["scorer"], demo["cut"], demo["subsets"]["default"]["cut"]
    (old,) = Summary.from_plain(plain).benchmarks
    assert (old.scorer, old.cut) == ({"name": "choice", "options": {}}, None)
    assert old.subsets["default"].cut is None


def test_a_subset_of_which_nothing_was_selected_is_left_out() -> None:
    demo, other = make_summary({"demo:IQ": "c", "demo:EQ": "..", "other": "."}).benchmarks
    assert list(demo.subsets) == ["IQ"]
    assert (other.asked, other.available, dict(other.subsets)) == (0, 1, {})


@pytest.mark.parametrize(
    ("letters", "gate", "more", "verdict", "code"),
    [
        ("ccci", "accuracy >= 0.6", {}, "passed", 0),
        ("ciii", "accuracy >= 0.6", {}, "failed", 1),
        ("ccce", "accuracy >= 0.6", {}, "inconclusive", 6),
        ("iiie", "accuracy >= 0.6", {}, "inconclusive", 6),
        ("ccce", "errors <= 1", {}, "passed", 0),
        ("ccee", "errors <= 1", {}, "inconclusive", 6),
        ("ccc-", "accuracy >= 0.6", {"interrupted": True}, "inconclusive", 2),
        ("ci--", None, {}, "inconclusive", 6),
        ("cccc", None, {}, "ungated", 0),
        ("ccci", None, {}, "ungated", 1),
        ("ccci", None, {"failed": 0}, "ungated", 0),
        ("cccc", "accuracy >= 0.6", {"only_failures": True}, "inconclusive", 6),
        ("cccc", None, {"only_failures": True}, "ungated", 0),
        ("....", None, {}, "none", 5),
    ],
)
def test_the_verdict_of_whole_runs(
    letters: str, gate: str | None, more: dict[str, bool | int], verdict: str, code: int
) -> None:
    summary = make_summary({"demo": letters}, *([gate] if gate else []), **more)
    assert (summary.verdict, summary.exit_code) == (verdict, code)


def test_a_question_of_two_items_counts_once() -> None:
    """The last result of a key stands, whoever handed it in."""
    benchmarks, selected, results = make_run({"demo": "ci"})
    again = make_result(selected[1], "c")
    summary = summarise(
        run=make_facts(),
        selection=Selection(limit=None, sample=None, seed=None, keyword=None, mark=None),
        benchmarks=benchmarks,
        selected=selected,
        results=[*results, again],
    )
    assert summary.benchmarks[0].metrics["accuracy"].value == 1.0
    assert summary.benchmarks[0].outcomes["correct"] == 2


LETTERS = st.text("ciutrex-.", min_size=1, max_size=12)
SPECS = st.dictionaries(st.sampled_from(["a:IQ", "a:EQ", "b"]), LETTERS, min_size=1)
GATES = st.lists(
    st.sampled_from(["accuracy >= 0.5", "each(subset): n >= 3", "truncated <= 10%", "errors <= 20%",
                     "lower(accuracy) > 0.2", "level=2: correct >= 1", "tokens.total <= 90"]),
    max_size=3,
)  # fmt: skip


@given(spec=SPECS, gates=GATES, seed=st.integers())
def test_the_order_of_arrival_changes_nothing(spec: dict[str, str], gates: list[str], seed: int) -> None:  # fmt: skip
    """Workers hand results in as they like; the report is the same."""
    benchmarks, selected, results = make_run(spec)
    shuffled = list(results)
    random.Random(seed).shuffle(shuffled)
    one, other = (
        summarise(
            run=make_facts(),
            selection=Selection(limit=None, sample=None, seed=None, keyword=None, mark=None),
            benchmarks=benchmarks,
            selected=selected,
            results=r,
            gates=[parse_gate(g) for g in gates],
        )
        for r in (results, shuffled)
    )
    assert one == other


@given(spec=SPECS, gates=GATES, interrupted=st.booleans(), only=st.booleans())
def test_the_parts_of_a_summary_agree(
    spec: dict[str, str], gates: list[str], interrupted: bool, only: bool
) -> None:
    summary = make_summary(spec, *gates, interrupted=interrupted, only_failures=only)
    errors = sum(b.outcomes["error"] for b in summary.benchmarks)
    assert len(summary.lost) == errors + summary.not_asked
    for benchmark in summary.benchmarks:
        assert sum(s.asked for s in benchmark.subsets.values()) == benchmark.asked
        for name, count in benchmark.outcomes.items():
            assert sum(s.outcomes[name] for s in benchmark.subsets.values()) == count
    assert (
        summary.selection.asked
        == sum(sum(b.outcomes.values()) for b in summary.benchmarks) + summary.not_asked
    )
    if summary.exit_code == 0:
        assert summary.verdict in ("passed", "ungated")
        assert all(row.passed for row in summary.gates)
    assert Summary.from_plain(summary.to_plain()) == summary


def test_the_plain_form_begins_with_what_matters() -> None:
    plain = make_summary(SPEC).to_plain()
    assert list(plain)[:4] == ["schema_version", "verdict", "headline", "exit_code"]
    assert plain["schema_version"] == SCHEMA_VERSION


def test_a_marker_test_that_fails_though_correct_is_ordinary() -> None:
    summary = make_summary({"demo": "cc"}, "accuracy >= 0.6", ordinary_failures=1)
    assert (summary.verdict, summary.exit_code) == ("passed", 1)
    assert make_sample().node_id == "iqeval/demo::default::q-1"
