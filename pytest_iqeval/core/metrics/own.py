"""Metrics of users' own conftests and plugins: a function over scored results → a number."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Mapping, Sequence
from numbers import Real

from pytest_iqeval.core.crash import raised_at, said
from pytest_iqeval.core.metrics.values import Metric
from pytest_iqeval.core.plain import kind_of, quoted
from pytest_iqeval.core.result import Result
from pytest_iqeval.core.score import Outcome

OwnFunction = Callable[[Sequence[Result]], object]

_NAME = re.compile(r"[^\W\d]\w*(?:\.\w+)*")


class OwnMetric:
    """A metric that a user's hook gave.

    ``origin`` is whose hook it was (``conftest.py``); ``trouble`` what first kept it from giving
    a number, a line or two for people.
    """

    def __init__(self, name: str, function: OwnFunction, *, origin: str) -> None:
        self.name = name
        self.origin = origin
        self.trouble: str | None = None
        self._function = function

    def measure(self, results: Sequence[Result]) -> tuple[Metric, str | None]:
        """The number of a group of results, and in one line what went wrong where there is none.

        Results without a score are left out, as they are in accuracy; over none the function is
        not called.
        """
        scored = tuple(r for r in results if r.score.outcome is not Outcome.ERROR)
        n = len({r.key[:3] for r in scored})
        if not scored:
            return Metric(value=None, n=0), None
        try:
            returned = self._function(scored)
        except KeyboardInterrupt:
            raise
        except BaseException as error:  # a border: a user's function may raise anything
            place = raised_at(error, self._function)
            return self._without(
                n, f"{self.origin}: {self.name} failed: {said(error)}\n  at {place}"
            )
        metric = returned if isinstance(returned, Metric) else _metric(returned, n)
        if metric is None or not _is_finite(metric):
            what = quoted(returned) if isinstance(returned, float) else kind_of(returned)
            return self._without(
                n, f"{self.origin}: {self.name} returned {what}: return a number, None or a Metric"
            )
        return metric, None

    def _without(self, n: int, trouble: str) -> tuple[Metric, str]:
        self.trouble = self.trouble or trouble
        return Metric(value=None, n=n), trouble.partition("\n")[0]


OwnMetrics = Mapping[str, OwnMetric]


def own_shown(results: Sequence[Result], own: OwnMetrics) -> dict[str, Metric]:
    """The user's metrics of a group, as every report shows them."""
    return {name: metric.measure(results)[0] for name, metric in own.items()}


def name_fault(name: object, taken: Sequence[str]) -> str | None:
    """What makes `name` one that no metric of a user can have.

    :param taken: the names that gates give another meaning.
    """
    if not isinstance(name, str):
        return f"a metric's name is text, not {kind_of(name)}"
    if not _NAME.fullmatch(name):
        return (
            f"{quoted(name)} can't be a metric's name; use letters, digits and '_', "
            "a letter first, with '.' between parts"
        )
    return f"{name} is a name of pytest-iqeval; give yours another" if name in taken else None


def _metric(returned: object, n: int) -> Metric | None:
    if returned is None:
        return Metric(value=None, n=n)
    if isinstance(returned, bool) or not isinstance(returned, Real):
        return None
    return Metric(value=float(returned), n=n)


def _is_finite(metric: Metric) -> bool:
    numbers = (metric.value, metric.low, metric.high)
    return all(number is None or math.isfinite(number) for number in numbers)
