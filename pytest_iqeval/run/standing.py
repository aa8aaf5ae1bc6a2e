"""What the scores that are in come to, kept up as they come in."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from typing import NamedTuple

from pytest_iqeval.core.metrics.values import Measure
from pytest_iqeval.core.score import Outcome, Score


class Standing(NamedTuple):
    """Questions that have all their scores, and errors; `accuracy` is over those that have any.

    A sum and no walk over the scores: the live line asks twice a second, of 100,000 too. A value,
    so that who reads it while scores come in reads one that is whole.
    """

    done: int = 0
    errors: int = 0
    judged: int = 0
    """Questions that have a score other than an error."""
    total: Fraction | int = 0
    """The sum of their means."""
    squares: Fraction | int = 0

    def changed(self, before: Sequence[Score], now: Sequence[Score], *, repeats: int) -> Standing:
        """A question's scores were these and are those, of so many that it is to have."""
        return self._counted(before, -1, repeats)._counted(now, +1, repeats)

    def _counted(self, scores: Sequence[Score], sign: int, repeats: int) -> Standing:
        if not scores:
            return self
        judged = sum(score.outcome is not Outcome.ERROR for score in scores)
        right = sum(score.correct for score in scores)
        # Whole numbers where they do: most questions are right or wrong altogether.
        mean = int(right > 0) if right in (0, judged) else Fraction(right, judged)
        return Standing(
            done=self.done + sign * (len(scores) >= repeats),
            errors=self.errors + sign * (len(scores) - judged),
            judged=self.judged + sign * (judged > 0),
            total=self.total + sign * mean,
            squares=self.squares + sign * mean * mean,
        )

    def accuracy(self) -> Measure:
        """As `core.metrics.scores.accuracy` finds it of the same scores."""
        if not self.judged:
            return Measure(total=None, n=0)
        return Measure(total=Fraction(self.total), n=self.judged, squares=Fraction(self.squares))
