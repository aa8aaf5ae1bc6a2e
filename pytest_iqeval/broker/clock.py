"""Time as the broker needs it."""

from __future__ import annotations

import threading
import time
from typing import Protocol


class WaitingClock(Protocol):
    """A clock that tests can let pass at once."""

    def now(self) -> float:
        """Seconds of a clock that never goes back."""
        ...

    def wait(self, condition: threading.Condition, seconds: float | None) -> object:
        """Wait on `condition`, whose lock is held, at most `seconds` (``None``: no limit)."""
        ...


class SystemClock:
    """Real time."""

    def now(self) -> float:
        """Seconds since some moment."""
        return time.monotonic()

    def wait(self, condition: threading.Condition, seconds: float | None) -> object:
        """Wait on `condition`."""
        return condition.wait(seconds)
