"""A finished run judged again."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from pytest_iqeval.core.errors import DefinitionError
from pytest_iqeval.core.request import Reply
from pytest_iqeval.core.rescoring import Judge, Rescored, check_targets, rescore
from pytest_iqeval.core.result import Reviewed
from pytest_iqeval.core.sample import Sample
from pytest_iqeval.core.score import Outcome, Score
from pytest_iqeval.core.summary import Summary
from tests.support.runs import make_reply, make_run, make_summary

RIGHT = Score(outcome=Outcome.CORRECT, value=1.0, extracted="A", rule="r", span=(0, 1))


class Given:
    """Gives the scores that it was told, by node id; else those that a run has stored."""

    def __init__(self, reviewed: Sequence[Reviewed], told: Mapping[str, Score]) -> None:
        self.scores = {one.result.sample.node_id: one.result.score for one in reviewed} | told

    def score(self, sample: Sample, _: Reply) -> Score:
        return self.scores[sample.node_id]


def again(
    spec: Mapping[str, str],
    *gates: str,
    told: Mapping[str, Score] | None = None,
    change: Mapping[str, Any] | None = None,
    **more: Any,
) -> Rescored:
    """A run of `make_run`, judged as it was but for the scores that are `told`."""
    benchmarks, _, results = make_run(spec)
    stored = Summary.from_plain(make_summary(spec, *gates, **more).to_plain())
    stored = replace(stored, **(change or {}))
    reviewed = [
        Reviewed(result=r, reply=None if r.latency_s is None else make_reply()) for r in results
    ]
    judges = {
        b.name: Judge(scorer=Given(reviewed, told or {}), name="choice", options={})
        for b in benchmarks
    }
    return rescore(stored, reviewed, judges)


GATES = (
    "accuracy >= 0.6",
    "errors <= 1",
    "errors <= 0",
    "level=1: accuracy > 0.2",
    "level=1: n >= 1",
    "level=2: n >= 2",
    "subset=IQ: n >= 1",
    "each(subset): lower(accuracy) > 0.1",
    "each(benchmark): n > 1",
    "demo:IQ: accuracy > 0",
    "tokens.total < 9",
    "latency.p95 <= 1s",
)


@given(
    st.lists(st.sampled_from(GATES), max_size=4, unique=True),
    st.text("ciutrkex-.", min_size=1, max_size=12),
    st.text("cie-.", min_size=1, max_size=4),
    st.sampled_from([{}, {"interrupted": True}, {"ordinary_failures": 2}, {"only_failures": True}]),
)
def test_the_same_scores_give_the_same_aggregate(
    gates: list[str], iq: str, other: str, more: dict[str, Any]
) -> None:
    """Whatever was not reached, not selected, lost, or befell the session besides."""
    if any(gate.startswith("level=") for gate in gates):
        # Of questions that were never reached it is not known whether such a gate is about them.
        iq, other = iq.replace("-", "c"), other.replace("-", "c")
    assume(set(iq + other) != {"."})  # a run that selected nothing leaves no report
    found = again({"demo:IQ": iq, "other": other}, *gates, requests=9, retries=2, **more)
    assert found.changes == ()
    # Which questions those were that have no row is not known any more.
    known = {"lost": (), "headline": ""}
    assert replace(found.after, **known) == replace(found.before, **known)


def test_what_changes_is_told_with_what_it_was() -> None:
    node = "iqeval/demo::default::q-1"
    found = again({"demo": "cie"}, told={node: RIGHT})
    (change,) = found.changes
    assert change.before.sample.node_id == node
    assert (change.before.score.outcome, change.after.score) == (Outcome.INCORRECT, RIGHT)
    assert change.of_outcome
    assert found.after.benchmarks[0].outcomes["correct"] == 2
    assert found.before.benchmarks[0].outcomes["correct"] == 1


def test_another_answer_with_the_same_outcome_is_a_change_and_another_rule_is_none() -> None:
    node = "iqeval/demo::default::q-0"
    (change,) = again({"demo": "c"}, told={node: RIGHT}).changes
    assert not change.of_outcome
    other_rule = replace(RIGHT, extracted=None)
    assert again({"demo": "c"}, told={node: other_rule}).changes == ()


@pytest.mark.parametrize(
    ("told", "verdict", "exit_code"), [("correct", "passed", 0), ("incorrect", "failed", 1)]
)
def test_the_gates_are_judged_over_the_new_scores(told: str, verdict: str, exit_code: int) -> None:
    score = Score(outcome=Outcome(told), value=float(told == "correct"))
    found = again({"demo": "ci"}, "accuracy >= 0.9", told={"iqeval/demo::default::q-1": score})
    assert (found.before.verdict, found.before.exit_code) == ("failed", 1)
    assert (found.after.verdict, found.after.exit_code) == (verdict, exit_code)
    assert found.after.gates[0].passed is (told == "correct")


def test_a_crash_that_is_mended_takes_the_implied_gate_away() -> None:
    found = again({"demo": "cx"}, told={"iqeval/demo::default::q-1": RIGHT})
    assert [row.expression for row in found.before.gates] == ["errors <= 0"]
    assert found.before.verdict == "inconclusive"
    assert found.after.gates == ()
    assert (found.after.verdict, found.after.exit_code) == ("ungated", 0)


def test_failures_that_a_run_expected_do_not_fail_it_now() -> None:
    """An ungated run that ended with 0 although an answer was wrong; another wrong one counts."""
    expected = {"exit_code": 0}
    assert again({"demo": "ci"}, change=expected).after.exit_code == 0
    wrong = Score(outcome=Outcome.INCORRECT, value=0.0)
    told = {"iqeval/demo::default::q-0": wrong}
    assert again({"demo": "ci"}, change=expected, told=told).after.exit_code == 1


def test_a_scorer_that_crashes_is_an_error_and_not_a_traceback() -> None:
    found = again({"demo": "c"}, told={"iqeval/demo::default::q-0": None})  # type: ignore[dict-item]
    (change,) = found.changes
    assert change.after.score.outcome is Outcome.ERROR


class Picky:
    def target_fault(self, sample: Sample) -> str | None:
        return None if sample.id == "q-0" else f"{sample.target!r} is no number"


def test_a_scorer_that_no_target_fits_is_refused() -> None:
    _, _, results = make_run({"demo": "cii"})
    reviewed = [Reviewed(result=r, reply=make_reply()) for r in results]
    judges = {"demo": Judge(scorer=Picky(), name="picky", options={})}  # type: ignore[arg-type]
    with pytest.raises(DefinitionError) as caught:
        check_targets(judges, reviewed)
    assert str(caught.value) == (
        "iqeval/demo::default::q-1: 'A' is no number\n"
        "iqeval/demo::default::q-2: 'A' is no number\n"
        "  hint: this scorer is not for these questions"
    )
