"""A reply made ready for finding numbers in it; every offset stays that of the reply."""

from __future__ import annotations

import re
from functools import cached_property

from pytest_iqeval.core.extract.text import Prepared

_CALCULATOR = re.compile(r"<<[^<>\n]{0,200}>>")  # GSM8K's notes: 9*2=<<9*2=18>>18
_MULTIPLIES = re.compile(r"(?<=[\d)%} ])(?<!\*)\*(?!\*)(?=\s?[\d($\\])")
_OWN_COMMA = re.compile("，(?![０-９])|(?<![０-９])，")
_WRAPPERS = re.compile(
    r"\\(?:f?boxed|text|textbf|textit|textrm|mathrm|mathbf|mathit|mathsf|mbox|bf|rm|left|right"
    r"|quad|qquad|displaystyle)(?![a-z])\s?\{?"
    r"|\\(?:[()\[\]$%]|[,;:! ](?!\d{3}(?!\d)))"
)
_SIGNS = {
    **{"times": "×", "cdot": "×", "div": "÷", "approx": "≈", "pm": "±"},
    **{"implies": "→", "rightarrow": "→", "Rightarrow": "→"},
}
_SIGN = re.compile(rf"\\({'|'.join(s.lower() for s in _SIGNS)})(?![a-z])")


class Readable:
    """The lower-case text of a prepared reply without what hides its numbers.

    LaTeX's wrappers and calculator notes are blanks; 。 and ， stand as they do in the reply
    (no number has them, but a comma between full-width digits is ASCII), and so does ``*``
    between factors.
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
        original = self.original
        own: list[tuple[int, str]] = []
        if "。" in original or "｡" in original:
            own += [(m.start(), "。") for m in re.finditer("[。｡]", original)]
        if "，" in original:
            own += [(m.start(), "，") for m in _OWN_COMMA.finditer(original)]
        if "*" in original:
            own += [(m.start(), "*") for m in _MULTIPLIES.finditer(original)]
        if not own:
            return text
        parts, done = [], 0
        for at, sign in sorted(own):
            if text[at] != " " or (sign == "*" and text[at - 2 : at].strip()):  # not in reasoning
                parts += [text[done:at], sign]
                done = at + 1
        return "".join([*parts, text[done:]])


def _blank(found: re.Match[str]) -> str:
    return " " * len(found[0])


def _unwrapped(found: re.Match[str]) -> str:
    """Blanks, but for the sign that a backslash escapes: ``\\$``, ``\\%``."""
    last = found[0][-1]
    return (last if last in "$%" else " ").rjust(len(found[0]))


def _sign(found: re.Match[str]) -> str:
    return _LOWER_SIGNS[found[1]].ljust(len(found[0]))


_LOWER_SIGNS = {name.lower(): sign for name, sign in _SIGNS.items()}
