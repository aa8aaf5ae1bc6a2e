"""How the repeats of a run differ, where each question was asked several times."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from statistics import stdev
from typing import Any

from pytest_iqeval.core.metrics.repeated import flaky
from pytest_iqeval.core.metrics.scores import accuracy
from pytest_iqeval.core.result import Result


@dataclass(frozen=True, slots=True, kw_only=True)
class Spread:
    """``accuracy`` of each repeat by itself, ``None`` where it has no score.

    ``low`` and ``high`` are the least and the greatest of them, ``sd`` their standard deviation
    (of a sample: divided by one less than their number), ``None`` of fewer than two. ``flaky``
    counts questions whose replies are partly right and partly not.
    """

    accuracy: tuple[float | None, ...]
    low: float | None
    high: float | None
    sd: float | None
    flaky: int

    @classmethod
    def from_plain(cls, plain: Mapping[str, Any]) -> Spread:
        """As it stands in `report.json`."""
        return cls(**{**plain, "accuracy": tuple(plain["accuracy"])})


def spread(results: Sequence[Result], repeats: int) -> Spread | None:
    """The spread of `repeats`; ``None`` where there is one.

    :param results: of one group, in any order.
    """
    if repeats < 2:
        return None
    by_repeat: list[list[Result]] = [[] for _ in range(repeats)]
    for result in results:
        by_repeat[result.repeat].append(result)
    shares = [accuracy(one).share for one in by_repeat]
    known = [float(share) for share in shares if share is not None]
    return Spread(
        accuracy=tuple(None if share is None else float(share) for share in shares),
        low=min(known, default=None),
        high=max(known, default=None),
        sd=stdev(known) if len(known) > 1 else None,
        flaky=int(flaky(results).total or 0),
    )
