"""A pair of channel ends in one process, with execnet's manners: ordered, and a thread each."""

from __future__ import annotations

import queue
import threading
from collections.abc import Callable
from typing import Any


class QueueChannel:
    """One end; `pair` makes two."""

    def __init__(self) -> None:
        self.other: QueueChannel | None = None
        self.sent: list[object] = []
        self._items: queue.SimpleQueue[tuple[bool, object]] = queue.SimpleQueue()
        self._closed = False

    def send(self, item: object) -> None:
        if self._closed or self.other is None:
            raise OSError("cannot send to a closed channel")
        if not isinstance(item, str):
            raise TypeError("only texts go over the channel")
        item.encode()  # as execnet does
        self.sent.append(item)
        self.other._items.put((True, item))

    def setcallback(self, callback: Callable[[Any], Any], endmarker: object) -> None:
        def run() -> None:
            while True:
                open_, item = self._items.get()
                if not open_:
                    callback(endmarker)
                    return
                try:
                    callback(item)
                except Exception:  # execnet closes the channel then
                    self.close()

        threading.Thread(target=run, daemon=True).start()

    def close(self) -> None:
        """Close both ends, as the death of either process does."""
        for end in (self, self.other):
            if end is not None and not end._closed:
                end._closed = True
                end._items.put((False, None))


def pair() -> tuple[QueueChannel, QueueChannel]:
    """Two ends that are connected."""
    one, other = QueueChannel(), QueueChannel()
    one.other, other.other = other, one
    return one, other
