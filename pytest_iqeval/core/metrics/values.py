"""What a metric finds: an exact measure, and the number with its interval that is shown."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from pytest_iqeval.core.statistics.intervals import share_interval, wilson
from pytest_iqeval.core.statistics.strata import Stratum, macro_interval

NO_NUMBER = "-"


@dataclass(frozen=True, slots=True, kw_only=True)
class Metric:
    """A value with its two-sided 95 % interval, over ``n`` scores; nothing over no scores.

    Shares are 0 to 1. ``low`` and ``high`` are ``None`` where there is no interval. ``groups`` is
    how many groups the questions come in, ``None`` where each stands alone.
    """

    value: float | None
    low: float | None = None
    high: float | None = None
    n: int
    groups: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Measure:
    """``total`` over ``n``, exactly, so that a gate at 3/5 never trips over a rounding.

    For a count ``total`` is the count and ``n`` what it was counted among; for accuracy the sum
    of the questions' means and the number of questions; for seconds and tokens the number
    itself and how many replies had one. ``total`` is ``None`` where nothing was measured.
    ``squares`` sums the squares of what ``total`` sums, where that may lie between 0 and 1.
    ``groups`` are the sum and the number of what ``total`` sums in each group of questions, where
    there are groups.
    ``parts`` are the measures of subsets, of which this one is the mean with equal weights.
    ``gap`` says why there is no number, where it is not for want of scores.
    """

    total: Fraction | None
    n: int
    squares: Fraction | None = None
    groups: tuple[tuple[Fraction, int], ...] = ()
    parts: tuple[Measure, ...] = ()
    gap: str | None = None

    @property
    def share(self) -> Fraction | None:
        """``total / n``; nothing over nothing."""
        return None if self.total is None or self.n == 0 else self.total / self.n

    def metric(self, level: float = 0.95) -> Metric:
        """The share with its interval: `share_interval`, Wilson's where the squares are not known.

        That is the interval of values that are 0 or 1, and for others wide rather than too narrow.
        A mean over parts has its `macro_interval`.
        """
        if self.total is None or self.n == 0:
            return Metric(value=None, n=self.n)
        if self.parts:
            low, high = macro_interval([part.stratum() for part in self.parts], level)
        elif self.squares is None:
            low, high = wilson(float(self.total), self.n, level)
        else:
            one = self.stratum()
            low, high = share_interval(one.total, one.squares, one.n, level, one.groups)
        # The share itself is converted once, so that 3/5 is printed and stored as 0.6.
        return Metric(
            value=float(self.total / self.n),
            low=low,
            high=high,
            n=self.n,
            groups=len(self.groups) or None,
        )

    def stratum(self) -> Stratum:
        """Its sums as the formulas take them; there must be a total and its squares."""
        assert self.total is not None
        assert self.squares is not None
        return Stratum(
            total=float(self.total),
            squares=float(self.squares),
            n=self.n,
            groups=[(float(total), n) for total, n in self.groups],
        )


def shown(
    value: Fraction | float, limits: Iterable[Fraction | float] = (), *, digits: int = 2
) -> str:
    """`value` with as many digits as it takes to stay on its own side of each limit.

    0.5999 is not printed as 0.60 where a gate asks for 0.6. Starts with `digits`.
    """
    # A float is compared with floats: 0.7 is at the limit 7/10, though not exactly 7/10.
    at = float if isinstance(value, float) else Fraction
    sides = [(float(limit), _sign(value, at(limit))) for limit in limits]
    for count in range(digits, 18):
        text = f"{decimal(value):.{count}f}"
        if all(_sign(float(text), limit) == side for limit, side in sides):
            return text
    return str(value)


def p_shown(p: float, limits: Iterable[float] = ()) -> str:
    """A p value with two digits that say something: ``0.36``, ``0.0021``, ``1.2e-09``.

    With more of them where it takes more to stay on its own side of each limit.
    """
    sides = [(limit, _sign(p, limit)) for limit in limits]
    for digits in range(2, 18):
        text = f"{p:.{digits}g}"
        if all(_sign(float(text), limit) == side for limit, side in sides):
            return text
    return str(p)


def decimal(value: Fraction | float) -> Decimal:
    """`value` as it is written, so that a share and its points are rounded alike.

    0.0875 as a float is a little less; 8.75 points are just that. One would be 0.087, the other
    8.8 points.
    """
    if isinstance(value, Fraction):
        return Decimal(value.numerator) / Decimal(value.denominator)
    return Decimal(repr(float(value)))


def shown_share(metric: Metric, limits: Iterable[Fraction | float] = ()) -> str:
    """``0.62 [0.53, 0.70]``: the value and its interval, each true to every limit."""
    if metric.value is None:
        return NO_NUMBER
    kept = list(limits)
    digits = 2 if metric.n < 1000 else 3  # the interval of a thousand is about 0.03 wide
    text = shown(metric.value, kept, digits=digits)
    if metric.low is None or metric.high is None:
        return text
    low, high = (shown(end, kept, digits=digits) for end in (metric.low, metric.high))
    return f"{text} [{low}, {high}]"


def _sign(value: Fraction | float, limit: Fraction | float) -> int:
    return (value > limit) - (value < limit)
