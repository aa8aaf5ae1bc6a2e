"""The last sentence of a reply, where it ends by naming one option or with an option's text."""

from __future__ import annotations

import re

from pytest_iqeval.core.extract import choice_guards as guards
from pytest_iqeval.core.extract.choice_verdicts import CONCLUDES, SENTENCE_MARK
from pytest_iqeval.core.extract.labels import WORDLIKE, Found
from pytest_iqeval.core.extract.options import Options
from pytest_iqeval.core.extract.regex import regex
from pytest_iqeval.core.extract.text import Prepared

_WITHIN = 240
_LABEL_WITHIN = 80
_ENDS_WITH_LABEL = regex(
    r"(?P<lead>[\s,;:(\[\"'$—-]{0,12}(?:i\.e\.|that is|namely|即|也就是)?[\s,:]{0,3}"
    r"(?P<named>(?i:(?:the\s)?(?:option|choice|letter|answer)\s)|(?:对应)?(?:选项|答案)\s?)?"
    rf"[(\[\"'$]{{0,3}})(?P<label>[A-Z])(?<![{WORDLIKE}][A-Z])"
    r"(?P<close>[)\]\"'$]{0,4}\s?(?:选项|项)?[)\]]?)[\s.!;)\]]{0,40}$"
)
# "… the statement that is false is", …的一项是: what the label completes.
_COMPLETED = regex(
    r"(?:(?<![a-z])(?:option|choice|answer|statement|sentence|item|one|that|which|what)(?![a-z])"
    r"[^.;\n]{0,100}(?<![a-z])(?:is|be)"
    r"|的(?:一项|那项|一句|选项|选择|说法|表述|描述|叙述|做法|句子|回答|回应|措施|原因|方式|方法|"
    r"观点|词语)?(?:应该|应当|应|就)?[是为])\s{0,3}:?\s{0,3}$"
)
_SINGLES_OUT_WRONG = regex(
    r"(?<![a-z])(?:incorrect|false|wrong|untrue|inaccurate|not true|not correct|exception|except)"
    r"(?![a-z])(?! answer)|(?:错误|不正确|不恰当|不符合|不属于|有误|不对)(?!答案|的答案)"
)
_OPENS_CONCLUSION = regex(
    r"\s*(?:因此|所以|故|综上|可见|由此"
    r"|(?:therefore|thus|hence|so|in conclusion|overall|consequently)(?![a-z]))"
)
# What leads over to an option's text: "so today is …", "therefore, …", 所以今天是….
_IS_TEXT = regex(
    r"(?:(?<![a-z])(?:is|are|was|(?:must|should|would|will) be|equals|choose|select)"
    r"(?: (?:the|an?))?|[是为选=]|选择)[\s\"'($:]{0,3}$"
)
_ONLY_OPENED = regex(r"\s*(?:因此|所以|故|综上|综上所述|therefore|thus|hence|so)[\s,:\"'($]{0,4}$")
_DENIES = regex(
    r"(?<![a-z])(?:not|never|rule[sd]? out|unlike|instead of|rather than|except|wrong|incorrect|"
    r"false|cannot)(?![a-z])|n't(?![a-z])|eliminat|exclud|不|非|错|排除|除了"
)


def closing(text: Prepared, end: int, options: Options) -> Found | None:
    """The label with which the reply's last sentence ends, if the sentence commits to it.

    It does where the option's own text stands before the label ("so it is Tuesday (B)"), where
    it is a conclusion that the label completes ("thus the false statement is C"), and where it
    singles out what is wrong, which only a question that asks for it brings about. With two
    options that would be the way to name the other one.
    """
    stop = len(text.folded[:end].rstrip())
    first = max(0, stop - _WITHIN)
    ending = _ENDS_WITH_LABEL.search(text.folded, max(0, stop - _LABEL_WITHIN), stop)
    if ending is None:
        return _concluded_text(text, first, stop, options)
    lead = text.lower[first : ending.start()]
    sentence = SENTENCE_MARK.split(lead.rstrip("\n .!?;"))[-1]
    found = Found(letters=ending["label"], span=ending.span("label"))
    if guards.said_by_others(lead) or re.match(r"\s*(?:if|如果|若|假如)", sentence):
        return None
    if options.ends_with_own_text(ending["label"], text.plain[first : ending.start()]):
        labelled = ending["named"] or ending["close"] or ending["lead"].strip()
        return found if labelled and not _DENIES.search(sentence) else None
    if not sentence.strip():
        return None
    before = text.lower[first : ending.start("named" if ending["named"] else "label")]
    if not _COMPLETED.search(before.rstrip("([\"'$")):
        return None
    if _DENIES.search(sentence) and len(options.letters) <= 2:
        return None
    singled_out = _SINGLES_OUT_WRONG.search(sentence) or CONCLUDES.search(sentence)
    return found if singled_out else None


def _concluded_text(text: Prepared, first: int, stop: int, options: Options) -> Found | None:
    """The option with whose text the last sentence ends, if the sentence is a conclusion."""
    if text.plain[stop - 1] not in ".!":
        return None
    end = len(text.plain[first:stop].rstrip(".!\"')]}$ ")) + first
    named = options.named_before(text.plain[first:end])
    if named is None:
        return None
    letter, start = named[0], named[1] + first
    sentence_start = max(
        (m.end() + first for m in SENTENCE_MARK.finditer(text.plain[first:start])), default=first
    )
    before = text.lower[sentence_start:start]
    concludes = _OPENS_CONCLUSION.match(before) or CONCLUDES.search(before)
    if not (_ONLY_OPENED.match(before) or (concludes and _IS_TEXT.search(before))):
        return None
    if _DENIES.search(before):
        return None
    if guards.said_by_others(before) or options.mentioned(text.plain[sentence_start:start]):
        return None
    start += len(text.plain[start:end]) - len(text.plain[start:end].lstrip("\"'($ "))
    return Found(letters=letter, span=(start, end))
