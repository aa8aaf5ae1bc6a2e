"""Reads the one expression that a reply commits to, or says why there is none.

How the rules of `math_rules` add up:

1. Declared answers are gathered; the last one counts. Where two rules read the same place, the
   more explicit one does.
2. Boxes side by side are one answer, a list of all: ``\\boxed{2}`` and ``\\boxed{-2}`` solve it
   together. Boxes with prose between them are not; the last one counts, as graders of MATH do.
3. An empty box, an echoed ``\\boxed{answer}`` and a box that the reply's end cut are no answers.
4. Where nothing is declared, the last line may imply an answer.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator
from typing import NamedTuple

from pytest_iqeval.core.extract import math_lines as lines
from pytest_iqeval.core.extract import math_shapes as shapes
from pytest_iqeval.core.extract.math_rules import BY_NAME, RULES, MathRule
from pytest_iqeval.core.extract.math_shapes import Expression
from pytest_iqeval.core.extract.reading import TRIED_AT_MOST, Reading, Tried
from pytest_iqeval.core.extract.regex import regex
from pytest_iqeval.core.extract.run_on import end_of_reply
from pytest_iqeval.core.extract.text import Prepared, fold, prepare

_PLACES_AT_MOST = 60  # the last ones of each rule; no reply of sense has more
_SIDE_BY_SIDE = regex(
    r"[\s$,;、\\()\[\]}*]*(?:(?:and|or|和|或|及|(?:\\text\s?\{\s?(?:and|or)\s?\})|\\q?quad|"
    r"[a-z](?:_\d)?\s?=)[\s$,;\\()\[\]]*){0,4}\\?"
)


class _Statement(NamedTuple):
    rule: MathRule
    start: int  # where the cue begins
    found: Expression


def read_math(text: str) -> Reading:
    """The expression that `text` commits to; never raises for any text.

    The answer is the expression as written, without the marks around it and with runs of blanks
    as one; the items of a list of boxes are divided by ``, ``.
    """
    return _Reader(prepare(text)).read()


class _Reader:
    def __init__(self, text: Prepared) -> None:
        self._text = text
        self._tried: list[Tried] = []

    def read(self) -> Reading:
        if self._text.empty:
            return Reading(note=self._text.why_empty)
        end = end_of_reply(self._text, self._first_answer)
        statement = self._declared(end) or self._implied(end)
        tried = tuple(self._tried[:TRIED_AT_MOST])
        if statement is None:
            note = (
                f"it commits to no answer: {tried[0].why}" if tried else "it commits to no answer"
            )
            return Reading(note=note, tried=tried)
        found = statement.found
        return Reading(
            answer=self._as_written(found),
            rule=statement.rule.name,
            span=found.span,
            tried=tried,
            at_end=statement.rule.name in ("conclusion", "last-line"),
        )

    def _first_answer(self) -> int | None:
        ends = [s.found.span[1] for s in self._statements(len(self._text.folded))]
        self._tried.clear()  # what counts is looked at again
        return min(ends, default=None)

    def _statements(self, end: int) -> Iterator[_Statement]:
        """The statements before `end` that count, last one first; notes those that don't."""
        places = [
            (match.end(), -order, match.start(), rule)
            for order, rule in enumerate(RULES)
            if rule.cue is not None and any(word in self._text.lower for word in rule.needs)
            for match in deque(rule.cue.finditer(self._text.lower, 0, end), maxlen=_PLACES_AT_MOST)
        ]
        hash_line = lines.hash_line(self._text.folded, end)
        if hash_line is not None and "boxed" not in hash_line.text:
            yield _Statement(BY_NAME["hash"], hash_line.span[0], hash_line)
        for after, _, start, rule in sorted(places, key=lambda p: p[:3], reverse=True):
            found = self._found(rule, after)
            if found is None or found.span[1] > end:
                continue
            why = found.why or self._unsaid(rule, start)
            if why is None:
                yield _Statement(rule, start, found)
            else:
                self._note(rule, found, why)

    def _found(self, rule: MathRule, after: int) -> Expression | None:
        if rule.name == "boxed":
            return shapes.boxed(self._text.folded, after)
        if rule.name == "json":
            found = shapes.json_value(self._text.folded, after)
        elif rule.ends is not None:
            found = shapes.enclosed(self._text.folded, after, rule.ends)
        else:
            found = shapes.behind(self._text.folded, after, words=rule.words)
        # What holds a box is the box's to read.
        return None if found is None or "box" in found.text else found

    def _unsaid(self, rule: MathRule, start: int) -> str | None:
        before = self._text.lower[max(0, start - 40) : start]
        if rule.unless_before is not None and rule.unless_before.search(before):
            return "it is not said of the answer"
        return None

    def _note(self, rule: MathRule, found: Expression, why: str) -> None:
        self._tried.append(Tried(rule=rule.name, span=found.span, why=why))

    def _declared(self, end: int) -> _Statement | None:
        """The last declared statement; boxes side by side as one."""
        statements = self._statements(end)
        last = next(statements, None)
        if last is None:
            return None
        row = [last]
        for earlier in statements:
            if _overlap(earlier.found.span, last.found.span):
                if RULES.index(earlier.rule) < RULES.index(last.rule):
                    last, row = earlier, [earlier]
            elif last.rule.name == earlier.rule.name == "boxed" and self._side_by_side(
                earlier, row[0]
            ):
                row.insert(0, earlier)
            else:
                if earlier.found.text != last.found.text:
                    self._note(earlier.rule, earlier.found, "it is an earlier statement")
                break
        return last._replace(found=shapes.joined_list([s.found for s in row]))

    def _side_by_side(self, earlier: _Statement, later: _Statement) -> bool:
        between = self._text.lower[earlier.found.span[1] : later.start]
        return len(between) < 60 and _SIDE_BY_SIDE.fullmatch(between) is not None

    def _implied(self, end: int) -> _Statement | None:
        whole = self._text.folded[:end].rstrip()
        if "box" in whole[whole.rfind("\n") + 1 :]:
            return None  # a box that is no answer, perhaps cut in the middle
        for name, line in (("conclusion", lines.conclusion), ("last-line", lines.last_line)):
            found = line(self._text.folded, end)
            if found is not None and found.why is None and "box" not in found.text:
                return _Statement(BY_NAME[name], found.span[0], found)
        return None

    def _as_written(self, found: Expression) -> str:
        """The expression with its ``*`` and ``_``, which are blank in the folded text."""
        if found.literal:
            return found.text
        pieces = (self._text.original[start:end] for start, end in found.pieces or (found.span,))
        return ", ".join(dict.fromkeys(" ".join(fold(piece).split()) for piece in pieces))


def _overlap(one: tuple[int, int], other: tuple[int, int]) -> bool:
    return one[0] < other[1] and other[0] < one[1]
