"""What a gate can see: the change that its questions show, and how many its own change takes.

Questions are counted, never replies: five replies to each of 120 questions are 120 questions.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial

from pytest_iqeval.core.comparison import Baseline, Question, question_of
from pytest_iqeval.core.definition import Benchmark
from pytest_iqeval.core.gates.gate import BASELINE_FORMS, Gate
from pytest_iqeval.core.gates.scopes import Target, targets
from pytest_iqeval.core.metrics import INDEX, MEANS, is_mean
from pytest_iqeval.core.metrics.scores import question_value
from pytest_iqeval.core.sample import Sample
from pytest_iqeval.core.score import Score
from pytest_iqeval.core.statistics.discordance import discordance
from pytest_iqeval.core.statistics.power import (
    detectable,
    detectable_flips,
    detectable_paired,
    needed,
    needed_flips,
    needed_paired,
)

SMALL = 0.03
"""A change that releases are argued about: the questions for it are always counted."""
POWER = 0.8
LEVEL = 0.05  # of a gate that has none of its own
_NOTHING = 1e-9

Scores = Sequence[Sequence[Score]]
"""Of each question that a baseline has, the scores of its replies."""
_Rule = tuple[Callable[..., float], Callable[..., int]]
"""The least change that questions show, and the questions that a change takes."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Sight:
    """What one row of a gate can see.

    ``gate`` is the gate as it was written, ``expression`` and ``benchmark`` name the row. Its
    ``n`` questions show a ``change`` (0 to 1) with the probability ``power``, by a one-sided test
    at ``level``. The gate itself wants to tell ``asked`` (``None``: no change of a certain size),
    which takes ``needed`` questions (``None`` also where nothing is between the two); 3 points
    take ``needed_3pt``.

    ``basis`` says at what: ``threshold``, at the gate's own limit ``at``; else at a share ``at``
    of questions that differ between two runs by chance, which the baseline's ``repeats`` showed
    or which is ``assumed``. ``before`` is the metric in the baseline, where it is known.
    """

    gate: str
    expression: str
    benchmark: str | None
    n: int
    change: float
    asked: float | None
    needed: int | None
    needed_3pt: int
    basis: str
    at: float
    before: float | None
    level: float
    power: float


def sights(
    gates: Sequence[Gate],
    benchmarks: Sequence[Benchmark],
    selected: Sequence[Sample],
    *,
    baseline: Baseline | None = None,
    repeats: int = 1,
) -> tuple[Sight, ...]:
    """A sight of each row of the gates on means, and on what changed since a baseline.

    Those on the index have their own: `core.gates.index_sight`.

    Gates on counts, times and tokens, and those of users, see nothing that can be said before.

    :param repeats: how many replies each question gets.
    """
    rows = list(_rows(gates, benchmarks, selected, baseline))
    # Rows about the same questions are one test.
    tests = len({frozenset(before) for g, _, _, before in rows if g.form == "no_regressions"})
    found = (
        _fixed(gate, target, n, list(before.values()))
        if gate.form is None
        else _paired(gate, target, list(before.values()), repeats=repeats, tests=tests)
        for gate, target, n, before in rows
    )
    return tuple(sight for sight in found if sight is not None)


def _rows(
    gates: Sequence[Gate],
    benchmarks: Sequence[Benchmark],
    selected: Sequence[Sample],
    baseline: Baseline | None,
) -> Iterator[tuple[Gate, Target, int, Mapping[Question, Sequence[Score]]]]:
    """The rows with questions: their number, and the baseline's scores of those that it has."""
    earlier = {} if baseline is None else baseline.scores
    for gate in gates:
        paired = gate.form in BASELINE_FORMS
        if gate.metric == INDEX or (
            not paired and (gate.form is not None or not is_mean(gate.metric))
        ):
            continue
        for target in targets(gate, benchmarks, selected):
            questions = [question_of(sample) for sample in selected if target.holds(sample)]
            before = {one: scores for one in questions if (scores := earlier.get(one))}
            if before if paired else questions:
                yield gate, target, len(questions), before


def _fixed(gate: Gate, target: Target, n: int, scores: Scores) -> Sight:
    """A change from the gate's own limit: a model that is there passes and fails by chance.

    The spread over questions is taken as that of single replies, also where there are several:
    the more questions differ, the nearer it is to that, and it is never above it.
    """
    limit = float(gate.threshold)
    before = None
    if scores and gate.metric in MEANS:
        before = _mean([float(question_value(gate.metric, one)) for one in scores])
    level = LEVEL if gate.bound is None else one_side(gate.level)
    return make_sight(
        gate,
        (target.expression, target.benchmark),
        rule=(detectable, needed),
        n=n,
        at=limit,
        basis="threshold",
        before=before,
        asked=None if before is None else abs(before - limit),
        level=level,
    )


def _paired(
    gate: Gate, target: Target, scores: Scores, *, repeats: int, tests: int
) -> Sight | None:
    """A change since the baseline; ``None`` for a p value that tests nothing.

    What differs by chance is the mean square of the differences of the questions' means: the
    more replies then and now, the less. ``not_worse`` wants an equal model to pass, so that is
    all; a drop that the others are to find makes more questions differ. Of several tests of
    ``no_regressions``, Holm's method holds the first to the p value divided by their number.
    """
    counts = gate.form == "no_regressions"
    metric = "accuracy" if counts else gate.metric
    values = [[float(question_value(metric, (score,))) for score in one] for one in scores]
    chance = discordance(values, repeats)
    level = LEVEL
    if counts:
        level = float(gate.threshold) / tests
    elif gate.form == "not_worse":
        level = one_side(gate.level)
    if level >= 0.5:
        return None
    rule: _Rule = (detectable_paired, needed_paired)
    if gate.form != "not_worse":
        step = 1 / math.lcm(repeats, *{len(one) for one in scores}) if counts else 0
        rule = (
            partial(detectable_flips, replies=repeats, step=step),
            partial(needed_flips, replies=repeats, step=step),
        )
    return make_sight(
        gate,
        (target.expression, target.benchmark),
        rule=rule,
        n=len(scores),
        at=chance.share,
        basis="repeats" if chance.measured else "assumed",
        before=_mean([_mean(one) for one in values]),
        asked=None if counts or not gate.threshold else abs(float(gate.threshold)),
        level=level,
    )


def make_sight(
    gate: Gate,
    row: tuple[str, str | None],
    *,
    rule: _Rule,
    n: int,
    at: float,
    basis: str,
    before: float | None,
    asked: float | None,
    level: float,
) -> Sight:
    """What is known, with the change and the numbers of questions that follow from it.

    :param row: its expression and its benchmark.
    """
    least, questions = rule
    told = asked is not None and asked > _NOTHING
    return Sight(
        gate=gate.expression,
        expression=row[0],
        benchmark=row[1],
        n=n,
        change=least(n, at, alpha=level, power=POWER),
        asked=asked,
        needed=questions(asked, at, alpha=level, power=POWER) if told else None,
        needed_3pt=questions(SMALL, at, alpha=level, power=POWER),
        basis=basis,
        at=at,
        before=before,
        level=level,
        power=POWER,
    )


def one_side(level: float) -> float:
    """What lies beyond one end of a two-sided interval; 0.025, and not some 1e-17 more."""
    return round((1 - level) / 2, 12)


def _mean(values: Sequence[float]) -> float:
    return math.fsum(values) / len(values)
