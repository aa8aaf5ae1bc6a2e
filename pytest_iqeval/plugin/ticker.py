"""The live line, or heartbeats, while questions are asked."""

from __future__ import annotations

import contextlib
import os
import threading
from typing import Any, TextIO

from pytest_iqeval.core.width import display_width
from pytest_iqeval.reports.text import live_line
from pytest_iqeval.run import Run

TICK_S = 0.5
HEARTBEAT_S = 30.0
HEARTBEAT_SHARE = 0.1


class Ticker(threading.Thread):
    """Rewrites the live line, or prints a heartbeat every 30 s or tenth of the questions.

    A thread, since the main one waits: for a reply, or for xdist's workers. It writes to a
    descriptor of its own: while an item runs, pytest's capture has the usual one.
    """

    def __init__(self, reporter: Any, run: Run, *, live: bool, mixed: bool) -> None:
        """:param live: rewrite one line in place; else heartbeats.
        :param mixed: letters of ordinary tests stand in the way, so a heartbeat begins a line.
        """
        super().__init__(name="iqeval-progress", daemon=True)
        self.evaluation = run
        self.live = live
        self._start = "\n" if mixed else ""
        self._width: int = reporter._tw.fullwidth - 1
        self._out = _own_output(reporter._tw._file)
        self._end = threading.Event()
        self._last_beat_s = 0.0
        self._last_share = 0.0
        self._shown = 0  # columns of the live line that stands there
        self._writing = threading.Lock()  # the line gives way to the main thread

    def begin(self) -> None:
        """Start to tick, the first time this is called."""
        if self.ident is None:
            self.start()

    def run(self) -> None:
        """Tick until `stop`."""
        while not self._end.wait(TICK_S):
            self.tick()

    def stop(self) -> None:
        """End, and take the live line away."""
        self._end.set()
        if self.ident is not None:
            self.join()
        self.give_way()
        if self._out is not None:
            self._out.close()

    def give_way(self) -> None:
        """Take the live line away; the next tick writes it anew."""
        self._rewrite("")

    def tick(self) -> None:
        """Print what there is to say now."""
        progress = self.evaluation.progress()
        if not progress.total:
            return
        prefix = "" if self.live else "iqeval: "
        line = prefix + live_line(
            done=progress.done,
            total=progress.total,
            accuracy=progress.accuracy,
            errors=progress.errors,
            tokens_per_s=progress.tokens_per_s,
            seconds_left=progress.seconds_left,
            notes=progress.notes,
            lang=self.evaluation.parts.lang,
            width=self._width - len(prefix),
        )
        if self.live:
            self._rewrite(line)
            return
        share = progress.done / progress.total
        due = progress.elapsed_s - self._last_beat_s >= HEARTBEAT_S
        if due or share - self._last_share >= HEARTBEAT_SHARE:
            self._last_beat_s, self._last_share = progress.elapsed_s, share
            self._write(f"{self._start}{line}\n")

    def _rewrite(self, line: str) -> None:
        columns = display_width(line)
        with self._writing:
            if columns or self._shown:
                blanks = " " * (self._shown - columns)
                self._write(f"\r{line}{blanks}" + ("" if line else "\r"))
            self._shown = columns

    def _write(self, text: str) -> None:
        if self._out is not None:
            with contextlib.suppress(OSError):  # a closed pipe ends the progress, not the run
                self._out.write(text)
                self._out.flush()


def _own_output(file: TextIO) -> TextIO | None:
    """The terminal's file once more; ``None`` where it has no descriptor to duplicate."""
    try:
        descriptor = os.dup(file.fileno())
    except OSError:
        return None
    return os.fdopen(descriptor, "w", encoding=file.encoding, errors="replace", newline="")
