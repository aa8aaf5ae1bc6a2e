"""What a run will ask for, and what its gates can see, told before anything is paid for."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from pytest_iqeval.core.definition import Benchmark
from pytest_iqeval.core.gates.gate import Gate
from pytest_iqeval.core.gates.scopes import targets
from pytest_iqeval.core.metrics import MEANS
from pytest_iqeval.core.sample import Sample
from pytest_iqeval.core.statistics.power import detectable, needed

# A change that releases are argued about; the questions for it are named where there are too few.
_SMALL = 0.03


@dataclass(frozen=True, slots=True, kw_only=True)
class Sight:
    """What one row of a gate can see: the least ``change`` (0 to 1) that its ``n`` questions show.

    It is a change from the gate's own threshold, ``accuracy``: a model there passes and fails by
    chance.
    """

    expression: str
    n: int
    accuracy: float
    change: float


def cost_text(
    *, requests: int, tokens: int, reply_tokens: int, kept: int = 0, at_most: bool = False
) -> str:
    """``120 requests, about 43,000 tokens (a reply taken as 256)``.

    :param tokens: of prompts and replies together.
    :param kept: replies that the run which this one goes on with has already.
    :param at_most: a cache may have some too.
    """
    most = "at most " if at_most else ""
    taken = f"a reply taken as {reply_tokens}"
    had = "reply that is" if kept == 1 else "replies that are"
    beside = f" beside {kept:,} {had} kept" if kept else ""
    asked = _many(requests, "request")
    return f"{most}{asked}{beside}, about {_rounded(tokens, 2):,} tokens ({taken})"


def dimmest(
    gates: Iterable[Gate], benchmarks: Sequence[Benchmark], selected: Sequence[Sample]
) -> Sight | None:
    """The gate, and of its rows the one, that sees least; ``None`` where none is about a mean."""
    sights = (
        Sight(
            expression=target.expression,
            n=n,
            accuracy=float(gate.threshold),
            change=detectable(n, float(gate.threshold)),
        )
        for gate in gates
        if gate.metric in MEANS and gate.form is None  # a form's value is no accuracy
        for target in targets(gate, benchmarks, selected)
        if (n := sum(map(target.holds, selected)))
    )
    return max(sights, key=lambda sight: sight.change, default=None)


def sight_text(sight: Sight) -> str:
    """``gate accuracy >= 0.8: 120 questions can show a change of about 9 points from 0.8; …``."""
    text = (
        f"gate {sight.expression}: {_many(sight.n, 'question')} can show a change of about "
        f"{_points(sight.change)} from {sight.accuracy:.4g}"
    )
    if sight.change > _SMALL:
        wanted = _rounded(needed(_SMALL, sight.accuracy), 3)
        text += f"; {_points(_SMALL)} need about {wanted:,}"
    return f"{text} (one-sided 5 %, power 80 %)"


def _many(number: int, what: str) -> str:
    return f"{number:,} {what}" + ("" if number == 1 else "s")


def _points(change: float) -> str:
    """``9 points``; below 2 with one decimal."""
    points = change * 100
    return f"{points:.{0 if points >= 2 else 1}f} points"


def _rounded(number: int, digits: int) -> int:
    """`number` rounded up to so many significant digits: no promise is too good."""
    step: int = 10 ** max(0, len(str(number)) - digits)
    return -(-number // step) * step
