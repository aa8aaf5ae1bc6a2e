"""Answers that a line of its own gives: the last formula, what follows ####, a conclusion."""

from __future__ import annotations

import re

from pytest_iqeval.core.extract.latex import number, plain_text, tidy
from pytest_iqeval.core.extract.math_shapes import (
    DELIMITED,
    WINDOW,
    Expression,
    bare,
    formulas,
    of_match,
)
from pytest_iqeval.core.extract.regex import regex

_HASHES = regex(r"[ \t]{0,8}####\s{0,4}(?=\S)")
_CONCLUDES = regex(
    r"(?:^|[.;:,!]\s{0,3})[\s*>#-]{0,6}(?:(?:therefore|thus|hence|so|in conclusion|finally|"
    r"consequently|we get|we conclude)(?![a-z])|因此|所以|故|综上|综上所述|于是|从而|最终|即|解得)",
    re.IGNORECASE,
)
_STATES = regex(
    r"(?:(?<![a-z])(?:is|are|equals?|be|has|have|get|to|there are)(?![a-z])"
    r"|=|:|是|为|等于|得|有|共)"
    r"\s{0,3}(?:exactly |equal to |simply |given by |a total of )?",
    re.IGNORECASE,
)
_AFTER_CONCLUSION = regex(
    r"[\s$*)\\\].,!]*(?:(?:\\text)?\{?[A-Za-z\u3400-\u9fff-]{1,14}\}?[\s.,!$*]*){0,3}"
)
_VALUE = regex(rf"{re.sub('[?]P<[a-d]>', '?:', DELIMITED.pattern)}|\$?-?(?<![\w.])\d[\d.,/]*")
_COUNTED = regex(
    r"(?:step|case|part|equation|line|lemma|theorem|method|option|第|步骤|式|法|情况)\s{0,2}[(]?$",
    re.IGNORECASE,
)


def last_line(text: str, end: int) -> Expression | None:
    """The last line before `end`, if it is one formula, or a bare expression that has a digit."""
    stop = len(text[:end].rstrip())
    tail = text[max(0, stop - 2 * WINDOW) : stop]
    first = stop - len(tail)
    for closes, opens in ((r"\]", r"\["), ("$$", "$$")):
        if tail.endswith(closes):
            begin = tail.rfind(opens, 0, len(tail) - 2)
            if begin < 0 or tail[tail.rfind("\n", 0, begin) + 1 : begin].strip(" >*-"):
                return None
            match = DELIMITED.fullmatch(text, first + begin, stop)
            return of_match(text, match) if match else None
    begin = max(text.rfind("\n", first, stop) + 1, first)
    line = text[begin:stop]
    begin += len(line) - len(line.lstrip(" \t*>-" if line.count("-") > 1 else " \t*>"))
    row = formulas(text, begin)
    if row is not None:
        left = text[row.span[1] : stop].strip(" .$*)\\")
        return row if not left else None
    found = bare(text, begin)
    if found is None or found.span[1] < len(text[begin:stop].rstrip(" .*")) + begin:
        return None
    return found if re.search(r"\d", found.text) or plain_text(tidy(found.text)) is None else None


def hash_line(text: str, end: int) -> Expression | None:
    """What stands behind ``####`` in the last line."""
    stop = len(text[:end].rstrip())
    begin = text.rfind("\n", max(0, stop - 400), stop) + 1
    mark = _HASHES.match(text, begin, stop)
    if mark is None:
        return None
    return formulas(text, mark.end()) or bare(text, mark.end())


def conclusion(text: str, end: int) -> Expression | None:
    """The expression with which the last line ends, or its only one, if the line concludes."""
    stop = len(text[:end].rstrip())
    begin = max(text.rfind("\n", max(0, stop - 600), stop) + 1, stop - 600, 0)
    opening = _CONCLUDES.search(text[begin:stop])
    if opening is None:
        return None
    for states in _STATES.finditer(text, begin + opening.end(), stop):
        found = formulas(text, states.end()) or bare(text, states.end())
        if found is not None and _AFTER_CONCLUSION.fullmatch(text, found.span[1], stop):
            return found
    return _only_value(text, begin + opening.end(), stop)


def _only_value(text: str, begin: int, stop: int) -> Expression | None:
    """The one number between two places, if there is exactly one value, and it counts no step."""
    values = list(_VALUE.finditer(text, begin, stop))
    if len(values) != 1 or _COUNTED.search(text[begin : values[0].start()]):
        return None
    found = formulas(text, values[0].start()) or bare(text, values[0].start())
    return found if found is not None and number(tidy(found.text)) is not None else None
