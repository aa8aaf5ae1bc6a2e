"""What only the rows of a run can tell: accuracy by level, and every latency.

`report.json` holds neither, so `report.html` counts them while its rows go by.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from fractions import Fraction
from typing import Any

from pytest_iqeval.core.metrics.values import Measure, Metric

_LEVELS_AT_MOST = 20  # more of them are no levels of difficulty but a number of each question

Level = str | int | float


class Tally:
    """Takes review rows one by one; keeps a few numbers of each."""

    def __init__(self) -> None:
        self.latencies: list[float] = []
        # benchmark → level → question → its right replies, and all that were judged
        self._counts: dict[str, dict[Level, dict[tuple[str, str], list[int]]]] = {}

    def add(self, row: Mapping[str, Any]) -> None:
        """Take one review row."""
        # The times of a reply from a cache are those of another run.
        if row["latency_s"] is not None and not row["cached"]:
            self.latencies.append(row["latency_s"])
        level = (row["metadata"] or {}).get("level")
        if row["outcome"] != "error" and isinstance(level, Level):
            levels = self._counts.setdefault(row["benchmark"], defaultdict(dict))
            right = levels[level].setdefault((row["subset"], row["id"]), [0, 0])
            right[0] += row["outcome"] == "correct"
            right[1] += 1

    def by_level(self) -> dict[str, dict[str, Metric]]:
        """Accuracy by benchmark and level, easy first; errors are in none.

        Benchmarks with one level, or with more than anybody would call levels, are left out.
        """
        return {
            benchmark: {
                str(level): _accuracy(levels[level].values())
                for level in sorted(levels, key=_order)
            }
            for benchmark, levels in self._counts.items()
            if 1 < len(levels) <= _LEVELS_AT_MOST
        }


def _accuracy(questions: Any) -> Metric:
    """The mean over questions of the mean over their replies, as everywhere."""
    total = sum((Fraction(right, judged) for right, judged in questions), start=Fraction())
    return Measure(total=total, n=len(questions)).metric()


def _order(level: Level) -> tuple[bool, float, str]:
    """Numbers by size, also where the data has them as text; then the others as text."""
    try:
        return False, float(level), ""
    except (ValueError, OverflowError):  # the latter for hundreds of digits
        return True, 0.0, str(level)
