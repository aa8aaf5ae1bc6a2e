"""Tells people what is being fetched: a live line on a terminal, quiet lines elsewhere."""

from __future__ import annotations

import contextlib
import time
from typing import TextIO

from pytest_iqeval.core.clean import inert, visible
from pytest_iqeval.core.language import Lang
from pytest_iqeval.core.phrases import fetching
from pytest_iqeval.core.plain import size_told
from pytest_iqeval.core.told import said_in
from pytest_iqeval.core.width import display_width

_TICK_S = 0.2
_BEAT_S = 30.0


class Progress:
    """Writes to a stream; a stream that is closed ends the telling, and not the fetching."""

    def __init__(self, stream: TextIO, lang: Lang) -> None:
        self._stream = stream
        self._lang = lang
        self._live = stream.isatty()
        self._shown = 0  # columns of the live line that stands there
        self._what = ""
        self._files = self._done = self._bytes = 0
        self._size: int | None = None
        self._began = self._last = 0.0

    def say(self, text: str) -> None:
        """One sentence on a line of its own."""
        self._rewrite("")
        self._write(f"iqeval: {inert(visible(said_in(text, self._lang)))}\n")

    def begin(self, what: str, files: int, size: int | None) -> None:
        """Name what comes, and how much."""
        self._what, self._files, self._size = what, files, size
        self._done = self._bytes = 0
        self._began = self._last = time.monotonic()
        if size is None:
            self.say(fetching.BEGINS(what=what, count=files))
        else:
            self.say(fetching.BEGINS_SIZED(what=what, count=files, size=size_told(size)))

    def more(self, count: int) -> None:
        """Add to the bytes, and show them now and then."""
        self._bytes += count
        now = time.monotonic()
        if now - self._last < (_TICK_S if self._live else _BEAT_S):
            return
        self._last = now
        line = said_in(self._line(now), self._lang)
        if self._live:
            self._rewrite(f"iqeval: {visible(line)}")
        else:
            self.say(line)

    def file(self) -> None:
        """One more is whole."""
        self._done += 1

    def end(self) -> None:
        """Say how long it took, where all of it came."""
        self._rewrite("")
        if self._done == self._files:
            seconds = time.monotonic() - self._began
            size = size_told(self._bytes)
            self.say(fetching.ENDS(what=self._what, size=size, seconds=f"{seconds:.1f}"))

    def _line(self, now: float) -> str:
        of = "" if self._size is None else f" / {size_told(self._size)}"
        rate = size_told(int(self._bytes / max(now - self._began, 0.001)))
        return fetching.GOES_ON(
            what=self._what,
            done=self._done,
            count=self._files,
            size=f"{size_told(self._bytes)}{of}",
            rate=rate,
        )

    def _rewrite(self, line: str) -> None:
        if not line and not self._shown:
            return
        columns = display_width(line)
        self._write(f"\r{line}{' ' * (self._shown - columns)}" + ("" if line else "\r"))
        self._shown = columns

    def _write(self, text: str) -> None:
        with contextlib.suppress(OSError, ValueError):  # ValueError: it is closed
            self._stream.write(text)
            self._stream.flush()
