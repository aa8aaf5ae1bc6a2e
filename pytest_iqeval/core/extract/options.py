"""The options of a question: which labels are on offer, and which text names which."""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping, Sequence
from functools import cached_property

from pytest_iqeval.core.extract.regex import regex
from pytest_iqeval.core.extract.text import fold
from pytest_iqeval.core.sample import LABELS

# Left out when option texts are compared: blanks and quotes anywhere, a mark at the end. Signs
# and points inside stay, since -5 is not 5 and 1.5 is not 15.
_UNSEEN = regex(r"[\s\"'“”‘’「」『』《》*_`$]+")
_CLOSING = ".,;:!?。，；：！？、"
# Where a clause may end: a mark that is not inside a number, a line, or a word of reason.
_CLAUSE_END = regex(r"[.,;:!?)\]}\"<](?=[^0-9A-Za-z]|$)|[、\n]| \(|因为|(?= because| since )|$")
_MOST_CUTS = 8
_SEPARATOR = regex(r"[\s.:),、|\]-]{0,8}")
_HEAD = 8  # that many characters tell most texts from all options
_HEAD_WINDOW = 48


def normal(text: str) -> str:
    """`text` as it is compared: NFKC, one case, no blanks or quotes, no closing mark."""
    folded = text.lower() if text.isascii() else unicodedata.normalize("NFKC", text).casefold()
    return _UNSEEN.sub("", folded).rstrip(_CLOSING)


class Options:
    """Labels and texts on offer; a text that two options share names neither.

    Inside the reader every option has a letter. Where a question's options carry digits,
    `label` turns the letter into the digit that people see.
    """

    def __init__(self, choices: Sequence[str], *, numbered: bool = False) -> None:
        """:param choices: the options' texts in order, at most 26."""
        if len(choices) > len(LABELS):
            raise ValueError(f"{len(choices)} options, but there are letters for {len(LABELS)}")
        self.letters = LABELS[: len(choices)]
        self.numbered = numbered
        self._choices = tuple(choices)
        self._labels = frozenset(map(self.label, self.letters))
        self._longest = max((len(c) for c in choices), default=0)

    # What only some replies need is made for the first of them: most say a label and no more.

    @cached_property
    def _by_letter(self) -> Mapping[str, str]:
        return {
            letter: normal(fold(choice))
            for letter, choice in zip(self.letters, self._choices, strict=True)
        }

    @cached_property
    def _by_text(self) -> Mapping[str, str]:
        """What is both a label and a text is a label: B names option B, though A may read "B"."""
        normals = list(self._by_letter.values())
        return {
            t: letter
            for letter, t in self._by_letter.items()
            if t and normals.count(t) == 1 and t.upper() not in self._labels
        }

    @cached_property
    def _heads(self) -> tuple[str, ...]:
        return tuple({t[:_HEAD] for t in self._by_text})

    def label(self, letter: str) -> str:
        """The label that stands for `letter`: itself, or its number."""
        return str(LABELS.index(letter) + 1) if self.numbered else letter

    def named_by(self, text: str) -> str | None:
        """The letter of the one option whose text is `text` (folded); a lone label is none."""
        if len(text) > 4 * self._longest + 64:
            return None  # more than blanks and quotes could make it
        return self._by_text.get(normal(text))

    def named_at(self, text: str, start: int) -> tuple[str, int] | None:
        """The option whose text stands at `start`, up to the end of a clause, and where it ends.

        The longest such text wins.
        """
        head = normal(text[start : start + _HEAD_WINDOW])
        # A label and nothing else is no text, as `_by_text` has it; so most replies end.
        if head.upper() in self._labels or not head.startswith(self._heads):
            return None
        best: tuple[str, int] | None = None
        window = text[start : start + 2 * self._longest + 16]
        for count, cut in enumerate(_CLAUSE_END.finditer(window)):
            if (letter := self.named_by(window[: cut.start()])) is not None:
                best = letter, start + len(window[: cut.start()].rstrip())
            if count == _MOST_CUTS or cut.group() == "\n":
                break
        return best

    def begun_at(self, text: str, start: int) -> str | None:
        """The letter of the option with whose text `text` goes on at `start`, whatever follows."""
        window = normal(text[start : start + 2 * self._longest + 16])
        begun = [t for t in self._by_text if window.startswith(t)]
        return self._by_text[max(begun, key=len)] if begun else None

    def named_before(self, text: str) -> tuple[str, int] | None:
        """The option with whose text `text` ends, and where that begins; the longest one wins."""
        window = text[-2 * self._longest - 16 :]
        ends = [t for t in self._by_text if normal(window).endswith(t)]
        if not ends:
            return None
        own = max(ends, key=len)
        # What is left of the normal form shrinks as the start moves on: halve the way.
        low, high = 0, len(window)
        while high - low > 1:
            middle = (low + high) // 2
            low, high = (
                (middle, high) if len(normal(window[middle:])) >= len(own) else (low, middle)
            )
        return self._by_text[own], len(text) - len(window) + low

    def mentioned(self, text: str) -> set[str]:
        """The letters of the options whose texts are somewhere in `text`."""
        said = normal(text)
        return {letter for t, letter in self._by_text.items() if t in said}

    def begins_with_own_text(self, letter: str, text: str) -> bool:
        """Whether `text`, which follows the label `letter`, begins with that option's text."""
        own = self._by_letter.get(letter)
        if not own or not normal(text[:_HEAD_WINDOW]).startswith(own[:_HEAD]):
            return False
        return normal(text[: 2 * self._longest + 16]).startswith(own)

    def own_text_length(self, letter: str, text: str) -> int:
        """How many characters of `text` are the label's separator and that option's own text."""
        first = _SEPARATOR.match(text)
        named = self.named_at(text, first.end() if first else 0)
        return named[1] if named and named[0] == letter else 0

    def ends_with_own_text(self, letter: str, text: str) -> bool:
        """Whether `text`, which comes before the label `letter`, ends with that option's text."""
        own = self._by_letter.get(letter)
        return bool(own) and normal(text[-2 * self._longest - 16 :]).endswith(own or "")

    def is_text_of_another(self, letter: str, text: str) -> bool:
        """Whether an option other than `letter` reads `text`."""
        said = normal(text)
        return any(own == said for other, own in self._by_letter.items() if other != letter)
