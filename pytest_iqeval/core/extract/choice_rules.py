"""The table of rules for single-choice answers: what counts as committing to an option.

A rule is named after what it reads. Those with a ``cue`` look for its words; the answer must
stand directly behind them. Those without are about a reply's shape, and live in `choice`.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum

from pytest_iqeval.core.extract.reading import Rule


class Weight(StrEnum):
    """How a rule's findings compare with those of the others."""

    DECLARED = "declared"  # says "this is my answer"; the last one counts
    IMPLIED = "implied"  # counts only where nothing is declared


@dataclass(frozen=True, slots=True, kw_only=True)
class ChoiceRule(Rule):
    """One way to commit to an option.

    ``example`` replies to a question with the options `EXAMPLE_CHOICES`. ``only_after`` and
    ``unless_before`` are patterns for the text that ends where the cue begins: the first must be
    there ("I" in "I choose"), the second makes the cue no commitment ("if the answer is …").
    Cues begin with plain words, which `re` finds several times faster than a look-behind.
    ``closed`` says that the place of the answer ends by itself (a box, a JSON string).
    ``followed_by`` must match behind the label.
    """

    reads: str = "B"
    weight: Weight
    cue: re.Pattern[str] | None = None
    only_after: re.Pattern[str] | None = None
    unless_before: re.Pattern[str] | None = None
    closed: bool = False
    followed_by: re.Pattern[str] | None = None


EXAMPLE_CHOICES = ("Monday", "Tuesday", "Wednesday", "Thursday")

_SENTENCE_ENDS = r"(?:选项|项)?[^\S\n]{0,3}(?:[.!]|\n|$)"
_IS_RIGHT = (
    r"(?:\s(?:is|should be)\s(?:the\s)?(?:correct|right)(?:\s(?:answer|one))?"
    r"|才?是?(?:正确|对)的?)?"
)
_IS_EN = (
    r"\s{0,4}(?:is|are|was|would be|should be|must be|will be|has to be|remains|:|=|->|→|-)"
    r"(?:\s{1,4}(?:therefore|thus|then|hence|clearly|definitely|indeed|actually|most likely|likely|"
    r"probably|simply|still|obviously|only|closest to|:)){0,2}"
)
_NOT_CONCLUDED = re.compile(
    r"[a-z]$|(?<![a-z])(?:if|whether|unless|n't (?:think|believe)|not)\s{1,2}$"
    r"|(?:不|非|如果|若|是否)$"
)
_NOT_SAID_EN = re.compile(
    r"[a-z]$|(?:n't (?:think|believe|mean|say)|(?<![a-z])(?:if|whether|unless|suppose|supposing|"
    r"assume|assuming|doubt|wrong|incorrect|tempting|common|another|possible|not|isn't|"
    r"(?:might|may|could|would|people|some|students|others|many) "
    r"(?:say|think|answer|argue|believe)))"
    r"(?: that)?(?: (?:the|your|my|our|an?))?(?: (?:correct|right|best|final))?\s{0,2}$"
)
_NOT_SAID_ZH = re.compile(
    r"(?:不|非|如果|若|假如|假设|要是|即使|倘若|是否|错误|错误的|干扰|为什么|为何|难道|以为|误以为)"
    r"(?:说|是|的)?(?:这题|本题|此题)?(?:的)?(?:正确|最终)?(?:的)?$"
)
_NOT_CHOSEN_ZH = re.compile(
    r"(?:(?<!不得)不|别|勿|未|没|没有|误|错|避免|而非|而不是|不是|并非|为什么|为何|为啥|是否|能否|如果|若|"
    r"假如|假设|要是|有人|有些人|很多人|的人|同学|学生|容易|也许|或|或者|可能|单|多|备|候|可|谁)"
    r"(?:能|应|应该|该|可|可以|会|宜|要|建议|推荐|可能|再|去|直接|就|得|想){0,2}$"
)
_CHOOSER = re.compile(
    r"(?:^|[\n.,:;]|(?<![a-z])(?:i|we|i'd|i'll|i'm|we'd|we'll|let's|us|would|will|should|must|shall|"
    r"to|therefore|so|thus|hence|then|finally))\s{0,3}$"
)
_NOT_CHOSEN_EN = re.compile(
    r"(?<![a-z])(?:if|why|when|whether|people|some|students|you|they|who|not|never|reason|tempted|"
    r"tempting|wrong|might|may|could|were|unless)\s[a-z' ]{0,12}$"
)

RULES: tuple[ChoiceRule, ...] = (
    ChoiceRule(
        name="boxed",
        language="any",
        weight=Weight.DECLARED,
        matches=r"a letter (or an option's text) in \boxed{…}, bare or in \text{…}",
        example=r"Two days later, so \boxed{\text{B}}",
        cue=re.compile(r"\\f?boxed\s?\{"),
        closed=True,
    ),
    ChoiceRule(
        name="json",
        language="any",
        weight=Weight.DECLARED,
        matches="the string under answer, choice, option, letter, 答案 or 选项 of a JSON object",
        example='{"reason": "the day after", "answer": "B"}',
        cue=re.compile(
            r"[\"'](?:(?:final|correct|my|selected|chosen|best)[_ ]?)?"
            r"(?:answer|choice|option|letter|答案|正确答案|最终答案|选项)"
            r"[\"']\s{0,4}:\s{0,4}(?:\[\s{0,4})?[\"']"
        ),
        closed=True,
    ),
    ChoiceRule(
        name="tag",
        language="any",
        weight=Weight.DECLARED,
        matches="what an <answer> or [ANSWER] tag holds",
        example="The day after Monday. <answer>B</answer>",
        cue=re.compile(r"<(?:final_?)?answer>|\[(?:final_?)?answer\]|<答案>"),
    ),
    ChoiceRule(
        name="answer-zh",
        language="zh",
        weight=Weight.DECLARED,
        matches="答案：, 答案是, 答案为, 答案应选, 【答案】, 答：",
        example="星期一的后一天。\n答案：B",
        cue=re.compile(
            r"答案(?:选项|选择|字母|序号|代号)?(?:\s{0,4}\]\s{0,3}:?|\s{0,4}"
            r"(?:应该|应当|应|就|显然|因此|最可能|很可能|只能|便|即|也|仍|依然|选项|当然|自然|明显|最终|则){0,2}"
            r"\s{0,2}(?:是|为|选择?|=|:|->|→|-))|答(?<![^\n]答)\s{0,2}:"
        ),
        unless_before=_NOT_SAID_ZH,
    ),
    ChoiceRule(
        name="answer-en",
        language="en",
        weight=Weight.DECLARED,
        matches='"Answer:", "the (correct, final, …) answer is"',
        example="The answer is **(B)**.",
        cue=re.compile(
            r"ans(?:wers?)?(?: choice| option| letter)?"
            r"(?: (?:to|for|of) (?:the|this|that) (?:[a-z]{1,12} ){0,2}?"
            r"(?:question|problem|riddle))?"
            r"(?: here)?" + _IS_EN
        ),
        unless_before=_NOT_SAID_EN,
    ),
    ChoiceRule(
        name="choose-zh",
        language="zh",
        weight=Weight.DECLARED,
        matches="选B, 应选, 故选, 本题选, 因此选择, 我选",
        example="星期一的后一天是星期二，故选B。",
        cue=re.compile(
            r"选(?:择|定|取)?(?!项)(?!\s{0,2}\(\s?选项)(?:的?是|\s{0,3}(?:答案|选项)?\s{0,3}:?)"
        ),
        unless_before=_NOT_CHOSEN_ZH,
    ),
    ChoiceRule(
        name="option-zh",
        language="zh",
        weight=Weight.DECLARED,
        matches="正确选项为, 正确的是, 最合适的选项是, 符合题意的是",
        example="综上，正确选项为 B。",
        cue=re.compile(
            r"(?:正确|合适|恰当|最佳|最优|最好|接近|合理|符合|符合题意|符合要求|符合条件|最终)"
            r"(?:的)?(?:选项|选择|一项|说法|那项)?\s{0,2}(?:应该|应当|应|就|只有)?\s{0,2}(?:是|为|:)"
        ),
        unless_before=re.compile(r"(?:不|非|如果|若|假如|是否|最不|不太|不够)(?:最)?$"),
    ),
    ChoiceRule(
        name="option-en",
        language="en",
        weight=Weight.DECLARED,
        matches='"the correct (best, closest, …) option is", "my choice:"',
        example="So the correct option is B.",
        cue=re.compile(
            r"(?:correct|right|best|closest|nearest|appropriate|suitable|final|accurate|"
            r"likely|plausible|remaining|logical|reasonable|fitting|matching|proper|chosen|selected|my)"
            r"(?: answer)? (?:option|choice|letter|selection|response|"
            r"one|pick|statement|match|guess)"
            r"(?: (?:here|to|for|among|of|in)(?: [^\s.,;:]{1,16}){0,8}?)?" + _IS_EN
        ),
        unless_before=_NOT_SAID_EN,
    ),
    ChoiceRule(
        name="choose-en",
        language="en",
        weight=Weight.DECLARED,
        matches='"I choose", "I would go with", "therefore, select"',
        example="I would go with option B.",
        cue=re.compile(
            r"(?:choose|chose|pick|select|go with|going with|going to go with|opt for|"
            r"settle on|stick with|vote for|go for|answer with|answer|say)(?: with)?(?![a-z])"
        ),
        only_after=_CHOOSER,
        unless_before=_NOT_CHOSEN_EN,
    ),
    ChoiceRule(
        name="revised",
        language="any",
        weight=Weight.DECLARED,
        matches='"Actually, B", "Wait, it is B", "更正：B", "答案改为B"',
        example="The answer is A. Wait, it should be B.",
        cue=re.compile(
            r"(?:actually|correction|wait|on second thought|sorry)\s{0,2}[,:!-]{1,3}\s{0,2}"
            r"(?:no\s{0,2}[,.]\s{0,2})?"
            r"(?:i mean\s|make that\s|make it\s|change (?:my answer )?to\s)?"
            r"(?:(?:it|that|this)(?:'s| is| should be| must be)(?: actually)?)?"
            r"|change (?:my|the) answer to|(?:更正|修正|纠正)(?:为|:)"
            r"|(?:答案|选择)(?:应该?)?(?:改|更正|修正|更改)(?:为|成)"
        ),
        followed_by=re.compile(_IS_RIGHT + _SENTENCE_ENDS),
    ),
    ChoiceRule(
        name="is-the-answer",
        language="any",
        weight=Weight.DECLARED,
        matches='"B is the correct answer", "B是正确答案", "B 为本题答案"',
        example="Therefore B is the correct answer.",
    ),
    ChoiceRule(
        name="conclusion",
        language="any",
        weight=Weight.DECLARED,
        matches='a letter alone after "therefore", "in summary", "it is", 因此, 结论：, 应该是',
        example="It is the day after Monday. Hence, option B.",
        cue=re.compile(
            r"(?:therefore|thus|hence|so|(?:in )?conclusion|in summary|in short|overall|因此|所以|"
            r"综上所述|综上|总之|结论|故|∴)[,:]?|(?:it|that)(?:'s| is| must be| should be)"
            r"|(?:应该|应当|应|只能|必须|一定|必然|正|就)是"
        ),
        unless_before=_NOT_CONCLUDED,
        followed_by=re.compile(_SENTENCE_ENDS),
    ),
    ChoiceRule(
        name="last-line",
        language="any",
        weight=Weight.DECLARED,
        matches="a whole last line (or reply) that is a letter, alone or with its option's text",
        example="Tuesday comes after Monday.\n\n(B)",
    ),
    ChoiceRule(
        name="affirmed",
        language="any",
        weight=Weight.IMPLIED,
        matches='the only option called right ("option B is correct", "B选项正确")',
        example="选项A、C、D都与题意不符，因此选项B是正确的。",
    ),
    ChoiceRule(
        name="corresponds",
        language="en",
        weight=Weight.IMPLIED,
        matches='"which corresponds to option B", "this matches choice B", "which is (B)"',
        example="It is Tuesday, which corresponds to option B.",
    ),
    ChoiceRule(
        name="stated",
        language="any",
        weight=Weight.IMPLIED,
        matches="the only option that completes a sentence with letter and text (… is: B. text)",
        example="The day after Monday is:\n\nB. Tuesday\n\nNo other day follows it.",
    ),
    ChoiceRule(
        name="answer-first",
        language="any",
        weight=Weight.IMPLIED,
        matches="a reply that begins with a letter and goes on to explain",
        example="B. 因为星期一的后一天是星期二，其他日子都不相邻。",
    ),
    ChoiceRule(
        name="option-text",
        language="any",
        weight=Weight.IMPLIED,
        matches="a whole reply (or last line) that is the text of exactly one option",
        example="Tuesday.",
    ),
)

BY_NAME = {rule.name: rule for rule in RULES}
