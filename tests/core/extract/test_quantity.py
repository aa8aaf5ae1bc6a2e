"""Exact numbers: one way to write each, and when two are the same."""

from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pytest_iqeval.core.extract.quantity import DIGITS_AT_MOST, Quantity, decimal, exponent_of

NOTHING = Fraction(0)


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (Fraction(320), "320"),
        (Fraction(-3, 2), "-1.5"),
        (Fraction(1, 3), "1/3"),
        (Fraction(-22, 7), "-22/7"),
        (Fraction(1, 4), "0.25"),
        (Fraction(1, 1000), "0.001"),
        (Fraction(0), "0"),
        (Fraction(10**20), "1" + "0" * 20),
    ],
)
def test_one_way_to_write_a_number(value, text):
    assert Quantity(value).text == text
    assert Quantity(value, percent=True).text == f"{text}%"


@given(st.fractions(), st.booleans())
def test_what_is_written_is_read_back(value, percent):
    quantity = Quantity(value, percent)
    assert Quantity.parse(quantity.text) == quantity


@pytest.mark.parametrize(
    ("said", "target", "same"),
    [
        ("18", "18", True),
        ("18", "18.0001", False),
        ("0.1", "1/10", True),
        ("25%", "25%", True),
        ("25%", "25", True),
        ("25%", "0.25", True),
        ("25", "25%", True),
        ("0.25", "25%", True),
        ("0.25", "25", False),
        ("25", "0.25", False),
        ("25%", "0.25%", False),
        ("2500%", "25", True),
    ],
)
def test_percent_sign_on_one_side_is_a_unit_or_a_hundredth(said, target, same):
    assert Quantity.parse(said).meets(Quantity.parse(target), NOTHING, NOTHING) is same


@pytest.mark.parametrize(
    ("said", "target", "absolute", "relative", "same"),
    [
        ("3.14", "3.15", "0.01", "0", True),
        ("3.139", "3.15", "0.01", "0", False),
        ("99", "100", "0", "0.01", True),
        ("98.9", "100", "0", "0.01", False),
        ("-99", "-100", "0", "0.01", True),
        ("26%", "0.25", "0.01", "0", True),
    ],
)
def test_tolerances_are_exact_at_their_edge(said, target, absolute, relative, same):
    quantity = Quantity.parse(said)
    assert quantity.meets(Quantity.parse(target), Fraction(absolute), Fraction(relative)) is same


@pytest.mark.parametrize(
    ("digits", "exponent", "value"),
    [
        ("0012.50", 0, Fraction(25, 2)),
        (".5", 0, Fraction(1, 2)),
        ("1.2", 5, Fraction(120_000)),
        ("5", -1, Fraction(1, 2)),
        ("9" * DIGITS_AT_MOST, 0, Fraction(10**DIGITS_AT_MOST - 1)),
        ("9" * (DIGITS_AT_MOST + 1), 0, None),
        ("1", DIGITS_AT_MOST + 1, None),
        ("0" * 5000 + "7", 0, Fraction(7)),
    ],
)
def test_digits_as_an_exact_number_up_to_a_limit(digits, exponent, value):
    assert decimal(digits, exponent) == value


@pytest.mark.parametrize(
    ("digits", "exponent"),
    [("5", 5), ("+05", 5), ("-3", -3), ("0", 0), ("9" * 10**5, 3000), ("-" + "9" * 10**5, -3000)],
)
def test_exponent_of_any_length(digits, exponent):
    assert exponent_of(digits) == exponent
