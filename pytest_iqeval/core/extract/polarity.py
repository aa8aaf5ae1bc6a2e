"""The words for yes and no, their negations, and what is neither, in Chinese and English.

A phrase counts where its clause ends behind it: 是 is an answer in 是。 and 是，因为…, and none in
是否, 但是 or 是中国; so is "no" in "No, …", and not in "no doubt" or "No. 5".
"""

from __future__ import annotations

import re
from enum import StrEnum
from typing import NamedTuple

from pytest_iqeval.core.extract.regex import regex


class Polarity(StrEnum):
    """What a phrase says."""

    YES = "yes"
    NO = "no"
    BOTH = "both"  # yes and no
    OPEN = "open"  # maybe, it depends, I don't know

    @property
    def turned(self) -> Polarity:
        """The opposite, as "not" makes it."""
        return {Polarity.YES: Polarity.NO, Polarity.NO: Polarity.YES}.get(self, self)


class Phrase(NamedTuple):
    """A polarity and the span of the words that say it."""

    polarity: Polarity
    span: tuple[int, int]


TRUE_EN = "true|correct|right|accurate|valid"
FALSE_EN = "false|incorrect|wrong|untrue|inaccurate|invalid"
TRUE_ZH = "正确|准确|属实|成立|合理|真实|无误|(?:一个)?真命题|对|真"
FALSE_ZH = "错误|虚假|谬误|不实|有误|(?:一个)?假命题|错|假"
NOT_EN = (
    r"(?:not|n't)(?:\s(?:entirely|completely|quite|really|exactly|strictly|fully|actually|always|"
    r"necessarily|in fact|at all|a))?\s"
)
NOT_ZH = "并不是|并不|并非是?|并没有|不是|不太|不完全|不|非|未"
ADVERBS_EN = (
    r"(?:(?:definitely|certainly|absolutely|clearly|obviously|of course|actually|simply|just|"
    r"indeed|probably|most likely|likely|therefore|thus|in fact|also|still|generally|a definite|"
    r"a clear|a firm|a|an),?\s{1,2}){0,2}"
)
ADVERBS_ZH = (
    "(?:恐怕|应该|应当|应|就|当然|确实|的确|显然|其实|实际上|事实上|绝对|肯定|一定|也|都|则){0,2}"
)

_YES_ZH = (
    "没有错|没错|可以|存在|需要|必须|应该|合法|可行|同意|支持|允许|相同|相等|一致|属于|能够|肯定|"
    f"{TRUE_ZH}|是|能|会|有(?!误)|行"
)
_NO_ZH = f"不可能|没有|否定|否认|否|无效|无|不行|{FALSE_ZH}"
_OPEN = (
    r"maybe|perhaps|possibly|(?:it |that |this )?(?:all )?depends|sometimes|occasionally|"
    r"not necessarily|unclear|uncertain|unknown|undetermined|inconclusive|undecided|mixed|neither|"
    r"both|(?:partially|partly|half|mostly|somewhat|largely)[ -](?:true|correct|right|false|"
    r"incorrect|wrong|yes|no)|(?:i'?m |i am )?(?:not sure|unsure)|"
    r"i (?:do not|don't|cannot|can't) (?:know|say|tell)|"
    r"(?:it |this |that )?(?:cannot|can't|can not) be (?:determined|known|said|decided|verified)|"
    r"(?:there is )?(?:not enough|insufficient) (?:information|evidence|data|context)|n/a|"
    r"不一定|未必|也许|或许|有可能|可能|(?:这|那)?(?:要)?(?:视|看).{0,6}(?:情况|而定)|取决于|不确定|"
    r"(?:无法|不能|难以|不好|很难)(?:确定|判断|说|回答|得知)|不知道|不清楚|不好说|难说|说不准|说不清|"
    r"部分(?:正确|错误|对|错|属实)|半对半错|既(?:是|对|真).{0,3}(?:又|也)|不全(?:对|是)|(?:不是|并非)不可能|"
    r"not impossible|信息不足|有时候?"
)
_PHRASE = regex(
    rf"(?P<open>{_OPEN})(?![a-z])"
    r"|(?P<yes_mark>[√✓✔✅☑])|(?P<no_mark>[×✗✘❌✖])"
    r"|(?:i (?:do not|don't) (?:think|believe) so)(?![a-z])"
    r"|(?P<think_so>i (?:do )?(?:think|believe) so)(?![a-z])"
    rf"|(?:{ADVERBS_EN})(?P<not_en>{NOT_EN})?"
    rf"(?:(?P<yes_en>yes|yeah|yep|yup|affirmative|{TRUE_EN})"
    rf"|(?P<no_en>no|nope|nah|negative|{FALSE_EN}))(?![a-z0-9_]|'[a-z])"
    r"|(?:(?:definitely|certainly|absolutely|of course|clearly|probably) not)(?![a-z])"
    rf"|{ADVERBS_ZH}(?:"
    r"(?P<good_zh>没有错|没错)"
    rf"|(?:是(?!否(?!定)))?(?P<not_zh>{NOT_ZH})?(?:(?P<yes_zh>{_YES_ZH})|(?P<no_zh>{_NO_ZH}))"
    r"|不是|不)"
    r"(?:的(?:说法|陈述|命题)?|(?<!对)了|呀|啊|呢|哦)?"
)
_LETTER = regex(r"(?:(?P<yes>[yt])|(?P<no>[nf]))(?![a-z0-9'/&+])")
_CLAUSE_END = regex(
    r"[^\S\n]{0,3}(?:[.!,;:)\]}\"'、…>|(~]|-(?![a-z])|\n|\Z|</|→|"
    r"(?:because|since|as|given|due to|although|though|but|for)(?![a-z])|"
    r"因为|由于|但|理由|[√✓✔✅☑×✗✘❌✖])"
)
_PRONOUN = regex(r"[\s-](?:it|they|he|she|this|that|there|we|i|you|the|a|an)(?:'|\s)")
_ORDINAL = regex(r"\s{0,2}\.?\s{0,2}#?\d")
_MORE = regex(r"\s{0,2}(?:[/|&,、]|and|or|和|或者?|又|也|还是|还){1,2}\s{0,2}")
_OTHERWISE = regex(r"[^.\n]{0,40}?(?:(?<![a-z])otherwise(?![a-z])|否则)")
_ASKED = regex(r"[^\S\n]{0,2}(?:[?]|吗|么|与否)")


def phrase_at(lower: str, start: int, end: int, *, letters: bool = False) -> Phrase | None:
    """The phrase that begins at `start` of a folded, lower-case text and ends with its clause.

    :param end: where the text ends.
    :param letters: whether ``Y``, ``N``, ``T`` and ``F`` alone say it, too.
    """
    found = _one(lower, start, end, letters)
    if found is None or found.polarity is Polarity.OPEN:
        return found
    more = _MORE.match(lower, found.span[1], end)
    other = _one(lower, more.end(), end, letters) if more else None
    if other and other.polarity is found.polarity.turned and _ended(lower, other, end):
        return Phrase(Polarity.BOTH, (start, other.span[1]))
    if not _ended(lower, found, end):
        return None
    if _OTHERWISE.match(lower, found.span[1], end):
        return found._replace(polarity=Polarity.OPEN)
    return found


def polarity_of(text: str) -> Polarity | None:
    """What a whole text (folded, lower case) says, if it is nothing but such a phrase."""
    text = text.strip(" .!。,")
    found = phrase_at(text, 0, len(text), letters=True)
    return found.polarity if found and found.span == (0, len(text)) else None


def _one(lower: str, start: int, end: int, letters: bool) -> Phrase | None:
    if letters and (letter := _LETTER.match(lower, start, end)):
        said = Polarity.YES if letter["yes"] else Polarity.NO
        return Phrase(said, letter.span())
    match = _PHRASE.match(lower, start, end)
    return Phrase(_said(match), match.span()) if match else None


def _said(match: re.Match[str]) -> Polarity:
    if match["open"]:
        return Polarity.OPEN
    yes = ("yes_mark", "yes_en", "yes_zh", "good_zh", "think_so")
    said = Polarity.YES if any(match[name] for name in yes) else Polarity.NO
    return said.turned if match["not_en"] or match["not_zh"] else said


def _ended(lower: str, phrase: Phrase, end: int) -> bool:
    """Whether the clause ends behind a phrase, and it is no question."""
    at = phrase.span[1]
    word = lower[phrase.span[0] : at]
    if _ASKED.match(lower, at, end) or (word == "no" and _ORDINAL.match(lower, at, end)):
        return False
    if _CLAUSE_END.match(lower, at, end):
        return True
    plain = word in ("yes", "no", "yeah", "nope")
    return plain and _PRONOUN.match(lower, at, end) is not None
