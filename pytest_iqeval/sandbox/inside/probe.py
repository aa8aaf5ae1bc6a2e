"""What a confined process can still do: tried, rather than believed."""

from __future__ import annotations

import contextlib
import os
from collections.abc import Mapping
from typing import Any


def probe(job: Mapping[str, Any]) -> dict[str, bool]:
    """What holds here, by name.

    ``network``: a connection to the port that the parent listens on is impossible; ``files``: a
    file of the parent's can't be read (whether one can be written, the parent sees);
    ``processes``: a signal would not reach the parent, nor can its environment be read;
    ``user``: this is not root.
    """
    import decimal  # noqa: F401 (a library that is loaded late must still be there)
    import hashlib  # noqa: F401

    _write(job["written"])

    return {
        "network": not _connects(job["port"]),
        "files": not _reads(job["outside"]),
        "processes": not (_reaches(job["parent"]) or _reads(f"/proc/{job['parent']}/environ")),
        "user": os.getuid() != 0,
    }


def _connects(port: int) -> bool:
    import socket

    try:
        with socket.create_connection(("127.0.0.1", port), timeout=2):
            return True
    except OSError:
        return False


def _reads(path: str) -> bool:
    with contextlib.suppress(OSError), open(path, "rb"):
        return True
    return False


def _write(path: str) -> None:
    with contextlib.suppress(OSError), open(path, "wb"):
        pass


def _reaches(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except OSError:
        return False
    return True
