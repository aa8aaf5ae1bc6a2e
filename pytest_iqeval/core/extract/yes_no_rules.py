"""The table of rules for yes-or-no answers: what counts as saying one of the two."""

from __future__ import annotations

from pytest_iqeval.core.extract.cues import (
    NOT_SAID_EN,
    NOT_SAID_ZH,
    CueRule,
    Reach,
    declared_rules,
)
from pytest_iqeval.core.extract.polarity import (
    ADVERBS_EN,
    ADVERBS_ZH,
    FALSE_EN,
    FALSE_ZH,
    NOT_EN,
    NOT_ZH,
    TRUE_EN,
    TRUE_ZH,
)
from pytest_iqeval.core.extract.regex import regex

SUBJECT_EN = (
    r"(?:statement|claim|assertion|proposition|sentence|hypothesis|assumption|premise|answer|"
    r"reasoning|argument|conclusion|inference|belief|saying|notion|equation|formula|theory)"
)
SUBJECT_ZH = (
    "(?:说法|陈述|命题|观点|表述|叙述|论断|断言|描述|判断|结论|句子|论述|推断|推论|论点|看法|等式|这句话|"
    "句话|题目|答案)"
)
# Both begin with plain words, which `re` finds several times faster than a look-behind.
JUDGED_EN = regex(
    r"(?:(?:is|are|was|were|must be|should be|would be|has to be|'s)|"
    r"(?P<aux>isn't|aren't|wasn't|cannot be|can't be))\s{1,3}"
    rf"(?:{ADVERBS_EN})(?P<not>{NOT_EN})?(?:{ADVERBS_EN})"
    rf"(?:(?P<yes>{TRUE_EN}|the case)|(?P<no>{FALSE_EN}))(?![a-z])"
)
JUDGED_ZH = regex(
    rf"(?:{SUBJECT_ZH}|(?:这|那|此|它)(?<![^\s.,;:!?].)(?=[^\n]{{0,6}}?是))"
    rf"[\"')\]]{{0,2}}\s?(?:本身)?,?{ADVERBS_ZH}(?:因此|所以|完全)?(?:是|为)?"
    rf"(?P<not>{NOT_ZH})?(?:完全)?(?:(?P<yes>{TRUE_ZH})|(?P<no>{FALSE_ZH}))(?:的|了)?"
    rf"|[\"']\s?(?:这|那|该)?{ADVERBS_ZH}是"
    rf"(?P<not_2>{NOT_ZH})?(?:(?P<yes_2>{TRUE_ZH})|(?P<no_2>{FALSE_ZH}))的"
)
JUDGED_WORDS_EN = (*TRUE_EN.split("|"), *FALSE_EN.split("|"), "the case")
JUDGED_WORDS_ZH = (*TRUE_ZH.split("|"), *FALSE_ZH.split("|"))

RULES: tuple[CueRule, ...] = (
    *declared_rules(
        boxed=(r"It can't fly: \boxed{\text{No}}", "no"),
        json=('{"reason": "penguins swim", "answer": false}', "no"),
        tag=("Penguins swim. <answer>No</answer>", "no"),
        hashes=("Penguins swim.\n#### no", "no"),
        heading=("## Answer\n\nNo, they swim.", "no"),
        label_zh=("企鹅会游泳。\n答案：错误", "no"),
        label_en=("Penguins swim.\nFinal answer: False", "no"),
        is_zh=("企鹅是鸟，所以答案是对的。", "yes"),
        is_en=("So the answer is no, because penguins swim.", "no"),
    ),
    CueRule(
        name="verdict",
        language="any",
        matches='"Verdict:", "the conclusion is", 判断：, 结论是, 回答：',
        example="企鹅不会飞。判断结果：错误。",
        reads="no",
        reach=Reach.SENTENCE,
        cue=regex(
            r"(?:verdict|conclusion|judge?ment|ruling|assessment|classification|label|output|response|prediction|output|response|prediction)"
            r"(?:[^\S\n]{0,3}:| is(?: that it is)?(?![a-z]))"
            r"|(?:结论|判断(?:结果)?|判定|回答|评判|判断题)\s{0,2}(?:\]\s{0,2}:?|:|应?(?:是|为))"
        ),
        needs="verdict|conclusion|judg|ruling|assessment|classification|label|output|response|prediction|结论|判|回答",
        unless_before=regex(rf"(?:{NOT_SAID_EN.pattern})|(?:{NOT_SAID_ZH.pattern})"),
    ),
    CueRule(
        name="say",
        language="any",
        matches='"I would say", "I\'d answer", 我认为, 我的回答是, 我选',
        example="All things considered, I'd say no.",
        reads="no",
        reach=Reach.SENTENCE,
        cue=regex(
            r"(?:i|we)(?:'d| would|'ll| will| must| have to)?"
            r" (?:say|answer|respond|reply|go with|choose|conclude|judge)"
            r"(?: that)?(?: it is| it's)?:?(?![a-z])"
            r"|我(?:们)?(?:的)?(?:认为|觉得|选择?|判断|判定|回答|结论|判断是)(?:答案|应该|这)?(?:是|为|:)?"
        ),
        needs=" say| answer| respond| reply| go with| choose| conclude| judge|我",
        unless_before=regex(
            r"[a-z']\Z|(?:if|whether|when|why|can't|cannot)\s\Z|(?:如果|若|假如|别)\Z"
        ),
    ),
    CueRule(
        name="conclusion",
        language="any",
        matches='the word alone after "therefore", "so", "in short", 因此, 所以, 综上',
        example="企鹅不会飞，所以不是。",
        reads="no",
        reach=Reach.SENTENCE,
        cue=regex(
            r"(?:therefore|thus|hence|so|conclusion|summary|in short|overall|conclude|finally|"
            r"actually|correction)(?![a-z])[,:]?(?:\s{1,2}(?:it is|it's|that is|that's|this is))?"
            r"|(?:因此|所以|综上所述|综上|总之|总的来说|故|可见|∴|更正|改为)[,:]?\s?(?:这|那|它|应该|答案)?(?:是|为)?"
        ),
        needs="therefore|thus|hence|so|conclu|in s|overall|finally|actually|correction|"
        "因此|所以|综上|总|故|可见|∴|更正|改为",
        unless_before=regex(
            r"[a-z]\Z|(?:if|not|and|or|or so|is|even)\s\Z|(?:是|为|之|缘|无|事|何)\Z"
        ),
    ),
    CueRule(
        name="last-line",
        language="any",
        matches="a whole last line or sentence that says yes or no and nothing else",
        example="Penguins swim.\n\nNo.",
        reads="no",
        reach=Reach.SHAPE,
    ),
    CueRule(
        name="opening",
        language="any",
        matches="a reply that begins with yes, no, true, 是, 不是, 对, 错误, … and goes on",
        example="不是，企鹅会游泳但不会飞。",
        reads="no",
        reach=Reach.SHAPE,
    ),
    CueRule(
        name="judged",
        language="any",
        matches='a closing "the statement is (not) true", 该说法(不)正确; or all that are there',
        example="The claim is not true, since penguins swim.",
        reads="no",
        reach=Reach.SHAPE,
    ),
)

BY_NAME = {rule.name: rule for rule in RULES}
