"""Equality of expressions by math-verify, in a child process that can be given up."""

from __future__ import annotations

import contextlib
import json
import queue
import signal
import subprocess
import sys
import threading
import weakref
from pathlib import Path
from typing import IO

from pytest_iqeval.core.errors import IqevalError, Undecided

_CHILD = Path(__file__).with_name("child.py")
_ALARMS = [-getattr(signal, name) for name in ("SIGPROF", "SIGALRM") if hasattr(signal, name)]
_START_S = 120.0  # importing sympy takes about a second, on a busy machine ten
_PATIENCE = 4  # times the limit by the clock; a busy machine is slow, but no reply is wrong for it
_LONGEST = 2000  # code points; nothing longer is an answer


class ChildEquality:
    """Compares expressions in a child process, which starts at the first need of it.

    One comparison may take `timeout_s` seconds of the child's own work, and four times that by
    the clock: then the child is ended, and the next comparison starts another. (Where the system
    has no such alarm, as on Windows, the clock alone decides.) The child ends with this object,
    or with this process, however that one ends. Safe to call from several threads, which wait
    for each other.
    """

    def __init__(self, *, timeout_s: float) -> None:
        self._timeout_s = timeout_s
        self._lock = threading.Lock()
        self._child: _Child | None = None

    def equal(self, answer: str, target: str) -> bool:
        """Whether `answer` means the same as `target`, both LaTeX.

        :raises Undecided: it took too long, or was too much for the child.
        :raises IqevalError: the child can't be started.
        """
        if max(len(answer), len(target)) > _LONGEST:
            raise Undecided(f"more than {_LONGEST} characters")
        with self._lock:
            if self._child is None:
                self._child = _Child()
            try:
                return self._child.compare(answer, target, self._timeout_s)
            except BaseException:  # Ctrl-C too: a late verdict would be the next one's
                self.close()
                raise

    @property
    def pid(self) -> int | None:
        """The child's process id, while there is one."""
        return None if self._child is None else self._child.pid

    def close(self) -> None:
        """End the child, if there is one; a later comparison starts another."""
        if self._child is not None:
            self._child.close()
            self._child = None


class _Child:
    def __init__(self) -> None:
        # -P: neither the working folder nor this one may shadow a module that the child imports.
        process = subprocess.Popen(
            [sys.executable, "-P", str(_CHILD)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            encoding="utf-8",
        )
        assert process.stdin is not None
        assert process.stdout is not None
        self.pid = process.pid
        self._process = process
        self._questions = process.stdin
        self._lines: queue.SimpleQueue[str] = queue.SimpleQueue()
        self.close = weakref.finalize(self, _end, process)
        threading.Thread(target=_listen, args=(process.stdout, self._lines), daemon=True).start()
        try:
            said = self._next(_START_S)
        except BaseException:
            self.close()
            raise
        if said != "ready":
            self.close()
            why = said.get("failed") if isinstance(said, dict) else "it ended or said nothing"
            raise IqevalError(
                f"the comparison of expressions did not start: {why}",
                hint="does `python -c 'import math_verify'` work?",
            )

    def compare(self, answer: str, target: str, timeout_s: float) -> bool:
        try:
            self._questions.write(json.dumps([answer, target, timeout_s]) + "\n")
            self._questions.flush()
            said = self._next(timeout_s * _PATIENCE)
        except BrokenPipeError:
            said = ""
        if isinstance(said, bool):
            return said
        if said is None or self._process.wait(_START_S) in _ALARMS:
            raise Undecided(f"it took longer than {timeout_s:g} s")
        raise Undecided("the process that compares broke down over it")

    def _next(self, timeout_s: float) -> object:
        """The next thing the child says; ``None`` if it is late, ``""`` if it ended."""
        try:
            line = self._lines.get(timeout=timeout_s)
        except queue.Empty:
            return None
        return json.loads(line) if line else ""


def _listen(answers: IO[str], lines: queue.SimpleQueue[str]) -> None:
    with contextlib.suppress(OSError, ValueError):
        for line in answers:
            lines.put(line)
    lines.put("")


def _end(process: subprocess.Popen[str]) -> None:
    """Kill at once: the child has nothing to finish, and a busy one would not listen."""
    process.kill()
    process.wait()
    for pipe in (process.stdin, process.stdout):
        with contextlib.suppress(OSError, ValueError):
            if pipe is not None:
                pipe.close()
