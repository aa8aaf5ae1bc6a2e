"""What a run asks for and what its gates can see, in words: a line each."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from types import MappingProxyType

from pytest_iqeval.core.foresight import Foresight
from pytest_iqeval.core.gates.sight import SMALL, Sight

ENGLISH: Mapping[str, str] = MappingProxyType(
    {
        "cost": "{requests}, about {tokens} tokens ({reply})",
        "cost_at_most": "at most {requests}, about {tokens} tokens ({reply})",
        "request": "{count} request",
        "requests": "{count} requests",
        "reply guess": "a reply taken as {tokens}",
        "reply limit": "a reply taken as {tokens}, its limit",
        "reply earlier": "a reply taken as {tokens}, as in {run}",
        "reply partly": "a reply taken as {tokens}, in part as in {run}",
        "gate": "gate {gate}: {seen} ({terms})",
        "gate_more": "gate {gate}: {seen}; {more} ({terms})",
        "question": "{count} question",
        "questions": "{count} questions",
        "seen": "{questions} can show a change of about {change} points",
        "seen_from": "{questions} can show a change of about {change} points from {limit}",
        "asks": "this gate asks for {asked}: it needs about {needed}",
        "asks_before": (
            "this gate asks for {asked}, as the baseline has {before}: it needs about {needed}"
        ),
        "asks_little": "this gate asks for {asked}, which takes about {needed}",
        "asks_little_before": (
            "this gate asks for {asked}, as the baseline has {before}, which takes about {needed}"
        ),
        "at_limit": "the baseline has just that, so chance decides",
        "small": "{points} points need about {needed}",
        "terms threshold": "one-sided {level} %, power {power} %",
        "terms assumed": (
            "one-sided {level} %, power {power} %, {share} % of the questions differing: assumed"
        ),
        "terms repeats": (
            "one-sided {level} %, power {power} %, {share} % of the questions differing, by the "
            "baseline's repeats"
        ),
    }
)


def foresight_lines(foresight: Foresight, says: Mapping[str, str] = ENGLISH) -> list[str]:
    """What is told before a run: its cost, and of each gate the row that sees least."""
    return [
        cost_text(foresight, says),
        *(sight_text(sight, says) for sight in dimmest(foresight.gates)),
    ]


def cost_text(foresight: Foresight, says: Mapping[str, str] = ENGLISH) -> str:
    """``120 requests, about 43,000 tokens (a reply taken as 256)``."""
    reply = says[f"reply {foresight.reply_basis}"].format(
        tokens=f"{foresight.reply_tokens:,}", run=foresight.reply_run
    )
    return says["cost_at_most" if foresight.at_most else "cost"].format(
        requests=_many(foresight.requests, "request", says),
        tokens=f"{_rounded(foresight.tokens, 2):,}",
        reply=reply,
    )


def dimmest(sights: Iterable[Sight]) -> list[Sight]:
    """Of each gate the row that sees least, in the order of the gates."""
    found: dict[str, Sight] = {}
    for sight in sights:
        if sight.gate not in found or sight.change > found[sight.gate].change:
            found[sight.gate] = sight
    return list(found.values())


def sight_text(sight: Sight, says: Mapping[str, str] = ENGLISH) -> str:
    """``gate accuracy >= 0.8: 120 questions can show a change of about 9 points from 0.8; …``."""
    from_limit = sight.basis == "threshold"
    seen = says["seen_from" if from_limit else "seen"].format(
        questions=_many(sight.n, "question", says),
        change=_points(sight.change),
        limit=f"{sight.at:.4g}",
    )
    more = _more(sight, says)
    return says["gate_more" if more else "gate"].format(
        gate=sight.expression,
        seen=seen,
        more=more,
        terms=says[f"terms {sight.basis}"].format(
            level=f"{sight.level * 100:.3g}",
            power=f"{sight.power * 100:.3g}",
            share=f"{sight.at * 100:.2g}",
        ),
    )


def _more(sight: Sight, says: Mapping[str, str]) -> str:
    """What the gate's own change takes, or, where it has none, a small one that is not seen."""
    if sight.asked is None:
        if sight.change <= SMALL:
            return ""
        needed = f"{_rounded(sight.needed_3pt, 3):,}"
        return says["small"].format(points=_points(SMALL), needed=needed)
    if sight.needed is None:
        return says["at_limit"]
    name = "asks" if sight.needed > sight.n else "asks_little"
    return says[f"{name}_before" if sight.basis == "threshold" else name].format(
        asked=f"{sight.asked * 100:.2g}",
        needed=f"{_rounded(sight.needed, 3):,}",
        before=f"{sight.before or 0:.3g}",
    )


def _many(number: int, what: str, says: Mapping[str, str]) -> str:
    return says[what if number == 1 else f"{what}s"].format(count=f"{number:,}")


def _points(change: float) -> str:
    """``9``; below 2 with one decimal."""
    points = change * 100
    return f"{points:.{0 if points >= 2 else 1}f}"


def _rounded(number: int, digits: int) -> int:
    """`number` rounded up to so many significant digits: no promise is too good."""
    step: int = 10 ** max(0, len(str(number)) - digits)
    return -(-number // step) * step
