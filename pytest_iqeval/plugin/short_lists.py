"""What pytest's own lists at the end show of thousands of questions: some, and how many more.

A dead endpoint gives 14,000 errors that differ in nothing but the question, and a run of 14,000
questions with a third of them wrong 42,000 lines of failures, though its gate may have held.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Any

import pytest

from pytest_iqeval.core.phrases.ending import EQUAL_ERRORS, MORE_FAILED
from pytest_iqeval.core.told import Told

ERRORS_SHOWN = 10  # for one reason
FAILURES_SHOWN = 100


class ShortLists:
    """The sections ERRORS and FAILURES, and the short summary, while they are printed.

    pytest prints the lists in ``stats``, so that these are short meanwhile. Everybody else, the
    final count too, meets the whole lists.
    """

    def __init__(self, stats: dict[str, list[Any]]) -> None:
        """:param stats: pytest's reports by category."""
        errors, self.more_errors = first_of_each(stats.get("error", []))
        failures, self.more_failures = first_wrong(stats.get("failed", []))
        self._stats = stats
        self._short: dict[str, list[Any]] = {}
        if self.more_errors:
            self._short["error"] = errors
        if self.more_failures:
            self._short["failed"] = failures
        self._whole = {name: stats[name] for name in self._short}

    def shorten(self) -> None:
        """From now on the lists are short, where they were very long."""
        self._stats.update(self._short)

    def restore(self) -> None:
        """From now on the lists are whole."""
        self._stats.update(self._whole)

    def lines(self, *, errors: bool, failures: bool) -> Iterator[Told]:
        """How many more there are, of what was printed at all."""
        if failures and self.more_failures:
            yield MORE_FAILED(count=self.more_failures)
        for reason, count in self.more_errors.items() if errors else ():
            yield EQUAL_ERRORS(count=count, reason=reason)


def first_wrong(reports: Sequence[Any]) -> tuple[list[Any], int]:
    """The first 100 questions that failed, with all that is no question; and how many more."""
    few: list[Any] = []
    questions = 0
    for report in reports:
        question = _of_question(report)
        questions += question
        if not question or questions <= FAILURES_SHOWN:
            few.append(report)
    return few, max(0, questions - FAILURES_SHOWN)


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
        if seen[kind] <= ERRORS_SHOWN:
            few.append(report)
    return few, {
        first[kind]: count - ERRORS_SHOWN for kind, count in seen.items() if count > ERRORS_SHOWN
    }


def _of_question(report: Any) -> bool:
    return isinstance(report, pytest.TestReport) and (
        report.nodeid.startswith("iqeval/") or hasattr(report, "iqeval")
    )


def _reason(report: Any) -> str | None:
    """Why a question has no score; ``None`` for any other error."""
    if not _of_question(report) or report.when != "setup":
        return None
    return str(report.longrepr)  # `longreprtext` begins with the worker
