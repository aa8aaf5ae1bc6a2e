"""Finds the addresses of a host within a time limit; the system's own lookup knows none."""

from __future__ import annotations

import contextlib
import socket
import threading


class Names:
    """The latest lookup of each host; lanes that want the same one at the same time share it.

    So one that hangs costs one thread, however often it is waited for. What was found is not
    used again later: whether it still holds is the system's to know.
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._latest: dict[tuple[str, int], _Lookup] = {}

    def addresses(self, host: str, port: int, within_s: float) -> list[str] | None:
        """The addresses of `host`, best first; ``None``: they were not found in time.

        :raises OSError, UnicodeError: the host is not known, or is no host's name.
        """
        if _is_address(host):
            return [host]
        with self._lock:
            lookup = self._latest.get((host, port))
            if lookup is None or not lookup.is_alive():
                lookup = _Lookup(host, port)
                lookup.start()
                self._latest[host, port] = lookup
        lookup.join(within_s)
        if lookup.error is not None:
            raise lookup.error
        return lookup.found


class _Lookup(threading.Thread):
    """One lookup; a daemon, since nothing can end it."""

    def __init__(self, host: str, port: int) -> None:
        super().__init__(name="iqeval-lookup", daemon=True)
        self._host = host
        self._port = port
        self.found: list[str] | None = None
        self.error: Exception | None = None

    def run(self) -> None:
        try:
            entries = socket.getaddrinfo(self._host, self._port, type=socket.SOCK_STREAM)
            self.found = list(dict.fromkeys(str(entry[4][0]) for entry in entries))
        except Exception as error:  # the border of a thread: whoever waits raises it
            self.error = error


def _is_address(host: str) -> bool:
    for family in (socket.AF_INET, socket.AF_INET6):
        with contextlib.suppress(OSError, ValueError):
            socket.inet_pton(family, host)
            return True
    return False
