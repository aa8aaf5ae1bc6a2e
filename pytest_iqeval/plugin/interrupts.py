"""Ctrl-C, the first and those after it, and how a run that ended early is gone on with.

The first ends pytest's loop; the run lets what is in flight finish, and reports what is there.
One that comes meanwhile ends that too. Any later one ends the process: all that is left then is
pytest's own tidying up, which would show a traceback.
"""

from __future__ import annotations

import contextlib
import os
import shlex
import signal
import sys
import threading
from collections.abc import Callable
from pathlib import Path
from types import FrameType

import pytest

from pytest_iqeval.core.phrases import live
from pytest_iqeval.plugin.typed import for_reports
from pytest_iqeval.run import Left

INTERRUPTED = 2


class Interrupts:
    """What a further Ctrl-C does, once `begin` was called for the first.

    :param words: what to say when one ends the process.
    """

    def __init__(self, words: Callable[[], str]) -> None:
        self._words = words
        self._raises = False

    def begin(self, config: pytest.Config) -> None:
        """From now until pytest ends, further ones are ours."""
        if threading.current_thread() is not threading.main_thread():
            return  # only there may a handler be set; Python would not call it elsewhere
        before = signal.signal(signal.SIGINT, self._handle)
        if before == self._handle:
            return

        def restore() -> None:
            signal.signal(signal.SIGINT, before)

        config.add_cleanup(restore)

    def closing(self) -> None:
        """The run is being closed: the next one ends that, and nothing more.

        Before, it would meet pytest where nobody catches it.
        """
        self._raises = True

    def closed(self) -> None:
        """The run is closed: the next one has nobody to tell."""
        self._raises = False

    def _handle(self, number: int, frame: FrameType | None) -> None:  # noqa: ARG002
        if self._raises:
            self._raises = False
            raise KeyboardInterrupt
        for stream in (sys.stdout, sys.stderr):
            with contextlib.suppress(Exception):  # it may be in the middle of a write
                stream.flush()
        with contextlib.suppress(Exception):
            os.write(2, f"\niqeval: {self._words()}\n".encode())
        os._exit(INTERRUPTED)


def go_on_lines(left: Left, command: str) -> list[str]:
    """How many questions are left, and the command that goes on with them."""
    if not left.questions:
        return []
    phrase = live.LEFT_AND_KEPT if left.kept else live.LEFT
    said = phrase(left=left.questions, selected=left.selected, kept=left.kept)
    return [said, f"  {command}"]


def kept_lines(kept: int, command: str) -> list[str]:
    """How many replies an interrupted run keeps that had nothing selected yet."""
    if not kept:
        return []
    return [live.REPLIES_KEPT(count=kept), f"  {command}"]


def go_on_command(config: pytest.Config, redact: Callable[[str], str] = str) -> str:
    """This session's command line with ``--iqeval-resume``; secrets as in `command_line`."""
    return command_line(config, redact, "--iqeval-resume")


def command_line(config: pytest.Config, redact: Callable[[str], str] = str, *further: str) -> str:
    """This session's command line, with `further` options where they are not given.

    :param redact: takes secrets out (a password in a URL).
    """
    program = Path(sys.argv[0]).name if sys.argv else ""
    words = ["python", "-m", "pytest"] if program == "__main__.py" else ["pytest"]
    words += [for_reports(str(arg)) for arg in config.invocation_params.args]
    words += [one for one in further if one not in words]
    return shlex.join(map(redact, words))
