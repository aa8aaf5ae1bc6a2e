"""Judges ``METRIC OP VALUE``, of a metric or of a bound of its interval."""

from __future__ import annotations

import operator
from collections.abc import Callable, Mapping, Sequence
from fractions import Fraction

from pytest_iqeval.core.gates.gate import Gate
from pytest_iqeval.core.gates.row import GateRow, gate_row
from pytest_iqeval.core.gates.scopes import Target
from pytest_iqeval.core.metrics import is_share, metric_function, share_function
from pytest_iqeval.core.metrics.own import OwnMetrics
from pytest_iqeval.core.metrics.values import Measure, Metric, shown, shown_share
from pytest_iqeval.core.phrases import gates as phrases
from pytest_iqeval.core.result import Result
from pytest_iqeval.core.told import Told

COMPARE: Mapping[str, Callable[[Fraction | float, Fraction | float], bool]] = {
    ">=": operator.ge,
    "<=": operator.le,
    "==": operator.eq,
    ">": operator.gt,
    "<": operator.lt,
}


def measured_row(
    gate: Gate, target: Target, results: Sequence[Result], *, available: int
) -> GateRow:
    """The row of a gate on a metric.

    :param results: of the target's questions.
    :param available: how many questions it has in the whole set.
    """
    function = metric_function if gate.bound is None else share_function
    measure = function(gate.metric)(results)
    metric = measure.metric(gate.level) if _has_interval(gate) else None
    observed = _observed(gate, measure, metric)
    gap = measure.gap or _uncounted(gate, measure, results)
    if gap or observed is None:
        observed = None
        reason = phrases.NO_NUMBER(metric=gate.metric, why=gap or nothing(results))
    else:
        reason = _reason(gate, measure, metric, observed, results, available)
    return gate_row(
        gate,
        target,
        passed=None if observed is None else COMPARE[gate.op](observed, gate.threshold),
        observed=observed,
        low=None if metric is None else metric.low,
        high=None if metric is None else metric.high,
        n=measure.n,
        available=available,
        groups=None if metric is None else metric.groups,
        reason=reason,
    )


def own_row(
    gate: Gate, target: Target, results: Sequence[Result], own: OwnMetrics, *, available: int
) -> GateRow:
    """The row of a gate on a metric of the user: a float, so it is compared with a float."""
    name, threshold = gate.metric, float(gate.threshold)
    if name in own:
        metric, trouble = own[name].measure(results)
    else:
        metric, trouble = Metric(value=None, n=0), phrases.NOBODY_GIVES_IT
    if metric.value is None:
        found = phrases.IT_IS_NONE(count=metric.n) if metric.n else nothing(results)
        reason = phrases.NO_NUMBER(metric=name, why=trouble or found)
    else:
        value = shown_share(metric, (threshold,))
        reason = phrases.VALUE(metric=name, value=value, n=metric.n, available=available)
    return gate_row(
        gate,
        target,
        passed=None if metric.value is None else COMPARE[gate.op](metric.value, threshold),
        observed=metric.value,
        low=metric.low,
        high=metric.high,
        n=metric.n,
        available=available,
        reason=reason,
    )


def nothing(results: Sequence[Result]) -> Told:
    """Why there is no score."""
    if not results:
        return phrases.NOTHING_ASKED
    return phrases.NONE_SCORED(count=len({r.key[:3] for r in results}))


def _has_interval(gate: Gate) -> bool:
    return is_share(gate.metric) or gate.bound is not None


def _is_share(gate: Gate) -> bool:
    return _has_interval(gate) or gate.unit == "%"


def _observed(gate: Gate, measure: Measure, metric: Metric | None) -> Fraction | None:
    """What is compared with the threshold, exactly."""
    if gate.bound is not None and metric is not None:
        end = metric.low if gate.bound == "lower" else metric.high
        return None if end is None else Fraction(end)
    return measure.share if _is_share(gate) else measure.total


def _uncounted(gate: Gate, measure: Measure, results: Sequence[Result]) -> Told | None:
    """Why a sum of tokens says nothing: the endpoint counted some replies only."""
    replies = sum(r.latency_s is not None for r in results)
    if not gate.metric.startswith("tokens.") or measure.n == replies:
        return None
    return phrases.NOT_COUNTED(counted=measure.n, replies=replies)


def _reason(
    gate: Gate,
    measure: Measure,
    metric: Metric | None,
    observed: Fraction,
    results: Sequence[Result],
    available: int,
) -> Told:
    """What was observed, in the user's unit, true to the threshold, and over what."""
    name, limits = gate.metric, (gate.threshold,)
    if metric is not None:
        value = shown_share(metric, limits)
        text = (
            phrases.VALUE(metric=name, value=value, n=measure.n, available=available)
            if metric.groups is None
            else phrases.VALUE_IN_GROUPS(
                metric=name,
                value=value,
                n=measure.n,
                count=metric.groups,
                available=available,
            )
        )
        if gate.bound is None:
            return text
        # The bound stands first: it is what was judged.
        bound = phrases.BOUNDS[gate.bound]
        return phrases.BOUND(bound=bound, value=shown(observed, limits), text=text)
    if gate.unit == "%":
        share = shown(observed * 100, (gate.threshold * 100,), digits=1)
        text = phrases.SHARE(metric=name, share=share, part=measure.total, n=measure.n)
    elif gate.unit:
        scale = 1000 if gate.unit == "ms" else 1
        digits = 0 if gate.unit == "ms" else 2
        seconds = shown(observed * scale, (gate.threshold * scale,), digits=digits)
        text = phrases.SECONDS(metric=name, seconds=seconds, unit=gate.unit, count=measure.n)
    elif name == "n":
        text = phrases.ASKED(n=measure.n, available=available)
    elif name.startswith("tokens."):
        text = phrases.TOTAL(metric=name, total=measure.total, count=measure.n)
    else:
        text = phrases.COUNT(metric=name, part=measure.total, n=measure.n)
    never = sum(r.score.note == phrases.NEVER_ASKED for r in results)
    if name == "errors" and never:
        return phrases.OF_THEM_NEVER_ASKED(text=text, count=never)
    return text
