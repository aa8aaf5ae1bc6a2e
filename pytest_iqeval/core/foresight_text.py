"""What a run asks for and what its gates can see, in words: a line each."""

from __future__ import annotations

from collections.abc import Iterable

from pytest_iqeval.core.foresight import Foresight
from pytest_iqeval.core.gates.sight import SMALL, Sight
from pytest_iqeval.core.phrases import foresight as phrases
from pytest_iqeval.core.told import Told


def foresight_lines(foresight: Foresight) -> list[Told]:
    """What is told before a run: its cost, and of each gate the row that sees least."""
    return [cost_text(foresight), *map(sight_text, dimmest(foresight.gates))]


def cost_text(foresight: Foresight) -> Told:
    """``120 requests, about 43,000 tokens (a reply taken as 256)``."""
    phrase = phrases.COST_AT_MOST if foresight.at_most else phrases.COST
    reply = phrases.REPLIES[foresight.reply_basis]
    return phrase(
        requests=phrases.REQUESTS(count=foresight.requests),
        tokens=f"{_rounded(foresight.tokens, 2):,}",
        reply=reply(tokens=f"{foresight.reply_tokens:,}", run=foresight.reply_run),
    )


def dimmest(sights: Iterable[Sight]) -> list[Sight]:
    """Of each gate the row that sees least, in the order of the gates."""
    found: dict[str, Sight] = {}
    for sight in sights:
        if sight.gate not in found or sight.change > found[sight.gate].change:
            found[sight.gate] = sight
    return list(found.values())


def sight_text(sight: Sight) -> Told:
    """``gate accuracy >= 0.8: 120 questions can show a change of about 9 points from 0.8; …``."""
    seen = phrases.SEEN_FROM if sight.basis == "threshold" else phrases.SEEN
    more = _more(sight)
    phrase = phrases.GATE if more is None else phrases.GATE_MORE
    return phrase(
        gate=sight.expression,
        seen=seen(count=sight.n, change=_points(sight.change), limit=f"{sight.at:.4g}"),
        more=more,
        terms=phrases.TERMS[sight.basis](
            level=f"{sight.level * 100:.3g}",
            power=f"{sight.power * 100:.3g}",
            share=f"{sight.at * 100:.2g}",
        ),
    )


def _more(sight: Sight) -> Told | None:
    """What the gate's own change takes, or, where it has none, a small one that is not seen."""
    if sight.asked is None:
        if sight.change <= SMALL:
            return None
        needed = f"{_rounded(sight.needed_3pt, 3):,}"
        return phrases.SMALL(points=_points(SMALL), needed=needed)
    if sight.needed is None:
        return phrases.AT_LIMIT
    if sight.basis == "threshold":
        plenty, scarce = phrases.ASKS_LITTLE_BEFORE, phrases.ASKS_BEFORE
    else:
        plenty, scarce = phrases.ASKS_LITTLE, phrases.ASKS
    return (scarce if sight.needed > sight.n else plenty)(
        asked=f"{sight.asked * 100:.2g}",
        needed=f"{_rounded(sight.needed, 3):,}",
        before=f"{sight.before or 0:.3g}",
    )


def _points(change: float) -> str:
    """``9``; below 2 with one decimal."""
    points = change * 100
    return f"{points:.{0 if points >= 2 else 1}f}"


def _rounded(number: int, digits: int) -> int:
    """`number` rounded up to so many significant digits: no promise is too good."""
    step: int = 10 ** max(0, len(str(number)) - digits)
    return -(-number // step) * step
