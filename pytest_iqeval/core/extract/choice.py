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

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from functools import lru_cache
from typing import NamedTuple

from pytest_iqeval.core.extract import choice_guards as guards
from pytest_iqeval.core.extract import choice_shapes as shapes
from pytest_iqeval.core.extract import choice_verdicts as verdicts
from pytest_iqeval.core.extract.choice_closing import closing
from pytest_iqeval.core.extract.choice_cue import PLACES_AT_MOST, Cue, CueIndex
from pytest_iqeval.core.extract.choice_rules import BY_NAME, RULES, ChoiceRule, Weight
from pytest_iqeval.core.extract.labels import Found, label_at, withdrawn
from pytest_iqeval.core.extract.numbered import as_letters
from pytest_iqeval.core.extract.options import Options
from pytest_iqeval.core.extract.reading import TRIED_AT_MOST, Reading, Tried
from pytest_iqeval.core.extract.regex import regex
from pytest_iqeval.core.extract.run_on import end_of_reply, leaves_at
from pytest_iqeval.core.extract.sentences import said_before
from pytest_iqeval.core.extract.text import Prepared, prepare

_TEXTS_TRIED_AT_MOST = 200  # cues behind which an option's text is looked for: bounds the work
_BEFORE = 60  # how much of the text before a cue says whether it commits


class _Place(NamedTuple):
    """Where an answer may be declared: behind a cue, or at its end for a shape."""

    end: int
    order: int  # of the rule in the table: the lower, the more explicit
    start: int


class _Statement(NamedTuple):
    rule: ChoiceRule
    start: int  # where the cue begins
    found: Found


def read_choice(text: str, choices: Sequence[str], *, numbered: bool = False) -> Reading:
    """The option of `choices` that `text` commits to; never raises for any text.

    :param choices: the options' texts in order, 1 to 26 of them.
    :param numbered: the options are labelled 1, 2, … instead of A, B, …; so is the answer.
    """
    options = _options(tuple(choices), numbered)
    prepared = prepare(text)
    return _Reader(as_letters(prepared, options) if numbered else prepared, options).read()


@lru_cache(maxsize=256)
def _options(choices: tuple[str, ...], numbered: bool) -> Options:
    return Options(choices, numbered=numbered)


_CUES = CueIndex(
    (order, rule.cue)
    for order, rule in enumerate(RULES)
    if isinstance(rule.cue, Cue) and rule.weight is Weight.DECLARED
)
_ORDER = {rule.name: order for order, rule in enumerate(RULES)}
_IS_THE_ANSWER = _ORDER["is-the-answer"]

_NONE_FITS = regex(
    r"\s{0,3}(?:not (?:listed|among|in|given|provided|available|present|included|"
    r"one of|any of|a single)|"
    r"none of the|none of these|不在|无正确|没有|无法|都不|"
    r"(?:题目|选项|题干).{0,6}(?:有误|错误|不正确)|unknown|undetermined|cannot|can.t)"
)
_POINT = regex(r"[)\]\"']{0,3}\.\s{1,3}")
_OPENING = regex(r"[\s\"'(\[{<$:,]{0,12}")
_LABEL_AFTER_TEXT = regex(
    r"(?:(?!\bnot\b|n't|neither|不|非)[^\n()\[\]?;]){1,120}?"
    r"(?<![0-9A-Za-z])[(\[](?:option |choice |选项)?(?P<label>[A-Z])[)\]]\s{0,3}(?:[.!]|\n|$)"
)
_IF = regex(r"[)\]\"']{0,3},?\s{1,2}(?:(?:only|but only)\s)?if\s(?!i\s(?:had|have|must)\s)")
_NOTHING_BETWEEN = regex(r"[\W_]*(?:(?:and|or|和|或|the|my|correct)[\W_]*){0,3}")


class _Reader:
    def __init__(self, text: Prepared, options: Options) -> None:
        self._text = text
        self._options = options
        self._tried: list[Tried] = []
        self._texts_tried = 0

    def read(self) -> Reading:
        if self._text.empty:
            return Reading(note=self._text.why_empty)
        places = self._places()
        end = end_of_reply(self._text, lambda: self._first_answer(places))
        statement = self._declared([p for p in places if p.end <= end], end) or self._implied(end)
        tried = tuple(self._tried)
        if statement is None:
            return Reading(note="it commits to no option", tried=tried)
        return self._judged(statement, tried)

    def _places(self) -> list[_Place]:
        """Where answers may be declared, in the order of the text, then of the table."""
        found = [_Place(*place) for place in _CUES.places(self._text.lower)]
        found += [_Place(m.end(), _IS_THE_ANSWER, m.start()) for m in verdicts.answers(self._text)]
        return sorted(found)[-PLACES_AT_MOST:]

    def _first_answer(self, places: Iterable[_Place]) -> int | None:
        first = next(self._statements(places), None)
        left = leaves_at(self._text)
        if left is not None and (first is None or left < first.start):
            # A letter alone, or an option's text, before the next question answers this one.
            first = self._implied_before(left) or first
        self._tried.clear()  # what counts is looked at again, from the end
        return None if first is None else first.found.span[1]

    def _implied_before(self, end: int) -> _Statement | None:
        line = shapes.last_line(self._text, end, self._options)
        if line is not None:
            return _Statement(BY_NAME["last-line"], line.span[0], line)
        return self._implied(end)

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
            match = verdicts.IS_THE_ANSWER.match(text.folded, place.start)
            return verdicts.is_the_answer(text, match) if match else None
        before = text.lower[max(0, place.start - _BEFORE) : place.start]
        if rule.only_after is not None and not rule.only_after.search(before[-16:]):
            return None
        found = label_at(text, place.end, options, closed=rule.closed, followed_by=rule.followed_by)
        if found is None and rule.followed_by is None:
            found = self._text_behind(place.end)
            if found is None and rule.name.startswith(("answer-", "option-")):
                found = self._none_fits(place.end)
        if found is not None and (why := self._why_not_said(rule, place.start, found)):
            return replace(found, why=why)
        return found

    def _why_not_said(self, rule: ChoiceRule, start: int, found: Found) -> str | None:
        before = said_before(self._text, start, _BEFORE)
        if rule.unless_before is not None and rule.unless_before.search(before[-40:]):
            return "it is not said of the answer"
        if guards.said_by_others(before):
            return "it is what someone else says"
        if self._counterfactual(start, found):
            return "it is supposed, not said"
        if guards.as_example(before):
            return "it says the form of an answer"
        if rule.name == "conclusion" and self._goes_on_as_text(found):
            return "its text goes on to say something else"
        if self._options.numbered and rule.name == "conclusion":
            # "So 3." may be the value that was looked for.
            said = self._text.plain[slice(*found.span)]
            if self._options.is_text_of_another(found.letters, said):
                return "it may be a label or another option's text"
        return None

    def _counterfactual(self, start: int, found: Found) -> bool:
        """Whether a statement would hold in another case: "it would be A if they asked for …"."""
        said = self._text.lower[start : found.span[0]]
        return "would" in said and bool(_IF.match(self._text.lower, found.span[1]))

    def _goes_on_as_text(self, found: Found) -> bool:
        """Whether the label's point begins a sentence about its text: "So A. Monday was …"."""
        plain, options = self._text.plain, self._options
        point = _POINT.match(plain, found.span[1])
        if point is None or options.begun_at(plain, point.end()) != found.letters:
            return False
        return options.named_at(plain, point.end()) is None

    def _text_behind(self, start: int) -> Found | None:
        """An option's text behind a cue, or a phrase that ends with a label: "15 km (B)."."""
        if self._texts_tried >= _TEXTS_TRIED_AT_MOST:
            return None
        self._texts_tried += 1
        plain = self._text.plain
        opening = _OPENING.match(plain, start)
        first = opening.end() if opening else start
        if labelled := _LABEL_AFTER_TEXT.match(self._text.folded, first):
            return Found(letters=labelled["label"], span=labelled.span("label"))
        if named := self._options.named_at(plain, first):
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
        next_one = last
        for earlier in backwards:
            if _overlap(earlier.found.span, next_one.found.span):
                if next_one is last:
                    last = next_one = min(earlier, last, key=lambda s: _ORDER[s.rule.name])
                continue
            alike = self._alike(earlier, next_one)
            if earlier.found.letters != last.found.letters:
                if alike:
                    both = earlier.found.letters + last.found.letters
                    return last._replace(found=replace(last.found, letters=both))
                self._note(earlier.rule, earlier.found, "it is an earlier statement")
            if not alike:
                break
            next_one = earlier
        return last

    def _alike(self, earlier: _Statement, later: _Statement) -> bool:
        """Whether two statements stand side by side, so that neither takes the other back."""
        if later.rule.name == "revised":
            return False
        if earlier.rule.name == "conclusion" != later.rule.name:
            return False  # "I think A. Answer: B": the answer is what was thought through
        between = self._text.lower[earlier.found.span[1] : later.start]
        if len(between) < 200 and _NOTHING_BETWEEN.fullmatch(between):
            return True
        return self._under_condition(earlier) and self._under_condition(later)

    def _under_condition(self, statement: _Statement) -> bool:
        before = self._text.lower[max(0, statement.start - _BEFORE) : statement.start]
        after = statement.found.span[1]
        return bool(
            guards.CONDITIONAL_BEFORE.search(before)
            or guards.CONDITIONAL_AFTER.match(self._text.lower, after)
        )

    def _implied(self, end: int) -> _Statement | None:
        """What the reply's shape implies; two shapes that point apart make two answers."""
        best: _Statement | None = None
        for rule in RULES:
            if rule.weight is not Weight.IMPLIED:
                continue
            found = self._implied_by(rule, end)
            if found is None:
                continue
            if best is None:
                best = _Statement(rule, found.span[0], found)
            elif found.letters != best.found.letters:
                both = best.found.letters + found.letters
                return best._replace(found=replace(best.found, letters=both))
        return best

    def _implied_by(self, rule: ChoiceRule, end: int) -> Found | None:
        """What one rule finds; behind a cue, the one letter that all its places agree on."""
        if rule.cue is None:
            return IMPLIED[rule.name](self._text, end, self._options)
        order = _ORDER[rule.name]
        found_cues = rule.cue.finditer(self._text.lower)
        places = [_Place(m.end(), order, m.start()) for m in found_cues if m.end() <= end]
        best: Found | None = None
        for statement in self._statements(sorted(places)[-PLACES_AT_MOST:]):
            found = statement.found
            if rule.name == "stated" and not shapes.own_text_follows(
                self._text, found.span[1], found.letters, self._options
            ):
                continue
            if best is not None and found.letters != best.letters:
                return None
            best = found
        return best

    def _judged(self, statement: _Statement, tried: tuple[Tried, ...]) -> Reading:
        """A statement as a reading: one letter on offer is an answer, nothing else is."""
        letters = "".join(dict.fromkeys(statement.found.letters))
        options, span = self._options, self._span(statement.found)
        if len(letters) == 1 and letters in options.letters:
            return Reading(
                answer=options.label(letters),
                rule=statement.rule.name,
                span=span,
                tried=tried,
                at_end=statement.rule.name == "closing",
            )
        if not letters:
            why = "it says that no option is right"
        elif len(letters) > 1:
            named = ", ".join(options.label(c) for c in letters)
            why = f"it gives {len(letters)} answers: {named}"
        else:
            first, last = (options.label(c) for c in (options.letters[0], options.letters[-1]))
            said = self._text.plain[slice(*span)] if options.numbered else letters
            why = f"it answers {said}, which is not on offer ({first} to {last})"
        dismissed = Tried(rule=statement.rule.name, span=span, why=why)
        return Reading(note=why, tried=(dismissed, *tried)[:TRIED_AT_MOST])

    def _span(self, found: Found) -> tuple[int, int]:
        """The place in the reply: a number that became a letter begins with its first digit."""
        start, end = found.span
        plain = self._text.plain
        while self._options.numbered and start and plain[start - 1 : start + 1].isdigit():
            start -= 1
        return start, end


IMPLIED: Mapping[str, Callable[[Prepared, int, Options], Found | None]] = {
    "affirmed": verdicts.affirmed,
    "closing": closing,
    "answer-first": shapes.answer_first,
    "option-text": shapes.option_text,
}
"""Rule → the shape that it looks for; these count only where nothing is declared."""


def _overlap(one: tuple[int, int], other: tuple[int, int]) -> bool:
    return one[0] < other[1] and other[0] < one[1]
