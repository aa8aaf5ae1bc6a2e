"""The table of rules for answers of several options: what counts as committing to a set.

Where a single answer and a set are declared by the same words, the cue is that of
`choice_rules`; what stands behind it is read by `multi_labels`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Protocol

from pytest_iqeval.core.extract.choice_rules import BY_NAME as SINGLE
from pytest_iqeval.core.extract.choice_rules import Weight
from pytest_iqeval.core.extract.reading import Rule
from pytest_iqeval.core.extract.regex import regex

EXAMPLE_CHOICES = ("Monday", "Tuesday", "Wednesday", "Thursday")
"""The options of the question that every rule's ``example`` replies to; it ``reads`` AC."""

_FITTING_EN = (
    r"(?:correct|right|true|best|appropriate|suitable|accurate|applicable|valid|final|chosen|"
    r"selected|my)"
)
_SAID_EN = (
    r"(?: (?:here|to|for|among|of|in|above)(?: [^\s.,;:]{1,16}){0,8}?)?"
    r"\s{0,4}(?:(?:is|are|were|would be|should be|must be|include|includes)"
    r"(?: (?:therefore|thus|then|hence|clearly|indeed|only|both)){0,2}\s?:?|:)"
)


class Cue(Protocol):
    """Finds the places in a lower-case text behind which a set may stand."""

    def finditer(self, lower: str, /) -> Iterator[re.Match[str]]: ...


class _CueWith:
    """A pattern that is only looked for in texts with one of some words.

    Looking for a word is some fifty times faster, and most replies have none of a rule's.
    """

    def __init__(self, words: str, pattern: str) -> None:
        """:param words: separated by ``|``; every match holds one of them."""
        self._words = words.split("|")
        self._pattern = regex(pattern)

    def finditer(self, lower: str, /) -> Iterator[re.Match[str]]:
        there = any(word in lower for word in self._words)
        return self._pattern.finditer(lower) if there else iter(())


@dataclass(frozen=True, slots=True, kw_only=True)
class SetRule(Rule):
    """One way to commit to a set of options; fields as in `ChoiceRule`."""

    reads: str = "AC"
    weight: Weight = Weight.DECLARED
    cue: Cue | None = None
    only_after: re.Pattern[str] | None = None
    unless_before: re.Pattern[str] | None = None
    closed: bool = False
    followed_by: re.Pattern[str] | None = None


def _as_single(name: str, *, example: str, matches: str | None = None) -> SetRule:
    """The rule that declares a single answer by the same words."""
    single = SINGLE[name]
    return SetRule(
        name=name,
        language=single.language,
        matches=matches or single.matches,
        example=example,
        cue=single.cue,
        only_after=single.only_after,
        unless_before=single.unless_before,
        closed=single.closed,
        followed_by=single.followed_by,
    )


def _whole_words(pattern: re.Pattern[str] | None) -> re.Pattern[str]:
    """`pattern` for the text before a cue, or the end of a word that the cue is only a part of."""
    return re.compile(r"[a-z]\Z" + (f"|{pattern.pattern}" if pattern else ""))


RULES: tuple[SetRule, ...] = (
    _as_single(
        "boxed",
        matches=r"labels (or options' texts) in \boxed{…}, bare or in \text{…}",
        example=r"Both are odd days, so \boxed{\text{A and C}}",
    ),
    SetRule(
        name="json",
        language="any",
        closed=True,
        matches="the string or list under answer(s), choice(s), option(s), letter(s), 答案, …",
        example='{"reason": "odd days", "answers": ["A", "C"]}',
        cue=_CueWith(
            "answer|choice|option|letter|label|答案|选项",
            r"[\"'](?:(?:final|correct|my|selected|chosen|best)[_ ]?)?"
            r"(?:answers?|choices?|options?|letters?|labels?|答案|正确答案|最终答案|选项|正确选项)"
            r"[\"']\s{0,4}:\s{0,4}(?:\[\s{0,8})?(?:[\"']|(?=\d))",
        ),
    ),
    _as_single("tag", example="The odd days. <answer>A, C</answer>"),
    _as_single(
        "answer-zh",
        matches="答案：, 答案是, 答案为, 【答案】, 答：, with labels, texts or a list behind it",
        example="第一天和第三天。\n答案：A、C",
    ),
    _as_single("answer-en", example="The answers are **A and C**."),
    SetRule(
        name="heading",
        language="any",
        matches='what stands below a line "Answer", "Final answers", 答案, 最终答案',
        example="## Answer\n\nA, C\n\n## Why\n\nThe others are even days.",
        cue=_CueWith(
            "答案|answer",
            r"(?:答案|最终答案|正确答案|参考答案|本题答案|本题的答案|answers?|final answers?|"
            r"correct answers?)[^\S\n]{0,4}\n",
        ),
        unless_before=regex(r"[^\s#>][^\S\n]{0,16}\Z"),
    ),
    _as_single(
        "choose-zh", matches="选AC, 应选, 故选, 本题选, 我选", example="只有单数日合适，故选AC。"
    ),
    SetRule(
        name="options-zh",
        language="zh",
        matches="正确的有, 说法正确的是, 正确选项包括, 符合题意的有, 应选的是",
        example="综上，正确的有A、C。",
        cue=_CueWith(
            "正确|合适|恰当|合理|符合|成立|最终|选",
            r"(?:正确|合适|恰当|合理|符合|成立|符合题意|符合要求|符合条件|最终|应选|入选|能选)(?:的)?"
            r"(?:选项|选择|一项|说法|描述|判断|各项|几项|组合)?\s{0,2}(?:应该|应当|应|就|只|共|分别){0,2}"
            r"(?:有|是|为|包括|包含|:)\s?:?",
        ),
        unless_before=SINGLE["option-zh"].unless_before,
    ),
    SetRule(
        name="options-en",
        language="en",
        matches='"the correct options are", "the true statements are", "my choices:"',
        example="The correct options are:\n- A\n- C",
        cue=_CueWith(
            "correct|right|true|best|appropriate|suitable|accurate|applicable|valid|final|"
            "chosen|selected|my ",
            rf"{_FITTING_EN}(?: answer)? (?:options?|choices?|letters?|selections?|responses?|"
            rf"ones?|picks?|statements?|answers|items?){_SAID_EN}|correct\s?:",
        ),
        unless_before=_whole_words(SINGLE["option-en"].unless_before),
    ),
    _as_single("choose-en", example="I would select A and C."),
    _as_single("revised", example="The answer is A. Wait, it should be A and C."),
    SetRule(
        name="only",
        language="any",
        matches='"only A and C are correct", 只有A、C正确, 仅A符合题意',
        example="Only A and C are correct.",
        cue=regex(r"only (?<![a-z]only )|只有|仅有?|唯有"),
        unless_before=regex(r"(?:不|非|如果|若|是否|(?<![a-z])(?:not|if|whether|isn't))\s{0,2}\Z"),
    ),
    SetRule(
        name="all",
        language="any",
        matches='"all of the above", "all four options are correct", 以上都对, 全选; where an '
        "option itself says so, that option",
        example="All four options are correct.",
        reads="ABCD",
        cue=_CueWith(
            "all |以上|上述|所有|全|都|均|皆",
            r"all (?<![a-z]all )(?:of|the|two|three|four|five|six|options|statements|choices)"
            r"|以上|上述|所有|全选|[两二三四五六]个?(?:选项|说法|项)?(?:全|都|均|皆)",
        ),
        unless_before=regex(
            r"(?:不|非|如果|若|是否|除|(?<![a-z])(?:not|if|whether|isn't|n't))"
            r"\s{0,2}(?:是|that|say|think)?\s{0,2}\Z"
        ),
    ),
    SetRule(
        name="are-the-answer",
        language="any",
        matches='"A and C are the correct answers", "A、C为本题答案"',
        example="Therefore A and C are the correct answers.",
    ),
    _as_single(
        "conclusion",
        matches='labels alone after "therefore", "in summary", "it is", 因此, 结论：',
        example="Those are the odd days. Hence, A and C.",
    ),
    SetRule(
        name="last-line",
        language="any",
        matches="a whole last line (or reply) of labels, alone or with their options' texts",
        example="Those are the odd days.\n\nA, C",
    ),
    SetRule(
        name="called-right",
        language="any",
        weight=Weight.IMPLIED,
        matches='options called right in one breath ("A、C正确", "A and C are correct"), after '
        "which no other is called right",
        example="B、D是双数日。A、C两项正确。",
    ),
    SetRule(
        name="each-judged",
        language="any",
        weight=Weight.IMPLIED,
        matches="those called right, where every option on offer is called right or wrong",
        example="A正确。B错误。C正确。D错误。",
    ),
    SetRule(
        name="answer-first",
        language="any",
        weight=Weight.IMPLIED,
        matches="a reply that begins with labels and goes on to explain",
        example="AC。单数日是星期一和星期三。",
    ),
    SetRule(
        name="option-text",
        language="any",
        weight=Weight.IMPLIED,
        matches="a whole reply that is the texts of options, joined",
        example="Monday and Wednesday.",
    ),
)

BY_NAME = {rule.name: rule for rule in RULES}
