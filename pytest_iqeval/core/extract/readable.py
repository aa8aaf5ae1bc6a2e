"""A reply made ready for finding numbers in it; every offset stays that of the reply."""

from __future__ import annotations

import re
from functools import cached_property

from pytest_iqeval.core.extract.regex import regex
from pytest_iqeval.core.extract.text import Prepared

_CALCULATOR = regex(r"<<[^<>\n]{0,200}>>")  # GSM8K's notes: 9*2=<<9*2=18>>18
_OWN_MARKS = regex(  # 。 before what could go on with a number, ， beside digits, 9 * 2
    r"[。｡](?=[!-~０-９])|，(?:(?<=\d，)(?![０-９])|(?<![０-９]，)(?=\d))"
    r"|\*(?<=[\d)%} ]\*)(?<!\*\*)(?!\*)(?=\s?[\d($\\])"
)
_WRAPPERS = regex(
    r"\\(?:f?boxed|text|textbf|textit|textrm|mathrm|mathbf|mathit|mathsf|mbox|bf|rm|left|right"
    r"|quad|qquad|displaystyle)(?![a-z])\s?\{?"
    r"|\\(?:[()\[\]$%]|[,;:! ](?!\d{3}(?!\d)))"
)
_SIGNS = {
    **{"times": "×", "cdot": "×", "div": "÷", "approx": "≈", "pm": "±"},
    **{"implies": "→", "rightarrow": "→", "Rightarrow": "→"},
}
_SIGN = regex(rf"\\({'|'.join(s.lower() for s in _SIGNS)})(?![a-z])")


class Readable:
    """The lower-case text of a prepared reply without what hides its numbers.

    LaTeX's wrappers and calculator notes are blanks; beside numbers, 。 and ， stand as they do
    in the reply (no number has them, but a comma between full-width digits is ASCII), and so does
    ``*`` between factors.
    """

    def __init__(self, prepared: Prepared) -> None:
        self.prepared = prepared
        self.original = prepared.original

    @cached_property
    def text(self) -> str:
        """As long as the reply; folded, lower case."""
        text = self._with_own_marks(self.prepared.lower).replace("￥", "¥")
        if "<<" in text:
            text = _CALCULATOR.sub(_blank, text)
        if "\\" in text:
            text = _SIGN.sub(_sign, _WRAPPERS.sub(_unwrapped, text))
        return text

    def _with_own_marks(self, text: str) -> str:
        parts, done = [], 0
        for mark in _OWN_MARKS.finditer(self.original):
            at = mark.start()
            if text[at] != " " or (mark[0] == "*" and text[at - 2 : at].strip()):  # no reasoning
                parts += [text[done:at], "。" if mark[0] == "｡" else mark[0]]
                done = at + 1
        return "".join([*parts, text[done:]]) if parts else text


def _blank(found: re.Match[str]) -> str:
    return " " * len(found[0])


def _unwrapped(found: re.Match[str]) -> str:
    """Blanks, but for the sign that a backslash escapes: ``\\$``, ``\\%``."""
    last = found[0][-1]
    return (last if last in "$%" else " ").rjust(len(found[0]))


def _sign(found: re.Match[str]) -> str:
    return _LOWER_SIGNS[found[1]].ljust(len(found[0]))


_LOWER_SIGNS = {name.lower(): sign for name, sign in _SIGNS.items()}
