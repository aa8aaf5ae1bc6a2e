"""How short texts are made comparable: named steps, applied in one fixed order.

The offsets of the original text are kept, so that what was found in a normalised text can be
shown in the reply. Normalising twice changes nothing more.
"""

from __future__ import annotations

import re
import string
import unicodedata
from bisect import bisect_right
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from operator import itemgetter
from types import MappingProxyType
from typing import Self

STEPS: Mapping[str, str] = MappingProxyType(
    {
        "nfkc": "full-width, circled and other compatibility forms become the plain ones "
        "(Unicode NFKC): Ａ１ → A1",
        "case": "upper and lower case are one (Unicode case folding): Paris → paris",
        "accents": "combining marks of Latin, Greek and Cyrillic letters go: Pogačar → Pogacar",
        "punctuation": "every punctuation mark goes, ASCII symbols such as $ + = included, "
        "wherever it stands: U.S.A. → USA, 1,000 → 1000, but also 6.1% → 61",
        "ends": "marks at the end, and quotes and brackets around the whole, go; signs stay: "
        "《红楼梦》。 → 红楼梦, -5% and C++ stay",
        "articles": "the words a, an and the go: the Rhine → Rhine",
        "whitespace": "runs of blanks become one, none is left at the ends or beside a Chinese "
        "or Japanese character, invisible characters go",
    }
)
"""Name in a definition (``normalise: [nfkc, case]``) → what the step does, in order."""

# Written without blanks between words: kana, and Han in all its blocks.
UNSPACED = "\u3005-\u3007\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U000323af"

_MARKS = "\u0300-\u036f\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff\u3099\u309a\ufe20-\ufe2f"
# What compatibility forms and accents are looked for in: a character and the marks on it (more
# than 30 are no writing, and would be slow to order), without what is plain anyway.
_CLUSTER = re.compile(
    rf"[^\x00-\x7f\u4e00-\u9fff{_MARKS}][{_MARKS}]{{0,30}}|[\s\S][{_MARKS}]{{1,30}}|[{_MARKS}]"
)
_MARK = re.compile(f"[{_MARKS}]")
_LONE = re.compile(r"[^\x00-\x7f\u4e00-\u9fff]")  # the same in a text without such marks: faster
_NOT_ASCII = re.compile(r"[^\x00-\x7f]")
_ACCENT = re.compile("[\u0300-\u036f]")
_ARTICLE = re.compile(r"\b(?:a|an|the)\b", re.IGNORECASE)
_PUNCTUATION = re.compile(
    "["
    + re.escape(string.punctuation)
    + "".join(c for c in map(chr, range(0x80, 0x1F000)) if unicodedata.category(c)[0] == "P")
    + "]+"
)
_UNSPACED = re.compile(f"[{UNSPACED}]")
_INVISIBLE = re.compile("[\u00ad\u200b-\u200f\u2060-\u2064\ufe00-\ufe0f\ufeff]+")
_ANY_BLANKS = re.compile(r"\s+")
_BLANKS = re.compile(r"[^\S ]\s*| \s+")  # every run of blanks but the one blank between two words
# Marks that end a sentence, or stand behind an answer; no sign that could be part of one.
_SENTENCE_MARKS = frozenset(".,;:!?…。，、；：！？．｡")
_PAIRS: Mapping[str, str] = MappingProxyType(
    dict(
        zip("\"'`*_~$“‘„«‹「『《〈([{（【〔［｛", "\"'`*_~$”’“»›」』》〉)]}）】〕］｝", strict=True)
    )
)
_ROUNDS_AT_MOST = 4

_Edit = tuple[int, int, int, int]  # of the text after: start, end; of the text before: start, end


@dataclass(frozen=True, slots=True, kw_only=True)
class Normal:
    """A normalised text, and what changed its length on the way, a list for each change."""

    text: str
    edits: tuple[tuple[_Edit, ...], ...]

    def origin(self, start: int, end: int) -> tuple[int, int]:
        """The span of the original text that ``text[start:end]``, not empty, comes from."""
        last = end - 1
        first_end = last
        for edits in reversed(self.edits):
            start = _before(edits, start)[0]
            first_end = _before(edits, first_end)[1] - 1
        return start, first_end + 1


def _before(edits: Sequence[_Edit], index: int) -> tuple[int, int]:
    """Start and end, before the edits, of what the character at `index` comes from."""
    n = bisect_right(edits, index, key=itemgetter(0)) - 1
    if n < 0:
        return index, index + 1
    _, end_after, start, end = edits[n]
    if index < end_after:
        return start, end
    return index - end_after + end, index - end_after + end + 1


@dataclass(frozen=True, slots=True)
class Normaliser:
    """Applies ``steps``, names of `STEPS`, whatever order they are given in.

    A step that would leave nothing of a text is left out for it: the band The stays. With
    ``case``, ``punctuation``, ``articles`` and ``whitespace`` it does what SQuAD's evaluation
    script does (``normalize_answer`` of evaluate-v1.1.py, Rajpurkar et al. 2016), for the
    marks of all scripts and not of ASCII alone.
    """

    steps: frozenset[str]

    @classmethod
    def of(cls, steps: Iterable[str]) -> Self:
        """A normaliser of these steps."""
        return cls(frozenset(steps))

    def apply(self, text: str) -> str:
        """The normalised text."""
        editing = _Editing(text, noted=False)
        self._all(editing)
        return editing.text

    def mapped(self, text: str) -> Normal:
        """The normalised text with where it comes from; linear in its length."""
        editing = _Editing(text, noted=True)
        self._all(editing)
        return Normal(text=editing.text, edits=tuple(editing.edits))

    def _all(self, editing: _Editing) -> None:
        for _ in range(_ROUNDS_AT_MOST):
            before = editing.text
            self._once(editing)
            # Again only where one step may have made work for an earlier one.
            again = _MARK.search(editing.text) or self.steps >= {"ends", "articles"}
            if not again or editing.text == before:
                break

    def _once(self, editing: _Editing) -> None:
        steps = self.steps
        if "nfkc" in steps:
            editing.compose()
        if "case" in steps:
            editing.fold_case()
            if "nfkc" in steps:  # case folding may take a letter apart
                editing.compose()
        if "accents" in steps:
            editing.replace(_clusters(editing.text), _without_accents)
        if "whitespace" in steps:
            editing.replace(_INVISIBLE, _nothing)
        if "punctuation" in steps:
            editing.replace(_PUNCTUATION, _nothing)
        if "ends" in steps:
            editing.cut(*_inner(editing.text))
        if "articles" in steps:
            editing.replace(_ARTICLE, _blank)
        editing.cut(*_trimmed(editing.text))
        if "whitespace" in steps:
            spaced = _UNSPACED.search(editing.text) is None
            editing.replace(_BLANKS if spaced else _ANY_BLANKS, _one_blank)


class _Editing:
    """A text under changes, none of which may leave it empty.

    Where they are noted, ``edits`` has those that changed its length.
    """

    def __init__(self, text: str, *, noted: bool) -> None:
        self.text = text
        self._noted = noted
        self.edits: list[tuple[_Edit, ...]] = []

    def replace(self, pattern: re.Pattern[str], by: Callable[[re.Match[str]], str]) -> None:
        """Put something else in the place of each match."""
        parts: list[str] = []
        edits: list[_Edit] = []
        at = shift = 0
        for found in pattern.finditer(self.text):
            start, end = found.span()
            new = by(found)
            parts += (self.text[at:start], new)
            at = end
            if self._noted and len(new) != end - start:
                edits.append((start + shift, start + shift + len(new), start, end))
                shift += len(new) - (end - start)
        if not parts:
            return
        after = "".join([*parts, self.text[at:]])
        if after.strip():
            self.text = after
            if edits:
                self.edits.append(tuple(edits))

    def compose(self) -> None:
        """Bring every character and its marks into the form NFKC."""
        if not unicodedata.is_normalized("NFKC", self.text):
            self.replace(_clusters(self.text), _plain_form)

    def fold_case(self) -> None:
        """Make upper and lower case one; a fold never makes a text shorter."""
        folded = self.text.casefold()
        if len(folded) == len(self.text):
            self.text = folded
        else:
            self.replace(_NOT_ASCII, lambda found: found.group().casefold())
            self.text = self.text.casefold()

    def cut(self, start: int, end: int) -> None:
        """Keep ``text[start:end]``, unless it is empty."""
        if start >= end or (start, end) == (0, len(self.text)):
            return
        self.text = self.text[start:end]
        if start and self._noted:
            self.edits.append(((0, 0, 0, start),))


def _clusters(text: str) -> re.Pattern[str]:
    return _CLUSTER if _MARK.search(text) else _LONE


def is_unspaced(character: str) -> bool:
    """Whether a character is of a script that is written without blanks."""
    return _UNSPACED.match(character) is not None


def _nothing(_: re.Match[str]) -> str:
    return ""


def _blank(_: re.Match[str]) -> str:
    return " "


def _plain_form(found: re.Match[str]) -> str:
    return unicodedata.normalize("NFKC", found.group())


def _without_accents(found: re.Match[str]) -> str:
    bare = _ACCENT.sub("", unicodedata.normalize("NFD", found.group()))
    return unicodedata.normalize("NFC", bare)


def _one_blank(found: re.Match[str]) -> str:
    """A blank between words; nothing beside a script without blanks."""
    text, (start, end) = found.string, found.span()
    # A text of blanks alone has nothing on either side.
    beside = text[max(0, start - 1) : start] + text[end : end + 1]
    return "" if _UNSPACED.search(beside) else " "


def _inner(text: str) -> tuple[int, int]:
    """Without marks at the end, and without quotes and brackets around the whole.

    A bracket without its partner stays: ``f(x)``, ``[0, 1)``.
    """
    first, last = 0, len(text)
    partners: dict[int, int] | None = None
    while first < last:
        opening, closing = text[first], text[last - 1]
        if closing.isspace() or closing in _SENTENCE_MARKS:
            last -= 1
        elif opening.isspace():
            first += 1
        elif last - first > 1 and _PAIRS.get(opening) == closing:
            if opening == closing:
                around = text.count(opening, first, last) == 2
            else:
                partners = _partners(text) if partners is None else partners
                around = partners.get(first) == last - 1
            if not around:
                break
            first, last = first + 1, last - 1
        else:
            break
    return first, last


def _partners(text: str) -> dict[int, int]:
    """Where the bracket or quote that is opened at an index closes again."""
    found: dict[int, int] = {}
    opened: list[int] = []
    for n, character in enumerate(text):
        if opened and _PAIRS[text[opened[-1]]] == character:
            found[opened.pop()] = n
        elif _PAIRS.get(character, character) != character:
            opened.append(n)
    return found


def _trimmed(text: str) -> tuple[int, int]:
    start = len(text) - len(text.lstrip())
    return start, max(start, len(text.rstrip()))
