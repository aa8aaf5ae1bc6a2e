"""Judges the gates that compare a run with its baseline, question by question.

Several ``no_regressions`` of one run are so many chances to fail a good release by accident:
their p values are adjusted by Holm, so that all together err as seldom as one. Rows about the
same questions are one test, however their gates are written. ``not_worse`` is not adjusted. It
errs by passing a bad release, and a run passes only if all of its gates do: then the chance of
a wrong pass is at most that of a single gate, however many there are
(R. L. Berger, "Multiparameter hypothesis testing and acceptance sampling", Technometrics 24
(1982) 295-300: the intersection-union test). A correction would only refuse good releases.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Mapping, Sequence
from dataclasses import replace
from fractions import Fraction

from pytest_iqeval.core.comparison import Comparison, Pair, Question, p_worse, question_of
from pytest_iqeval.core.facts import Change
from pytest_iqeval.core.gates.gate import Gate
from pytest_iqeval.core.gates.measured import COMPARE
from pytest_iqeval.core.gates.row import GateRow, gate_row
from pytest_iqeval.core.gates.scopes import Target
from pytest_iqeval.core.metrics.scores import question_value
from pytest_iqeval.core.metrics.values import decimal, p_shown, shown
from pytest_iqeval.core.phrases import gates as phrases
from pytest_iqeval.core.phrases.signs import AND, SEMICOLON
from pytest_iqeval.core.statistics.paired import Difference, holm, paired_difference
from pytest_iqeval.core.told import Told, joined, said_in

_BETTER_LESS = ("incorrect", "unparsed", "truncated", "refused")
_CHANGES_SHOWN = 3


def compared_row(
    gate: Gate, target: Target, comparison: Comparison | None, *, available: int
) -> GateRow:
    """The row of a gate on a comparison; ``None`` for `comparison`: there is none."""
    if comparison is None:
        return gate_row(gate, target, reason=phrases.NO_BASELINE, available=available)
    pairs = [pair for pair in comparison.pairs if target.holds(pair.sample)]
    if changed := [one for one in comparison.changed if one.concerns(target.benchmark)]:
        reason = not_comparable(changed)
    elif not pairs:
        reason = phrases.NO_NUMBER(metric=gate.measured, why=phrases.NO_PAIRS)
    else:
        judge = _JUDGES[gate.form or ""]
        row = judge(gate, target, pairs, comparison)
        if left_out := _left_out(target, comparison):
            row = replace(row, reason=phrases.LEFT_OUT(reason=row.reason, told=left_out))
        return replace(row, n=len(pairs), available=available)
    return gate_row(gate, target, reason=reason, n=len(pairs), available=available)


def paired_questions(target: Target, comparison: Comparison | None) -> frozenset[Question]:
    """What a gate on a comparison tests."""
    pairs = () if comparison is None else comparison.pairs
    return frozenset(question_of(pair.sample) for pair in pairs if target.holds(pair.sample))


def corrected(rows: Sequence[GateRow], about: Sequence[Hashable]) -> list[GateRow]:
    """The rows, with those of ``no_regressions`` judged by the p values that Holm adjusts.

    :param about: what each row tests; several rows about the same count as one test.
    """
    tests = {what: row.p for row, what in zip(rows, about, strict=True) if row.p is not None}
    adjusted = dict(zip(tests, holm(list(tests.values())), strict=True))
    done = list(rows)
    for n, row in enumerate(rows):
        if row.p is None:
            continue
        p, reason = adjusted[about[n]], row.reason
        if len(tests) > 1:
            shown_p, adjusted_p = (p_shown(one, (row.threshold,)) for one in (row.p, p))
            both = phrases.AFTER_HOLM(p=shown_p, adjusted=adjusted_p, tests=len(tests))
            reason = _replaced(reason, f"p {shown_p}", both)
        done[n] = replace(row, adjusted=p, passed=p >= row.threshold, reason=reason)
    return done


def _drop(gate: Gate, target: Target, pairs: Sequence[Pair], _: Comparison) -> GateRow:
    before, now = means(gate.metric, pairs)
    found = paired_difference([-d for d in differences(gate.metric, pairs)])
    return drop_row(gate, target, before, now, (found.low, found.high), count=len(pairs))


def drop_row(
    gate: Gate,
    target: Target,
    before: Fraction,
    now: Fraction,
    interval: tuple[float, float],
    *,
    count: int,
) -> GateRow:
    """The row of ``drop(METRIC)``.

    :param interval: of the drop; `count` is over how many pairs.
    """
    drop = before - now
    rose = drop < 0
    by, limit = (-drop, -gate.threshold) if rose else (drop, gate.threshold)
    return gate_row(
        gate,
        target,
        passed=COMPARE[gate.op](drop, gate.threshold),
        observed=drop,
        low=interval[0],
        high=interval[1],
        reason=(phrases.ROSE if rose else phrases.DROPPED)(
            metric=gate.metric,
            points=shown(by * 100, (limit * 100,), digits=1),
            before=shown(before, digits=3),
            now=shown(now, digits=3),
            count=count,
        ),
    )


def _not_worse(gate: Gate, target: Target, pairs: Sequence[Pair], _: Comparison) -> GateRow:
    found = paired_difference(differences(gate.metric, pairs), gate.level)
    return not_worse_row(gate, target, found)


def not_worse_row(gate: Gate, target: Target, found: Difference) -> GateRow:
    """The row of ``not_worse(METRIC, LIMIT)``.

    :param found: the metric now minus then, with its interval.
    """
    if gate.metric in _BETTER_LESS:
        limit, end, name = gate.threshold, found.high, "upper"
        passed = found.high < float(limit)
    else:
        limit, end, name = -gate.threshold, found.low, "lower"
        passed = found.low > float(limit)
    mark = float(limit * 100)
    low, high = (_signed(e, mark) for e in (found.low, found.high))
    return gate_row(
        gate,
        target,
        passed=passed,
        observed=end,
        threshold=limit,
        low=found.low,
        high=found.high,
        reason=phrases.WORSE(
            end=phrases.BOUNDS[name],
            limit=_signed(end, mark),
            metric=gate.metric,
            mean=_signed(found.mean, mark),
            low=low,
            high=high,
            count=found.n,
        ),
    )


def _no_regressions(
    gate: Gate, target: Target, pairs: Sequence[Pair], comparison: Comparison
) -> GateRow:
    lost, gained, flaky = (
        sum(target.holds(pair.sample) for pair in kind)
        for kind in (comparison.lost, comparison.gained, comparison.flaky)
    )
    p = p_worse(pairs)
    before, now = means("accuracy", pairs)
    threshold = float(gate.threshold)
    return gate_row(
        gate,
        target,
        passed=p >= threshold,
        observed=p,
        p=p,
        reason=phrases.REGRESSIONS(
            p=p_shown(p, (threshold,)),
            lost=lost,
            gained=gained,
            flips=phrases.FLIPS(flaky=flaky) if flaky else "",
            mean=_signed(now - before, 0),
            count=len(pairs),
        ),
    )


_Judge = Callable[[Gate, Target, Sequence[Pair], Comparison], GateRow]
_JUDGES: Mapping[str, _Judge] = {
    "drop": _drop,
    "not_worse": _not_worse,
    "no_regressions": _no_regressions,
}


def means(metric: str, pairs: Sequence[Pair]) -> tuple[Fraction, Fraction]:
    """The metric over the pairs, then and now; exact."""
    before = sum((question_value(metric, p.before) for p in pairs), start=Fraction())
    now = sum((question_value(metric, p.now) for p in pairs), start=Fraction())
    return before / len(pairs), now / len(pairs)


def differences(metric: str, pairs: Sequence[Pair]) -> list[float]:
    """Each question's value now minus then."""
    return [
        float(question_value(metric, pair.now) - question_value(metric, pair.before))
        for pair in pairs
    ]


def not_comparable(changed: Sequence[Change]) -> Told:
    """Why a gate on a comparison is not judged."""
    more = len(changed) - _CHANGES_SHOWN
    told = joined((change.said for change in changed[:_CHANGES_SHOWN]), SEMICOLON)
    if more > 0:
        told = phrases.MORE_CHANGES(told=told, more=more)
    return phrases.NOT_COMPARABLE(told=told)


def _left_out(target: Target, comparison: Comparison) -> Told | None:
    """Which questions are no pairs; ``None`` where all are."""
    kinds = (
        (phrases.WITHOUT_TWO_SCORES, comparison.unscored),
        (phrases.NEW, comparison.new),
    )
    told = [phrase(n=n) for phrase, samples in kinds if (n := sum(map(target.holds, samples)))]
    return joined(told, AND) if told else None


def _replaced(text: str, part: str, by: Told) -> Told:
    """`text` with the first `part`, which is the same in both languages, told otherwise."""
    return Told(
        said_in(text, "en").replace(part, by, 1), said_in(text, "zh").replace(part, by.zh, 1)
    )


def _signed(share: Fraction | float, limit: float) -> str:
    # A float times 100 is not what is written: 0.07 would be 7.000000000000001.
    points = share * 100 if isinstance(share, Fraction) else float(decimal(share) * 100)
    text = shown(points, (limit,), digits=1)
    return text if text.startswith("-") else f"+{text}"
