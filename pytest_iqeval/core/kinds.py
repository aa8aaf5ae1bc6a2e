"""What the scorers' questions are like: with options or free, and how they are asked.

The only place that knows scorers by their names apart from the table that makes them
(`core.scorers`); a scorer that is not in the table here is a user's own.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType

ANSWER_KINDS = ("letter", "letters", "index", "position", "marks", "text")
"""How the data writes a right answer; all but the last name options.

``letter`` is a label or the option's own text, ``letters`` several of them, ``index`` counts
options from 0 and ``position`` from 1, ``marks`` is a 1 or a 0 for each option, ``text`` is the
answer to a free question.
"""


class Ask(StrEnum):
    """What a question asks for; chooses its general prompt."""

    OPTION = "option"  # the label of the one right option
    OPTIONS = "options"  # the labels of all right options
    NUMBER = "number"
    YES_NO = "yes_no"
    SHORT = "short"  # a few words, compared with the right ones
    MATHS = "maths"
    CODE = "code"  # a function in Python
    OPEN = "open"  # anything: the scorer knows


@dataclass(frozen=True, slots=True, kw_only=True)
class ScorerKind:
    """What questions a scorer judges: ``options`` says that they must have options."""

    asks: Ask
    options: bool = False

    @property
    def several(self) -> bool:
        """Whether several options may be right together."""
        return self.asks is Ask.OPTIONS


KINDS: Mapping[str, ScorerKind] = MappingProxyType(
    {
        "choice": ScorerKind(asks=Ask.OPTION, options=True),
        "multi_choice": ScorerKind(asks=Ask.OPTIONS, options=True),
        "number": ScorerKind(asks=Ask.NUMBER),
        "math": ScorerKind(asks=Ask.MATHS),
        "code": ScorerKind(asks=Ask.CODE),
        "exact": ScorerKind(asks=Ask.SHORT),
        "f1": ScorerKind(asks=Ask.SHORT),
        "contains": ScorerKind(asks=Ask.OPEN),
        "regex": ScorerKind(asks=Ask.OPEN),
        "yes_no": ScorerKind(asks=Ask.YES_NO),
    }
)
_OWN = ScorerKind(asks=Ask.OPEN)


def kind_of_scorer(name: str) -> ScorerKind:
    """The kind of a scorer; a user's own need not have options."""
    return KINDS.get(name, _OWN)


def default_answer_kind(scorer: str, *, options: bool) -> str:
    """How answers are written where a definition doesn't say.

    :param options: whether the questions have options.
    """
    if not options:
        return "text"
    return "letters" if kind_of_scorer(scorer).several else "letter"


def answer_kind_fault(kind: str, scorer: str, *, options: bool) -> str | None:
    """Why answers of this kind can't be those of such questions, and what to do."""
    if options and kind == "text":
        return "text is for questions without options; write letter, or take the options out"
    if not options and kind != "text":
        return f"{kind} names options, and there are none; say under `fields:` where choices are"
    if kind == "letters" and scorer in KINDS and not KINDS[scorer].several:
        return f"{scorer} takes one right answer; write letter, or `scorer: multi_choice`"
    return None


def may_be_several(kind: str, scorer: str) -> bool:
    """Whether a row may name several options that are right together."""
    if kind in ("index", "position", "marks"):
        return scorer not in KINDS or KINDS[scorer].several
    return kind == "letters"


def what_is_asked(scorer: str, kind: str, *, options: bool) -> Ask:
    """What the general prompt of such questions asks for."""
    scorers = kind_of_scorer(scorer)
    if not options:
        return scorers.asks
    return Ask.OPTIONS if scorers.several or kind == "letters" else Ask.OPTION
