"""Who writes a run's journal now: a small file beside it, for messages.

The lock is SQLite's and ends with its process; this file only says whose it is. One that a
killed process left tells nothing while the journal is free.
"""

from __future__ import annotations

import contextlib
import json
import os
import socket
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path
from typing import Any


@dataclass(frozen=True, slots=True, kw_only=True)
class Writer:
    """A process that writes a journal; ``since`` is a time of day, ``fingerprint`` its run's."""

    pid: int
    host: str
    since: str
    fingerprint: str | None

    def __str__(self) -> str:
        return f"process {self.pid} on {self.host}, since {self.since}"


def note(journal: Path, fingerprint: str | None) -> None:
    """Write down that this process writes `journal`, which it has the lock of."""
    me = Writer(
        pid=os.getpid(),
        host=socket.gethostname(),
        since=datetime.now().isoformat(" ", timespec="seconds"),
        fingerprint=fingerprint,
    )
    with contextlib.suppress(OSError):  # only messages miss it
        _file(journal).write_text(json.dumps(asdict(me)), "utf-8")


def forget(journal: Path) -> None:
    """Nobody writes `journal` any more."""
    with contextlib.suppress(OSError):
        _file(journal).unlink()


def writer_of(journal: Path) -> Writer | None:
    """Who noted last that it writes `journal`, where that can be read."""
    try:
        plain: Any = json.loads(_file(journal).read_text("utf-8"))
        return Writer(**plain)
    except (OSError, ValueError, TypeError):
        return None


def _file(journal: Path) -> Path:
    return journal.with_name("writer.json")
