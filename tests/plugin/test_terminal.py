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

from pytest_iqeval.core.width import display_width
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


@pytest.mark.slow
@pytest.mark.parametrize("columns", [60, 120])
def test_no_line_of_ours_is_wider_than_the_terminal(project: Project, columns: int) -> None:
    """Header, what the gates can see, failures, table, verdict; in a log a line is a line."""
    project.wrong |= {"two": "I think so. " * 60, "wen": "我想" * 300}
    gate = "--iqeval-gate=accuracy >= 0.5"
    lines = on_terminal(project, gate, columns=columns)
    own = [line for line in lines if "/" not in line and not line.startswith("plugins: ")]
    assert max(map(display_width, own)) <= max(columns, 80)
    begin = next(n for n, line in enumerate(lines) if line.startswith("iqeval: gate accuracy"))
    narrow = "\n".join(lines[begin : begin + 3])
    if columns == 60:
        assert narrow.startswith(
            "iqeval: gate accuracy >= 0.5: 5 questions can show a change\n  of"
        )
    log = project.run(gate)
    log.stdout.fnmatch_lines(["iqeval: gate accuracy >= 0.5: 5 questions can show*power 80 %)"])


def test_a_line_of_ours_begins_at_the_left_where_letters_stand(project: Project) -> None:
    """With workers pytest itself knows of no line that has begun."""
    project.pytester.makepyfile(test_plain="def test_good(): pass\n")
    project.pytester.makeconftest(
        """
        import pytest

        class Says:
            def __init__(self, config):
                self.config = config

            @pytest.hookimpl(trylast=True)
            def pytest_runtest_logreport(self, report):
                if report.when == "call" and "test_good" in report.nodeid:
                    self.config.pluginmanager.get_plugin("iqeval-terminal").say(["iqeval: here"])

        def pytest_configure(config):
            if not hasattr(config, "workerinput"):
                config.pluginmanager.register(Says(config))
        """
    )
    result = project.run_apart("-n1", "test_plain.py", "iqeval/quiz")
    assert result.ret == 0
    assert "iqeval: here" in result.outlines
