"""Exact numbers: what a reply or a target states, written one way and compared as rationals."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import Self

DIGITS_AT_MOST = 300
"""A number of more digits, or with an exponent beyond that, is not worked out.

No benchmark asks for one, and `int` refuses 4,300 digits; the time for them grows with the square.
"""


@dataclass(frozen=True, slots=True)
class Quantity:
    """An exact number; ``percent`` says that it was written with a percent sign (25 for 25%)."""

    value: Fraction
    percent: bool = False

    @property
    def text(self) -> str:
        """The one way to write it: ``320``, ``-1.5``, ``25%``, and ``1/3`` where decimals go on."""
        return written(self.value) + ("%" if self.percent else "")

    @classmethod
    def parse(cls, text: str) -> Self:
        """The inverse of `text`.

        :raises ValueError: `text` is not in that form.
        """
        return cls(Fraction(text.removesuffix("%")), text.endswith("%"))

    def meets(self, target: Quantity, absolute: Fraction, relative: Fraction) -> bool:
        """Whether this is `target`, give or take the larger of the two tolerances.

        `relative` is a share of the target. With a percent sign on one side only, the sign is
        either a unit like any other (25% meets 25) or a hundredth (25% meets 0.25).
        """
        allowed = max(absolute, relative * abs(target.value))
        if abs(self.value - target.value) <= allowed:
            return True
        if self.percent == target.percent:
            return False
        mine = self.value / 100 if self.percent else self.value
        wanted = target.value / 100 if target.percent else target.value
        return abs(mine - wanted) <= max(absolute, relative * abs(wanted))


def written(value: Fraction) -> str:
    """`value` as a decimal where that ends, else as a fraction in lowest terms."""
    rest, places = value.denominator, 0
    for factor in (2, 5):
        power = 0
        while rest % factor == 0:
            rest //= factor
            power += 1
        places = max(places, power)
    if rest != 1:
        return f"{value.numerator}/{value.denominator}"
    digits = str(abs(value.numerator) * 10**places // value.denominator).zfill(places + 1)
    sign = "-" if value < 0 else ""
    return sign + (f"{digits[:-places]}.{digits[-places:]}" if places else digits)


def decimal(digits: str, exponent: int = 0) -> Fraction | None:
    """ASCII digits with at most one point, times ten to `exponent`; ``None`` if it is too long."""
    whole, _, places = digits.partition(".")
    whole = whole.lstrip("0")
    if len(whole) + len(places) > DIGITS_AT_MOST or abs(exponent) > DIGITS_AT_MOST:
        return None
    value = Fraction(int(whole + places or "0"), 10 ** len(places)) if places else int(whole or "0")
    return value * Fraction(10) ** exponent if exponent else Fraction(value)


def exponent_of(digits: str) -> int:
    """A signed whole number as an exponent; one of many digits is one beyond all limits."""
    sign = -1 if digits.startswith("-") else 1
    bare = digits.lstrip("+-").lstrip("0")
    return sign * (int(bare or "0") if len(bare) < 6 else 10 * DIGITS_AT_MOST)
