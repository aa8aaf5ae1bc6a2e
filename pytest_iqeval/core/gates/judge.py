"""Judges gates: expressions and results → the rows that every report shows."""

from __future__ import annotations

import operator
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction

from pytest_iqeval.core.definition import Benchmark
from pytest_iqeval.core.gates.grammar import Gate, parse_gate
from pytest_iqeval.core.gates.scopes import Target, targets, within
from pytest_iqeval.core.metrics import MEANS, METRICS
from pytest_iqeval.core.metrics.values import Measure, Metric, shown, shown_share
from pytest_iqeval.core.result import Result
from pytest_iqeval.core.sample import Sample
from pytest_iqeval.core.score import Outcome, error_score

COMPLETE = parse_gate("errors <= 0")
NEVER_ASKED = "never asked: the run ended before it"
ONLY_EARLIER_FAILURES = "not judged: only earlier failures were asked"

_COMPARE: Mapping[str, Callable[[Fraction, Fraction], bool]] = {
    ">=": operator.ge,
    "<=": operator.le,
    "==": operator.eq,
    ">": operator.gt,
    "<": operator.lt,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class GateRow:
    """One gate judged for one benchmark (``None``: for the run).

    ``passed`` is ``None`` where it could not be judged; ``reason`` is a sentence for people:
    ``accuracy 0.62 [0.53, 0.70] n=120 of 120``. ``observed`` and ``threshold`` are a share
    (0 to 1), a count or seconds. ``n`` is what it was observed over, of ``available`` questions
    in the whole set. ``implied`` tells a row of ``errors <= 0`` that nobody asked for.
    """

    expression: str
    benchmark: str | None
    metric: str
    threshold: float
    passed: bool | None
    observed: float | None
    low: float | None = None
    high: float | None = None
    n: int | None = None
    available: int | None = None
    reason: str
    implied: bool = False

    @property
    def title(self) -> str:
        """The expression, with the benchmark where it does not begin with it."""
        known = self.benchmark is None or self.expression.startswith(f"{self.benchmark}:")
        return self.expression if known else f"{self.expression} ({self.benchmark})"


def unreached(
    selected: Sequence[Sample], results: Sequence[Result], repeats: int = 1
) -> tuple[Result, ...]:
    """An `error` for each reply to a selected question that there is no result of: never asked.

    :param repeats: how many replies each question is to have.
    """
    reached = {r.key for r in results}
    return tuple(
        Result(sample=s, score=error_score(NEVER_ASKED), repeat=repeat)
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
    repeats: int = 1,
    only_failures: bool = False,
) -> tuple[GateRow, ...]:
    """Judge each gate, in order, for everything that its scope names.

    Selected questions without a result count as errors. Those that no ``errors`` gate of the
    user covers fall under ``errors <= 0``: a row of it is added for each benchmark that breaks
    it, and only then.

    :param repeats: how many replies each question is to have; each that is missing is an error.
    :param only_failures: a selection of earlier failures (``--lf``, ``--sw``), about which a
        gate says nothing: its rows have no verdict.
    """
    every = (*results, *unreached(selected, results, repeats))
    rows: dict[tuple[str | None, str], GateRow] = {}
    covers: list[Callable[[Sample], bool]] = []
    for gate in gates:
        for target in targets(gate, benchmarks, selected):
            if only_failures:
                row = _unjudged(gate, target)
            else:
                row = _judged(gate, target, benchmarks, every)
                if gate.metric == "errors":
                    covers.append(target.holds)
            rows.setdefault((row.benchmark, row.expression), row)
    open_ = [r for r in every if not any(holds(r.sample) for holds in covers)]
    for name in dict.fromkeys(r.sample.benchmark for r in open_ if _is_error(r)):
        target = Target(COMPLETE.expression, name, within(name))
        key = (name, target.expression)
        row = _judged(COMPLETE, target, benchmarks, open_)
        rows[key] = replace(row, implied=key not in rows)
    return tuple(rows.values())


def _is_error(result: Result) -> bool:
    return result.score.outcome is Outcome.ERROR


def _unjudged(gate: Gate, target: Target) -> GateRow:
    return GateRow(
        expression=target.expression,
        benchmark=target.benchmark,
        metric=gate.metric,
        threshold=float(gate.threshold),
        passed=None,
        observed=None,
        reason=ONLY_EARLIER_FAILURES,
    )


def _judged(
    gate: Gate, target: Target, benchmarks: Sequence[Benchmark], every: Sequence[Result]
) -> GateRow:
    results = [r for r in every if target.holds(r.sample)]
    available = sum(target.holds(s) for b in benchmarks for s in b.samples)
    measure = METRICS[gate.metric](results)
    metric = measure.metric(gate.level) if _has_interval(gate) else None
    observed = _observed(gate, measure, metric)
    gap = _uncounted(gate, measure, results)
    if gap or observed is None:
        observed = None
        reason = gap or f"{gate.metric} has no number: {_nothing(results)}"
    else:
        reason = _reason(gate, measure, metric, observed, results, available)
    return GateRow(
        expression=target.expression,
        benchmark=target.benchmark,
        metric=gate.metric,
        threshold=float(gate.threshold),
        passed=None if observed is None else _COMPARE[gate.op](observed, gate.threshold),
        observed=None if observed is None else float(observed),
        low=None if metric is None else metric.low,
        high=None if metric is None else metric.high,
        n=measure.n,
        available=available,
        reason=reason,
    )


def _has_interval(gate: Gate) -> bool:
    return gate.metric in MEANS or gate.bound is not None


def _is_share(gate: Gate) -> bool:
    return _has_interval(gate) or gate.unit == "%"


def _observed(gate: Gate, measure: Measure, metric: Metric | None) -> Fraction | None:
    """What is compared with the threshold, exactly."""
    if gate.bound is not None and metric is not None:
        end = metric.low if gate.bound == "lower" else metric.high
        return None if end is None else Fraction(end)
    return measure.share if _is_share(gate) else measure.total


def _uncounted(gate: Gate, measure: Measure, results: Sequence[Result]) -> str | None:
    """Why a sum of tokens says nothing: the endpoint counted some replies only."""
    replies = sum(r.latency_s is not None for r in results)
    if not gate.metric.startswith("tokens.") or measure.n == replies:
        return None
    return f"{gate.metric} has no number: the endpoint counted {measure.n} of {replies} replies"


def _nothing(results: Sequence[Result]) -> str:
    if not results:
        return "no question in its scope was asked"
    questions = len({r.key[:3] for r in results})
    return f"none of {questions} questions in its scope has a score"


def _reason(
    gate: Gate,
    measure: Measure,
    metric: Metric | None,
    observed: Fraction,
    results: Sequence[Result],
    available: int,
) -> str:
    """What was observed, in the user's unit, true to the threshold, and over what."""
    limits = (gate.threshold,)
    if metric is not None:
        text = f"{gate.metric} {shown_share(metric, limits)} n={measure.n} of {available}"
        if gate.bound is None:
            return text
        # The bound stands first: it is what was judged.
        return f"{gate.bound} {shown(observed, limits)} of {text}"
    if gate.unit == "%":
        share = shown(observed * 100, (gate.threshold * 100,), digits=1)
        text = f"{gate.metric} {share}% ({measure.total} of {measure.n})"
    elif gate.unit:
        scale = 1000 if gate.unit == "ms" else 1
        digits = 0 if gate.unit == "ms" else 2
        seconds = shown(observed * scale, (gate.threshold * scale,), digits=digits)
        text = f"{gate.metric} {seconds}{gate.unit} over {measure.n} replies"
    elif gate.metric == "n":
        text = f"n {measure.n} of {available}"
    elif gate.metric.startswith("tokens."):
        text = f"{gate.metric} {measure.total} over {measure.n} replies"
    else:
        text = f"{gate.metric} {measure.total} of {measure.n}"
    return f"{text}{_never_asked(results)}" if gate.metric == "errors" else text


def _never_asked(results: Sequence[Result]) -> str:
    count = sum(r.score.note == NEVER_ASKED for r in results)
    return f", {count} of them never asked" if count else ""
