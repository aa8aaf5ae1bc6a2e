"""Reads the set of options that a reply commits to, or says why there is none.

How the rules of `multi_rules` add up:

1. Declared sets are gathered; the last one counts. But choosing one option of a set that was
   declared as the answer ("答案：AC … C正确，故选C") is talk about it, not another answer, and
   options chosen one after another are no set.
2. Where nothing is declared, implied ones are asked in turn, the first that is there counts.
3. Every label must be on offer. "A or C", a label that nobody offered and two sets side by side
   are no answer, and no earlier statement is dug out in their place.
"""

from __future__ import annotations

import re
from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from itertools import chain, islice
from typing import NamedTuple

from pytest_iqeval.core.extract import multi_shapes as shapes
from pytest_iqeval.core.extract.choice_guards import said_by_others
from pytest_iqeval.core.extract.labels import label_at, withdrawn
from pytest_iqeval.core.extract.multi_labels import FoundSet, all_at, opened, set_at, texts_at
from pytest_iqeval.core.extract.multi_lists import list_at
from pytest_iqeval.core.extract.multi_offer import Offer, offer
from pytest_iqeval.core.extract.multi_rules import BY_NAME, RULES, SetRule
from pytest_iqeval.core.extract.reading import TRIED_AT_MOST, Reading, Tried
from pytest_iqeval.core.extract.regex import regex
from pytest_iqeval.core.extract.run_on import end_of_reply, leaves_at
from pytest_iqeval.core.extract.sentences import said_before
from pytest_iqeval.core.extract.text import Prepared, prepare

_PLACES_AT_MOST = 2000  # the last ones of each rule; no reply of sense has more
_EARLIER_AT_MOST = 40  # statements that are looked at behind a weak last one
_WEAK = frozenset({"choose-zh", "choose-en", "conclusion"})
_SAY_RIGHT = frozenset({"options-zh", "options-en"})
"""Rules whose words say that what is listed is right, so that all on offer may be."""


class _Place(NamedTuple):
    """Where a set may be declared: behind a cue, or at its start for a shape."""

    end: int
    order: int  # of the rule in the table: the lower, the more explicit
    start: int
    found: FoundSet | None = None


class _Statement(NamedTuple):
    rule: SetRule
    start: int  # where the cue begins
    found: FoundSet


def read_multi_choice(text: str, choices: Sequence[str], *, numbered: bool = False) -> Reading:
    """The options of `choices` that `text` commits to; never raises for any text.

    The answer is their labels in order: ``AC``, with digits as labels ``1,3``. Digits are read
    behind the words that declare an answer and on a last line, not in what is said of options.

    :param choices: the options' texts in order, 1 to 26 of them.
    :param numbered: the options carry digits instead of letters.
    """
    return _Reader(prepare(text), offer(tuple(choices), numbered)).read()


def joined(labels: Iterable[str], *, numbered: bool) -> str:
    """Labels as one answer: ``AC``, or ``1,3``."""
    return ("," if numbered else "").join(labels)


_NONE_FITS = regex(
    r"[\s\"':(\[]{0,4}"
    r"(?:(?:所有|全部|以上)?(?:题目|选项|题干)?[^\n.a-z]{0,6}?(?:有误|都不|均不|错误)"
    r"|不在|(?:无|没有)[^\n.]{0,4}正确|无法|not (?:listed|given|provided|available)|"
    r"no (?:correct )?option|none of (?:the|these|them)|cannot|can't|unknown)"
)
_NOTHING_BETWEEN = regex(r"[\W_]*(?:(?:and|or|和|或|the|my|correct)[\W_]*){0,3}")
_AND_BETWEEN = regex(r"[\s$,、&\\{}()]*(?:text\s?\{\s?)?(?:and|和|与|及)?[\s$}\\()]*")
_CHANGES_MIND = regex(
    r"不对|更正|修正|重新|改为|改选|错了|(?<![a-z])(?:wait|actually|correction|mistake|on second "
    r"thought|reconsider|let me re)(?![a-z])"
)
_CLOSES = regex(r"[\s)\]}\"'$]{0,4}")
_AS_EXAMPLE = regex(
    r"(?:例如|比如|格式(?:为|是|如)?|形式(?:为|是|如)?|(?<![a-z])(?:for example|e\.g\.|such as|"
    r"format|in the form(?: of)?|like))\s?[,:]?[\s\"'(\[]{0,4}(?:the\s)?\Z"
)
_SAID_OF_ONLY = regex(
    r"[\s\"')\]]{0,3}(?:(?:is|are)\s(?:the\s)?(?:correct|right|true|accurate|valid|answers?)(?![a-z])"
    r"|(?:选项|项|[两二三四五六]项)?(?:的说法)?(?:是|才是?)?(?:正确|对的|对(?=[.,!\n]|$)|符合|成立|满足|可选|入选))"
)


class _Reader:
    def __init__(self, text: Prepared, on_offer: Offer) -> None:
        self._text = text
        self._offer = on_offer
        self._tried: list[Tried] = []

    def read(self) -> Reading:
        if self._text.empty:
            return Reading(note=self._text.why_empty)
        places = self._places()
        end = end_of_reply(self._text, lambda: self._first_answer(places))
        statement = self._declared([p for p in places if p.end <= end], end) or self._implied(end)
        tried = tuple(self._tried)
        if statement is None:
            return Reading(note="it commits to no set of options", tried=tried)
        return self._judged(statement, tried)

    def _places(self) -> list[_Place]:
        """Where sets may be declared, in the order of the text, then of the table."""
        found: list[_Place] = []
        for order, rule in enumerate(RULES):
            if rule.cue is not None:
                last = deque(rule.cue.finditer(self._text.lower), maxlen=_PLACES_AT_MOST)
                found += [_Place(m.end(), order, m.start()) for m in last]
            elif rule.name == "are-the-answer":
                sets = shapes.are_the_answer(self._text, len(self._text.folded), self._offer)
                found += [_Place(s.span[1], order, s.span[0], s) for s in sets]
        return sorted(found, key=lambda p: p[:3])

    def _first_answer(self, places: Iterable[_Place]) -> int | None:
        first = next(self._statements(places), None)
        left = leaves_at(self._text)
        if left is not None and (first is None or left < first.start):
            first = self._implied(left) or first  # it answers before the next question
        self._tried.clear()  # what counts is looked at again, from the end
        return None if first is None else first.found.span[1]

    def _statements(self, places: Iterable[_Place]) -> Iterator[_Statement]:
        """The statements at `places` that count, in the given order; notes those that don't."""
        for place in places:
            rule = RULES[place.order]
            found = place.found or self._found(place, rule)
            if found is None:
                continue
            if found.why is None:
                yield _Statement(rule, place.start, found)
            else:
                self._note(rule, found, found.why)

    def _note(self, rule: SetRule, found: FoundSet, why: str) -> None:
        known = any(t.span == found.span and t.why == why for t in self._tried)
        if not known and len(self._tried) < TRIED_AT_MOST:
            self._tried.append(Tried(rule=rule.name, span=found.span, why=why))

    def _found(self, place: _Place, rule: SetRule) -> FoundSet | None:
        text = self._text
        before = text.lower[max(0, place.start - 40) : place.start]
        if rule.only_after is not None and not rule.only_after.search(before):
            return None
        if rule.name == "all":
            found = all_at(text, place.start, self._offer)
        else:
            found = self._behind(place, rule)
        if found is None or found.why:
            return found
        before = said_before(text, place.start, 40)
        if rule.unless_before is not None and rule.unless_before.search(before):
            return replace(found, why="it is not said of the answer")
        if said_by_others(said_before(text, place.start, 60)):
            return replace(found, why="it is what someone else says")
        if _AS_EXAMPLE.search(before):
            return replace(found, why="it only says the form of an answer")
        return found

    def _behind(self, place: _Place, rule: SetRule) -> FoundSet | None:
        """What stands behind a cue: a list, a set, or one label."""
        text, at = self._text, place.end
        if not self._offer.may_begin(text.lower, opened(text, at)):
            return self._none_fits(at, rule)
        listed = rule.followed_by is None and rule.name != "only"
        may_be_all = rule.name in _SAY_RIGHT
        if listed and (found := list_at(text, at, self._offer, may_be_all=may_be_all)):
            return found
        plain = rule.closed or text.folded[at - 1] in ":]>" or rule.name == "choose-zh"
        found = (
            set_at(text, at, self._offer, closed=rule.closed, plain=plain)
            or texts_at(text, at, self._offer)
            or self._one_behind(at, rule)
        )
        if found is None:
            return self._none_fits(at, rule)
        if rule.name == "only" and not _SAID_OF_ONLY.match(text.lower, found.span[1]):
            return None
        if rule.followed_by is not None and not self._followed(found, rule.followed_by):
            return None
        return found

    def _one_behind(self, at: int, rule: SetRule) -> FoundSet | None:
        """One label, or the text of one option, as the single-choice reader reads it."""
        text, options = self._text, self._offer.options
        if self._offer.numbered:
            return None
        one = label_at(text, at, options, closed=rule.closed, followed_by=rule.followed_by)
        if one is not None:
            # Several letters that `set_at` did not join are no set.
            return (
                FoundSet(labels=(one.letters,), span=one.span, why=one.why)
                if len(one.letters) == 1
                else None
            )
        if rule.followed_by is None and (named := options.named_at(text.folded, at)):
            letter, end = named
            return FoundSet(labels=(letter,), span=(at, end), why=withdrawn(text, end))
        return None

    def _followed(self, found: FoundSet, pattern: re.Pattern[str]) -> bool:
        after = _CLOSES.match(self._text.lower, found.span[1])
        ends = (found.span[1], after.end()) if after else (found.span[1],)
        return any(pattern.match(self._text.lower, end) for end in ends)

    def _none_fits(self, start: int, rule: SetRule) -> FoundSet | None:
        if not rule.name.startswith(("answer-", "options-")):
            return None
        said = _NONE_FITS.match(self._text.lower, start)
        return (
            FoundSet(labels=(), span=said.span(), fault="it says that no option is right")
            if said
            else None
        )

    def _declared(self, places: list[_Place], end: int) -> _Statement | None:
        """The last declared statement that stands, or the fault of two side by side."""
        earlier = self._statements(reversed(places))
        last = self._last_line(end) or next(earlier, None)
        if last is None:
            return None
        other = next(earlier, None)
        while other is not None and _overlap(other.found.span, last.found.span):
            last = min(other, last, key=lambda s: (RULES.index(s.rule), s.start))
            other = next(earlier, None)
        rest = islice(earlier, _EARLIER_AT_MOST)
        if last.rule.name in _WEAK and len(last.found.labels) == 1:
            return self._of_a_set(last, chain([other] if other else [], rest))
        if other is None or other.found.labels == last.found.labels:
            return last
        if last.rule.name != "revised" and self._side_by_side(other, last):
            return self._both(other, last)
        self._note(other.rule, other.found, "it is an earlier statement")
        return last

    def _last_line(self, end: int) -> _Statement | None:
        found = shapes.last_line(self._text, end, self._offer)
        return _Statement(BY_NAME["last-line"], found.span[0], found) if found else None

    def _of_a_set(self, last: _Statement, earlier: Iterable[_Statement]) -> _Statement | None:
        """One option chosen at the end: the answer, or talk about a set that was declared."""
        chosen = set(last.found.labels)
        at = last.start
        for other in earlier:
            if _CHANGES_MIND.search(self._text.lower, other.found.span[1], at):
                break
            if len(other.found.labels) > 1 and chosen <= set(other.found.labels):
                self._note(last.rule, last.found, "it chooses one of a set that was declared")
                return other
            if other.rule.name not in _WEAK or len(other.found.labels) != 1:
                break
            chosen |= set(other.found.labels)
            at = other.start
        if len(chosen) == 1:
            return last
        self._note(last.rule, last.found, "it chooses one option after another")
        return None

    def _side_by_side(self, earlier: _Statement, last: _Statement) -> bool:
        between = self._text.lower[earlier.found.span[1] : last.start]
        return len(between) < 200 and _NOTHING_BETWEEN.fullmatch(between) is not None

    def _both(self, earlier: _Statement, last: _Statement) -> _Statement:
        """Two statements with nothing between them: one set if they are boxes, else a fault."""
        labels = tuple(dict.fromkeys((*earlier.found.labels, *last.found.labels)))
        span = (earlier.found.span[0], last.found.span[1])
        between = self._text.lower[earlier.found.span[1] : last.start]
        boxes = earlier.rule.name == last.rule.name == "boxed"
        if boxes and _AND_BETWEEN.fullmatch(between):
            return last._replace(found=FoundSet(labels=labels, span=span))
        sets = [self._answer(s.found.labels) for s in (earlier, last)]
        fault = f"it gives two answers: {sets[0]} and {sets[1]}"
        return last._replace(found=replace(last.found, fault=fault))

    def _implied(self, end: int) -> _Statement | None:
        for name, shape in shapes.IMPLIED.items():
            found = shape(self._text, end, self._offer)
            if found is not None:
                return _Statement(BY_NAME[name], found.span[0], found)
        return None

    def _judged(self, statement: _Statement, tried: tuple[Tried, ...]) -> Reading:
        """A statement as a reading: labels on offer are an answer, nothing else is."""
        found, on_offer = statement.found, self._offer.labels
        others = [label for label in found.labels if label not in on_offer]
        if found.labels and not others and found.fault is None:
            return Reading(
                answer=self._answer(found.labels),
                rule=statement.rule.name,
                span=found.span,
                tried=tried,
            )
        why = found.fault
        if why is None:
            which = ", ".join(others)
            is_ = "are" if len(others) > 1 else "is"
            why = f"it answers {which}, which {is_} not on offer ({on_offer[0]} to {on_offer[-1]})"
        dismissed = Tried(rule=statement.rule.name, span=found.span, why=why)
        return Reading(note=why, tried=(dismissed, *tried)[:TRIED_AT_MOST])

    def _answer(self, labels: Iterable[str]) -> str:
        """`labels` in the order of the options, each once."""
        chosen = set(labels)
        known = [label for label in self._offer.labels if label in chosen]
        unknown = sorted(chosen - set(known))
        return joined([*known, *unknown], numbered=self._offer.numbered)


def _overlap(one: tuple[int, int], other: tuple[int, int]) -> bool:
    return one[0] < other[1] and other[0] < one[1]
