"""English numerals: three hundred and twenty, a dozen, two thirds, three and a half."""

from __future__ import annotations

from fractions import Fraction

from pytest_iqeval.core.extract.regex import regex

_ONES = [
    "zero",
    "one",
    "two",
    "three",
    "four",
    "five",
    "six",
    "seven",
    "eight",
    "nine",
    "ten",
    "eleven",
    "twelve",
    "thirteen",
    "fourteen",
    "fifteen",
    "sixteen",
    "seventeen",
    "eighteen",
    "nineteen",
]
_TY = ["twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"]
_SMALL = {
    **{word: i for i, word in enumerate(_ONES)},
    **{word: 10 * i for i, word in enumerate(_TY, 2)},
}
_SCALES = {"thousand": 10**3, "million": 10**6, "billion": 10**9, "trillion": 10**12}
_SCALE_NAMES = "|".join(("hundred", "dozen", *_SCALES))
_PARTS_EN = {"half": 2, "halves": 2, "third": 3, "quarter": 4, "fourth": 4, "fifth": 5} | {
    "sixth": 6,
    "eighth": 8,
    "tenth": 10,
}
ENGLISH_START = rf"(?:{'|'.join(sorted(_SMALL, reverse=True))}|an?\s(?={_SCALE_NAMES})|half\b)"
"""A pattern for the first word of an English numeral, in lower case."""

_WORD = regex(r"(?P<gap>,?\sand\s|,\s|[\s-]|)(?P<word>[a-z]{1,10})(?![a-z])")
_AND_PARTS = regex(
    rf"\sand\s(?P<n>a|{'|'.join(_ONES[1:10])})[\s-](?P<part>half|thirds?|quarters?|fourths?|fifths?)(?![a-z])"
)
_PARTS_OF = regex(
    r"[\s-](?P<part>half|halves|thirds?|quarters?|fourths?|fifths?|sixths?|eighths?|tenths?)(?![a-z])"
)
_HALF = regex(r"half(?: a dozen)?(?![a-z])")
_POINT_EN = regex(rf"\spoint((?:\s(?:{'|'.join(_ONES[:10])})(?![a-z])){{1,20}})")


def read_english(text: str, start: int = 0) -> tuple[Fraction, int] | None:
    """The number that begins at `start` (lower case), and where it ends; ``None`` where none does.

    Reads whole numbers ("three hundred and twenty", "a dozen"), "half", "two thirds",
    "three and a half" and "three point one four".
    """
    whole = _english_whole(text, start)
    if whole is None:
        half = _HALF.match(text, start)
        if half is None:
            return None
        return (Fraction(6) if "dozen" in half[0] else Fraction(1, 2)), half.end()
    value, end = whole
    if point := _POINT_EN.match(text, end):
        places = "".join(str(_SMALL[w]) for w in point[1].split())
        return value + Fraction(int(places), 10 ** len(places)), point.end()
    if parts := _AND_PARTS.match(text, end):
        above = 1 if parts["n"] == "a" else _SMALL[parts["n"]]
        return value + Fraction(above, _part(parts["part"])), parts.end()
    if 0 < value < 20 and (parts := _PARTS_OF.match(text, end)):
        return value / _part(parts["part"]), parts.end()
    return value, end


def _part(word: str) -> int:
    return _PARTS_EN.get(word) or _PARTS_EN[word.removesuffix("s")]


def _english_whole(text: str, start: int) -> tuple[Fraction, int] | None:
    total, group, floor = 0, None, 10**15  # floor: scales must go down
    room = 10**3  # a further small number must be below it: 100 after hundred, 10 after twenty
    at = end = start
    while (word := _WORD.match(text, at)) and (at == start or word["gap"]):
        name, gap = word["word"], word["gap"]
        if at == start and name in ("a", "an"):
            group, at = 1, word.end()
            continue
        if name in _SMALL:
            value = _SMALL[name]
            if ("and" in gap and room not in (100, 10**3)) or ("," in gap and room != 10**3):
                break
            if value >= room or (group is not None and value == 0):
                break
            if gap == "-" and room != 10:
                break
            group = (group or 0) + value
            room = 10 if value >= 20 else 0
        elif gap not in ("", " ", "-", "\n") or group is None:
            break
        elif name == "hundred" and 0 < group < 100:
            group, room = group * 100, 100
        elif name in _SCALES and group > 0 and _SCALES[name] < floor:
            floor = _SCALES[name]
            total, group, room = total + group * floor, None, 10**3
        elif name == "dozen" and not total:
            return Fraction(group * 12), word.end()
        else:
            break
        at = end = word.end()
    return (Fraction(total + (group or 0)), end) if end > start else None
