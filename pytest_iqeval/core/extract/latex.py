"""LaTeX and plain notation of answers, made alike; and the numbers among them, read exactly.

`tidy` changes how an expression is written, never what it says, so that most answers can be
compared without an algebra system:

- outer ``$ $``, ``\\( \\)``, ``\\[ \\]`` and a point at the end go, so do ``\\left``, ``\\right``,
  ``\\displaystyle`` and the thin spaces (``10,\\!080``, ``10{,}080``);
- ``\\dfrac``, ``\\tfrac`` and ``\\cfrac`` are ``\\frac``; ``\\frac12`` and ``\\sqrt2`` get braces;
- plain notation becomes LaTeX: ``sqrt(13)``, ``pi``, ``**``, ``>=``, ``√``, ``π``, ``²``, ``½``;
- a unit behind a number goes: ``15\\mbox{ cm}^2``, ``12 元``, ``90^\\circ``, ``\\$36``;
- full-width characters are plain ones.
"""

from __future__ import annotations

import re
from fractions import Fraction
from typing import NamedTuple

from pytest_iqeval.core.extract.regex import regex
from pytest_iqeval.core.extract.text import fold

_DIGITS_AT_MOST = 4000  # longer ones are no answers, and Python refuses to read them

_SIGNS = {
    **{"×": r"\times ", "·": r"\cdot ", "⋅": r"\cdot ", "÷": r"\div ", "≤": r"\le ", "≥": r"\ge "},
    **{"≠": r"\ne ", "∞": r"\infty ", "π": r"\pi ", "θ": r"\theta ", "∪": r"\cup ", "∩": r"\cap "},
    **{"±": r"\pm ", "∈": r"\in ", "∅": r"\emptyset ", "°": r"^\circ ", "²": "^2", "³": "^3"},
    **{"½": r"\frac{1}{2}", "⅓": r"\frac{1}{3}", "¼": r"\frac{1}{4}", "¾": r"\frac{3}{4}"},
    **{"⅔": r"\frac{2}{3}", "∕": "/", "⁄": "/"},
}
_SIGN = regex("[" + "".join(_SIGNS) + "]")
_ROOT_SIGN = regex(r"√\s?(?:\((?P<group>[^()]{1,200})\)|(?P<one>\d{1,40}|[a-zA-Z]))")
_ROOT_WORD = regex(r"(?<![\\A-Za-z])sqrt\s?(?=[({])")
_FUNCTION = regex(
    r"(?<![\\A-Za-z])(?P<name>arcsin|arccos|arctan|sinh|cosh|tanh|sin|cos|tan|cot|sec|csc|log|ln"
    r"|pi|infty|infinity)(?![A-Za-z])"
)
_LAYOUT = regex(
    r"\\(?:left|right|[bB]igg?[lr]?|displaystyle|textstyle|limits|nolimits)(?![a-zA-Z])\s?\.?"
    r"|(?<!\\)\\[,!;:]|\\q?quad(?![a-zA-Z])"
)
_SPACES = regex(r"(?:(?<!\\)\\ |~|\s)+")
_FRACTION_KIND = regex(r"\\[dtc]frac(?![a-zA-Z])")
_SHORT_FRACTION = regex(r"\\frac\s?(?P<a>\{[^{}]*\}|[0-9a-zA-Z])\s?(?P<b>\{[^{}]*\}|[0-9a-zA-Z])")
_SHORT_ROOT = regex(r"\\sqrt\s?(?P<a>[0-9a-zA-Z])")
_TEXT = r"\\(?:text|mbox|textrm|textnormal|mathrm|hbox|rm)\s?\{(?P<text>[^{}]*)\}"
_TEXT_ONLY = regex(
    r"\\(?:text|mbox|textrm|textnormal|textbf|textit|mathrm|mathbf|hbox|operatorname)\s?"
    r"\{(?P<text>[^{}]*)\}"
)
_POWER = r"(?:\s?\^\s?(?:\{\s?-?\d\s?\}|-?\d))?"
_UNIT_WORD = (
    r"(?:square|cubic|sq\.?|cu\.?)?\s?(?:units?|cm|mm|km|kg|mph|km/h|m/s|ft|inch(?:es)?|foot|feet|"
    r"miles?|yards?|met(?:er|re)s?|centimet(?:er|re)s?|kilomet(?:er|re)s?|degrees?|radians?|"
    r"seconds?|minutes?|hours?|days?|weeks?|months?|years?|dollars?|cents?|grams?|pounds?|"
    r"lit(?:er|re)s?|ways|people|points?|percent)(?![A-Za-z])"
    r"|(?<=\d )(?!(?:and|or|mod|if|for|when)\b)[a-z]{3,20}(?: [a-z]{2,20}){0,2}"
    r"|(?:平方|立方)?(?:厘米|毫米|千米|公里|分米|米|元|角|度|岁|个|人|天|小时|分钟|秒|千克|公斤|克|升|种|次|页|只|棵|本|倍)"
)
# A unit counts as one only behind what ends a number: "5 cm", "\frac{270}{7}\text{ degrees}".
_UNIT = regex(
    rf"(?<=[\d}}\)a-z])\s?(?P<unit>{_TEXT}|(?<![a-z])(?:{_UNIT_WORD})){_POWER}$", re.IGNORECASE
)
_ORDINAL = regex(
    r"(?<=\d)\s?\^?\s?\{?\s?(?:\\(?:text|textrm|mathrm|mbox)\s?\{)?(?:st|nd|rd|th)\}{0,2}(?![A-Za-z])"
)
_BASE_WORDS = regex(
    r"(?<=\d)\s?\(?\s?(?:\\text\s?\{\s?\(?(?:in )?base\s?(?P<a>\d{1,2})\)?\s?\}"
    r"|(?:in )?base\s?(?P<b>\d{1,2})"
    r"|\\text\s?\{\s?(?:in )?base\s?\}\s?(?P<c>\d{1,2}))\)?$",
    re.IGNORECASE,
)
_DELIMITERS = (("$$", "$$"), ("$", "$"), (r"\(", r"\)"), (r"\[", r"\]"))


def tidy(text: str) -> str:
    """`text` as plain LaTeX without what doesn't matter; never raises."""
    text = _undelimited(fold(text))
    text = text.replace("{,}", ",").replace(",\\!", ",").replace(r"\$", "").replace("$", "")
    text = _LAYOUT.sub("", text)
    text = _SPACES.sub(" ", text).strip()
    text = _FRACTION_KIND.sub(r"\\frac", text)
    text = _with_plain_notation(text)
    text = _SHORT_FRACTION.sub(lambda m: rf"\frac{_braced(m['a'])}{_braced(m['b'])}", text)
    text = _SHORT_ROOT.sub(r"\\sqrt{\g<a>}", text)
    text = _BASE_WORDS.sub(lambda m: f"_{{{m['a'] or m['b'] or m['c']}}}", text)
    text = _ORDINAL.sub("", text)
    return _without_unit(_SPACES.sub(" ", text).strip())


def _undelimited(text: str) -> str:
    """`text` without the marks of a formula around it, and without a point at its end."""
    text = _unended(text.strip())
    for opens, closes in _DELIMITERS:
        inner = text[len(opens) : -len(closes)]
        if text.startswith(opens) and text.endswith(closes) and opens not in inner and inner:
            return _unended(inner.strip())
    return text


def _unended(text: str) -> str:
    r"""`text` without points and commas at its end, unless a backslash makes a blank of them."""
    bare = text.rstrip(".,;: \n\t")
    return text[: len(bare) + 1] if bare.endswith("\\") else bare


def plain_text(tidied: str) -> str | None:
    """The words of an answer that is text (``\\text{Evelyn}``), in lower case; else ``None``."""
    words = _TEXT_ONLY.sub(r"\g<text>", tidied).strip().strip("\"'").casefold()
    if not words or re.search(r"[\\^_{}=<>+*/|]|\d", words):
        return None
    if lettered := re.fullmatch(r"[(\[]?\s?([a-z])\s?[)\].]?", words):
        return lettered[1]  # an option's letter: (E), E)
    return " ".join(words.split()) if all(_wordlike(c) for c in words) else None


def _wordlike(character: str) -> bool:
    return character.isalpha() or character in " '-.,:"


def _with_plain_notation(text: str) -> str:
    text = text.replace("**", "^").replace("<=", r"\le ").replace(">=", r"\ge ")
    text = text.replace(r"\varnothing", r"\emptyset").replace("!=", r"\ne ")
    text = _ROOT_SIGN.sub(lambda m: rf"\sqrt{{{m['group'] or m['one']}}}", text)
    text = _SIGN.sub(lambda m: _SIGNS[m.group()], text)
    text = _roots(text)
    if "\\text" in text or "\\mbox" in text:
        return text
    return _FUNCTION.sub(lambda m: "\\" + m["name"].replace("infinity", "infty") + " ", text)


def _roots(text: str) -> str:
    """``sqrt(…)``, with or without a backslash, as ``\\sqrt{…}``; one pass, brackets balanced."""
    parts: list[str] = []
    at = 0
    for found in re.finditer(r"(?<![A-Za-z])\\?sqrt\s?\(", text):
        if found.start() < at:
            continue  # inside the last one
        end = closing(text, found.end() - 1, "()")
        if end is None:
            break
        parts += [text[at : found.start()], r"\sqrt{", _roots_inside(text, found.end(), end), "}"]
        at = end + 1
    text = "".join([*parts, text[at:]])
    return _ROOT_WORD.sub(r"\\sqrt", text)


def _roots_inside(text: str, start: int, end: int) -> str:
    inner = text[start:end]
    return _roots(inner) if "sqrt" in inner and len(inner) < 200 else inner


def closing(text: str, at: int, pair: str, *, limit: int = 4000) -> int | None:
    """Where the bracket that opens at `at` closes, at most `limit` code points on; or ``None``.

    A bracket behind a backslash is a sign like any other.
    """
    depth = 0
    one, other = re.escape(pair[0]), re.escape(pair[1])
    for found in re.compile(rf"\\.|{one}|{other}", re.DOTALL).finditer(text, at, at + limit):
        if found.group() == pair[0]:
            depth += 1
        elif found.group() == pair[1]:
            depth -= 1
            if depth == 0:
                return found.start()
    return None


def _braced(argument: str) -> str:
    return argument if argument.startswith("{") else f"{{{argument}}}"


def _without_unit(text: str) -> str:
    text = re.sub(r"\s?\^\s?(?:\\circ|\{\s?\\circ\s?\})\s?[CF]?$", "", text)
    unit = _UNIT.search(text)
    if unit is None or not re.search(r"\d|\\pi", text[: unit.start()]):
        return text
    said = (unit["text"] or unit["unit"]).strip().lower()
    if said in ("percent", "%"):
        return text[: unit.start()] + r"\%"
    if re.search(r"\d|[=<>]|(?<![a-z])(?:and|or)(?![a-z])", said):
        return text
    return text[: unit.start()].strip()


class Number(NamedTuple):
    """A number as an answer states it.

    ``value`` is exact. ``percent`` says that a percent sign stands behind it (``value`` is what
    stands before the sign). ``base`` is the base it is written in, where that is stated, and
    ``digits`` what is written.
    """

    value: Fraction
    percent: bool = False
    base: int | None = None
    digits: str = ""


_INTEGER = r"(?:\d{1,3}(?:,\s?\d{3})+|\d{1,3}(?: \d{3})+|\d+)"
_DECIMAL = rf"(?:{_INTEGER}(?:\.\d*)?|\.\d+)"
_NUMBER = regex(
    rf"(?P<sign>[+-]?)\s?(?:"
    rf"(?:(?P<whole>\d+)\s?)?\\frac\s?\{{\s?(?P<minus>-?)\s?(?P<top>{_DECIMAL})\s?\}}"
    rf"\s?\{{\s?(?P<bottom>{_DECIMAL})\s?\}}"
    rf"|(?:(?P<whole2>\d+)\s)?(?P<top2>{_DECIMAL})\s?/\s?(?P<bottom2>{_DECIMAL})"
    rf"|(?P<decimal>{_DECIMAL})(?:[eE](?P<exponent>[+-]?\d{{1,3}}))?"
    rf"(?:\s?(?:\\times|\\cdot|\*|x)\s?10\s?\^\s?\{{?\s?(?P<power>[+-]?\d{{1,3}})\s?\}}?)?"
    rf")(?P<percent>\s?\\?%)?"
)
_BASED = regex(r"(?P<digits>[0-9A-Za-z]{1,200})_\{?\s?(?P<base>\d{1,2})\s?\}?")


def number(tidied: str) -> Number | None:
    """The number that a tidied answer is, or ``None``: signs, thousands, decimals, fractions,
    mixed numbers, powers of ten, percent, and digits in a stated base.
    """
    if len(tidied) > _DIGITS_AT_MOST:
        return None
    if based := _BASED.fullmatch(tidied):
        return _in_base(based["digits"], int(based["base"]))
    found = _NUMBER.fullmatch(tidied)
    if found is None:
        return None
    top, bottom = found["top"] or found["top2"], found["bottom"] or found["bottom2"]
    whole = found["whole"] or found["whole2"]
    if found["decimal"] is not None:
        shift = int(found["exponent"] or 0) + int(found["power"] or 0)
        value = _fraction(found["decimal"]) * Fraction(10) ** shift
    else:
        if not _fraction(bottom) or (whole and found["minus"]):
            return None
        value = _fraction(top) / _fraction(bottom) + (_fraction(whole) if whole else 0)
    if (found["sign"] == "-") != (found["minus"] == "-"):
        value = -value
    return Number(value, percent=found["percent"] is not None, digits=tidied)


def _fraction(text: str) -> Fraction:
    return Fraction(text.replace(",", "").replace(" ", ""))


def _in_base(digits: str, base: int) -> Number | None:
    try:
        return Number(Fraction(int(digits, base)), base=base, digits=digits.upper())
    except ValueError:  # no such base, or a digit that it does not have
        return None
