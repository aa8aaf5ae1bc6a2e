"""A text cut into sentences, and what of the text before a cue belongs to its sentence."""

from __future__ import annotations

from dataclasses import dataclass

from pytest_iqeval.core.extract.regex import regex
from pytest_iqeval.core.extract.text import Prepared

_END = regex(
    r"[\n。!?;；]"
    r"|\.(?<!\bmr\.)(?<!\bmrs\.)(?<!\bms\.)(?<!\bdr\.)(?<!\bst\.)(?<!\bno\.)(?<!\bvs\.)(?<!approx\.)"
    r"(?<!\b[a-z]\.[a-z]\.)(?=[\s\"')\]}$]|[^\x00-\x7f]|$)"
)
_NOTHING = regex(r"[\W_]*")


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


_LEADS_OVER = regex(r"[:,]\s{0,16}\Z")
_BEFORE_LINE = " \t*_#>\"'(["


def said_before(text: Prepared, at: int, within: int) -> str:
    """What of the `within` characters before a cue belongs to its statement, in lower case.

    A line that opens with a capital or a Chinese character begins anew, unless a colon leads over
    to it ("Some students say:"); one that goes on in lower case is prose that was wrapped.
    """
    start = max(0, at - within)
    before = text.lower[start:at]
    line = before.rfind("\n") + 1
    if line == 0 or _LEADS_OVER.search(before[:line]):
        return before
    opening = text.folded[start + line : at + len(_BEFORE_LINE)].lstrip(_BEFORE_LINE)
    wrapped = opening[:1].islower() and before[: line - 1].rstrip(" \t")[-1:] != "\n"
    return before.replace("\n", " ") if wrapped else before[line - 1 :]
