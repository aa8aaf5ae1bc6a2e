"""Judges gates: expressions and results → the rows that every report shows."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from pytest_iqeval.core.comparison import Comparison, Question, scored
from pytest_iqeval.core.definition import Benchmark
from pytest_iqeval.core.gates.compared import compared_row, corrected, paired_questions
from pytest_iqeval.core.gates.gate import BASELINE_FORMS, Gate
from pytest_iqeval.core.gates.grammar import parse_gate
from pytest_iqeval.core.gates.index import index_row
from pytest_iqeval.core.gates.measured import measured_row, nothing, own_row
from pytest_iqeval.core.gates.row import GateRow, gate_row
from pytest_iqeval.core.gates.scopes import Target, targets, within
from pytest_iqeval.core.index import IndexPart, all_alike
from pytest_iqeval.core.metrics import INDEX, is_own, is_share
from pytest_iqeval.core.metrics.own import OwnMetrics
from pytest_iqeval.core.phrases import gates as phrases
from pytest_iqeval.core.policy import Passes, majority
from pytest_iqeval.core.result import Result
from pytest_iqeval.core.sample import Sample
from pytest_iqeval.core.score import Outcome, error_score

COMPLETE = parse_gate("errors <= 0")
_NAMED = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class _Evidence:
    """What gates are judged by: every selected question has a result in ``every``."""

    benchmarks: Sequence[Benchmark]
    every: Sequence[Result]
    comparison: Comparison | None
    passes: Passes
    own: OwnMetrics
    index: Sequence[IndexPart]


def unreached(
    selected: Sequence[Sample], results: Sequence[Result], repeats: int = 1
) -> tuple[Result, ...]:
    """An `error` for each reply to a selected question that there is no result of: never asked.

    :param repeats: how many replies each question is to have.
    """
    reached = {r.key for r in results}
    return tuple(
        Result(sample=s, score=error_score(phrases.NEVER_ASKED), repeat=repeat)
        for s in selected
        for repeat in range(repeats)
        if (s.benchmark, s.subset, s.id, repeat) not in reached
    )


def judge_gates(
    gates: Sequence[Gate],
    benchmarks: Sequence[Benchmark],
    selected: Sequence[Sample],
    results: Sequence[Result],
    *,
    own: OwnMetrics | None = None,
    repeats: int = 1,
    only_failures: bool = False,
    comparison: Comparison | None = None,
    passes: Passes = majority,
    index: Sequence[IndexPart] = (),
) -> tuple[GateRow, ...]:
    """Judge each gate, in order, for everything that its scope names.

    Selected questions without a result count as errors. Those that no ``errors`` gate of the
    user covers fall under ``errors <= 0``: a row of it is added for each benchmark that breaks
    it, and only then.

    :param own: the user's own metrics, by name.
    :param repeats: how many replies each question is to have; each that is missing is an error.
    :param only_failures: a selection of earlier failures (``--lf``, ``--sw``), about which a
        gate says nothing: its rows have no verdict.
    :param comparison: with the baseline, where there is one.
    :param passes: what makes several replies to one question right.
    :param index: what a suite makes the index of; without one, of all benchmarks alike.
    """
    every = (*results, *unreached(selected, results, repeats))
    evidence = _Evidence(
        benchmarks=benchmarks,
        every=every,
        comparison=comparison,
        passes=passes,
        own=own or {},
        index=index or all_alike(benchmarks),
    )
    rows: dict[tuple[str | None, str], GateRow] = {}
    tested: dict[tuple[str | None, str], frozenset[Question]] = {}
    covers: list[Callable[[Sample], bool]] = []
    for gate in gates:
        for target in targets(gate, benchmarks, selected):
            if only_failures:
                row = gate_row(gate, target, reason=phrases.ONLY_EARLIER_FAILURES)
            else:
                row = _judged(gate, target, evidence)
                if gate.metric == "errors":
                    covers.append(target.holds)
            key = (row.benchmark, row.expression)
            if key not in rows:
                rows[key] = row
                tested[key] = (
                    paired_questions(target, comparison) if row.p is not None else frozenset()
                )
    rows = dict(zip(rows, corrected(list(rows.values()), list(tested.values())), strict=True))
    open_ = [r for r in every if not any(holds(r.sample) for holds in covers)]
    for name in dict.fromkeys(r.sample.benchmark for r in open_ if _is_error(r)):
        target = Target(COMPLETE.expression, name, within(name))
        key = (name, target.expression)
        row = _judged(COMPLETE, target, replace(evidence, every=open_))
        rows[key] = replace(row, implied=key not in rows)
    return tuple(rows.values())


def _is_error(result: Result) -> bool:
    return result.score.outcome is Outcome.ERROR


def _judged(gate: Gate, target: Target, evidence: _Evidence) -> GateRow:
    available = sum(target.holds(s) for b in evidence.benchmarks for s in b.samples)
    results = [r for r in evidence.every if target.holds(r.sample)]
    row = _row(gate, target, results, evidence, available=available)
    asked = len({r.key[:3] for r in results})
    # "n=20 of 120" stands in the others already; and it is no news that nothing was judged.
    if row.passed is None or asked >= available or not _counts_otherwise(gate):
        return row
    part = phrases.OF_A_PART(reason=row.reason, asked=asked, available=available)
    return replace(row, reason=part)


def _counts_otherwise(gate: Gate) -> bool:
    """Whether its reason speaks of replies, pairs or failures rather than of questions."""
    own, share = is_own(gate.metric), is_share(gate.metric) or gate.bound is not None
    return gate.form is not None or not (own or share or gate.metric == "n")


def _row(
    gate: Gate,
    target: Target,
    results: Sequence[Result],
    evidence: _Evidence,
    *,
    available: int,
) -> GateRow:
    if gate.metric == INDEX:
        compared = evidence.comparison
        return index_row(gate, target, results, evidence.index, compared, available=available)
    if gate.form in BASELINE_FORMS:
        return compared_row(gate, target, evidence.comparison, available=available)
    if gate.form == "must_pass":
        return _must_pass_row(gate, target, results, evidence.passes, available=available)
    if is_own(gate.metric):
        return own_row(gate, target, results, evidence.own, available=available)
    return measured_row(gate, target, results, available=available)


def _must_pass_row(
    gate: Gate, target: Target, results: Sequence[Result], passes: Passes, *, available: int
) -> GateRow:
    """A question that does not pass fails it; one without a score leaves it open."""
    by_question = scored(results)
    judged = {question: passes(scores) for question, scores in by_question.items() if scores}
    failed = [f"{subset}::{id_}" for (_, subset, id_), good in judged.items() if not good]
    missing = len(by_question) - len(judged)
    asked = len(by_question)
    named = ", ".join(failed[:_NAMED])
    if len(failed) > _NAMED:
        named = phrases.AND_MORE(named=named, more=len(failed) - _NAMED)
    if failed:
        lacks = phrases.LACKING(missing=missing) if missing else ""
        reason = phrases.DO_NOT_PASS(count=len(failed), asked=asked, named=named, lacks=lacks)
    elif missing or not judged:
        lacking = phrases.WITHOUT_SCORE(missing=missing, asked=asked)
        reason = phrases.NO_VERDICT(why=lacking if judged else nothing(results))
    else:
        reason = phrases.ALL_PASSED(count=len(judged))
    return gate_row(
        gate,
        target,
        passed=False if failed else None if missing or not judged else True,
        observed=len(failed) if judged else None,
        n=len(judged),
        available=available,
        reason=reason,
    )
