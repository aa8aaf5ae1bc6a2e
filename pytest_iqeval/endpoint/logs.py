"""What the HTTP client logs of our requests, without secrets.

httpx logs URLs (a key may stand in the query), httpcore what the server sent, which may echo the
request. pytest shows both under ``--log-level``; a user's own requests are none of our business.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable

_LOGGERS = ("httpx", *(f"httpcore.{part}" for part in ("connection", "http11", "proxy", "socks")))


class _Thread(threading.local):
    redact: Callable[[str], str] | None = None


_THREAD = _Thread()


def redact_logs(redact: Callable[[str], str]) -> None:
    """Redact what the client logs in this thread, from now on."""
    _THREAD.redact = redact


def _redacted(record: logging.LogRecord) -> bool:
    if _THREAD.redact is not None:
        record.msg, record.args = _THREAD.redact(record.getMessage()), ()
    return True


for _name in _LOGGERS:
    # A filter and not a handler: it acts before anybody's handler sees the record.
    logging.getLogger(_name).addFilter(_redacted)
