"""Errors for one reason: the terminal's lists name a few, and say how many more there are.

A dead endpoint gives 14,000 errors that differ in nothing but the question.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from typing import Any

import pytest

SHOWN = 10


class EqualErrors:
    """What pytest's ERRORS section and short summary show of the session's errors.

    They print the list ``stats["error"]``, so that it is short while they do. Everybody else,
    the final count too, meets the whole list.
    """

    def __init__(self, stats: dict[str, list[Any]]) -> None:
        """:param stats: pytest's reports by category."""
        self._stats = stats
        self._all = stats.get("error", [])
        self._few, self.more = first_of_each(self._all)

    def shorten(self) -> None:
        """From now on the list is short, where many are equal."""
        if self.more:
            self._stats["error"] = self._few

    def restore(self) -> None:
        """From now on the list is whole."""
        if self.more:
            self._stats["error"] = self._all


def first_of_each(reports: Sequence[Any]) -> tuple[list[Any], dict[str, int]]:
    """The first 10 questions' errors of each reason, with all that are no question's.

    And how many more there are, by the first line of the first error for that reason. Numbers
    alone (seconds, a request's number) make no other reason.
    """
    few: list[Any] = []
    seen: Counter[str] = Counter()
    first: dict[str, str] = {}
    for report in reports:
        reason = _reason(report)
        if reason is None:
            few.append(report)
            continue
        kind = re.sub(r"\d+", "0", reason)
        first.setdefault(kind, reason.removeprefix("error: ").partition("\n")[0])
        seen[kind] += 1
        if seen[kind] <= SHOWN:
            few.append(report)
    return few, {first[kind]: count - SHOWN for kind, count in seen.items() if count > SHOWN}


def _reason(report: Any) -> str | None:
    """Why a question has no score; ``None`` for any other error."""
    if not isinstance(report, pytest.TestReport) or report.when != "setup":
        return None
    if not (report.nodeid.startswith("iqeval/") or hasattr(report, "iqeval")):
        return None
    return str(report.longrepr)  # `longreprtext` begins with the worker
