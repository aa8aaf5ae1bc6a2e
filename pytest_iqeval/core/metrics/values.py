"""What a metric finds: an exact measure, and the number with its interval that is shown."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from fractions import Fraction

from pytest_iqeval.core.statistics.intervals import normal_mean, wilson

NO_NUMBER = "-"


@dataclass(frozen=True, slots=True, kw_only=True)
class Metric:
    """A value with its two-sided 95 % interval, over ``n`` scores; nothing over no scores.

    Shares are 0 to 1. ``low`` and ``high`` are ``None`` where there is no interval.
    """

    value: float | None
    low: float | None = None
    high: float | None = None
    n: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Measure:
    """``total`` over ``n``, exactly, so that a gate at 3/5 never trips over a rounding.

    For a count ``total`` is the count and ``n`` what it was counted among; for accuracy the sum
    of the questions' means and the number of questions; for seconds and tokens the number
    itself and how many replies had one. ``total`` is ``None`` where nothing was measured.
    ``squares`` sums the squares of what ``total`` sums, where that may lie between 0 and 1.
    ``gap`` says why there is no number, where it is not for want of scores.
    """

    total: Fraction | None
    n: int
    squares: Fraction | None = None
    gap: str | None = None

    @property
    def share(self) -> Fraction | None:
        """``total / n``; nothing over nothing."""
        return None if self.total is None or self.n == 0 else self.total / self.n

    @property
    def _spread(self) -> bool:
        """Whether values differ, and not only as 0 and 1 do."""
        if self.squares is None or self.total is None or self.squares == self.total:
            return False
        return self.squares * self.n != self.total * self.total

    def metric(self, level: float = 0.95) -> Metric:
        """The share with its interval: from the spread of the values, or Wilson's.

        Wilson's where every value is 0 or 1, and where all values are alike (or there is one):
        then the spread of the values says nothing, while Wilson's holds for any values from 0
        to 1 and is wide rather than too narrow.
        """
        if self.total is None or self.n == 0:
            return Metric(value=None, n=self.n)
        if self._spread:
            low, high = normal_mean(float(self.total), float(self.squares or 0), self.n, level)
        else:
            low, high = wilson(float(self.total), self.n, level)
        # The share itself is converted once, so that 3/5 is printed and stored as 0.6.
        return Metric(value=float(self.total / self.n), low=low, high=high, n=self.n)


def mean_of(values: Sequence[Fraction]) -> Measure:
    """The mean of the questions' values, one a question, each from 0 to 1."""
    if not values:
        return Measure(total=None, n=0)
    return Measure(
        total=sum(values, start=Fraction()),
        n=len(values),
        squares=sum((v * v for v in values), start=Fraction()),
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
        text = f"{float(value):.{count}f}"
        if all(_sign(float(text), limit) == side for limit, side in sides):
            return text
    return str(value)


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
