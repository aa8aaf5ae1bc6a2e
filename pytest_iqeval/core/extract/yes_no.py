"""Reads whether a reply says yes or no, or says why it says neither.

1. Declared answers are gathered (`yes_no_rules`); the last one counts. Yes and no side by side
   are two answers.
2. Where nothing is declared, the reply's first word and what it says of the statement count.
   Where these two point apart, the later one counts only behind a word that turns
   ("however", 但是); else they are two answers.

A negation turns what it negates: 不正确 is no, and "not false" is yes. What is asked, supposed
or reported of others is no answer.
"""

from __future__ import annotations

import re
from collections import deque
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from pytest_iqeval.core.extract.cues import (
    SEARCHED,
    CueRule,
    Place,
    Reach,
    places,
    said,
)
from pytest_iqeval.core.extract.polarity import Phrase, Polarity, phrase_at, polarity_of
from pytest_iqeval.core.extract.reading import TRIED_AT_MOST, Reading, Tried
from pytest_iqeval.core.extract.regex import regex
from pytest_iqeval.core.extract.run_on import end_of_reply, leaves_at
from pytest_iqeval.core.extract.text import Prepared, fold, prepare
from pytest_iqeval.core.extract.yes_no_rules import (
    BY_NAME,
    JUDGED_EN,
    JUDGED_WORDS_EN,
    JUDGED_WORDS_ZH,
    JUDGED_ZH,
    RULES,
    SUBJECT_EN,
)

_JUDGED_AT_MOST = 500
_ORDER = {rule.name: n for n, rule in enumerate(RULES)}

# What may stand between a cue and the word: blanks, quotes, a formula's text, a filler.
_MARKS = r"[\s\"'(\[{<$:,>#-]{0,24}(?:\\(?:text|textbf|mathrm|mbox)\s?\{)?\s{0,3}"
_BEFORE_LINE = regex(_MARKS)
_BEFORE_WORD = regex(
    _MARKS + r"(?:(?:that )?(?:it is |it's |(?:the|this) (?:statement|claim|answer) is ))?"
)
_OPENING = regex(
    r"[\s\"'(\[#>*-]{0,24}(?:(?:well|oh|in short|in fact|actually|unfortunately|sadly|indeed|"
    r"technically|strictly speaking|basically|essentially|surprisingly|simply put|hmm|"
    r"其实|事实上|实际上|严格来说|一般来说|简单来说|总的来说)[, ]{1,2})?"
)
# A clause or a short sentence of its own before a plain word: "Great question! Yes, …".
_LED_IN = regex(
    r"\s{0,3}(?:[^.!?\n]{1,200}[?]|[^.!?\n]{1,40}!|[^.!?,\n]{1,80},)\s{0,3}"
    r"(?=(?:yes|no|是的?|不是?|对|不对)[.,!])"
)
# Begin a reply without answering it.
_CHATTY = regex(r"(?:right|correct)(?: answer|,)|right\s|对[,:]?(?:于|了)|有[,:]")
_SAID_OF = regex(
    r"(?P<yes>是)(?!否|不是|谁|什么|哪|非|时|由|因|这样|怎|如|吗|的|以|指|与|和|或|为|有|我|你|您|:|\s)"
    r"|(?P<no>不是)(?!吗|不|没|我|你|您|因为|所谓|\s)"
)
_NOT_MEANT = regex(
    r"(?<![a-z])(?:if|whether|unless|suppose|supposing|assume|assuming|were|imagine|"
    r"determine|decide|check|verify|consider|once|until)(?![a-z])"
    r"|n't (?:think|believe|mean|know)"
    r"|如果|假如|假设|若|要是|是否|能否|判断.{0,12}是不是|即使|除非"
)
# Of the clause alone: "although some say it is false, the statement is true".
_OF_OTHERS = regex(
    r"(?<![a-z])(?:people|some|many|others|they|you|one|might|may|could|who)"
    r"(?: (?:might|may|could|would|also))? (?:say|think|believe|argue|claim|assume|wrongly)"
    r"|有人|很多人|人们|一些人|以为|误认为|看起来|似乎"
)
_SENTENCE_MARK = regex(r"[.!?\n;]")
_CONCLUDES = regex(
    r"(?<![a-z])(?:therefore|thus|hence|so|conclusion|summary|overall|finally|means that)(?![a-z])"
    r"|因此|所以|综上|故|总之|可见|由此|结论"
)
_TURNS = regex(
    r"(?<![a-z])(?:however|but|wait|actually|on second thought|correction|nevertheless)(?![a-z])"
    r"|但|然而|不过|更正|等等|重新"
)
_SUBJECT = regex(
    rf"(?<![a-z]){SUBJECT_EN}s?(?![a-z])[^.!?\n;]{{0,200}}\Z"
    r"|(?<![a-z])(?:it|this|that)\s{0,2}\Z|[\"']\s{0,2}\Z"
)
_ALONE = regex(r"[^\S\n]{0,3}[.!]?[^\S\n]{0,8}\n")
_NOTHING_BETWEEN = regex(r"[\W_]*(?:(?:and|or|和|或|the|answer|答案)[\W_]*){0,3}")


def read_yes_no(text: str) -> Reading:
    """``yes`` or ``no``, as `text` says it; never raises for any text."""
    return _Reader(prepare(text)).read()


def yes_or_no(text: str) -> str | None:
    """What a data set's own spelling means (true, 对, 否, F, ×, …), or ``None``."""
    polarity = polarity_of(fold(text).lower().strip())
    return polarity.value if polarity in (Polarity.YES, Polarity.NO) else None


class _Statement(NamedTuple):
    rule: CueRule
    start: int  # where the cue begins
    polarity: Polarity
    span: tuple[int, int]


class _Reader:
    def __init__(self, text: Prepared) -> None:
        self._text = text
        self._lower = text.lower
        self._tried: list[Tried] = []

    def read(self) -> Reading:
        if self._text.empty:
            return Reading(note=self._text.why_empty)
        found = places(self._text, RULES)
        end = end_of_reply(self._text, lambda: self._first(found))
        statement = self._declared([p for p in found if p.end <= end], end) or self._implied(end)
        tried = tuple(self._tried)
        if statement is None:
            return Reading(note="it says neither yes nor no", tried=tried)
        if statement.polarity in (Polarity.YES, Polarity.NO):
            return Reading(
                answer=statement.polarity.value,
                rule=statement.rule.name,
                span=statement.span,
                tried=tried,
            )
        both = statement.polarity is Polarity.BOTH
        note = "it says both yes and no" if both else "it leaves open whether yes or no"
        left = Tried(rule=statement.rule.name, span=statement.span, why=note)
        return Reading(note=note, tried=(left, *tried)[:TRIED_AT_MOST])

    def _note(self, statement: _Statement, why: str) -> None:
        if len(self._tried) < TRIED_AT_MOST:
            self._tried.append(Tried(rule=statement.rule.name, span=statement.span, why=why))

    def _first(self, found: list[Place]) -> int | None:
        first = next(self._statements(found, len(self._lower)), None)
        left = leaves_at(self._text)
        if left is not None and (first is None or left < first.start):
            first = self._opening(left) or first  # it answers before the next question
        self._tried.clear()  # what counts is looked at again, from the end
        return None if first is None else first.span[1]

    def _statements(self, found: Iterable[Place], end: int) -> Iterator[_Statement]:
        """The statements at these places that count, in their order; notes those that don't."""
        for place in found:
            rule = RULES[place.order]
            phrase = self._behind(place.end, end, letters=rule.reach is not Reach.SENTENCE)
            if phrase is None:
                continue
            statement = _Statement(rule, place.start, *phrase)
            if said(self._text, place, rule):
                yield statement
            else:
                self._note(statement, "it is not said of the answer")

    def _behind(self, start: int, end: int, *, letters: bool) -> Phrase | None:
        opening = _BEFORE_WORD.match(self._lower, start, end)
        at = opening.end() if opening else start
        return phrase_at(self._lower, at, end, letters=letters)

    def _declared(self, found: list[Place], end: int) -> _Statement | None:
        backwards = self._statements(reversed(found), end)
        last = self._last_line(end) or next(backwards, None)
        if last is None:
            return None
        first = self._opening(end) if last.rule.name == "last-line" else None
        if first and self._side_by_side(first, last):
            return last._replace(polarity=Polarity.BOTH)
        for earlier in backwards:
            if earlier.span[1] > last.start:
                if _ORDER[earlier.rule.name] < _ORDER[last.rule.name]:
                    last = earlier  # the same words, by a more explicit rule
                continue
            if earlier.polarity is not last.polarity:
                if self._side_by_side(earlier, last):
                    return last._replace(polarity=Polarity.BOTH)
                self._note(earlier, "it is an earlier statement")
            break
        return last

    def _side_by_side(self, earlier: _Statement, last: _Statement) -> bool:
        """Whether two opposite statements have nothing between them that changes one's mind."""
        between = self._lower[earlier.span[1] : last.start]
        opposed = earlier.polarity is last.polarity.turned and earlier.start < last.start
        return opposed and len(between) < 200 and _NOTHING_BETWEEN.fullmatch(between) is not None

    def _last_line(self, end: int) -> _Statement | None:
        """A last line, or the last sentence in it, that is nothing but the word."""
        stop = len(self._lower[:end].rstrip())
        start = self._lower.rfind("\n", 0, stop) + 1
        marks = list(_SENTENCE_MARK.finditer(self._lower, max(start, stop - 40), stop - 1))
        for at in [start, *(mark.end() for mark in marks[-1:])]:
            opening = _BEFORE_LINE.match(self._lower, at, stop)
            phrase = phrase_at(self._lower, opening.end() if opening else at, stop, letters=True)
            if phrase and not self._lower[phrase.span[1] : stop].strip(" .!\"')]}√✓✔✅×✗✘❌"):
                return _Statement(BY_NAME["last-line"], at, *phrase)
        return None

    def _implied(self, end: int) -> _Statement | None:
        opening, judged = self._opening(end), self._judged(end)
        if opening is None or judged is None:
            return opening or judged
        between = self._lower[opening.span[1] : judged.span[0]]
        if opening.polarity is judged.polarity or not _SENTENCE_MARK.search(between):
            return opening  # "Yes, the claim is wrong": the first word answers the question
        alone = _ALONE.match(between) is not None
        turned = _TURNS.search(between) is not None
        if turned and (not alone or self._concludes(judged)):
            self._note(opening, "it is an earlier statement")
            return judged
        # Alone in its line it is the answer, and what follows explains it.
        return opening if alone else judged._replace(polarity=Polarity.BOTH)

    def _opening(self, end: int) -> _Statement | None:
        first = len(self._lower) - len(self._lower.lstrip())
        lead = _OPENING.match(self._lower, first, end)
        at = lead.end() if lead else first
        if _CHATTY.match(self._lower, at, end):
            return None
        phrase = phrase_at(self._lower, at, end)
        if phrase is None and (led := _LED_IN.match(self._lower, first, end)):
            at = led.end()
            phrase = phrase_at(self._lower, at, end)
        if phrase is None and (bare := _SAID_OF.match(self._lower, at, end)):
            stop = _SENTENCE_MARK.search(self._lower, at, end)
            asked = stop is not None and stop.group() == "?"
            if not asked:
                phrase = Phrase(Polarity.YES if bare["yes"] else Polarity.NO, bare.span())
        if phrase is None or phrase.polarity not in (Polarity.YES, Polarity.NO):
            return None
        return _Statement(BY_NAME["opening"], at, *phrase)

    def _judged(self, end: int) -> _Statement | None:
        """The last judgement in a concluding place; else all that are there, if they agree."""
        begin = max(0, end - SEARCHED)
        found = [
            statement
            for pattern, words in ((JUDGED_EN, JUDGED_WORDS_EN), (JUDGED_ZH, JUDGED_WORDS_ZH))
            if any(word in self._lower for word in words)
            for match in deque(pattern.finditer(self._lower, begin, end), maxlen=_JUDGED_AT_MOST)
            if (statement := self._judgement(match, end, english=pattern is JUDGED_EN)) is not None
        ]
        found.sort(key=lambda statement: statement.span)
        for statement in reversed(found):
            if self._closes(statement, end):
                return statement
        if len({statement.polarity for statement in found}) == 1:
            return found[-1]
        return None

    def _judgement(self, match: re.Match[str], end: int, *, english: bool) -> _Statement | None:
        groups = {name.rstrip("_2"): text for name, text in match.groupdict().items() if text}
        polarity = Polarity.YES if "yes" in groups else Polarity.NO
        if "not" in groups:
            polarity = polarity.turned
        if "aux" in groups:
            polarity = polarity.turned
        start, stop = match.span()
        if english and _inside_word(self._lower, start):
            return None
        statement = _Statement(BY_NAME["judged"], start, polarity, (start, stop))
        if not _JUDGED_END.match(self._lower, stop, end):
            return None
        before = self._lower[max(0, start - 240) : start]
        if english and not _SUBJECT.search(before):
            return None
        sentence = _SENTENCE_MARK.split(before)[-1]
        if _NOT_MEANT.search(sentence) or _OF_OTHERS.search(sentence.split(",")[-1]):
            self._note(statement, "it is asked, supposed or reported")
            return None
        return statement

    def _concludes(self, statement: _Statement) -> bool:
        before = self._lower[max(0, statement.start - 120) : statement.span[1]]
        return _CONCLUDES.search(_SENTENCE_MARK.split(before)[-1]) is not None

    def _closes(self, statement: _Statement, end: int) -> bool:
        """Whether a judgement begins as a conclusion, or stands in the last sentence."""
        if self._concludes(statement):
            return True
        after = self._lower[statement.span[1] : end].strip()
        mark = _SENTENCE_MARK.search(after)
        return mark is None or mark.end() == len(after)


_JUDGED_END = regex(
    r"[^\S\n]{0,3}(?:[.!,;:)\]}\"'、…]|\n|\Z|because|since|as |due to|因为|由于|[√✓✔✅×✗✘❌(])"
)


def _inside_word(lower: str, at: int) -> bool:
    """Whether a Latin word goes on at `at`, as "is" does in "this"."""
    two = lower[max(0, at - 1) : at + 1]
    return len(two) == 2 and two.isascii() and two.isalpha()
