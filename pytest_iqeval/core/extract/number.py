"""Reads the one number that a reply commits to, or says why there is none.

How the rules of `number_rules` add up:

1. Declared answers are gathered; the last one counts, since whoever changes their mind says so
   last. Two different ones with nothing between them are two answers, not a change of mind.
2. Where nothing is declared, the end of the reply is asked what it states.
3. The answer must be one number. Two numbers, a range, a calculation without a result are none,
   and no earlier statement is dug out in their place.

A number that no rule reads is never an answer; in particular not for being the last one.
"""

from __future__ import annotations

import re
from collections import deque
from collections.abc import Iterable, Iterator
from functools import cached_property
from typing import NamedTuple

from pytest_iqeval.core.extract.number_forms import CANT_BE_WORKED_OUT, numbers_in
from pytest_iqeval.core.extract.number_rules import BY_NAME, RULES, NumberRule, Place
from pytest_iqeval.core.extract.number_statement import (
    Stated,
    stated_behind,
    stated_in_place,
    stated_in_sentence,
)
from pytest_iqeval.core.extract.quantity import Quantity
from pytest_iqeval.core.extract.readable import Readable
from pytest_iqeval.core.extract.reading import TRIED_AT_MOST, Reading, Tried
from pytest_iqeval.core.extract.regex import regex
from pytest_iqeval.core.extract.run_on import end_of_reply, leaves_at
from pytest_iqeval.core.extract.sentences import Sentence, said_before, sentences
from pytest_iqeval.core.extract.text import Prepared, prepare

_PLACES_AT_MOST = 500  # the last ones of each rule; no reply of sense has more
_END_AT_MOST = 6000  # how far back the end of a reply is looked for a sentence with a number
_CLOSED_AT_MOST = 400  # characters of a box, a JSON value or a tag
_CONCLUDES = regex(
    r"(?<![a-z])(?:therefore|thus|hence|so|consequently|in total|in all|altogether|overall|finally|"
    r"in conclusion|in summary|the total|final answer|result)(?![a-z])"
    r"|因此|所以|故|综上|总之|一共|总共|共|最后|最终|于是|可得|得出|结论|∴"
)
_SAYS_NOTHING = regex(
    r"(?:cannot|can't|can not|unable to|impossible to|not possible to)\s(?:be\s)?"
    r"(?:determine|solve|answer|calculate|say|tell|know|compute|find)"
    r"|(?:not enough|insufficient|more) (?:information|data|details)|let me (?:re)?check"
    r"|无法|不能确定|(?:信息|条件)不足|不知道|不确定|再(?:检查|算|核对|验算)"
)
_KIND_WORDS = regex(
    r"(?:hope|let me know|feel free|good luck|happy to|希望|如有|如果(?:你|您)?还?有|祝|欢迎)"
)
# What a reply adds in a last paragraph of its own: numbers there are none of the answer.
_NOTE = regex(
    r"\n[\s*_>(\[-]{0,8}(?:(?:please )?note(?: that|s?:)|n\.b\.|let me know|feel free|"
    r"if you(?:'d like| would like| want| need| have)"
    r"|注意?\s?:|备注\s?:|说明\s?:|请注意|需要注意|如需|如果(?:你|您)(?:需要|还?有|想))[^\n]{0,600}\s*\Z"
)
_SUPPOSED = regex(r"\s{0,8}(?:suppose|assum|let's say|if the answer|假设|假如|如果答案|若答案)")
_NO_NUMBER_EN = r"unknown|undefined|undetermined|indeterminate|cannot|can't|impossible|none|n/a"
_NO_NUMBER = regex(
    rf"[\s\"'(\[:.,]{{0,8}}(?:(?:{_NO_NUMBER_EN}|not (?:enough|possible|given|determin))(?![a-z])"
    r"|无法|不能|不确定|没有|未知|无解|不存在)"
)
_PLACEHOLDER = regex(
    r"[\W_]*(?:(?:your|the|my)[\s_])?(?:(?:final|numeric(?:al)?)[\s_])?"
    r"(?:answer|number|value|n|x|答案|数字|数值|结果)?[\W_]*"
)
_LISTED = regex(
    r"[ \t]{0,12}(?:[-+*•]|\d{1,2}[.)、]|[*#]{0,4}\s?(?:[Ss]tep|步骤|第.{1,2}步))\s?(?!\*)"
)
_ALONE = regex(r"[^\w]*(?:[^\W\d]+[\s/]{0,2}){0,2}[^\w]*")
_NOTHING_BETWEEN = regex(r"[\W_]*(?:(?:and|or|和|或|the|my|answer)[\W_]*){0,3}")


def read_number(text: str) -> Reading:
    """The number that `text` commits to, written as `Quantity.text`; never raises for any text."""
    return _Reader(prepare(text)).read()


class _Statement(NamedTuple):
    rule: NumberRule
    start: int  # where the cue begins
    stated: Stated


class _Cue(NamedTuple):
    end: int
    order: int  # of the rule in the table: the lower, the more explicit
    start: int


class _Reader:
    def __init__(self, prepared: Prepared) -> None:
        self._prepared = prepared
        self._readable = Readable(prepared)
        self._end = len(prepared.lower)
        self._tried: list[Tried] = []
        self._cues: list[_Cue] = []

    def read(self) -> Reading:
        if self._prepared.empty:
            return Reading(note=self._prepared.why_empty)
        self._cues = self._find_cues()
        self._end = end_of_reply(self._prepared, self._first_answer)
        statement = self._declared() or self._implied()
        if statement is None:
            return Reading(note="it commits to no number", tried=tuple(self._tried))
        return self._judged(statement)

    def _find_cues(self) -> list[_Cue]:
        """Where numbers may be declared, in the order of the text, then of the table."""
        found: list[_Cue] = []
        text = self._prepared.lower
        for order, rule in enumerate(RULES):
            if rule.cue is not None and any(word in text for word in rule.words):
                matches = deque(rule.cue.finditer(text), maxlen=_PLACES_AT_MOST)
                found += [_Cue(m.end(), order, m.start()) for m in matches]
        return sorted(found)

    def _first_answer(self) -> int | None:
        first = next(self._statements(self._cues), None)
        left = leaves_at(self._prepared)
        if left is not None and (first is None or left < first.start):
            # A number alone before the next question answers this one.
            opening = self._first()
            first = opening if opening and opening.stated.span[1] <= left else first
        self._tried.clear()  # what counts is looked at again, from the end
        return None if first is None else first.stated.span[1]

    def _statements(self, cues: Iterable[_Cue]) -> Iterator[_Statement]:
        """The statements behind `cues` that count, in the given order; notes those that don't."""
        for cue in cues:
            rule = RULES[cue.order]
            stated = self._closed(cue, rule) if rule.place is Place.CLOSED else self._behind(cue)
            if stated is None:
                continue
            why = stated.why if stated.numerals or rule.place is Place.BEHIND else None
            if rule.unless_before is not None and rule.unless_before.search(
                said_before(self._prepared, cue.start, 40)
            ):
                why = "it is not said of the answer"
            if why is None or why in (_DECLINES, CANT_BE_WORKED_OUT):
                yield _Statement(rule, cue.start, stated)
            else:
                self._note(rule, stated, why)

    def _note(self, rule: NumberRule, stated: Stated, why: str) -> None:
        if len(self._tried) < TRIED_AT_MOST:
            self._tried.append(Tried(rule=rule.name, span=stated.span, why=why))

    def _closed(self, cue: _Cue, rule: NumberRule) -> Stated | None:
        text = self._prepared.lower
        limit = min(self._end, cue.end + _CLOSED_AT_MOST)
        if rule.closes is None:
            end = _closing_brace(text, cue.end, limit)
        else:
            closing = rule.closes.search(text, cue.end, limit)
            end = closing.start() if closing else limit
        if _PLACEHOLDER.fullmatch(self._readable.text, cue.end, end):
            return None
        stated = stated_in_place(self._readable, cue.end, end)
        if rule.name == "hashes" and not self._alone(stated, cue.end, end):
            return None  # a heading of the fourth level
        return stated

    def _alone(self, stated: Stated, start: int, end: int) -> bool:
        """Whether a stretch holds one number and hardly anything else."""
        text = self._readable.text
        return (
            len(stated.numerals) == 1
            and not text[start : stated.span[0]].strip(" \t$:.=*")
            and _ALONE.fullmatch(text, stated.span[1], end) is not None
        )

    def _behind(self, cue: _Cue) -> Stated | None:
        stated = stated_behind(self._readable, cue.end, self._end)
        if stated is not None:
            return stated
        if none := _NO_NUMBER.match(self._prepared.lower, cue.end):
            return Stated((), none.span(), _DECLINES)
        last = self._last_sentence
        if last is None or last.end <= cue.end:
            return None
        gap = last.start - cue.end
        if gap > 60 or (gap > 0 and self._readable.text[cue.end : last.start].strip(" \n\t*:#$")):
            return None
        return stated_in_sentence(self._readable, max(cue.end, last.start), last.end)

    @cached_property
    def _last_sentences(self) -> tuple[list[Sentence], Sentence | None]:
        """The sentences behind the last one with a number in it, and that one."""
        start = max(0, self._end - _END_AT_MOST)
        note = _NOTE.search(self._readable.text, start, self._end)
        end = note.start() if note else self._end
        behind: list[Sentence] = []
        for sentence in reversed(sentences(self._readable.text, start, end)):
            if numbers_in(self._readable, sentence.start, sentence.end):
                return behind, sentence
            behind.append(sentence)
        return behind, None

    @property
    def _last_sentence(self) -> Sentence | None:
        return self._last_sentences[1]

    def _declared(self) -> _Statement | None:
        """The last declared statement, or both where two stand side by side."""
        backwards = self._statements(c for c in reversed(self._cues) if c.end <= self._end)
        last = next(backwards, None)
        if last is None:
            return None
        for earlier in backwards:
            if _overlap(earlier.stated.span, last.stated.span):
                last = min(earlier, last, key=lambda s: RULES.index(s.rule))
                continue
            if _values(earlier.stated) != _values(last.stated):
                if last.rule.name != "revised" and self._side_by_side(earlier, last):
                    both = (*earlier.stated.numerals, *last.stated.numerals)
                    return last._replace(stated=Stated(both, last.stated.span))
                self._note(earlier.rule, earlier.stated, "it is an earlier statement")
            break
        return last

    def _side_by_side(self, earlier: _Statement, last: _Statement) -> bool:
        between = self._readable.text[earlier.stated.span[1] : last.start]
        return len(between) < 200 and _NOTHING_BETWEEN.fullmatch(between) is not None

    def _implied(self) -> _Statement | None:
        """What the end of the reply states, and what it opens with.

        A conclusion, or a calculation at the end, is later and says so; any other last sentence
        may be part of an explanation.
        """
        at_end = self._at_end()
        if at_end is not None and len(at_end.stated.distinct) == 1 and self._weighs(at_end):
            return at_end
        return self._first() or at_end

    def _weighs(self, at_end: _Statement) -> bool:
        if at_end.rule.name == "conclusion":
            return True
        return "=" in self._readable.text[at_end.start : at_end.stated.span[0]]

    def _at_end(self) -> _Statement | None:
        behind, last = self._last_sentences
        if last is None:
            return None
        text = self._readable.text
        concludes = _CONCLUDES.search(text, last.start, last.end) is not None
        rule = BY_NAME["conclusion" if concludes else "last-sentence"]
        stated = stated_in_sentence(self._readable, last.start, last.end, concluding=concludes)
        if stated is None or any(_overlap(t.span, (last.start, last.end)) for t in self._tried):
            return None  # what it says has been looked at, and does not count
        why = stated.why or self._why_no_conclusion(last, behind, concludes)
        if why is None and not concludes and all(n.weak for n in stated.numerals):
            why = "it is a word in passing"
        if why is not None:
            self._note(rule, stated, why)
            return None
        return _Statement(rule, last.start, stated)

    def _why_no_conclusion(
        self, last: Sentence, behind: list[Sentence], concludes: bool
    ) -> str | None:
        text = self._readable.text
        if last.mark == "?" or text[last.start : last.end].rstrip().endswith("吗"):
            return "it is asked, not said"
        if _SUPPOSED.match(text, last.start):
            return "it is supposed, not said"
        if any(_SAYS_NOTHING.search(text, s.start, s.end) for s in (last, *behind)):
            return "the reply says that it does not know"
        announced = (c.end for c in self._cues if text[c.end - 1] == ":")
        if any(last.end <= end <= self._end for end in announced):
            return "an answer is announced behind it"
        if concludes:
            return None
        if not all(_KIND_WORDS.search(text, s.start, s.end) for s in behind):
            return "the reply goes on after it"
        return "it is an item of a list" if self._listed(last) else None

    def _listed(self, sentence: Sentence) -> bool:
        """Whether it is one of several items of a list, and no calculation."""
        text = self._prepared.original
        line = text.rfind("\n", 0, sentence.end) + 1
        before = text[:line].rstrip()
        return (
            _LISTED.match(text, line) is not None
            and _LISTED.match(before, before.rfind("\n") + 1) is not None
            and "=" not in text[line : sentence.end]
        )

    def _first(self) -> _Statement | None:
        """A first sentence that is a number alone."""
        for first in sentences(self._readable.text, 0, min(self._end, 400))[:1]:
            stated = stated_in_place(self._readable, first.start, first.end)
            if first.mark != "?" and self._alone(stated, first.start, first.end):
                return _Statement(BY_NAME["answer-first"], first.start, stated)
        return None

    def _judged(self, statement: _Statement) -> Reading:
        """A statement as a reading: one number is an answer, nothing else is."""
        rule, stated = statement.rule, statement.stated
        numbers = stated.distinct
        quantity = numbers[0].quantity if len(numbers) == 1 else None
        if quantity is not None:
            return Reading(
                answer=quantity.text,
                rule=rule.name,
                span=numbers[0].span,
                tried=tuple(self._tried),
                at_end=rule.name in ("conclusion", "last-sentence"),
            )
        texts = [n.quantity.text for n in numbers[:5] if n.quantity]
        why = (
            f"it gives {len(numbers)} numbers: {', '.join(texts)}"
            if numbers
            else f"it answers with no number{': ' + stated.why if stated.why else ''}"
        )
        dismissed = Tried(rule=rule.name, span=stated.span, why=why)
        return Reading(note=why, tried=(dismissed, *self._tried)[:TRIED_AT_MOST])


_DECLINES = "it says that there is none"


def _closing_brace(text: str, start: int, limit: int) -> int:
    """Where the brace that opens at `start` closes, or `limit`."""
    depth = 0
    for brace in re.compile(r"[{}]").finditer(text, start, limit):
        depth += 1 if brace[0] == "{" else -1
        if depth == 0:
            return brace.start()
    return limit


def _values(stated: Stated) -> set[Quantity | None]:
    return {n.quantity for n in stated.numerals}


def _overlap(one: tuple[int, int], other: tuple[int, int]) -> bool:
    return one[0] < other[1] and other[0] < one[1]
