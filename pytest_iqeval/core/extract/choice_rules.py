"""The table of rules for single-choice answers: what counts as committing to an option.

A rule is named after what it reads. Those with a ``cue`` look for its words; the answer must
stand directly behind them. Those without are about a reply's shape, and live in
`choice_shapes`, `choice_verdicts` and `choice_closing`.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum

from pytest_iqeval.core.extract import choice_guards as guards
from pytest_iqeval.core.extract.choice_cue import Cue
from pytest_iqeval.core.extract.reading import Rule
from pytest_iqeval.core.extract.regex import regex


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
    ``closed`` says that the place of the answer ends by itself (a box, a JSON string).
    ``followed_by`` must match behind the label.
    """

    reads: str = "B"
    weight: Weight
    cue: Cue | re.Pattern[str] | None = None
    only_after: re.Pattern[str] | None = None
    unless_before: re.Pattern[str] | None = None
    closed: bool = False
    followed_by: re.Pattern[str] | None = None


EXAMPLE_CHOICES = ("Monday", "Tuesday", "Wednesday", "Thursday")

_SENTENCE_ENDS = r"\s?(?:选项|项)?[吧啦哦呀]?(?: it is)?[^\S\n]{0,16}(?:[.!;](?![a-z0-9])|\n|$)"
_BECAUSE = r"|\s?(?:选项|项)?,?\s{0,2}(?:(?:because|since)\s|因为|由于|理由是|理由如下|原因是)"
_IS_RIGHT = (
    r"(?:\s(?:is|should be)\s(?:the\s)?(?:correct|right)(?:\s(?:answer|one))?"
    r"|才?是?(?:正确|对)的?)?"
)
_IS_EN = (
    r"\s{0,16}(?:is(?:(?:n't| not)\s{1,4}(?:option )?[(\"]?[a-z][)\"]?,? but(?: rather)?)?|are|"
    r"was|would be|should be|must be|will be|has to be|remains|:|=|->|→|-|\||\.\.\.)"
    r"(?:\s{1,4}(?:therefore|thus|then|hence|clearly|definitely|indeed|actually|most likely|likely|"
    r"probably|simply|still|obviously|only|closest to|:)){0,2}"
)
_IS_ZH = (
    r"(?:应该|应当|应|就|显然|因此|最可能|很可能|更可能|只可能|大概|只能|便|即|也|仍|依然|选项|当然|自然|明显|"
    r"显而易见|必定|必然|一定|肯定|倾向于|最终|则){0,2}"
    r"\s{0,2}(?:是|为|选择?|=|:|->|→|-|\||(?<=倾向于))"
)

RULES: tuple[ChoiceRule, ...] = (
    ChoiceRule(
        name="boxed",
        language="any",
        weight=Weight.DECLARED,
        matches=r"a letter (or an option's text) in \boxed{…}, bare or in \text{…}",
        example=r"Two days later, so \boxed{\text{B}}",
        cue=Cue(r"\boxed|\fbox", r"(?:\s?\{|\s(?=[a-z](?![a-z])))"),
        closed=True,
    ),
    ChoiceRule(
        name="json",
        language="any",
        weight=Weight.DECLARED,
        matches="what stands under answer, choice, option, letter, 答案 or 选项 of a JSON object",
        example='{"reason": "the day after", "answer": "B"}',
        cue=Cue(
            "answer|choice|option|letter|finalanswer|correctanswer|selectedoption|correctoption|"
            "答案|选项",
            r"[\"']\s{0,4}:\s{0,4}(?:\[\s{0,4})?[\"']?",
        ),
        only_after=regex(
            r"[\"'](?:(?:final|correct|my|selected|chosen|best)[_ ]?|(?:正确|最终)的?)?$"
        ),
        closed=True,
    ),
    ChoiceRule(
        name="tag",
        language="any",
        weight=Weight.DECLARED,
        matches="what an <answer> or [ANSWER] tag holds",
        example="The day after Monday. <answer>B</answer>",
        cue=Cue(
            "<answer>|<final_answer>|<finalanswer>|[answer]|[final_answer]|<答案>|<final answer>"
        ),
    ),
    ChoiceRule(
        name="answer-zh",
        language="zh",
        weight=Weight.DECLARED,
        matches="答案：, 答案是, 答案为, 答案应选, 【答案】, 答：, 正解：",
        example="星期一的后一天。\n答案：B",
        cue=Cue(
            "答案",
            r"(?:选项|选择|字母|序号|代号)?(?:\s?\([a-z ]{1,12}\))?"
            rf"(?:\s{{0,4}}\]\s{{0,3}}:?|\s{{0,16}}{_IS_ZH})",
        )
        | Cue("正解", r"\s{0,2}\]?\s{0,2}(?:应?(?:是|为)|:)")
        | Cue("答", r"(?<![^\n]答)\s{0,2}:"),
        unless_before=guards.NOT_SAID_ZH,
    ),
    ChoiceRule(
        name="answer-en",
        language="en",
        weight=Weight.DECLARED,
        matches='"Answer:", "the (correct, final, …) answer is"',
        example="The answer is **(B)**.",
        cue=Cue(
            "answer",
            r"s?(?: choice| option| letter)?"
            r"(?: (?:to|for|of) (?:the|this|that) (?:[a-z]{1,12} ){0,2}?"
            rf"(?:question|problem|riddle))?(?: here)?{_IS_EN}",
        )
        | Cue("ans", rf"(?:[.)]\s|{_IS_EN})"),
        unless_before=guards.NOT_SAID_EN,
    ),
    ChoiceRule(
        name="choose-zh",
        language="zh",
        weight=Weight.DECLARED,
        matches="选B, 应选, 故选, 本题选, 因此选择, 我选",
        example="星期一的后一天是星期二，故选B。",
        cue=Cue(
            "选",
            r"(?:择|定|取)?+了?(?!项)(?!\s{0,2}\(\s?选项)(?:的?是|\s{0,3}(?:答案|选项)?\s{0,3}:?)",
        ),
        unless_before=guards.NOT_CHOSEN_ZH,
    ),
    ChoiceRule(
        name="option-zh",
        language="zh",
        weight=Weight.DECLARED,
        matches="正确选项为, 正确的是, 最合适的选项是, 符合题意的是",
        example="综上，正确选项为 B。",
        cue=Cue(
            "正确|合适|恰当|最佳|最优|最好|接近|合理|符合|符合题意|符合要求|符合条件|最终|对应|推荐|首选|所选",
            r"(?:的)?(?:选项|选择|一项|说法|那项)?\s{0,2}(?:应该|应当|应|就|只有)?\s{0,2}(?:是|为|:)",
        )
        | Cue(
            "最",
            r"(?![不后初近])[\u4e00-\u9fff]{1,8}?的(?:选项|选择|一项|回答|回应|答复|做法|方式)"
            r"(?:应该|应当|应|就)?(?:是|为|:)",
        ),
        unless_before=guards.NOT_FITTING_ZH,
    ),
    ChoiceRule(
        name="option-en",
        language="en",
        weight=Weight.DECLARED,
        matches='"the correct (best, closest, …) option is", "my choice:"',
        example="So the correct option is B.",
        cue=Cue(
            "correct|right|best|closest|nearest|appropriate|suitable|final|accurate|likely|"
            "plausible|remaining|logical|reasonable|fitting|matching|proper|chosen|selected|my",
            r"(?: answer)? (?:option|choice|letter|selection|response|one|pick|statement|match|"
            r"guess)"
            r"(?: (?:here|to|for|among|of|in)(?: [^\s.,;:]{1,16}){0,8}?)?" + _IS_EN,
        )
        | Cue("the letter|the option|the choice|the closest|the nearest", _IS_EN),
        unless_before=guards.NOT_SAID_EN,
    ),
    ChoiceRule(
        name="choose-en",
        language="en",
        weight=Weight.DECLARED,
        matches='"I choose", "I would go with", "therefore, select"',
        example="I would go with option B.",
        cue=Cue(
            "choose|chose|pick|select|go with|going with|opt for|settle on|stick with|vote for|"
            "go for|lean towards|leaning towards|i answer|i'd answer|i'll answer|would answer|"
            "will answer|should answer|say",
            r"(?: with)?(?![a-z])",
        ),
        only_after=guards.CHOOSER,
        unless_before=guards.NOT_CHOSEN_EN,
    ),
    ChoiceRule(
        name="revised",
        language="any",
        weight=Weight.DECLARED,
        matches='"Actually, B", "Wait, it is B", "Edit: B", "更正：B", "答案改为B"',
        example="The answer is A. Wait, it should be B.",
        cue=Cue(
            "actually|correction|wait|on second thought|on reflection|sorry|scratch that|edit",
            r"\s{0,2}[,:!-]{1,3}\s{0,2}(?:no\s{0,2}[,.]\s{0,2})?"
            r"(?:i mean\s|make that\s|make it\s|change (?:my answer )?to\s)?"
            r"(?:(?:it|that|this)(?:'s| is| should be| must be)(?: actually)?)?",
        )
        | Cue("change my answer to|change the answer to|改为|改成|改选")
        | Cue("更正|修正|纠正|更改", r"(?:为|成|:)"),
        followed_by=regex(_IS_RIGHT + _SENTENCE_ENDS),
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
        matches='a letter alone after "therefore", "it is", "I think", "that leaves", 因此, 应该是',
        example="It is the day after Monday. Hence, option B.",
        cue=Cue(
            "therefore|thus|hence|so|conclusion|in summary|in short|overall|by elimination|"
            "by process of elimination|i think|i believe|i guess|we conclude|i conclude|definitely|"
            "probably|certainly|i.e.|因此|所以|综上所述|综上|总之|结论|故|∴|剩下|只剩",
            r"[,:]?(?: that)?",
        )
        | Cue("final", ":")
        | Cue("leaves|leaving|left with", "(?: us with)?")
        | Cue("it|that|this", r"(?:'s| is| must be| should be| has to be| would be|'d be)")
        | Cue(
            "应该是|应当是|应是|只能是|必须是|一定是|必然是|正是|就是|而是|当然是|显然是|肯定是|"
            "无疑是|疑问是|发现是|感觉是|觉得是|认为是|应为|当为|,是|答案|我觉得|我认为|我猜|应该|就"
        )
        | Cue("是", r"(?<![^\n]是)"),
        unless_before=guards.NOT_CONCLUDED,
        followed_by=regex(_SENTENCE_ENDS + _BECAUSE),
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
        matches='the only option called right ("option B is correct", "B选项正确", "B ✅")',
        example="选项A、C、D都与题意不符，因此选项B是正确的。",
    ),
    ChoiceRule(
        name="only",
        language="any",
        weight=Weight.IMPLIED,
        matches='"only B fits", "only option B satisfies …", 只有B符合题意',
        example="A and C are too early. Only option B fits the calendar.",
        cue=Cue("only", r"(?=\s)") | Cue("只有|仅有|唯有|唯一"),
        unless_before=guards.NOT_CONCLUDED,
        followed_by=regex(
            r"\s(?:fits|satisfies|works|matches|meets|qualifies|applies|remains|holds|makes sense|"
            r"is (?:correct|right|true|valid|left|possible))(?![a-z])"
            r"|\s?(?:选项|项)?\s?(?:的(?:说法|描述|表述)(?:是|才)?)?(?![错不没未无缺违的]|有误|忽|也|和|或)[\u4e00-\u9fff]"
        ),
    ),
    ChoiceRule(
        name="corresponds",
        language="any",
        weight=Weight.IMPLIED,
        matches='"corresponds to option B", "this matches choice B", "which is (B)", 对应选项B',
        example="It is Tuesday, which corresponds to option B.",
        cue=Cue(
            "correspond|corresponds|corresponding|match|matches|matching|equates|equivalent|"
            "closest|aligns|consistent",
            r"(?: most closely| best| directly)?(?: to| with)?(?: the)?"
            r" (?=(?:option|choice|answer|letter)s? )",
        )
        | Cue("which is|which matches|which means", r" (?=\(|option |choice |answer )")
        | Cue(
            "对应于|对应的是|对应着|对应的|对应|也就是|即|就是|接近",
            r"\s?(?=选项|答案|[\[(]?[a-z\d][)\]]?(?:选项|项))",
        ),
    ),
    ChoiceRule(
        name="stated",
        language="any",
        weight=Weight.IMPLIED,
        matches="the only option that completes a sentence with letter and text (… is: B. text)",
        example="The day after Monday is:\n\nB. Tuesday\n\nNo other day follows it.",
        cue=Cue(
            "is|was|be|in|for|by|from|into|called|是|为",
            r"(?=[\s\"'(\[:-]{0,8}[a-z\d]{1,2}[).:、\]])",
        )
        | Cue(":", r"(?=[^\S\n]{0,4}\n[\s\"'(\[-]{0,8}[a-z\d]{1,2}[).:、\]])"),
        unless_before=guards.LOOKS_AT,
    ),
    ChoiceRule(
        name="closing",
        language="any",
        weight=Weight.IMPLIED,
        matches='a last sentence that ends by naming one option: "Thus the false statement is B", '
        '"So it is Tuesday, option B", 今天是星期二（B）',
        example="A, C and D are true. So the false statement is B.",
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
