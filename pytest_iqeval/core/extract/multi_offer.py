"""What is on offer: the options' labels and texts, and what "all of them" says of them."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache

from pytest_iqeval.core.extract.options import Options
from pytest_iqeval.core.extract.regex import regex
from pytest_iqeval.core.extract.text import fold

_ALL = regex(
    r"(?:all of the above|all the above|all of them(?! (?:are )?(?:wrong|incorrect|false))|"
    r"all (?:of )?(?:the |these )?(?P<count>[a-z0-9]{1,6} )?(?:options|choices|statements|answers)|"
    r"all (?P<alone>two|three|four|five|six|[2-9])(?! (?:of the|[a-z]{4,}s(?![a-z]))))(?![a-z])"
    r"|(?:以上|上述|所有|全部)?(?:(?P<zh>[两二三四五六]|\d)个?)?(?:选项|说法|各项|答案|项)?(?:内容)?"
    r"(?:全部|全都|全|都|均|皆)(?:都|是|应|该){0,2}(?:正确|对|符合题意|符合要求|选|成立|应?当?选)"
    r"|全选|全部(?=[.!\n]|$)"
)
_COUNTS = {
    **{str(n): n for n in range(2, 10)},
    **dict(zip("两二三四五六", (2, 2, 3, 4, 5, 6), strict=True)),
    **dict(zip(("two", "three", "four", "five", "six"), range(2, 7), strict=True)),
}
_ALL_BUT = regex(r"\s?(?:\(|,)?\s?(?:except|but|apart|other than|expect)(?![a-z])")


# Chinese characters with which a set may begin: 选项A, 以上都对, 只有A, 第二项.
_SET_BEGINS = "选答项第最只仅分以上述所有全部都均皆两二三四五六"


class Offer:
    """The labels and the texts on offer."""

    def __init__(self, choices: Sequence[str], *, numbered: bool = False) -> None:
        """:param choices: the options' texts in order, at most 26."""
        self.options = Options(choices)
        self.numbered = numbered
        self.labels: tuple[str, ...] = (
            tuple(str(n + 1) for n in range(len(choices)))
            if numbered
            else tuple(self.options.letters)
        )
        texts = [fold(c).strip().rstrip(".,;:!?").lower() for c in choices]
        self._texts = sorted(
            (
                (text, label)
                for text, letter, label in zip(
                    texts, self.options.letters, self.labels, strict=True
                )
                if text not in self.labels and self.options.named_by(text) == letter
            ),
            key=lambda pair: -len(pair[0]),
        )
        self._begins = frozenset(_SET_BEGINS).union(t.lstrip("\"'([{<")[:1] for t in texts)
        self._own = dict(zip(self.labels, texts, strict=True))
        self._says_all = next((t for t in self.labels if _ALL.fullmatch(self._own[t])), None)

    def may_begin(self, text: str, start: int) -> bool:
        """Whether a set may begin at `start`: quick, and right where it says no.

        Behind most cues a sentence goes on (所以机械能守恒), in which nothing is to be found.
        """
        character = text[start : start + 1]
        return character < "\u3400" or character in self._begins

    def text_at(self, lower: str, start: int) -> tuple[str, int] | None:
        """The option whose whole text stands at `start`, the longest one, and where it ends."""
        for text, label in self._texts:
            if lower.startswith(text, start):
                return label, start + len(text)
        return None

    def own_text_end(self, label: str, lower: str, start: int) -> int | None:
        """Where the text of option `label` ends, if it stands at `start`."""
        own = self._own.get(label)
        return start + len(own) if own and lower.startswith(own, start) else None

    def labels_of(self, run: str, *, any_order: bool) -> tuple[str, ...] | None:
        """The labels that a run of letters or digits stands for; ``None`` if it is a word.

        In order they may be labels that nobody offered (``AE`` of four); out of order (``CA``)
        only those on offer, and in capitals.
        """
        if self.numbered or len(run) == 1:
            return (run.upper(),)
        labels = tuple(run.upper())
        if len(set(labels)) < len(labels):
            return None
        if list(labels) == sorted(labels):
            return labels if labels[0] in self.labels or run.isupper() else None
        return labels if any_order and run.isupper() and set(labels) <= set(self.labels) else None

    def between(self, first: str, last: str) -> tuple[str, ...] | None:
        """The labels from `first` to `last`, both on offer and in this order."""
        if first not in self.labels or last not in self.labels:
            return None
        start, end = self.labels.index(first), self.labels.index(last)
        return self.labels[start : end + 1] if start < end else None

    def all_at(self, lower: str, start: int) -> tuple[tuple[str, ...], int] | None:
        """The labels that "all of the above" at `start` stands for, and where it ends.

        That is every label, or the one whose option says just this; none where it speaks of
        another number than are on offer, or of all but some.
        """
        match = _ALL.match(lower, start)
        if match is None or _ALL_BUT.match(lower, match.end()):
            return None
        said = match["count"] or match["alone"] or match["zh"]
        count = _COUNTS.get(said.strip()) if said else None
        if said and count != len(self.labels):
            return None
        return (self.labels if self._says_all is None else (self._says_all,)), match.end()


@lru_cache(maxsize=256)
def offer(choices: tuple[str, ...], numbered: bool = False) -> Offer:
    """The `Offer` of these options; many replies come to one question."""
    return Offer(choices, numbered=numbered)
