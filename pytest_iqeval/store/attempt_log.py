"""`--iqeval-log FILE`: one JSON line for each attempt, as it ends."""

from __future__ import annotations

import contextlib
import json
import os
import threading
from collections.abc import Callable
from datetime import datetime
from pathlib import Path

from pytest_iqeval.core.attempt import Attempt
from pytest_iqeval.core.clean import Redactor, storable, unbroken
from pytest_iqeval.core.errors import FolderError
from pytest_iqeval.core.phrases import ending


class AttemptLogFile:
    """Appends to a file, from any thread (`core.ports.AttemptLog`).

    A line is one write of its own without a buffer, so a run that is killed keeps them all: it
    costs some microseconds. What stops the log (a full disk) does not stop the run: `trouble`
    tells it then.

    :raises FolderError: the file can't be opened.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self.trouble: str | None = None
        self._run = ""
        self._redact: Callable[[str], str] = Redactor()
        self._lock = threading.Lock()
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            self._file: int | None = os.open(
                path, os.O_WRONLY | os.O_APPEND | os.O_CREAT | getattr(os, "O_BINARY", 0), 0o666
            )
        except (OSError, ValueError) as error:  # ValueError: a NUL in the name
            words = getattr(error, "strerror", None) or str(error)
            raise FolderError(
                f"--iqeval-log {path}: can't be written ({words})",
                hint="give a file in a folder that you may write to",
            ) from None

    def begin(self, *, run: str, redact: Callable[[str], str]) -> None:
        """Before the first attempt.

        :param run: the run's id, in each line: several runs may share a file.
        :param redact: applied to every text.
        """
        self._run, self._redact = run, redact

    def write(self, attempt: Attempt) -> None:
        """Note one attempt; never raises."""
        try:
            line = self._line(attempt)
            with self._lock:
                while self._file is not None and line:
                    line = line[os.write(self._file, line) :]
        except Exception as error:  # a border: a log that fails costs no reply
            words = getattr(error, "strerror", None) or f"{type(error).__name__}: {error}"
            self.trouble = ending.LOG_ENDS(
                path=self._redact(str(self.path)), why=self._redact(words)
            )
            self.close()

    def close(self) -> None:
        """End the log; attempts that come later are not noted. Safe to call again."""
        with self._lock:
            file, self._file = self._file, None
            if file is not None:
                with contextlib.suppress(OSError):
                    os.close(file)

    def _line(self, attempt: Attempt) -> bytes:
        now = datetime.now().astimezone().isoformat(timespec="milliseconds")
        plain: dict[str, object] = {"time": now, "run": self._run, **attempt.to_plain()}
        clean = {
            name: storable(self._redact(value))[0] if isinstance(value, str) else value
            for name, value in plain.items()
        }
        return (unbroken(json.dumps(clean, ensure_ascii=False)) + "\n").encode()
