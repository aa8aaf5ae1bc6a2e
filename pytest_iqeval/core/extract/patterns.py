"""A user's own regular expression over a model's reply, kept from running for ever.

Python's `re` tries every way to match. Where a repetition may end at several places (``.*`` before
a letter) each place is a way, and where such a choice is repeated the ways double with every
character. So a pattern is looked at before it is used: for each choice, whether the next
character decides it. One that is not decided inside a repetition is refused; outside, it makes
the work grow by one power of the text's length, and the stretch of the reply that is searched is
made shorter in return (`BoundedPattern.longest`).
"""

from __future__ import annotations

import math
import re
import warnings
from collections import deque
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from importlib import import_module
from typing import Any

# The parser of `re`: no public module, but the only one that reads the same language.
_parser: Any = import_module("re._parser")

LONGEST = 4000
"""Code points that are searched at most."""

_SHORTEST = 100  # a pattern that may search less than this is refused
# What a search may take at most, a step being about 0.15 µs where groups are involved: the worst
# text and pattern take about 3 s, and all usual ones well under a millisecond.
_STEPS = 2e7
_LONGEST_PATTERN = 1000
# Stand for all characters: ASCII, and one of each further kind that patterns tell apart.
_SAMPLE = "".join(map(chr, range(128))) + "éßΩжİ中々あア。，：（）《　٣５½²€😀\u200b\u2028"
_UNBOUNDED = 20  # a repetition that may run further counts as one without an end


class PatternFault(ValueError):
    """A pattern that can't be used; ``position`` counts code points, where it is known."""

    def __init__(self, problem: str, position: int | None = None) -> None:
        super().__init__(problem if position is None else f"{problem} at position {position}")
        self.position = position


@dataclass(frozen=True, slots=True, kw_only=True)
class BoundedPattern:
    """A pattern that ends in reasonable time on any text of ``longest`` code points."""

    regex: re.Pattern[str]
    longest: int

    @classmethod
    def of(cls, pattern: str) -> BoundedPattern:
        """Check and compile `pattern`.

        :raises PatternFault: it does not parse, is longer than 1,000 characters, or may take
            for ever.
        """
        if len(pattern) > _LONGEST_PATTERN:
            raise PatternFault(f"has {len(pattern)} characters; {_LONGEST_PATTERN} are possible")
        try:
            with warnings.catch_warnings():  # `[[` will mean something else in a later Python
                warnings.simplefilter("ignore", FutureWarning)
                regex = re.compile(pattern)
                work = _Work(_parser.parse(pattern), regex.flags)
        except re.error as error:
            raise PatternFault(error.msg, error.pos) from None
        except (OverflowError, RecursionError):
            raise PatternFault("is too large or too deep") from None
        longest = work.longest()
        if longest < _SHORTEST:
            raise PatternFault(
                "has so many repetitions that can end at several places that it may take for ever"
            )
        return cls(regex=regex, longest=longest)

    def window(self, start: int, end: int, *, last: bool) -> tuple[int, int]:
        """The part of a text's stretch that is searched: its end (or its beginning)."""
        if last:
            return max(start, end - self.longest), end
        return start, min(end, start + self.longest)

    def find(self, text: str, start: int, end: int, *, last: bool) -> re.Match[str] | None:
        """The last (or first) match in `window` that holds something."""
        start, end = self.window(start, end, last=last)
        found = (m for m in self.regex.finditer(text, start, end) if m.group() or any(m.groups()))
        return next(iter(deque(found, maxlen=1) if last else found), None)


_Chars = frozenset[str]
_Items = Sequence[tuple[Any, Any]]
_NOTHING = ""  # stands in a set of first characters for "it may match nothing"


class _Work:
    """How the ways to match a parsed pattern grow: ``factor`` × length ^ ``choices``."""

    def __init__(self, items: _Items, flags: int) -> None:
        self.choices = 0
        self.factor = 1
        self._firsts = _Firsts(items)
        self._walk(items, frozenset(), False, flags)

    def longest(self) -> int:
        """The length of a text on which `_STEPS` are not exceeded."""
        degree = 2 + self.choices  # a search begins anywhere, and may scan to the end
        steps = _STEPS * math.factorial(degree) / self.factor
        return min(LONGEST, int(steps ** (1 / degree)))

    def _walk(self, items: _Items, follow: _Chars, looped: bool, flags: int) -> _Chars:
        """Weigh `items`; gives the characters that they and then `follow` can begin with.

        :param looped: whether all this stands inside a repetition.
        """
        for op, value in reversed(list(items)):
            self._weigh(str(op), value, follow, looped, flags)
            first = self._firsts.of_item(str(op), value, flags)
            follow = (first - {_NOTHING}) | (follow if _NOTHING in first else frozenset())
        return follow

    def _weigh(self, op: str, value: Any, follow: _Chars, looped: bool, flags: int) -> None:
        if op == "SUBPATTERN":
            _, add, remove, body = value
            self._walk(body, follow, looped, (flags | add) & ~remove)
        elif op == "BRANCH":
            self._branch([self._walk(body, follow, looped, flags) for body in value[1]], looped)
        elif op in ("MAX_REPEAT", "MIN_REPEAT"):
            low, high, body = value
            self._repeat((low, high), body, follow, looped, flags)
        elif op == "POSSESSIVE_REPEAT":
            self._walk(value[2], frozenset(), False, flags)  # never goes back into what it took
        elif op == "ATOMIC_GROUP":
            self._walk(value, frozenset(), False, flags)
        elif op in ("ASSERT", "ASSERT_NOT"):
            self._walk(value[1], frozenset(), False, flags)
            self.choices += looped  # it looks ahead again each time

    def _branch(self, firsts: list[_Chars], looped: bool) -> None:
        if sum(map(len, firsts)) > len(frozenset[str]().union(*firsts)):
            self._undecided(len(firsts), looped)

    def _repeat(
        self, times: tuple[int, int], body: _Items, follow: _Chars, looped: bool, flags: int
    ) -> None:
        low, high = times
        own = self._firsts.of(body, flags) - {_NOTHING}
        again = own if high > 1 else frozenset()
        self._walk(body, again | follow, looped or high > 1, flags)
        if low != high and own & follow:
            self._undecided(None if high - low > _UNBOUNDED else high - low + 1, looped)

    def _undecided(self, ways: int | None, looped: bool) -> None:
        """The next character does not decide; ``None``: as many ways as the text is long."""
        if looped:
            raise PatternFault(
                "repeats something that can itself match in several ways, which may take for "
                "ever; make the inner repetition possessive (`*+`, `++`), or let the "
                "alternatives begin differently"
            )
        if ways is None:
            self.choices += 1
        else:
            self.factor *= ways


class _Firsts:
    """The characters that parts of a pattern can begin with, of a sample that stands for all."""

    def __init__(self, items: _Items) -> None:
        literals = set(_literals(items))
        variants = {v for c in literals for v in (c.lower(), c.upper()) if len(v) == 1}
        self._sample = frozenset(_SAMPLE) | literals | variants
        self._known: dict[tuple[int, int], _Chars] = {}

    def of(self, items: _Items, flags: int) -> _Chars:
        """What a sequence can begin with; with `_NOTHING` where it may match nothing."""
        key = id(items), flags
        if key not in self._known:
            first: _Chars = frozenset([_NOTHING])
            for op, value in items:
                first = (first - {_NOTHING}) | self.of_item(str(op), value, flags)
                if _NOTHING not in first:
                    break
            self._known[key] = first
        return self._known[key]

    def of_item(self, op: str, value: Any, flags: int) -> _Chars:
        """What one item can begin with."""
        if op in ("LITERAL", "NOT_LITERAL", "ANY", "IN"):
            return self._matching(op, value, flags)
        if op in ("AT", "ASSERT", "ASSERT_NOT"):
            return frozenset([_NOTHING])
        if op == "SUBPATTERN":
            _, add, remove, body = value
            return self.of(body, (flags | add) & ~remove)
        if op == "BRANCH":
            return frozenset[str]().union(*(self.of(body, flags) for body in value[1]))
        if op in ("MAX_REPEAT", "MIN_REPEAT", "POSSESSIVE_REPEAT"):
            own = self.of(value[2], flags)
            return own | {_NOTHING} if value[0] == 0 else own
        if op == "ATOMIC_GROUP":
            return self.of(value, flags)
        name = {"GROUPREF": "a back reference", "GROUPREF_EXISTS": "a condition on a group"}
        raise PatternFault(f"has {name.get(op, op)}, whose work can't be told; write it without")

    def _matching(self, op: str, value: Any, flags: int) -> _Chars:
        if op == "ANY":
            return self._sample if flags & re.DOTALL else self._sample - {"\n"}
        items = value if op == "IN" else [(op, value)]
        negated = bool(items) and str(items[0][0]) == "NEGATE"
        folds = bool(flags & re.IGNORECASE)
        return frozenset(
            c
            for c in self._sample
            if any(_holds(items, v) for v in ({c, c.lower(), c.upper()} if folds else {c}))
            is not negated
        )


def _holds(items: _Items, character: str) -> bool:
    return any(_is(str(op), value, character) for op, value in items)


def _is(op: str, value: Any, character: str) -> bool:
    if op in ("LITERAL", "NOT_LITERAL"):
        return (character == chr(value)) is (op == "LITERAL")
    if op == "RANGE":
        return len(character) == 1 and value[0] <= ord(character) <= value[1]
    if op == "CATEGORY":
        return _CATEGORIES[str(value)].fullmatch(character) is not None
    return False


_CATEGORIES = {
    "CATEGORY_DIGIT": re.compile(r"\d"),
    "CATEGORY_NOT_DIGIT": re.compile(r"\D"),
    "CATEGORY_SPACE": re.compile(r"\s"),
    "CATEGORY_NOT_SPACE": re.compile(r"\S"),
    "CATEGORY_WORD": re.compile(r"\w"),
    "CATEGORY_NOT_WORD": re.compile(r"\W"),
}


def _literals(value: Any) -> Iterator[str]:
    """Every character that a pattern names, ends of ranges included."""
    if isinstance(value, list | tuple) or hasattr(value, "data"):
        pair = tuple(value)
        if len(pair) == 2 and str(pair[0]) in ("LITERAL", "NOT_LITERAL"):
            yield chr(pair[1])
        elif len(pair) == 2 and str(pair[0]) == "RANGE":
            yield from map(chr, pair[1])
        else:
            for one in pair:
                yield from _literals(one)
