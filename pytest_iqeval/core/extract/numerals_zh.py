"""Chinese numerals: 三百二十, 3.5万, 二〇二四, 三又四分之一."""

from __future__ import annotations

import re
from fractions import Fraction

from pytest_iqeval.core.extract.quantity import decimal
from pytest_iqeval.core.extract.regex import regex

_DIGITS = {
    **{c: i for i, c in enumerate("零一二三四五六七八九")},
    **{c: i for i, c in enumerate("〇壹贰叁肆伍陆柒捌玖")},
    **{"貳": 2, "參": 3, "陸": 6, "两": 2, "兩": 2},
}
_TENS = {"廿": 20, "卅": 30}
_UNITS = {"十": 10, "拾": 10, "百": 100, "佰": 100, "千": 1000, "仟": 1000}
_MYRIADS = {"万": 10**4, "萬": 10**4, "亿": 10**8, "億": 10**8}
_ALL = {*_TENS, *_UNITS, *_MYRIADS}

CHINESE_DIGITS = "".join(_DIGITS)
CHINESE_UNITS = "".join((*_TENS, *_UNITS, *_MYRIADS))

_ATOM = regex(rf"[0-9]{{1,300}}(?:\.[0-9]{{1,300}})?(?!\d|\.\d)|[{CHINESE_DIGITS}]")
_POSITIONAL = regex(rf"[{CHINESE_DIGITS.replace('两', '').replace('兩', '')}]{{2,40}}")
# 千克, 百帕: the first sign belongs to the unit.
_OF_A_UNIT = regex(r"[千仟][克米瓦卡赫帕焦伏升]|[百佰][帕货]")
_POINT = regex(rf"[点點]([{CHINESE_DIGITS}]{{1,40}})(?![十拾分刻半])")
_PARTS = regex(r"\s?分之\s?")


def read_chinese(text: str, start: int = 0) -> tuple[Fraction, int] | None:
    """The number that begins at `start`, and where it ends; ``None`` where there is none.

    Reads whole numbers, decimals (一点五), fractions (四分之三, 三又四分之一) and numerals mixed
    with ASCII digits (3亿5000万). 百分之 is not read here. Two or more digits alone are read one by
    one (二〇二四), but not two without a zero: 三四个 is "three or four".
    """
    whole = _whole(text, start)
    if whole is None:
        return None
    value, end = whole
    if point := _POINT.match(text, end):
        places = "".join(str(_DIGITS[c]) for c in point[1])
        return value + Fraction(int(places), 10 ** len(places)), point.end()
    if fraction := _fraction(text, value, end):
        return fraction
    if text.startswith("又", end) and (part := _whole(text, end + 1)):
        fraction = _fraction(text, *part)
        if fraction is not None:
            return value + fraction[0], fraction[1]
    return value, end


def _fraction(text: str, below: Fraction, end: int) -> tuple[Fraction, int] | None:
    """`below` 分之 …, as in 四分之三, where `below` ends at `end`."""
    parts = _PARTS.match(text, end)
    above = _whole(text, parts.end()) if parts else None
    return (above[0] / below, above[1]) if above and below else None


def _whole(text: str, start: int) -> tuple[Fraction, int] | None:
    """A whole number (or an ASCII decimal before a unit, as in 3.5万)."""
    if run := _POSITIONAL.match(text, start):
        after = text[run.end() : run.end() + 1]
        zero_led = run.end() - start == 2 and run[0][0] in "零〇"
        if not zero_led and (after in _UNITS or after in _MYRIADS) and after:
            return None  # 三四十
        digits = "".join(str(_DIGITS[c]) for c in run[0])
        vague = len(digits) == 2 and "0" not in digits
        return None if vague else (Fraction(int(digits)), run.end())
    return _Sum(text, start).read()


class _Sum:
    """Adds up digits times units from left to right, as long as the units go down."""

    def __init__(self, text: str, start: int) -> None:
        self._text = text
        self._at = start
        self._total = Fraction(0)  # what 亿 has closed
        self._high = Fraction(0)  # what 万 has closed since
        self._section = Fraction(0)  # below 10,000
        self._pending: Fraction | None = None  # a digit that waits for its unit
        self._atom = ""
        self._before = start
        self._unit = 0  # the last unit: the next one in the section must be below it
        self._zero = False  # a 零 since the last unit
        self._seen = False

    def read(self) -> tuple[Fraction, int] | None:
        while self._step():
            pass
        if not self._seen:
            return None
        rest = Fraction(0)
        if self._pending is not None and self._unit and self._text[self._at : self._at + 1] in _ALL:
            return self._total + self._high + self._section, self._before  # 三千五千: two numbers
        if self._pending is not None:
            short = len(self._atom) == 1 and self._unit >= 100 and not self._zero
            rest = self._pending * (self._unit // 10 if short else 1)  # 三万二, 两百五
        return self._total + self._high + self._section + rest, self._at

    def _step(self) -> bool:
        """Take one digit or unit; whether it fits."""
        if self._pending is None and (atom := _ATOM.match(self._text, self._at)):
            return self._digit(atom)
        sign = self._text[self._at : self._at + 1]
        if not sign or (not self._unit and _OF_A_UNIT.match(self._text, self._at)):
            return False
        fits = (
            (sign in _TENS and self._tens(sign))
            or (sign in _UNITS and self._small(_UNITS[sign]))
            or (sign in _MYRIADS and self._large(_MYRIADS[sign]))
        )
        if fits:
            self._at += 1
            self._seen = True
        return fits

    def _digit(self, atom: re.Match[str]) -> bool:
        value = decimal(atom[0]) if atom[0].isascii() else Fraction(_DIGITS[atom[0]])
        if value is None:
            return False
        if value == 0 and self._seen and not atom[0].isascii():
            follows = _ATOM.match(self._text, atom.end())
            if follows is None or self._zero:
                return False
            self._zero = True
        else:
            if not self._may_be_last(atom[0]):
                return False
            self._pending, self._atom, self._before = value, atom[0], atom.start()
        self._at = atom.end()
        self._seen = True
        return True

    def _may_be_last(self, atom: str) -> bool:
        """两 is a digit only before a unit, or alone: in 三百两 it is a weight."""
        return (
            not (self._seen and atom in "两兩") or self._text[self._at + 1 : self._at + 2] in _ALL
        )

    def _tens(self, sign: str) -> bool:
        if self._pending is not None or 0 < self._unit < 100:
            return False
        self._section += _TENS[sign]
        self._unit, self._zero = 10, False
        return True

    def _small(self, unit: int) -> bool:
        if self._section and self._unit <= unit:
            return False
        if self._pending is None:
            if unit != 10:
                return False
            self._pending = Fraction(1)  # 十二, 一百十二
        self._section += self._pending * unit
        self._pending, self._unit, self._zero = None, unit, False
        return True

    def _large(self, unit: int) -> bool:
        closed = self._section + (self._pending or 0)
        if unit == 10**4:
            if self._high or not closed:
                return False
            self._high = closed * unit
        else:
            if self._total or not (closed or self._high):
                return False
            self._total, self._high = (self._high + closed) * unit, Fraction(0)
        self._section, self._pending, self._unit, self._zero = Fraction(0), None, unit, False
        return True
