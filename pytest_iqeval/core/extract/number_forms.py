"""Numbers as they stand in a text: digits, currency, percent, fractions, powers of ten, words.

Digits that are no number (a date, a time, a ratio, "step 3", "4-hour", ``2x``, ``2^10``) are found
as well, and called so: whoever reads "3:30" must not read 30.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction

from pytest_iqeval.core.extract.numerals_en import ENGLISH_START, read_english
from pytest_iqeval.core.extract.numerals_zh import CHINESE_DIGITS, CHINESE_UNITS, read_chinese
from pytest_iqeval.core.extract.quantity import DIGITS_AT_MOST, Quantity, decimal, exponent_of
from pytest_iqeval.core.extract.readable import Readable
from pytest_iqeval.core.extract.regex import regex

CANT_BE_WORKED_OUT = f"it divides by zero or has over {DIGITS_AT_MOST} digits"
BESIDE_A_NUMBER = ("it is a label", "it numbers a list", "it is an ordinal", "it is part of a word")
"""Why digits are no number, where a number may still follow in the same sentence."""
NUMBERS_AT_MOST = 200
"""How many numbers of one stretch are looked at; no sentence of sense has more."""


@dataclass(frozen=True, slots=True)
class Numeral:
    """A number in a text, or digits that are none: then ``why`` says why, and there is no quantity.

    ``span`` has its sign, currency and percent sign in it. ``weak`` marks words that often are no
    number where they look like one ("one", 一个, "half").
    """

    span: tuple[int, int]
    quantity: Quantity | None
    why: str = ""
    weak: bool = False


_RAISED = "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻"
_PLAIN = r"\d++(?:\.\d++)?+"
_DIGITS = (
    r"(?:\d{1,3}(?:(?:,\d{3})++|(?: \d{3})++|(?:\{,\}\d{3})++|(?:\\[,!]\d{3})++)(?!,?\d)"
    r"|\d{1,2}(?:,\d{2}(?!\d))++,\d{3}(?!,?\d)|\d++)(?:\.\d++)?+|\.\d++"
)
_POWER = rf"(?:(?:\^|\*\*)\s?\{{?\s?(?P<power>[+-]?\d++)\s?\}}?|(?P<raised>[{_RAISED}]{{1,6}}))"
_NOT_NUMBERS = (
    (
        rf"\d++(?::\d++)++|(?:\d{{1,2}}|[{CHINESE_DIGITS}十]{{1,3}})"
        rf"[点點](?:半|整|钟|\d{{1,2}}分?|[{CHINESE_DIGITS}]?十[{CHINESE_DIGITS}]?分?|[{CHINESE_DIGITS}]{{1,2}}分)",
        "it is a time or a ratio",
    ),
    (
        r"\d{4}[-/.]\d{1,2}[-/.]\d{1,2}(?!\d)|\d{1,2}-\d{1,2}-\d{4}(?!\d)"
        r"|\d{1,2}/\d{1,2}/\d{2,4}(?!\d)|\d++(?:\.\d++){2,}+"
        r"|\d{2,4}年\d{1,2}月(?:\d{1,2}[日号])?|\d{1,2}月\d{1,2}[日号]",
        "it is a date",
    ),
    (
        rf"\d++(?:st|nd|rd|th)(?![a-z])|\d{{4}}s(?![a-z])|第\s?(?:\d++|[{CHINESE_DIGITS}{CHINESE_UNITS}]++)",
        "it is an ordinal",
    ),
    (
        r"(?:step|question|part|figure|table|case|equation|method|problem|example|步骤|方法|情况|例)"
        rf"\s?#?(?:\d++|[{CHINESE_DIGITS}]++)",
        "it is a label",
    ),
    (rf"{_PLAIN}-(?=[a-z])", "it is part of a word"),
    (rf"{_PLAIN}[xyzn](?![a-z0-9])", "it is an algebraic term"),
    (
        rf"(?:{_PLAIN}\.?\s?)?(?:\\sqrt|√|\\overline|\\dot(?!s))\s?\{{?(?:{_PLAIN})?\}}?"
        rf"|{_PLAIN}\s?(?:\\pi|π)",
        "it is symbolic",
    ),
    (
        rf"(?!10(?:\^|\*\*|[{_RAISED}])){_PLAIN}"
        rf"(?:\^(?!\s?\{{?\s?(?:\\circ|°))\s?\{{?[^\s{{}}]{{0,20}}\}}?|\*\*\d*+|[{_RAISED}]++)",
        "it is a power",
    ),
    (
        rf"一(?:共|起|样|定|些|下|般|直|切|致|旦|边|步|方面|同|并|律|向|点(?![{CHINESE_DIGITS}]))"
        r"|万一|十分(?!之)|三角|[四五六八]边形|之一|[统唯单逐每另任某]一|(?:周|星期|礼拜)[一二三四五六]",
        "it is part of a word",
    ),
    (rf"[几数][{CHINESE_UNITS}]++", "it is vague"),
)
_VULGAR = "½⅓⅔¼¾⅕⅖⅗⅘⅙⅚⅛⅜⅝⅞"
_FRAC = (
    r"\\[dtc]?frac\s?(?:\{\s?(?P<above>-?[\d,.]++)\s?\}\s?\{\s?(?P<below>[\d,.]++)\s?\}"
    r"|(?P<above1>\d)\s?(?P<below1>\d)(?!\d))"
)
_BEGINS = (  # one character tells most places apart from numbers, many times faster
    rf"[\d.\\√{_VULGAR}{CHINESE_DIGITS}十拾廿卅百千半第几数万之三统唯单逐每另任某周星礼步方情例"
    "aceqfhmnopstz]"
)
_LIST_MARK = regex(r"\d{1,3}(?:[.)](?=\s{1,3}[^\s\d])|、)")
_FINDER = regex(
    rf"(?={_BEGINS})(?<![a-z\d_])(?<!\d\.)(?:"
    + "|".join(f"(?P<no{i}>{pattern})" for i, (pattern, _) in enumerate(_NOT_NUMBERS))
    + rf"|(?P<frac>{_FRAC})|(?P<tens>10{_POWER})|(?P<vulgar>[{_VULGAR}])|(?P<digits>{_DIGITS})"
    rf"|(?P<parts>百分之|千分之)|(?P<half>一半|半(?=[个小年公]|[^\w]|$))"
    rf"|(?P<chinese>[{CHINESE_DIGITS}十拾廿卅][{CHINESE_DIGITS}{CHINESE_UNITS}]{{0,60}})|(?P<english>{ENGLISH_START}))"
    rf"|(?<=rmb|usd|cny|eur)(?P<coded>{_DIGITS})"
)

_BEFORE = regex(
    r"(?P<sign>[-+]|(?:minus|negative)\s|负\s?)?(?P<money>(?:us|hk)?[$¥€£]\s?|(?:rmb|usd|cny|eur)\s?)?"
    r"(?P<minus>-)?\Z"
)
_MINUS_SAID = regex(r"(?:(?:is|are|be|was|of|equals?)\s|[=:(]\s?|\n|^|[^a-z\d\s])\Z")
_MIXED = regex(r"(?:\s|\sand\s|又)(?P<n>\d{1,9})\s?[/⁄]\s?(?P<d>\d{1,9})(?![\d/])")
_SLASHED = regex(rf"\s?[/⁄]\s?(?P<d>{_DIGITS})(?!\s?[/.]\d)")
_SCIENTIFIC = regex(rf"e(?P<e>[+-]?\d++)(?![a-z\d])|\s{{0,6}}[×x*·]\s{{0,6}}10{_POWER}")
_SCALES = {"hundred": 2, "thousand": 3, "million": 6, "billion": 9, "trillion": 12}
_SCALED = regex(rf"\s?(?P<scale>{'|'.join(_SCALES)}|dozen)(?![a-z])")
_SCALES_ZH = {"百万": 6, "千万": 7, "万亿": 12, "万": 4, "萬": 4, "亿": 8, "億": 8}
_SCALED_ZH = regex(rf"\s?(?P<scale>{'|'.join(_SCALES_ZH)})")
_CHINESE_GOES_ON = regex(rf"[{CHINESE_UNITS}]|\s?分之|又\d")
_PERCENT = regex(r"\s?(?:%|percent(?:age points?)?(?![a-z])|per cent(?![a-z])|个?百分点|‰)")
_VAGUE = regex(r"[多余几](?!少)")
_MEASURE = regex(
    r"[个個只條条本张張块塊元角分人名位天年月日周岁歲次倍米克升斤千公厘平立件把支枝杯瓶箱袋盒辆輛台头頭"
    r"匹棵朵颗顆粒页頁行排组組班队份批种種类类步层座间套双雙对對副小时時刻秒号號度成]|[^\w]|\Z"
)
_N_AND_A_HALF = regex(r"(?:[个個年天月]|小时)半")
_ONE_THING = regex(r"one(?: of| that| who| which| another| day| by|-)")
_SOME_ONE = regex(r"(?:no|the|this|that|each|every|any|which|another|only|last|first)\s\Z")
_TWO_UNITS = (  # between two numbers, behind the second, its share of the first's unit
    (regex(r"\s?dollars?\s?,?\s?(?:and\s)?|\s?and\s"), regex(r"\s?cents?(?![a-z])"), 100),
    (regex(r"\s?[元块塊]\s?"), regex(r"\s?[角毛]"), 10),
    (regex(r"\s?[元块塊]零?\s?"), regex(r"\s?分(?!之|钟)"), 100),
    (regex(r"\s?[角毛]\s?"), regex(r"\s?分(?!之|钟)"), 10),
)


def numbers_in(readable: Readable, start: int, end: int) -> list[Numeral]:
    """All numbers between two offsets, in order, `NUMBERS_AT_MOST` at most.

    An amount of money in two units (18 dollars and 50 cents, 5元3角) is one number.
    """
    found: list[Numeral] = []
    for numeral in _numerals(readable, start, end):
        joined = _joined(readable.text, found[-1], numeral) if found else None
        if joined is not None:
            found[-1] = joined
        elif len(found) == NUMBERS_AT_MOST:
            break
        else:
            found.append(numeral)
    return found


def _numerals(readable: Readable, start: int, end: int) -> Iterator[Numeral]:
    text, at = readable.text, start
    while (match := _FINDER.search(text, at, end)) is not None:
        at = match.end()
        kind = match.lastgroup or ""
        if kind.startswith("no"):
            yield Numeral(match.span(), None, _NOT_NUMBERS[int(kind[2:])][1])
            continue
        if text[max(0, match.start() - 2) : match.start()].rstrip("{").endswith("^"):
            continue  # the power of a unit, as in cm^2
        if match.end() == end and text[end : end + 1].isdigit():
            yield Numeral(match.span(), None, CANT_BE_WORKED_OUT)  # it goes on behind the stretch
            return
        if _LIST_MARK.match(text, match.start()) and _opens_line(text, match.start()):
            yield Numeral(match.span(), None, "it numbers a list")
            continue
        form = _form(text, match)
        if form is None:
            continue
        numeral = _whole_form(readable, match, *form)
        at = numeral.span[1]
        yield numeral


def _opens_line(text: str, at: int) -> bool:
    before = text[max(0, at - 10) : at]
    return not before.rpartition("\n")[2].strip(" \t(") and (at < 10 or "\n" in before)


_Form = tuple[Fraction | None, int, bool]  # the value (None: too long), its end, whether it is weak


def _form(text: str, match: re.Match[str]) -> _Form | None:
    """The number without sign, currency and percent."""
    start, end = match.span()
    if match["frac"]:
        above, below = match["above"] or match["above1"], match["below"] or match["below1"]
        return (
            _divided(_digits(above.removeprefix("-")), _digits(below), above[0] == "-"),
            end,
            False,
        )
    if match["tens"]:
        return decimal("1", _exponent(match)), end, False
    if match["vulgar"]:
        return _vulgar(match["vulgar"]), end, False
    if match["half"]:
        return Fraction(1, 2), end, True
    if match["parts"]:
        read = read_chinese(text, end)
        return (read[0], read[1], False) if read else None
    if match["chinese"]:
        return _chinese(text, start)
    if match["english"]:
        return _english(text, start)
    return *_ascii(text, match), False


def _ascii(text: str, match: re.Match[str]) -> tuple[Fraction | None, int]:
    start, end = match.span()
    raw = match[0]
    if _CHINESE_GOES_ON.match(text, end) and raw.replace(".", "").isdigit():
        read = read_chinese(text, start)
        if read is not None and read[1] > end:
            return read
    value = _digits(raw)
    if value is None:
        return None, end
    if (mixed := _MIXED.match(text, end)) and int(mixed["d"]):
        return value + Fraction(int(mixed["n"]), int(mixed["d"])), mixed.end()
    if text[end : end + 1] in set(_VULGAR):
        return value + _vulgar(text[end]), end + 1
    if text.startswith("\\", end) and (frac := re.compile(_FRAC).match(text, end)):
        part = _divided(
            _digits(frac["above"] or frac["above1"]), _digits(frac["below"] or frac["below1"])
        )
        return (None if part is None else value + part), frac.end()
    if power := _SCIENTIFIC.match(text, end):
        return _shifted(
            value, exponent_of(power["e"]) if power["e"] else _exponent(power)
        ), power.end()
    if slashed := _SLASHED.match(text, end):
        return _divided(value, _digits(slashed["d"])), slashed.end()
    if scaled := _SCALED.match(text, end):
        name = scaled["scale"]
        return value * (12 if name == "dozen" else 10 ** _SCALES[name]), scaled.end()
    if scaled := _SCALED_ZH.match(text, end):
        return value * 10 ** _SCALES_ZH[scaled["scale"]], scaled.end()
    return value, end


def _chinese(text: str, start: int) -> _Form | None:
    read = read_chinese(text, start)
    if read is None:
        return None
    value, end = read
    if half := _N_AND_A_HALF.match(text, end):
        return value + Fraction(1, 2), half.end(), False
    single = end - start == 1
    if single and not _MEASURE.match(text, end):
        return None  # 三维, 五金: a sign of some word
    return value, end, single and value == 1


def _english(text: str, start: int) -> _Form | None:
    read = read_english(text, start)
    if read is None:
        return None
    value, end = read
    word = text[start:end]
    if word == "one" and (
        _ONE_THING.match(text, start) or _SOME_ONE.search(text[max(0, start - 8) : start])
    ):
        return None
    return value, end, word in ("one", "half")


def _whole_form(
    readable: Readable, match: re.Match[str], value: Fraction | None, end: int, weak: bool
) -> Numeral:
    """The number with what belongs to it: sign and currency before, a percent sign behind."""
    text, start = readable.text, match.start()
    sign = _PERCENT.match(text, end)
    percent = sign is not None and not sign[0].endswith("‰")
    before = _BEFORE.search(text, max(0, start - 12), start)
    first, negative = _signed(readable, before, start) if before else (start, False)
    if sign is not None:
        end = sign.end()
    if before and before["money"] and re.compile(r"k(?![a-z])").match(text, end) and value:
        value, end = value * 1000, end + 1
    span = (first, end)
    if value is None:
        return Numeral(span, None, CANT_BE_WORKED_OUT)
    percent = percent or match["parts"] == "百分之"
    if match["parts"] == "千分之" or (sign is not None and not percent):
        value /= 1000
    if _VAGUE.match(text, end) and not percent:
        return Numeral(span, None, "it is vague")
    if re.compile(r"-[a-z]").match(text, end) and match["english"]:
        return Numeral(span, None, "it is part of a word")
    return Numeral(span, Quantity(-value if negative else value, percent), weak=weak)


def _signed(readable: Readable, before: re.Match[str], start: int) -> tuple[int, bool]:
    """Where the number begins, sign and currency included, and whether it is negative."""
    money = before.start("money") if before["money"] else start
    if before["minus"]:
        own = readable.original[start - 1] not in "—―"
        return (
            (money if before["money"] else start - 1, True)
            if before["money"] and own
            else _lead(readable, start - 1, "-", start)
        )
    if before["sign"]:
        return _lead(readable, before.start("sign"), before["sign"], money)
    return money, False


def _lead(readable: Readable, at: int, sign: str, otherwise: int) -> tuple[int, bool]:
    """A sign at `at` as part of the number, or, where it subtracts or joins, left out."""
    before = readable.text[max(0, at - 8) : at]
    if sign.startswith("负"):
        return at, True
    if sign.startswith(("minus", "negative")):
        said = sign.startswith("negative") or _MINUS_SAID.search(before)
        return (at, True) if said else (otherwise, False)
    if readable.original[at] in "—―" or not _minus_stands(before):
        return otherwise, False
    return at, sign == "-"


def _minus_stands(before: str) -> bool:
    """Whether a "-" behind `before` is a sign, and does not subtract or join."""
    last = before.rstrip()[-1:]
    if not last or last in "是为得即约了或和、，":
        return True
    if before[-1].isspace():
        return last.isascii() and not last.isdigit() and last not in ")%}]"
    return not (last.isalnum() or last in ")%}]-")


def _digits(raw: str) -> Fraction | None:
    if not raw.isdigit():
        raw = re.sub(r"[^\d.]", "", raw)
    return decimal(raw) if raw.count(".") < 2 else None


def _exponent(match: re.Match[str]) -> int:
    if match["power"]:
        return exponent_of(match["power"])
    raised = match["raised"].translate(str.maketrans(_RAISED, "0123456789+-"))
    return exponent_of(raised) if re.fullmatch(r"[+-]?\d+", raised) else 0


def _shifted(value: Fraction, exponent: int) -> Fraction | None:
    return value * Fraction(10) ** exponent if abs(exponent) <= DIGITS_AT_MOST else None


def _divided(
    above: Fraction | None, below: Fraction | None, negative: bool = False
) -> Fraction | None:
    if above is None or not below:
        return None
    return -above / below if negative else above / below


def _vulgar(sign: str) -> Fraction:
    above, _, below = unicodedata.normalize("NFKC", sign).partition("⁄")
    return Fraction(int(above), int(below))


def _joined(text: str, first: Numeral, second: Numeral) -> Numeral | None:
    """Two numbers as one amount of money; ``None`` where they are two."""
    if first.quantity is None or second.quantity is None:
        return None
    tenths = text[first.span[1] - 1] in "角毛"
    between = text[first.span[1] - tenths : second.span[0]]
    if len(between) > 20 or first.quantity.percent or second.quantity.percent:
        return None
    for unit, small_unit, share in _TWO_UNITS:
        small = small_unit.match(text, second.span[1])
        if small and unit.fullmatch(between):
            of_main = 10 if tenths else 1  # 5元3角2分: the last is a hundredth of the first
            value = first.quantity.value + second.quantity.value / (share * of_main)
            return Numeral((first.span[0], small.end()), Quantity(value))
    return None
