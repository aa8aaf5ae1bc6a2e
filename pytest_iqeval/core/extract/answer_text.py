"""Reads the short text that a reply commits to, whatever it says, or says why there is none.

1. Declared answers are gathered; the last one counts, since whoever changes their mind says so
   last. Two different ones in the same words with nothing between them are two answers.
2. Where nothing is declared, the reply's shape may say it: an answer above its explanation, or
   a reply that is one short line.

Nothing else is an answer: the last sentence of a long reply commits to nothing.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import replace
from enum import StrEnum
from typing import NamedTuple

from pytest_iqeval.core.extract.cues import (
    CueRule,
    Place,
    Reach,
    declared_rules,
    lines,
    places,
    said,
)
from pytest_iqeval.core.extract.reach import reach, trimmed
from pytest_iqeval.core.extract.reading import TRIED_AT_MOST, Reading, Tried
from pytest_iqeval.core.extract.refusal import refuses
from pytest_iqeval.core.extract.regex import regex
from pytest_iqeval.core.extract.run_on import end_of_reply, leaves_at
from pytest_iqeval.core.extract.text import Prepared, prepare

SHORT_LINE = 200
"""Code points that a reply of one line may have to be an answer as a whole."""


class Part(StrEnum):
    """Which part of a reply is the answer (a scorer's option ``read``)."""

    ANSWER = "answer"  # what it commits to
    LAST_LINE = "last_line"  # its last line, or the answer that is declared there
    WHOLE = "whole"  # all of it but the reasoning


RULES: tuple[CueRule, ...] = (
    *declared_rules(
        boxed=(r"So it is \boxed{\text{Paris}}.", "Paris"),
        json=('{"reason": "the capital of France", "answer": "Paris"}', "Paris"),
        tag=("The capital of France. <answer>Paris</answer>", "Paris"),
        hashes=("France has one capital.\n#### Paris", "Paris"),
        heading=("## Final answer\n\nParis", "Paris"),
        label_zh=("法国只有一个首都。\n答案：巴黎", "巴黎"),
        label_en=("France has one capital.\nANSWER: Paris", "Paris"),
        is_zh=("所以答案是巴黎，因为它是首都。", "巴黎"),
        is_en=("The answer is Paris. It is the capital.", "Paris"),
    ),
    CueRule(
        name="answer-first",
        language="any",
        matches='a first line above one that begins with "Explanation:", 解析：, 理由：',
        example="Paris\n\nExplanation: it is the capital.",
        reads="Paris",
        reach=Reach.SHAPE,
    ),
    CueRule(
        name="whole-reply",
        language="any",
        matches=f"a reply of one line, of at most {SHORT_LINE} characters",
        example="Paris",
        reads="Paris",
        reach=Reach.SHAPE,
    ),
    CueRule(
        name="last-line",
        language="any",
        matches="the last line, with `read: last_line`",
        example="The capital of France is asked for.\nParis",
        reads="Paris",
        reach=Reach.SHAPE,
    ),
    CueRule(
        name="everything",
        language="any",
        matches="all of the reply but its reasoning, with `read: whole`",
        example="<think>France.</think>\nThat is Paris,\nof course.",
        reads="That is Paris,\nof course.",
        reach=Reach.SHAPE,
    ),
)

# Said of the answer, and not the answer itself: "the answer is well known".
_SAID_OF_IT = regex(
    r"not(?![a-z])|in (?:the|this) (?:[a-z]{1,10} ){0,2}(?:paragraph|passage|text|article|table|"
    r"sentence|line|document|context)|"
    r"(?:(?:not|also|quite|very|already|indeed|completely|absolutely)\s)?"
    r"(?:correct|right|wrong|incorrect|obvious|clear|simple|easy|straightforward|well[- ]known|"
    r"known|unknown|unclear|above|below|based on|given|found|provided|shown|complete|"
    r"expected|supported|verified|consistent|ambiguous|derived|obtained)(?![a-z-])"
    r"|(?:正确|错误|对|显而易见|明显|唯一|确定|已知|固定|不确定|明确|肯定|否定|不言而喻)的?(?=[\s.,;!)]|$)"
)
# The form that was asked for, echoed.
_PLACEHOLDER = regex(
    r"[\[(<{\"']{1,2}\s?(?:your|the|final|short|letter|answer|x|text|你的|最终|答案|此处|填|内容)"
    r"[^\n\])>}\"']{0,20}[\])>}\"']{1,2}\.?"
    r"|见(?:解析|下文|下|上文|上)|略"
    r"|(?:your|你的)\s?(?:final |short |最终)?(?:answer|答案)"
    r"|[.…_?\-*\s:,|#=~]{1,200}",
    re.IGNORECASE,
)
_ECHOED_X = regex(r"[\"'\s,.。]{0,6}(?:where|with) x(?![a-z])|[\"'\s,.]{0,6}其中\s?x")
_EXPLAINS = regex(
    r"(?:explanation|reasoning|reasons?|rationale|justification|note|解析|解释|说明|理由|分析|原因)"
    r"\s{0,2}:"
)
_NOTHING_BETWEEN = regex(r"[\W_]*(?:(?:and|or|和|或|the|my|correct|final)[\W_]*){0,3}")
_UNKNOWN = regex(
    r"(?:sorry,? ?(?:but )?)?(?:i )?(?:honestly )?(?:do not|don't) know"
    r"(?: (?:the answer|that|for sure))?"
    r"|(?:i'?m |i am )?(?:not sure|unsure|uncertain)"
    r"|(?:it |this |the answer )?(?:cannot|can't|can not) be (?:determined|known|answered)"
    r"(?: from .{0,60})?"
    r"|(?:there is )?(?:not enough|insufficient|no) (?:information|data|context)"
    r"(?: (?:to|given|provided|is given) ?.{0,60})?"
    r"|(?:n/?a|unknown|undetermined)"
    r"|(?:抱歉,?|对不起,?)?我?(?:也|并|还|真的?)?(?:不知道|不清楚|不确定|不太清楚)(?:答案)?"
    r"|(?:无法|不能|难以)(?:确定|判断|得知|回答)|(?:信息|条件|资料)不足.{0,20}|未知",
    re.IGNORECASE,
)


def read_answer_text(text: str, part: Part = Part.ANSWER) -> Reading:
    """The text that `text` commits to, as it stands there; never raises for any text.

    The answer has no markup and no full stop, but is not normalised. ``part`` says which part
    of the reply is asked for.
    """
    return _Reader(prepare(text)).read(part)


def says_unknown(answer: str) -> bool:
    """Whether an answer says that it has none: "I don't know", 无法确定."""
    return _UNKNOWN.fullmatch(answer.strip(" .!。！\"'”“").replace("’", "'")) is not None


def kept(text: Prepared, start: int, end: int) -> tuple[str, list[int]]:
    """The original text of a span without what `prepare` set aside, and where each character
    stands."""
    original, folded = text.original, text.folded
    where = [n for n in range(start, end) if folded[n] != " " or original[n].isspace()]
    if len(where) == end - start:
        return original[start:end], where
    return "".join([original[n] for n in where]), where


class _Statement(NamedTuple):
    rule: CueRule
    start: int  # where the cue begins
    span: tuple[int, int]
    answer: str


class _Reader:
    def __init__(self, text: Prepared) -> None:
        self._text = text
        self._tried: list[Tried] = []

    def read(self, part: Part) -> Reading:
        text = self._text
        if text.empty:
            return Reading(note=text.why_empty)
        if part is Part.WHOLE:
            return self._shaped("everything", (0, len(text.folded)))
        first = 0
        if part is Part.LAST_LINE:
            *_, (first, _) = lines(text.folded)
        cues = [p for p in places(text, RULES) if p.start >= first - 1]
        found = self._before_next_question(cues) or self._declared(cues)
        if found is not None:
            return found
        if part is Part.LAST_LINE:
            return self._shaped("last-line", (first, len(text.folded)))
        return self._by_shape()

    def _before_next_question(self, cues: list[Place]) -> Reading | None:
        """A bare answer, behind which the reply goes on with a question of its own."""
        left = leaves_at(self._text)
        if left is None or any(cue.start < left for cue in cues):
            return None
        line, *more = [*lines(self._text.folded[:left]), None]
        if line is None or more != [None] or line[1] - line[0] > SHORT_LINE:
            return None
        # Whatever cuts the reply off later, this line came to its end.
        return replace(self._shaped("whole-reply", line), at_end=False)

    def _declared(self, found: list[Place]) -> Reading | None:
        end = end_of_reply(self._text, lambda: self._first(found))
        backwards = self._statements(reversed([p for p in found if p.end <= end]), end)
        last = next(backwards, None)
        if last is None:
            return None
        for earlier in backwards:
            if earlier.span[1] > last.start:
                continue  # the last one stands inside it
            if earlier.answer.casefold() != last.answer.casefold():
                if self._another(earlier, last):
                    note = "it gives 2 answers, one beside the other"
                    self._note(last, note)
                    return Reading(note=note, tried=tuple(self._tried))
                self._note(earlier, "it is an earlier statement")
            break
        return Reading(
            answer=last.answer, rule=last.rule.name, span=last.span, tried=tuple(self._tried)
        )

    def _first(self, found: list[Place]) -> int | None:
        first = next(self._statements(found, len(self._text.folded)), None)
        self._tried.clear()  # what counts is looked at again, from the end
        return None if first is None else first.span[1]

    def _statements(self, found: Iterator[Place] | list[Place], end: int) -> Iterator[_Statement]:
        """The statements at these places that count, in their order; notes those that don't."""
        for place in found:
            rule = RULES[place.order]
            span = reach(self._text, place.end, rule.reach, end)
            if span is None:
                cue = _Statement(rule, place.start, (place.start, place.end), "")
                self._note(cue, "no answer follows")
                continue
            statement = _Statement(rule, place.start, span, self._answer(rule, span))
            if not said(self._text, place, rule):
                self._note(statement, "it is not said of the answer")
            elif rule.reach is Reach.SENTENCE and _SAID_OF_IT.match(self._text.lower, *span):
                self._note(statement, "it says something of the answer, not the answer")
            elif not statement.answer or self._echoed(statement):
                self._note(statement, "it holds no answer")
            else:
                yield statement

    def _note(self, statement: _Statement, why: str) -> None:
        if len(self._tried) < TRIED_AT_MOST:
            self._tried.append(Tried(rule=statement.rule.name, span=statement.span, why=why))

    def _answer(self, rule: CueRule, span: tuple[int, int]) -> str:
        """What stands in a span, without markup."""
        answer = kept(self._text, *span)[0].strip()
        if rule.reach is Reach.JSON and "\\" in answer:
            try:
                answer = str(json.loads(f'"{answer}"', strict=False))
            except ValueError:
                return answer
        return answer

    def _echoed(self, statement: _Statement) -> bool:
        if _PLACEHOLDER.fullmatch(statement.answer):
            return True
        end = statement.span[1]
        lone = statement.answer.strip("\"'“”[](){}<>. ") in ("X", "x")
        return lone and _ECHOED_X.match(self._text.lower, end, end + 40) is not None

    def _another(self, earlier: _Statement, last: _Statement) -> bool:
        """Whether the last one is no change of mind and no other wording, but a second answer."""
        one, other = earlier.answer.casefold(), last.answer.casefold()
        if earlier.rule is not last.rule or one in other or other in one:
            return False
        between = self._text.lower[earlier.span[1] : last.start]
        return len(between) < 200 and _NOTHING_BETWEEN.fullmatch(between) is not None

    def _by_shape(self) -> Reading:
        found = lines(self._text.folded)
        first, second = next(found), next(found, None)
        dismissed = any(tried.span[0] < first[1] for tried in self._tried)
        short = first[1] - first[0] <= SHORT_LINE and not dismissed
        if second is None:
            if short and not refuses(self._text.original):
                return self._shaped("whole-reply", first)
        elif short and _EXPLAINS.match(self._text.lower, second[0]):
            return self._shaped("answer-first", first)
        return Reading(note="it declares no answer", tried=tuple(self._tried))

    def _shaped(self, name: str, span: tuple[int, int]) -> Reading:
        rule = BY_NAME[name]
        inner = trimmed(self._text.folded, *span)
        answer = self._answer(rule, inner) if inner else ""
        if inner is None or not answer or _PLACEHOLDER.fullmatch(answer):
            return Reading(note="it holds no answer", tried=tuple(self._tried))
        return Reading(
            answer=answer,
            rule=name,
            span=inner,
            tried=tuple(self._tried),
            at_end=name != "answer-first",
        )


BY_NAME = {rule.name: rule for rule in RULES}
