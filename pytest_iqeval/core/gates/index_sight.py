"""What a gate on the index can see, as `core.gates.sight` says it of the others.

The benchmarks' questions tell of a weighted mean what `equal_questions` of one benchmark do, so
they are counted as those; how many a change takes is then told in questions as they are.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Callable, Sequence
from functools import partial

from pytest_iqeval.core.comparison import Baseline, question_of
from pytest_iqeval.core.gates.gate import Gate
from pytest_iqeval.core.gates.sight import LEVEL, Scores, Sight, make_sight, one_side
from pytest_iqeval.core.index import IndexPart
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
    scores: dict[str, Scores] = {
        part.benchmark: [
            found
            for sample in selected
            if sample.benchmark == part.benchmark and (found := earlier.get(question_of(sample)))
        ]
        for part in parts
    }
    asked = Counter(sample.benchmark for sample in selected)
    paired = {name: len(found) for name, found in scores.items()}
    sights = []
    for gate in (gate for gate in gates if gate.metric == INDEX):
        counts = asked if gate.form is None else paired
        if not parts or not all(counts[part.benchmark] for part in parts):
            continue
        if gate.form is None:
            sights.append(_fixed(gate, parts, asked, scores))
        elif all(part.metric in COMPARED for part in parts):
            sights.append(_paired(gate, parts, paired, scores, repeats=repeats))
    return sights


def _fixed(
    gate: Gate, parts: Sequence[IndexPart], asked: Counter[str], scores: dict[str, Scores]
) -> Sight:
    """A change from the gate's own limit, as if every benchmark were there."""
    limit, before = float(gate.threshold), _before(parts, scores)
    n, scale = _counted(parts, asked)
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


def _paired(
    gate: Gate,
    parts: Sequence[IndexPart],
    paired: dict[str, int],
    scores: dict[str, Scores],
    *,
    repeats: int,
) -> Sight:
    """A change since the baseline; what differs by chance is taken over all questions."""
    values = [
        [float(question_value(part.metric, (score,))) for score in one]
        for part in parts
        for one in scores[part.benchmark]
    ]
    chance = discordance(values, repeats)
    n, scale = _counted(parts, paired)
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
        before=_before(parts, scores),
        asked=abs(float(gate.threshold)) or None,
        level=LEVEL if gate.form == "drop" else one_side(gate.level),
    )


def _counted(parts: Sequence[IndexPart], counts: dict[str, int]) -> tuple[int, float]:
    """How many questions there are, and how many of them tell as much as one of a plain mean."""
    pairs = [(float(part.weight), counts[part.benchmark]) for part in parts]
    n = sum(count for _, count in pairs)
    return n, n / equal_questions(pairs)


def _seen(rule: Callable[..., float], scale: float, n: int, at: float, **how: float) -> float:
    return rule(max(1, math.floor(n / scale + 1e-9)), at, **how)


def _taken(rule: Callable[..., int], scale: float, change: float, at: float, **how: float) -> int:
    return math.ceil(rule(change, at, **how) * scale - 1e-9)


def _before(parts: Sequence[IndexPart], scores: dict[str, Scores]) -> float | None:
    """The index in the baseline, over its questions that are asked now."""
    if not all(scores[p.benchmark] and p.metric in COMPARED for p in parts):
        return None
    means = [
        math.fsum(float(question_value(part.metric, one)) for one in scores[part.benchmark])
        / len(scores[part.benchmark])
        for part in parts
    ]
    weights = [float(part.weight) for part in parts]
    return math.fsum(w * m for w, m in zip(weights, means, strict=True)) / math.fsum(weights)
