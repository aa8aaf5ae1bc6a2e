"""The table of rules for numbers: what counts as committing to one.

Declared answers say that they are the answer. Implied ones are read where nothing is declared, and
only from the reply's own end: a number in the middle of the working is no answer. There is no rule
"the last number": "Kylar pays $64 for 16 glasses" ends with 16, and answers 64.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum

from pytest_iqeval.core.extract.reading import Rule
from pytest_iqeval.core.extract.regex import regex


class Place(StrEnum):
    """Where the number of a rule stands."""

    CLOSED = "closed"  # in a place that ends by itself: all of it must be one number
    BEHIND = "behind"  # behind the cue, or in the sentence that it opens
    IMPLIED = "implied"  # no cue; what the end of the reply states


@dataclass(frozen=True, slots=True, kw_only=True)
class NumberRule(Rule):
    """One way to commit to a number.

    ``cue`` is looked for in the lower-case text, if that has one of ``words`` in it (which is
    found out many times faster). ``closes`` ends a closed place.
    ``unless_before`` is a pattern for the text that ends where the cue begins; there, the cue is no
    commitment ("if the answer is …").
    """

    reads: str = "18"
    place: Place
    words: tuple[str, ...] = ()
    cue: re.Pattern[str] | None = None
    closes: re.Pattern[str] | None = None
    unless_before: re.Pattern[str] | None = None


_NOT_SAID_EN = regex(
    r"[a-z]\Z|(?:n't (?:think|believe|mean|say)|(?<![a-z])(?:if|whether|unless|suppose|supposing|"
    r"assume|assuming|doubt|wrong|incorrect|another|possible|not|isn't|previous|"
    r"(?:might|may|could|would|people|some|students|others|many) "
    r"(?:say|think|answer|argue|believe)))"
    r"(?: that)?(?: (?:the|your|my|our|an?))?(?: (?:correct|right|best|final))?\s{0,2}\Z"
)
_NOT_SAID_ZH = regex(
    r"(?:不|非|如果|若|假如|假设|要是|即使|倘若|是否|错误|错误的|为什么|为何|难道|以为|误以为)"
    r"(?:说|是|的)?(?:这题|本题|此题)?(?:的)?(?:正确|最终)?(?:的)?\Z"
)
_IS_EN = (
    r"\s{0,4}(?:is|are|was|would be|should be|must be|will be|has to be|:|=|→|-(?=\s))"
    r"(?:\s{1,4}(?:therefore|thus|then|hence|clearly|indeed|actually|simply|still|equal to|that"
    r"|:))?"
    r"(?!\s{0,3}(?:not|n't)(?![a-z]))"
)

RULES: tuple[NumberRule, ...] = (
    NumberRule(
        name="hashes",
        language="any",
        place=Place.CLOSED,
        matches="a line of its own that is #### and a number, as GSM8K writes it",
        example="9 * 2 = 18\n#### 18",
        words=("####",),
        cue=regex(r"(?:(?<=\n)|^)[ \t]{0,8}#{4}(?!#)(?=\s{0,4}[^\n]{0,80}(?:\n|$))"),
        closes=regex(r"\n"),
    ),
    NumberRule(
        name="boxed",
        language="any",
        place=Place.CLOSED,
        matches=r"a number in \boxed{…}, bare or in \text{…}, with or without a unit",
        example=r"She makes \(\boxed{\text{18 dollars}}\) a day.",
        words=("boxed",),
        cue=regex(r"\\f?boxed\s?(?=\{)"),
    ),
    NumberRule(
        name="json",
        language="any",
        place=Place.CLOSED,
        matches="the value under answer, result, 答案 or 结果 of a JSON object",
        example='{"reason": "9 * 2", "answer": 18}',
        words=("answer", "result", "答案", "结果"),
        cue=regex(
            r"[\"'](?:(?:final|correct|my)[_ ]?)?(?:answer|result|最终答案|答案|结果)[\"']\s{0,4}:"
        ),
        closes=regex(r"(?<=\d)[\"']|[\"']\s{0,4}[,}\n]|,\s{0,4}[\"'\n]|[}\n]"),
    ),
    NumberRule(
        name="tag",
        language="any",
        place=Place.CLOSED,
        matches="what an <answer> or [ANSWER] tag holds",
        example="9 eggs, 2 dollars each. <answer>18</answer>",
        words=("answer>", "answer]", "答案>"),
        cue=regex(r"<(?:final_?)?answer>|\[(?:final_?)?answer\]|<答案>"),
        closes=regex(r"[<\[]/"),
    ),
    NumberRule(
        name="a-line",
        language="any",
        place=Place.BEHIND,
        matches='"A:" at the start of a line',
        example="She sells 9 eggs for 2 dollars each.\nA: 18",
        words=("a:",),
        cue=regex(r"(?:^|\n)[ \t]{0,8}a:"),
    ),
    NumberRule(
        name="answer-zh",
        language="zh",
        place=Place.BEHIND,
        matches="答案：, 答案是, 答案为, 【答案】, 答：, 最终结果是, 最后结果为",
        example="9 × 2 = 18\n答案是18元。",
        words=("答", "结果"),
        cue=regex(
            r"(?:答案|(?:最终|最后)的?结果)(?:数值|数字)?(?:\s{0,4}\]\s{0,3}:?|\s{0,4}"
            r"(?:应该|应当|应|就|因此|只能|便|即|也|仍|最终|则){0,2}"
            r"\s{0,2}(?:是|为|等于|=|:|→|-(?=\s)))|答(?<![^\n\s。.]答)\s{0,2}:"
        ),
        unless_before=_NOT_SAID_ZH,
    ),
    NumberRule(
        name="answer-en",
        language="en",
        place=Place.BEHIND,
        matches='"Answer:", "the (correct, final, …) answer is"',
        example="She sells 9 eggs for 2 dollars each. The answer is 18 dollars.",
        words=("ans",),
        cue=regex(
            r"ans(?:wers?)?(?: (?:to|for|of) (?:the|this|that) (?:[a-z]{1,12} ){0,2}?"
            r"(?:question|problem|riddle))?(?: here)?" + _IS_EN
        ),
        unless_before=_NOT_SAID_EN,
    ),
    NumberRule(
        name="revised",
        language="any",
        place=Place.BEHIND,
        matches='"Wait, it should be 18", "Actually, 18", 更正：18, 答案改为18',
        example="The answer is 16. Wait, it should be 18.",
        words=(
            *("actually", "correction", "wait", "second thought", "sorry", "change"),
            *("正", "等等", "等一下", "不对", "改"),
        ),
        cue=regex(
            r"(?:actually|correction|wait|on second thought|sorry)\s{0,2}[,:!-]{1,3}\s{0,2}"
            r"(?:no\s{0,2}[,.]\s{0,2})?"
            r"(?:i mean\s|make that\s|make it\s|change (?:my answer )?to\s)?"
            r"(?:(?:it|that|this)(?:'s| is| should be| must be)(?: actually)?\s)?(?=[\d$¥€£-])"
            r"|change (?:my|the) answer to|(?:更正|修正|纠正)(?:为|:)"
            r"|(?:等等|等一下|不对)[，,。.!]{1,2}\s?(?:应该|应当|应)是"
            r"|答案(?:应该?)?(?:改|更正|修正|更改)(?:为|成)"
        ),
    ),
    NumberRule(
        name="conclusion",
        language="any",
        place=Place.IMPLIED,
        matches='the last sentence with a number, if it concludes ("so", "in total", 因此, 一共) '
        "and states one number",
        example="She sells 9 eggs. So she makes $18 every day. I hope this helps!",
    ),
    NumberRule(
        name="last-sentence",
        language="any",
        place=Place.IMPLIED,
        matches='the reply\'s last sentence, if it states one number or ends in "= N"',
        example="There are 16 - 7 = 9 eggs left.\nShe makes 9 * 2 = 18 dollars.",
    ),
    NumberRule(
        name="answer-first",
        language="any",
        place=Place.IMPLIED,
        matches="a first line that is a number alone, where the end states none",
        example="18\n\nShe sells what is left for the going price.",
    ),
)

BY_NAME = {rule.name: rule for rule in RULES}
