"""What a person's terminal shows: runs on a pseudo terminal, with its size."""

from __future__ import annotations

import fcntl
import os
import pty
import struct
import subprocess
import sys
import termios

import pytest

from tests.plugin.conftest import Project


def on_terminal(project: Project, *args: str, columns: int = 80) -> list[str]:
    """The lines that a run leaves on the screen, what was written over taken away."""
    terminal, inner = pty.openpty()
    fcntl.ioctl(inner, termios.TIOCSWINSZ, struct.pack("HHHH", 50, columns, 0, 0))
    environ = {**os.environ, "TERM": "xterm", "NO_COLOR": "1"}
    environ.pop("COLUMNS", None)
    command = [sys.executable, "-m", "pytest", *project._args(args)]
    process = subprocess.Popen(
        command, cwd=project.pytester.path, env=environ, stdin=inner, stdout=inner, stderr=inner
    )
    os.close(inner)
    written = bytearray()
    while True:
        try:
            piece = os.read(terminal, 65536)
        except OSError:  # Linux: the other end is closed
            break
        if not piece:
            break
        written += piece
    os.close(terminal)
    process.wait()
    return [_left(line) for line in written.decode().split("\r\n")]


def _left(line: str) -> str:
    """What stands in a line after all its carriage returns; narrow letters alone."""
    shown = ""
    for piece in line.split("\r"):
        shown = piece + shown[len(piece) :]
    return shown.rstrip()


@pytest.mark.slow
def test_xdist_s_line_about_its_workers_is_not_written_into(project: Project) -> None:
    """The plan comes while the other worker still collects, and the line is rewritten in place."""
    project.pytester.makeconftest(
        """
        import time

        def pytest_collection_finish(session):
            if getattr(session.config, "workerinput", {}).get("workerid") == "gw1":
                time.sleep(1)
        """
    )
    lines = on_terminal(project, "-n2", "--tb=no")
    begin = lines.index("2 workers [5 items]")
    assert lines[begin + 1].startswith("iqeval: 5 requests, about")
