"""Reads the one option that a reply commits to, or says why there is none.

How the rules of `choice_rules` add up:

1. Declared answers are gathered; the last one counts, since whoever changes their mind says so
   last. Two different ones with nothing between them are two answers, not a change of mind.
2. Where nothing is declared, implied ones are asked in turn, and they must not contradict.
3. The answer must be one letter on offer. Several letters, or one that is not on offer, are no
   answer, and no earlier statement is dug out in their place.

A letter that no rule reads is never an answer, wherever it stands.
"""

from __future__ import annotations

import re
from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from functools import lru_cache
from typing import NamedTuple

from pytest_iqeval.core.extract import choice_shapes as shapes
from pytest_iqeval.core.extract.choice_rules import BY_NAME, RULES, ChoiceRule
from pytest_iqeval.core.extract.labels import Found, label_at, withdrawn
from pytest_iqeval.core.extract.options import Options
from pytest_iqeval.core.extract.reading import TRIED_AT_MOST, Reading, Tried
from pytest_iqeval.core.extract.text import Prepared, prepare

_PLACES_AT_MOST = 2000  # the last ones of each rule; no reply of sense has more
_TEXTSTRIED_AT_MOST = 200  # cues behind which an option's text is looked for: bounds the work


class _Place(NamedTuple):
    """Where an answer may be declared: behind a cue, or at its end for a shape."""

    end: int
    order: int  # of the rule in the table: the lower, the more explicit
    start: int


class _Statement(NamedTuple):
    rule: ChoiceRule
    start: int  # where the cue begins
    found: Found


def read_choice(text: str, choices: Sequence[str]) -> Reading:
    """The option of `choices` that `text` commits to; never raises for any text.

    :param choices: the options' texts in order, 1 to 26 of them.
    """
    return _Reader(prepare(text), _options(tuple(choices))).read()


@lru_cache(maxsize=256)
def _options(choices: tuple[str, ...]) -> Options:
    return Options(choices)


# A new turn or question after an answer: a base model went on with the next one of its own.
_RUNS_ON = re.compile(
    r"\n[ \t#*>]{0,40}(?:(?:question|q|问题|题目|human|user|用户)\s{0,2}\d{0,4}\s{0,2}[:.)]"
    r"|user\s{0,2}\n|\[inst\])"
)
_NONE_FITS = re.compile(
    r"\s{0,3}(?:not (?:listed|among|in|given|provided|available|present|included|"
    r"one of|any of|a single)|"
    r"none of the|none of these|不在|无正确|没有|无法|都不|"
    r"(?:题目|选项|题干).{0,6}(?:有误|错误|不正确)|unknown|undetermined|cannot|can.t)"
)
_OPENING = re.compile(r"[\s\"'(\[{<$:,]{0,12}")
_LABEL_AFTER_TEXT = re.compile(
    r"(?:(?!\bnot\b|n't|neither|不|非)[^\n()\[\]?;]){1,120}?"
    r"(?<![0-9A-Za-z])[(\[](?:option |choice |选项)?(?P<label>[A-Z])[)\]]\s{0,3}(?:[.!]|\n|$)"
)
_NOTHING_BETWEEN = re.compile(r"[\W_]*(?:(?:and|or|和|或|the|my|correct)[\W_]*){0,3}")


class _Reader:
    def __init__(self, text: Prepared, options: Options) -> None:
        self._text = text
        self._options = options
        self._tried: list[Tried] = []
        self._texts_tried = 0

    def read(self) -> Reading:
        if self._text.empty:
            return Reading(note=self._why_empty())
        places = self._places()
        end = self._end_of_reply(places)
        statement = self._declared([p for p in places if p.end <= end], end) or self._implied(end)
        tried = tuple(self._tried)
        if statement is None:
            return Reading(note="it commits to no option", tried=tried)
        return self._judged(statement, tried)

    def _why_empty(self) -> str:
        if self._text.unclosed:
            return "the reasoning never ends, so no answer follows"
        return "nothing follows the reasoning" if self._text.reasoning else "the reply is empty"

    def _places(self) -> list[_Place]:
        """Where answers may be declared, in the order of the text, then of the table."""
        found: list[_Place] = []
        for order, rule in enumerate(RULES):
            pattern, text = rule.cue, self._text.lower
            if rule.name == "is-the-answer":
                pattern, text = shapes.IS_THE_ANSWER, self._text.folded
            if pattern is not None:
                last = deque(pattern.finditer(text), maxlen=_PLACES_AT_MOST)
                found += [_Place(m.end(), order, m.start()) for m in last]
        return sorted(found)

    def _end_of_reply(self, places: Iterable[_Place]) -> int:
        """Where the reply ends: before a further question, if there is one after an answer."""
        end = len(self._text.folded)
        if _RUNS_ON.search(self._text.lower) is None:
            return end
        first = next(self._statements(places), None)
        self._tried.clear()  # what counts is looked at again, from the end
        if first is None:
            return end
        runs_on = _RUNS_ON.search(self._text.lower, first.found.span[1])
        return runs_on.start() if runs_on else end

    def _statements(self, places: Iterable[_Place]) -> Iterator[_Statement]:
        """The statements at `places` that count, in the given order; notes those that don't."""
        for place in places:
            rule = RULES[place.order]
            found = self._found(place, rule)
            if found is None:
                continue
            if found.why is None:
                yield _Statement(rule, place.start, found)
            else:
                self._note(rule, found, found.why)

    def _note(self, rule: ChoiceRule, found: Found, why: str) -> None:
        if len(self._tried) < TRIED_AT_MOST:
            self._tried.append(Tried(rule=rule.name, span=found.span, why=why))

    def _found(self, place: _Place, rule: ChoiceRule) -> Found | None:
        text, options = self._text, self._options
        if rule.cue is None:
            match = shapes.IS_THE_ANSWER.match(text.folded, place.start)
            return shapes.is_the_answer(text, match) if match else None
        before = text.lower[max(0, place.start - 40) : place.start]
        if rule.only_after is not None and not rule.only_after.search(before):
            return None
        said = rule.unless_before is None or not rule.unless_before.search(before)
        found = label_at(text, place.end, options, closed=rule.closed, followed_by=rule.followed_by)
        if found is None and rule.followed_by is None:
            found = self._text_behind(place.end)
            if found is None and rule.name.startswith(("answer-", "option-")):
                found = self._none_fits(place.end)
        if found is not None and not said:
            return replace(found, why="it is not said of the answer")
        return found

    def _text_behind(self, start: int) -> Found | None:
        """An option's text behind a cue, or a phrase that ends with a label: "15 km (B)."."""
        if self._texts_tried >= _TEXTSTRIED_AT_MOST:
            return None
        self._texts_tried += 1
        folded = self._text.folded
        opening = _OPENING.match(folded, start)
        first = opening.end() if opening else start
        if labelled := _LABEL_AFTER_TEXT.match(folded, first):
            return Found(letters=labelled["label"], span=labelled.span("label"))
        if named := self._options.named_at(folded, first):
            letter, end = named
            return Found(letters=letter, span=(first, end), why=withdrawn(self._text, end))
        return None

    def _none_fits(self, start: int) -> Found | None:
        said = _NONE_FITS.match(self._text.lower, start)
        return Found(letters="", span=said.span()) if said else None

    def _declared(self, places: list[_Place], end: int) -> _Statement | None:
        """The last declared statement, or both where two stand side by side."""
        backwards = self._statements(reversed(places))
        line = shapes.last_line(self._text, end, self._options)
        last = _Statement(BY_NAME["last-line"], line.span[0], line) if line else None
        if last is None:
            last = next(backwards, None)
        if last is None:
            return None
        for earlier in backwards:
            if _overlap(earlier.found.span, last.found.span):
                last = min(earlier, last, key=lambda s: RULES.index(s.rule))
                continue
            if earlier.found.letters != last.found.letters:
                if last.rule.name != "revised" and self._side_by_side(earlier, last):
                    both = earlier.found.letters + last.found.letters
                    return last._replace(found=replace(last.found, letters=both))
                self._note(earlier.rule, earlier.found, "it is an earlier statement")
            break
        return last

    def _side_by_side(self, earlier: _Statement, last: _Statement) -> bool:
        between = self._text.lower[earlier.found.span[1] : last.start]
        return len(between) < 200 and _NOTHING_BETWEEN.fullmatch(between) is not None

    def _implied(self, end: int) -> _Statement | None:
        """What the reply's shape implies; two shapes that point apart make two answers."""
        best: _Statement | None = None
        for name, shape in shapes.IMPLIED.items():
            found = shape(self._text, end, self._options)
            if found is None:
                continue
            if best is None:
                best = _Statement(BY_NAME[name], found.span[0], found)
            elif found.letters != best.found.letters:
                both = best.found.letters + found.letters
                return best._replace(found=replace(best.found, letters=both))
        return best

    def _judged(self, statement: _Statement, tried: tuple[Tried, ...]) -> Reading:
        """A statement as a reading: one letter on offer is an answer, nothing else is."""
        letters = "".join(dict.fromkeys(statement.found.letters))
        on_offer = self._options.letters
        if len(letters) == 1 and letters in on_offer:
            return Reading(
                answer=letters, rule=statement.rule.name, span=statement.found.span, tried=tried
            )
        if not letters:
            why = "it says that no option is right"
        elif len(letters) > 1:
            why = f"it gives {len(letters)} answers: {', '.join(letters)}"
        else:
            why = f"it answers {letters}, which is not on offer ({on_offer[0]} to {on_offer[-1]})"
        dismissed = Tried(rule=statement.rule.name, span=statement.found.span, why=why)
        return Reading(note=why, tried=(dismissed, *tried)[:TRIED_AT_MOST])


def _overlap(one: tuple[int, int], other: tuple[int, int]) -> bool:
    return one[0] < other[1] and other[0] < one[1]
