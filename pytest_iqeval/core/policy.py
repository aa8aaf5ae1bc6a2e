"""What makes a question pass that was asked several times (`--iqeval-pass`)."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from pytest_iqeval.core.errors import SettingsError
from pytest_iqeval.core.score import Score

Passes = Callable[[Sequence[Score]], bool]
"""Whether a question passes with these scores of its replies."""


def majority(scores: Sequence[Score]) -> bool:
    """More than half of the replies are right."""
    return 2 * _right(scores) > len(scores)


def every(scores: Sequence[Score]) -> bool:
    """All replies are right; there is at least one."""
    return 0 < len(scores) == _right(scores)


def some(scores: Sequence[Score]) -> bool:
    """At least one reply is right."""
    return _right(scores) > 0


POLICIES: Mapping[str, Passes] = {"majority": majority, "all": every, "any": some}


def policy(text: str, *, repeats: int = 1) -> Passes:
    """The policy of a name, or of a number: so many replies must be right.

    :param repeats: how often each question is asked.
    :raises SettingsError: neither, or more than there are replies.
    """
    if text in POLICIES:
        return POLICIES[text]
    if not text.isascii() or not text.isdecimal() or not 1 <= int(text) <= repeats:
        asked = "once" if repeats == 1 else f"{repeats} times"
        raise SettingsError(
            f"--iqeval-pass {text!r} is not possible where each question is asked {asked}",
            hint=f"{', '.join(POLICIES)}, or a number from 1 to {repeats}",
        )
    least = int(text)
    return lambda scores: _right(scores) >= least


def needed(text: str, *, repeats: int) -> int:
    """How many of a question's replies must be right by a policy that `policy` knows."""
    named = {"any": 1, "majority": repeats // 2 + 1, "all": repeats}
    return named[text] if text in named else int(text)


def _right(scores: Sequence[Score]) -> int:
    return sum(score.correct for score in scores)
