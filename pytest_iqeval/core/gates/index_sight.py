"""What a gate on the index can see, as `core.gates.sight` says it of the others.

The benchmarks' questions tell of a weighted mean what `equal_questions` of one benchmark do, so
they are counted as those; how many a change takes is then told in questions as they are.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from functools import partial

from pytest_iqeval.core.comparison import Baseline, question_of
from pytest_iqeval.core.gates.gate import Gate
from pytest_iqeval.core.gates.sight import LEVEL, Scores, Sight, make_sight, one_side
from pytest_iqeval.core.index import Cell, IndexPart, cells
from pytest_iqeval.core.metrics import COMPARED, INDEX
from pytest_iqeval.core.metrics.scores import question_value
from pytest_iqeval.core.sample import Sample
from pytest_iqeval.core.statistics.combined import equal_questions
from pytest_iqeval.core.statistics.discordance import discordance
from pytest_iqeval.core.statistics.power import (
    detectable,
    detectable_flips,
    detectable_paired,
    needed,
    needed_flips,
    needed_paired,
)

_Scores = Sequence[tuple[Cell[Sample], Scores]]
"""The questions of each cell, with the scores that the baseline has of them, if any."""


def index_sights(
    gates: Sequence[Gate],
    parts: Sequence[IndexPart],
    selected: Sequence[Sample],
    *,
    baseline: Baseline | None,
    repeats: int,
) -> list[Sight]:
    """A sight of each gate on the index that will have a number: every part has questions.

    :param repeats: how many replies each question gets.
    """
    earlier = {} if baseline is None else baseline.scores
    before = [sample for sample in selected if earlier.get(question_of(sample))]
    sights = []
    for gate in (gate for gate in gates if gate.metric == INDEX):
        asked = selected if gate.form is None else before
        pieces = [cells(part, asked, lambda sample: sample) for part in parts]
        every = [cell for found in pieces for cell in found]
        scores = [(c, [earlier.get(question_of(s), ()) for s in c.items]) for c in every]
        if not parts or not all(pieces):
            continue
        if gate.form is None:
            sights.append(_fixed(gate, scores))
        elif all(cell.metric in COMPARED for cell in every):
            sights.append(_paired(gate, scores, repeats=repeats))
    return sights


def _fixed(gate: Gate, scores: _Scores) -> Sight:
    """A change from the gate's own limit, as if every benchmark were there."""
    limit, before = float(gate.threshold), _before(scores)
    n, scale = _counted(scores)
    return make_sight(
        gate,
        (gate.expression, None),
        rule=(partial(_seen, detectable, scale), partial(_taken, needed, scale)),
        n=n,
        at=limit,
        basis="threshold",
        before=before,
        asked=None if before is None else abs(before - limit),
        level=LEVEL if gate.bound is None else one_side(gate.level),
    )


def _paired(gate: Gate, scores: _Scores, *, repeats: int) -> Sight:
    """A change since the baseline; what differs by chance is taken over all questions."""
    values = [
        [float(question_value(cell.metric, (score,))) for score in one]
        for cell, questions in scores
        for one in questions
    ]
    chance = discordance(values, repeats)
    n, scale = _counted(scores)
    least: Callable[..., float] = detectable_paired
    questions: Callable[..., int] = needed_paired
    if gate.form == "drop":
        least = partial(detectable_flips, replies=repeats, step=0)
        questions = partial(needed_flips, replies=repeats, step=0)
    return make_sight(
        gate,
        (gate.expression, None),
        rule=(partial(_seen, least, scale), partial(_taken, questions, scale)),
        n=n,
        at=chance.share,
        basis="repeats" if chance.measured else "assumed",
        before=_before(scores),
        asked=abs(float(gate.threshold)) or None,
        level=LEVEL if gate.form == "drop" else one_side(gate.level),
    )


def _counted(scores: _Scores) -> tuple[int, float]:
    """How many questions there are, and how many of them tell as much as one of a plain mean."""
    pairs = [(float(cell.weight), len(cell.items)) for cell, _ in scores]
    n = sum(count for _, count in pairs)
    return n, n / equal_questions(pairs)


def _seen(rule: Callable[..., float], scale: float, n: int, at: float, **how: float) -> float:
    return rule(max(1, math.floor(n / scale + 1e-9)), at, **how)


def _taken(rule: Callable[..., int], scale: float, change: float, at: float, **how: float) -> int:
    return math.ceil(rule(change, at, **how) * scale - 1e-9)


def _before(scores: _Scores) -> float | None:
    """The index in the baseline, over its questions that are asked now; it may have none."""
    means = []
    for cell, questions in scores:
        known = [float(question_value(cell.metric, one)) for one in questions if one]
        if not known or cell.metric not in COMPARED:
            return None
        means.append((float(cell.weight), math.fsum(known) / len(known)))
    return math.fsum(w * m for w, m in means) / math.fsum(w for w, _ in means)
