"""A text cut into sentences, and where a reply begins to ask itself a further question."""

from __future__ import annotations

import re
from dataclasses import dataclass

_END = re.compile(
    r"[\n。!?;；]"
    r"|\.(?<!\bmr\.)(?<!\bmrs\.)(?<!\bms\.)(?<!\bdr\.)(?<!\bst\.)(?<!\bno\.)(?<!\bvs\.)(?<!approx\.)"
    r"(?<!\b[a-z]\.[a-z]\.)(?=[\s\"')\]}$]|[^\x00-\x7f]|$)"
)
_NOTHING = re.compile(r"[\W_]*")


@dataclass(frozen=True, slots=True)
class Sentence:
    """A stretch of a text up to the mark that ends it; ``mark`` is empty at the end of the text."""

    start: int
    end: int
    mark: str


def sentences(text: str, start: int, end: int) -> list[Sentence]:
    """The sentences (or lines) between two offsets that say anything, in order.

    `text` is in lower case. A point inside a number or an abbreviation ends nothing.
    """
    found: list[Sentence] = []
    at = start
    for mark in _END.finditer(text, start, end):
        found.append(Sentence(at, mark.start(), mark[0]))
        at = mark.end()
    found.append(Sentence(at, end, ""))
    return [s for s in found if not _NOTHING.fullmatch(text, s.start, s.end)]
