"""Which failures are no question's: they fail the session whatever the evaluation gives."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from pytest_iqeval.run import Ledger


class OrdinaryFailures:
    """Collects failed reports, and tells at the end which of them were ordinary tests'.

    Scores come home on another channel than reports, so a marked test's failure can be
    told from a wrong answer only when all is in.
    """

    def __init__(self) -> None:
        self._failed: dict[str, set[str]] = {}

    def add(self, report: pytest.TestReport | pytest.CollectReport) -> None:
        """Note a report that failed (an expected failure does not count as one)."""
        if report.failed:
            self._failed.setdefault(report.nodeid, set()).add(str(report.when))

    def count(self, ledger: Ledger) -> int:
        """How many tests failed otherwise than by a wrong answer or a lost question."""
        return sum(
            not all(ledger.is_question(node_id, phase) for phase in phases)
            for node_id, phases in self._failed.items()
        )
