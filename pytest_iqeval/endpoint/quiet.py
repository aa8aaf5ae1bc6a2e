"""What httpcore does for us is not logged."""

from __future__ import annotations

import logging
import threading
from types import TracebackType


class _Quiet(logging.Filter):
    """Nothing that httpcore does for us is logged: at DEBUG it writes headers and hosts.

    As a filter on its loggers that looks at the thread, so that a user's own httpx in the same
    process logs as it did.
    """

    LOGGERS = ("connection", "http11", "http2", "proxy", "socks")

    def __init__(self) -> None:
        super().__init__()
        self._thread = threading.local()
        for name in self.LOGGERS:
            logging.getLogger(f"httpcore.{name}").addFilter(self)

    def filter(self, _record: logging.LogRecord) -> bool:
        return not getattr(self._thread, "depth", 0)

    def __enter__(self) -> None:
        self._thread.depth = getattr(self._thread, "depth", 0) + 1

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._thread.depth -= 1


QUIET = _Quiet()
