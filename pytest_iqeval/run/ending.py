"""What a session says of a run's end, and what an early end leaves."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:  # not needed before the first request
    from pytest_iqeval.core.foresight import Foresight

# How long a run that ends lets requests in flight finish: they are paid for. After Ctrl-C
# somebody is there who can press it again.
DRAIN_S = 10.0
INTERRUPTED_DRAIN_S = 60.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Ending:
    """What only the session knows when a run ends: see `Session`, `Selection`, `RunFacts` and
    `Summary` for each."""

    interrupted: bool = False
    ordinary_failures: int = 0
    only_failures: bool = False
    keyword: str | None = None
    mark: str | None = None
    command: str | None = None
    foresight: Foresight | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Left:
    """What a run that ended early leaves: questions without a score, of ``selected``.

    ``kept`` of them have all they lack in the journal: they are scored without a request.
    """

    selected: int
    questions: int
    kept: int
