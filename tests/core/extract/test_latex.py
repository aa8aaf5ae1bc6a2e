"""LaTeX made alike, and numbers read exactly."""

from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pytest_iqeval.core.extract.latex import closing, number, plain_text, tidy


@pytest.mark.parametrize(
    ("text", "tidied"),
    [
        (r"$\left( \dfrac{3}{2},\, -13 \right)$.", r"( \frac{3}{2}, -13 )"),
        (r"\[x = 5.\]", "x = 5"),
        (r"\frac43", r"\frac{4}{3}"),
        (r"\frac 59", r"\frac{5}{9}"),
        (r"\sqrt2", r"\sqrt{2}"),
        ("sqrt(sqrt(2)+1)", r"\sqrt{\sqrt{2}+1}"),
        ("2**n>=8", r"2^n\ge 8"),
        ("ln(2)", r"\ln (2)"),
        ("√13 ± π", r"\sqrt{13} \pm \pi"),
        (r"10{,}080\,\text{m}", "10,080"),
        (r"90^{\circ}", "90"),
        (r"77^\circ F", "77"),
        ("12 平方厘米", "12"),
        ("15 cm^2", "15"),
        ("5 miles per hour", "5"),
        (r"12^{\mathrm{th}} grade", "12"),
        ("5 or 6", "5 or 6"),
        (r"5\text{ or }6", r"5\text{ or }6"),
        ("3 sin x", r"3 \sin x"),
        ("7 m", "7 m"),
        ("25 percent", r"25\%"),
        (r"110 \text{ base } 2", "110_{2}"),
        (r"\begin{pmatrix} 1 \\ 2 \end{pmatrix}", r"\begin{pmatrix} 1 \\ 2 \end{pmatrix}"),
        (r"5\,", "5"),
        ("ｘ＝１", "x=1"),
        ("", ""),
    ],
)
def test_an_expression_is_tidied(text, tidied):
    assert tidy(text) == tidied


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("-12", Fraction(-12)),
        ("1,234,567", Fraction(1234567)),
        ("1 234", Fraction(1234)),
        (".5", Fraction(1, 2)),
        ("5.", Fraction(5)),
        ("-3/4", Fraction(-3, 4)),
        (r"-\frac{3}{4}", Fraction(-3, 4)),
        (r"\frac{-3}{4}", Fraction(-3, 4)),
        (r"-\frac{-3}{4}", Fraction(3, 4)),
        (r"137 \frac{1}{2}", Fraction(275, 2)),
        (r"-2\frac{1}{2}", Fraction(-5, 2)),
        ("137 1/2", Fraction(275, 2)),
        ("1e-3", Fraction(1, 1000)),
        (r"2.5 \times 10^{4}", Fraction(25000)),
        ("2516_8", Fraction(1358)),
        ("FF_{16}", Fraction(255)),
        ("0.1", Fraction(1, 10)),
        ("9" * 3000, Fraction(10**3000 - 1)),
    ],
)
def test_a_number_is_read_exactly(text, value):
    assert number(text).value == value


@pytest.mark.parametrize(
    "text",
    ["", "x", "1,2", "1,23", "1 2", r"\frac{1}{0}", "1/0", "3_2", "12_1", "12_99", "1e9999", "(3)"],
)
def test_what_is_no_number_is_none(text):
    assert number(text) is None


def test_more_digits_than_an_answer_has_are_no_number():
    assert number("9" * 5000) is None


@pytest.mark.parametrize(
    ("text", "words"),
    [
        (r"\text{Evelyn}", "evelyn"),
        ("No  Solution", "no solution"),
        (r"\text{(E)}", "e"),
        ("(b)", "b"),
        ("星期一", "星期一"),
        ("x^2", None),
        (r"\pi", None),
        ("42", None),
        ("", None),
    ],
)
def test_a_text_is_told_from_an_expression(text, words):
    assert plain_text(text) == words


def test_a_bracket_closes_where_its_pair_stands_and_not_at_an_escaped_one():
    assert closing(r"{a\}{b}}c", 0, "{}") == 7
    assert closing("{a", 0, "{}") is None
    assert closing("{" + "a" * 50 + "}", 0, "{}", limit=20) is None


@given(st.text() | st.text(alphabet="\\{}()$^_.,%0123456789 sqrtfacexi√½", max_size=60))
def test_tidying_never_raises_and_once_is_enough_for_reading_a_number(text):
    tidied = tidy(text)
    plain_text(tidied)
    assert number(tidied) is None or isinstance(number(tidied).value, Fraction)


@given(st.integers(-(10**12), 10**12), st.integers(1, 10**6))
def test_a_fraction_is_the_same_number_however_it_is_written(top, bottom):
    value = Fraction(top, bottom)
    for text in (
        f"{top}/{bottom}",
        rf"\frac{{{top}}}{{{bottom}}}",
        rf"$\dfrac{{{top}}}{{{bottom}}}$.",
    ):
        assert number(tidy(text)).value == value
