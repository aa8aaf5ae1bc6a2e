"""The options of a question: which letters are on offer, and which text names which."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence

from pytest_iqeval.core.extract.text import fold
from pytest_iqeval.core.sample import LABELS

# Left out when option texts are compared: blanks and quotes anywhere, a mark at the end. Signs
# and points inside stay, since -5 is not 5 and 1.5 is not 15.
_UNSEEN = re.compile(r"[\s\"'“”‘’「」『』《》*_`$]+")
_CLOSING = ".,;:!?。，；：！？、"
# Where a clause may end: a mark that is not inside a number, a line, or a word of reason.
_CLAUSE_END = re.compile(r"[.,;:!?)\]}\"<](?=[^0-9A-Za-z]|$)|[、\n]|因为|(?= because | since )|$")
_MOST_CUTS = 8


def normal(text: str) -> str:
    """`text` as it is compared: NFKC, one case, no blanks or quotes, no closing mark."""
    folded = unicodedata.normalize("NFKC", text).casefold()
    return _UNSEEN.sub("", folded).rstrip(_CLOSING)


class Options:
    """Letters and texts on offer; a text that two options share names neither."""

    def __init__(self, choices: Sequence[str]) -> None:
        """:param choices: the options' texts in order, at most 26."""
        if len(choices) > len(LABELS):
            raise ValueError(f"{len(choices)} options, but there are letters for {len(LABELS)}")
        self.letters = LABELS[: len(choices)]
        normals = [normal(fold(c)) for c in choices]
        self._by_letter = dict(zip(self.letters, normals, strict=True))
        self._by_text = {
            t: letter
            for letter, t in self._by_letter.items()
            if t and normals.count(t) == 1 and not (len(t) == 1 and t.upper() in self.letters)
        }
        self._longest = max((len(c) for c in choices), default=0)

    def named_by(self, text: str) -> str | None:
        """The letter of the one option whose text is `text` (folded); a lone letter is a label."""
        return self._by_text.get(normal(text))

    def named_at(self, text: str, start: int) -> tuple[str, int] | None:
        """The option whose text stands at `start`, up to the end of a clause, and where it ends.

        The longest such text wins.
        """
        if not self._by_text:
            return None
        best: tuple[str, int] | None = None
        window = text[start : start + 2 * self._longest + 16]
        for count, cut in enumerate(_CLAUSE_END.finditer(window)):
            if (letter := self.named_by(window[: cut.start()])) is not None:
                best = letter, start + len(window[: cut.start()].rstrip())
            if count == _MOST_CUTS or cut.group() == "\n":
                break
        return best

    def repeats_own_text(self, letter: str, text: str) -> bool:
        """Whether `text`, which follows the label `letter`, begins with that option's text."""
        own = self._by_letter.get(letter)
        return bool(own) and normal(text[: 2 * self._longest + 16]).startswith(own or "")
