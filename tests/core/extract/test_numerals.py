"""Numbers in words, Chinese and English, against the numbers they were made from."""

from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pytest_iqeval.core.extract.numerals_en import read_english
from pytest_iqeval.core.extract.numerals_zh import read_chinese

BELOW = 10**12
NUMBERS = st.one_of(st.integers(0, BELOW - 1), st.integers(0, 20_000), st.integers(0, 110))


def chinese(number: int) -> str:
    """The numeral as schools teach it: 10203 is 一万零二百零三."""
    if number == 0:
        return "零"
    text, zero = "", False
    for unit, name in ((10**8, "亿"), (10**4, "万"), (1, "")):
        group = number // unit % 10**4
        if not group:
            zero = bool(text)
            continue
        if text and (zero or group < 1000):
            text += "零"
        text += _group(group) + name
        zero = False
    return text.removeprefix("一") if text.startswith("一十") else text


def _group(group: int) -> str:
    text, zero = "", False
    for unit, name in ((1000, "千"), (100, "百"), (10, "十"), (1, "")):
        digit = group // unit % 10
        if not digit:
            zero = bool(text)
            continue
        text += ("零" if zero else "") + "零一二三四五六七八九"[digit] + name
        zero = False
    return text


SMALL = (
    *("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten"),
    *("eleven", "twelve", "thirteen", "fourteen", "fifteen", "sixteen", "seventeen", "eighteen"),
    "nineteen",
)
TENS = ("twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety")


def english(number: int, joint: str) -> str:
    """The numeral with `joint` behind its hundreds: " and " or " "."""
    if number < 20:
        return SMALL[number]
    if number < 100:
        return TENS[number // 10 - 2] + (f"-{SMALL[number % 10]}" if number % 10 else "")
    for unit, name in (
        (10**9, "billion"),
        (10**6, "million"),
        (1000, "thousand"),
        (100, "hundred"),
    ):
        if number >= unit:
            rest = number % unit
            between = joint if rest and (unit == 100 or rest < 100) else " "
            tail = between + english(rest, joint) if rest else ""
            return f"{english(number // unit, joint)} {name}{tail}"
    raise AssertionError


@given(NUMBERS)
def test_chinese_numeral_is_read_back(number):
    text = chinese(number)
    assert read_chinese(f"有{text}个", 1) == (number, len(text) + 1)


@given(NUMBERS, st.sampled_from([" and ", " "]))
def test_english_numeral_is_read_back(number, joint):
    text = english(number, joint)
    assert read_english(f"{text} apples") == (number, len(text))


@given(st.integers(100, 10**6))
def test_chinese_digits_alone_are_read_one_by_one(number):
    text = "".join("〇一二三四五六七八九"[int(d)] for d in str(number))
    assert read_chinese(text) == (number, len(text))


@given(st.integers(1, 99), st.integers(2, 99))
def test_chinese_fraction_is_read_back(above, below):
    text = f"{chinese(below)}分之{chinese(above)}"
    assert read_chinese(text) == (Fraction(above, below), len(text))


@pytest.mark.parametrize(
    ("text", "value", "length"),
    [
        ("三万二", 32_000, 3),
        ("两百五", 250, 3),
        ("两百五十", 250, 4),
        ("一千零五", 1005, 4),
        ("一百十二", 112, 4),
        ("一亿二", 120_000_000, 3),
        ("三万亿", 3 * 10**12, 3),
        ("3.5万", 35_000, 4),
        ("1万2千", 12_000, 4),
        ("3亿5000万", 350_000_000, 7),
        ("3万5", 35_000, 3),
        ("3万5000", 35_000, 6),
        ("廿五", 25, 2),
        ("貳佰參拾", 230, 4),
        ("一点五", Fraction(3, 2), 3),
        ("三点一四", Fraction(157, 50), 4),
        ("三又四分之一", Fraction(13, 4), 6),
        ("5分之3", Fraction(3, 5), 4),
        ("五千米", 5, 1),
        ("三百两", 300, 2),
        ("两", 2, 1),
        ("二十三十", 23, 3),
    ],
)
def test_chinese_forms(text, value, length):
    assert read_chinese(text) == (value, length)


@pytest.mark.parametrize("text", ["", "个", "三四个", "三四十", "万", "百", "点五"])
def test_what_is_no_chinese_numeral(text):
    assert read_chinese(text) is None


@pytest.mark.parametrize(
    ("text", "value", "length"),
    [
        ("a dozen", 12, 7),
        ("two dozen", 24, 9),
        ("half a dozen", 6, 12),
        ("half", Fraction(1, 2), 4),
        ("a hundred", 100, 9),
        ("twelve hundred", 1200, 14),
        ("two thirds", Fraction(2, 3), 10),
        ("three-quarters", Fraction(3, 4), 14),
        ("three and a half", Fraction(7, 2), 16),
        ("two and three quarters", Fraction(11, 4), 22),
        ("three point one four", Fraction(157, 50), 20),
        ("five and six", 5, 4),
        ("twenty five", 25, 11),
        ("twenty fifty", 20, 6),
        ("two three", 2, 3),
        ("one million, two hundred", 1_000_200, 24),
    ],
)
def test_english_forms(text, value, length):
    assert read_english(text) == (value, length)


@pytest.mark.parametrize("text", ["", "-five", "oneself", "a cat", "hundred", "halfway", "tent"])
def test_what_is_no_english_numeral(text):
    assert read_english(text) is None


@given(st.text("零〇一二三四五六七八九十百千万亿两点分之又廿5.", max_size=30))
def test_any_run_of_numeral_signs_is_read_or_left_alone(text):
    read = read_chinese(text)
    assert read is None or (read[0] >= 0 and 0 < read[1] <= len(text))
