"""Questions whose options carry digits: digits that may be labels are folded onto letters.

The reader knows letters. Before it reads a reply to a numbered question, each number that stands
like a label becomes the letter of that option, at the same place and of the same length ("12"
becomes a blank and L). A number that counts or measures something ("3 apples", 3个, 3.5, 3 km, step
2) stays a number, which the reader takes for no label. Real letters are not on offer there.
"""

from __future__ import annotations

import re
from dataclasses import replace

from pytest_iqeval.core.extract.labels import GOES_ON_ZH, WORDLIKE
from pytest_iqeval.core.extract.options import Options
from pytest_iqeval.core.extract.regex import regex
from pytest_iqeval.core.extract.text import Prepared
from pytest_iqeval.core.sample import LABELS

_NUMBER_OR_LETTER = regex(
    rf"(?<![{WORDLIKE}])(?:(?P<number>\d+)|[A-Za-z])(?![{WORDLIKE}])|(?P<circled>[①-⑳❶-❿➀-➓⓵-⓾])"
)
CIRCLED = {
    **{chr(0x2460 + i): i + 1 for i in range(20)},
    **{chr(first + i): i + 1 for first in (0x2776, 0x2780, 0x278A, 0x24F5) for i in range(10)},
}
# Part of a larger number, an amount, a formula or a range.
_TIED_BEFORE = regex(r"(?:\d[.,:]|[/\\^_+×÷~%¥€£-])$")
_TIED_AFTER = regex(
    r"\.\d|,\d{3}(?!\d)|:\d|[/^_×÷~%°*+-](?=[\dA-Za-z(])|[%°×÷]|\\(?![)\]])"
    r"|[^\S\n]{0,2}[=<>≈≤≥+*×÷/^-]\s{0,2}[\dA-Za-z(]|[^\S\n]\d"
)
# Numbers of other things than options.
_OTHERS = regex(
    r"(?:(?<![a-z])(?:step|statement|question|part|case|figure|fig|table|equation|eq|line|page|"
    r"chapter|section|problem|day|week|year|level|type|about|around|approximately|than|least|most|"
    r"total of|sum of|exactly)\.?"
    r"|第|步骤|说法|观点|命题|条件|图|表|式|方程|问题|例|类型|至少|至多|约|共)\s{0,2}$"
)
_GOES_ON = regex(
    r"\s{1,3}(?:because|since|as|but|not|which|so|is|was|rather|instead|and|or|explanation|reason|"
    r"rationale)(?![a-z])",
    re.IGNORECASE,
)
_WORD_OR_CJK = regex(r"[^\S\n]{0,3}[A-Za-z\u3400-\u9fff]")
_BEFORE_CJK = regex(r"[^\S\n]{0,3}(?=[\u3400-\u9fff])")
_SEPARATOR = regex(r"[\s.:),、\]-]{0,8}")
_NO_LABEL = "\u01b6"  # a letter to the patterns, but none that labels an option
_NO_LETTERS = {ord(letter): _NO_LABEL for letter in LABELS + LABELS.lower()}
# In a longer reply, what counts is its end; further ahead nothing is a label.
_LOOKED_AT = 50_000
_GLUED = regex(r"['’]?[A-Za-z]|\s{1,3}[A-Za-z]")


def as_letters(text: Prepared, options: Options) -> Prepared:
    """`text` with the numbers that may be labels of `options` as letters."""

    def letter_of(found: re.Match[str]) -> str:
        whole = found.group()
        if found["circled"]:
            return _letter(CIRCLED[whole], options)
        if found["number"] is None:
            part_of_sentence = _GLUED.match(found.string, found.end()) and not _GOES_ON.match(
                found.string, found.end()
            )
            return _NO_LABEL if part_of_sentence else _not_on_offer(options)
        if not _stands_like_a_label(found, options):
            return whole
        value = int(whole) if len(whole) <= 2 else 0
        return _letter(value, options).rjust(len(whole))

    head, tail = text.plain[:-_LOOKED_AT], text.plain[-_LOOKED_AT:]
    folded = head.translate(_NO_LETTERS) + _NUMBER_OR_LETTER.sub(letter_of, tail)
    return replace(text, folded=folded)


def _letter(value: int, options: Options) -> str:
    return LABELS[value - 1] if 1 <= value <= len(options.letters) else _not_on_offer(options)


def _not_on_offer(options: Options) -> str:
    """A letter that names no option: an answer all the same, which is then not on offer."""
    return "Z" if len(options.letters) < len(LABELS) else _NO_LABEL


def _stands_like_a_label(found: re.Match[str], options: Options) -> bool:
    text, start, end = found.string, found.start(), found.end()
    before = text[max(0, start - 24) : start].lower()
    if _TIED_BEFORE.search(before) or _TIED_AFTER.match(text, end) or _OTHERS.search(before):
        return False
    if before.endswith("$") and text[end : end + 1] != "$":
        return False  # an amount of money
    if not _WORD_OR_CJK.match(text, end):
        return True
    if _GOES_ON.match(text, end):
        return True
    blank = _BEFORE_CJK.match(text, end)
    if blank and GOES_ON_ZH.match(text, blank.end()):
        return True
    value = int(found.group()) if end - start <= 2 else 0
    label = _letter(value, options)
    after = _SEPARATOR.match(text, end)
    first = after.end() if after else end
    return options.begins_with_own_text(label, text[first : first + 2000])
