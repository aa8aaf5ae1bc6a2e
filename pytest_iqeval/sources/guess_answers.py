"""What the answers of a bare file are: which scorer judges them, and how they name options."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TypeVar

from pytest_iqeval.core.kinds import default_answer_kind
from pytest_iqeval.sources.answers import MARK
from pytest_iqeval.sources.named_options import (
    AnswerFault,
    Options,
    list_in,
    parts_of,
    several,
    whole_number,
)

# A number as people write it: -3, 1,234.50, 3/4, $5, 12 %.
_NUMBER = re.compile(
    r"[-+−]?\s?[$¥€£]?\s?([0-9]{1,3}(,[0-9]{3})+|[0-9]+|(?=\.))(\.[0-9]+|/[0-9]+)?\s?%?"
)
_YES_NO = frozenset(["yes", "no", "true", "false", "对", "错", "是", "否", "正确", "错误"])

# A text of more tokens is a sentence, which nobody repeats word for word.
_LONGEST_NAME = 7
# The least F1 with a right sentence.
_SHARED = 0.5

_T = TypeVar("_T")
_Row = tuple[object, Sequence[str]]
"""An answer as it stands, and the texts of its question's options."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Guess:
    """A scorer with its options, and how the answers are written for it."""

    scorer: str
    options: Mapping[str, object] = field(default_factory=dict)
    answer_kind: str


def guess_free(answers: Sequence[object], scorers: Collection[str]) -> Guess | None:
    """The guess for questions without options; ``None`` where no scorer there is reads them."""
    texts = [part for one in answers for part in (one if isinstance(one, list) else [one])]
    fitting = [
        ("number", _all(texts, _is_number)),
        ("yes_no", _all(texts, _is_yes_no)),
        ("f1", any(isinstance(text, str) and _is_sentence(text) for text in texts)),
        ("exact", True),
    ]
    scorer = next((name for name, fits in fitting if fits and name in scorers), None)
    if scorer is None:
        return None
    options = {"threshold": _SHARED} if scorer == "f1" else {}
    kind = default_answer_kind(scorer, options=False)
    return Guess(scorer=scorer, options=options, answer_kind=kind)


def guess_options(rows: Sequence[_Row], scorers: Collection[str]) -> Guess | None:
    """The guess for questions with options; ``None`` where what numbers mean is not to be told."""
    many = "multi_choice" in scorers and any(_names_several(*row) for row in rows)
    scorer = "multi_choice" if many else "choice"
    kind = default_answer_kind(scorer, options=True)
    if _all(rows, lambda row: _numbers(row[0]) is not None):
        counted = _what_counts(rows)
        if counted is None:
            return None
        kind = counted or kind
    return Guess(scorer=scorer, answer_kind=kind)


def _names_several(answer: object, options: Sequence[str]) -> bool:
    """Whether an answer is a list, or several labels, indexes or positions."""
    if isinstance(answer, list) or list_in(answer) is not None:
        return True
    numbers = _numbers(answer)
    if numbers is not None:
        return len(numbers) > 1
    try:
        return len(several(answer, Options(options[:26]))) > 1
    except AnswerFault:
        return False


def _what_counts(rows: Sequence[_Row]) -> str | None:
    """``index`` or ``position``, whichever fits all rows; ``""`` where the numbers are no count.

    ``None``: more than one way of reading them fits all rows and they differ.
    """
    readings = {
        "": [_by_text(*row) for row in rows],
        "index": [_by_count(*row, first=0) for row in rows],
        "position": [_by_count(*row, first=1) for row in rows],
    }
    fitting = {kind: places for kind, places in readings.items() if None not in places}
    if not fitting:
        return ""
    kind, places = next(iter(fitting.items()))
    return kind if all(other == places for other in fitting.values()) else None


def _by_text(answer: object, options: Sequence[str]) -> list[int] | None:
    known = Options(options[:26])
    places = [known.by_text(str(part)) for part in parts_of(answer)]
    return None if None in places else [place for place in places if place is not None]


def _by_count(answer: object, options: Sequence[str], *, first: int) -> list[int] | None:
    places = [number - first for number in _numbers(answer) or []]
    return places if all(0 <= place < len(options) for place in places) else None


def _numbers(answer: object) -> list[int] | None:
    """The whole numbers that an answer is made of; ``None`` where it holds anything else."""
    numbers = [whole_number(part) for part in parts_of(answer)]
    return None if None in numbers else [number for number in numbers if number is not None]


def _is_number(value: object) -> bool:
    if isinstance(value, str):
        # In GSM8K the number follows the worked solution.
        last = unicodedata.normalize("NFKC", value.rpartition(MARK)[2]).strip()
        return _NUMBER.fullmatch(last) is not None
    return isinstance(value, int | float) and not isinstance(value, bool)


def _is_sentence(text: str) -> bool:
    # Imported here: a set with options needs no reader of texts before its first reply.
    from pytest_iqeval.core.scorers.f1 import tokens

    return len(tokens(text.rpartition(MARK)[2])) > _LONGEST_NAME


def _is_yes_no(value: object) -> bool:
    return isinstance(value, bool) or str(value).strip().rstrip(".。").lower() in _YES_NO


def _all(values: Sequence[_T], fits: Callable[[_T], bool]) -> bool:
    """Whether there are values, and all fit."""
    return bool(values) and all(fits(value) for value in values)
