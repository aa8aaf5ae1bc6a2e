"""Words behind which an answer may stand, found fast and with bounded work."""

from __future__ import annotations

import re
from collections import deque
from collections.abc import Iterable, Iterator
from functools import cached_property

from pytest_iqeval.core.extract.regex import regex

PLACES_AT_MOST = 1000
"""At how many places of a word a reply is looked at, the last ones; none of sense has more."""
_ENDLESS = 50_000  # code points; real replies are shorter
_WORD = regex(r"[a-z]+")


class _Word:
    def __init__(self, word: str, then: str) -> None:
        self.key = _key(word)  # what a text that has the word has, too
        self._source = re.escape(word) + then

    @cached_property
    def pattern(self) -> re.Pattern[str]:
        """The word and what follows it; of some two hundred, most replies need a few."""
        return re.compile(self._source)

    def matches(self, lower: str) -> list[re.Match[str]]:
        """Where the word stands in `lower`, whole."""
        if self.pattern.search(lower) is None:  # as most often
            return []
        # The end of an endless reply has enough of them.
        found = deque(
            self.pattern.finditer(lower, max(0, len(lower) - _ENDLESS)), maxlen=PLACES_AT_MOST
        )
        if len(found) < PLACES_AT_MOST and len(lower) > _ENDLESS:
            found = deque(self.pattern.finditer(lower), maxlen=PLACES_AT_MOST)
        return [m for m in found if _begins_word(lower, m.start())]


def _begins_word(lower: str, at: int) -> bool:
    return not (at and "a" <= lower[at - 1] <= "z" and "a" <= lower[at] <= "z")


class Cue:
    """One of some words, and behind it what a pattern matches; cues add up with ``|``."""

    def __init__(self, words: str, then: str = "") -> None:
        """:param words: separated by ``|``; lower case, simplified characters, half width.
        :param then: a pattern for what stands between the word and the answer.
        """
        self.words = tuple(_Word(word, then) for word in words.split("|"))

    def __or__(self, other: Cue) -> Cue:
        both = Cue.__new__(Cue)
        both.words = self.words + other.words
        return both

    def finditer(self, lower: str) -> Iterator[re.Match[str]]:
        """Where the cue stands in `lower`, word by word."""
        for word in self.words:
            yield from word.matches(lower)


class CueIndex:
    """Many cues, looked for in one go.

    A typical reply has a few of some two hundred words. So first its words are gathered, and
    only cues with one of those are looked for.
    """

    def __init__(self, cues: Iterable[tuple[int, Cue]]) -> None:
        """:param cues: each with the number under which its places are given."""
        self._by_key: dict[str, list[tuple[int, _Word]]] = {}
        for number, cue in cues:
            for word in cue.words:
                self._by_key.setdefault(word.key, []).append((number, word))
        self._english = {key for key in self._by_key if _WORD.match(key)}
        self._others = tuple(self._by_key.keys() - self._english)

    def places(self, lower: str) -> list[tuple[int, int, int]]:
        """Where cues stand in `lower`, in no order: end, the cue's number, start."""
        keys = self._english.intersection(_WORD.findall(lower))
        keys.update(key for key in self._others if key in lower)
        return [
            (match.end(), number, match.start())
            for key in keys
            for number, word in self._by_key[key]
            for match in word.matches(lower)
        ]


def _key(word: str) -> str:
    """The longest English word in `word`; all of it, where it is Chinese or begins with a mark."""
    english = [w for w in _WORD.findall(word) if w != "with"]
    return max(english, key=len) if _WORD.match(word) else word
