"""Starts the processes of the sandbox, and hears what their supervisors say."""

from __future__ import annotations

import contextlib
import itertools
import json
import os
import select
import shutil
import subprocess
import sys
import sysconfig
import tempfile
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from pytest_iqeval.sandbox.inside import confine, supervise  # noqa: F401 (compiled by that)

_PACKAGE = str(Path(__file__).resolve().parents[2])
_START = str(Path(__file__).resolve().with_name("inside") / "start.py")
_LIBRARIES = ("LD_LIBRARY_PATH", "DYLD_LIBRARY_PATH")  # by which some Pythons find themselves
_SYSTEM = ("/usr", "/lib", "/lib32", "/lib64", "/bin", "/nix/store", "/etc/ld.so.cache")
PROCESSES = 16
"""Further processes and threads of one program, in namespaces; each may use the memory of one."""
BUBBLEWRAP = shutil.which("bwrap") or "/usr/bin/bwrap"
_PATIENCE_S = 30.0
_NUMBERS = itertools.count(os.getpid() << 8)


@dataclass(frozen=True, slots=True, kw_only=True)
class How:
    """The way in which processes are confined.

    ``kind`` is ``namespaces``, ``bubblewrap`` or ``filters`` (the system's own, as far as it has
    any). With ``drop_root`` a process of root's becomes one of a user that owns nothing.
    """

    kind: str
    drop_root: bool

    @property
    def processes(self) -> int:
        """How many further processes code may start; where there are any, threads count too."""
        return 0 if self.kind == "filters" else PROCESSES


@dataclass(frozen=True, slots=True, kw_only=True)
class Bounds:
    """What one process may use: bytes, and seconds of the processor's time."""

    cpu_s: int
    memory_bytes: int
    file_bytes: int = 16 << 20
    room_bytes: int = 64 << 20
    open_files: int = 64

    def limits(self, how: How) -> dict[str, int]:
        """As the supervisor sets them."""
        limits = {
            "cpu_s": self.cpu_s,
            "memory_bytes": self.memory_bytes,
            "file_bytes": self.file_bytes,
            "open_files": self.open_files,
            "core_bytes": 0,
        }
        # The system counts those of a user, and only in namespaces these are few.
        return limits if how.kind == "filters" else {**limits, "processes": how.processes}


def kept_paths() -> list[str]:
    """The folders and files that Python needs to run, in the order in which they are mounted."""
    own = [sys.base_prefix, sys.base_exec_prefix, sysconfig.get_path("stdlib")]
    found: list[str] = []
    for path in (*_SYSTEM, *own):
        inside = any(path == one or path.startswith(f"{one}/") for one in found)
        if path not in ("", "/") and not inside and os.path.lexists(path):
            found.append(path)
    return found


@dataclass
class Worker:
    """A process of the sandbox as its parent sees it; ``status`` is what it says, line by line."""

    process: subprocess.Popen[bytes]
    heard: bytearray = field(default_factory=bytearray)
    said: list[dict[str, Any]] = field(default_factory=list)
    folder: tempfile.TemporaryDirectory[str] | None = None

    @property
    def status(self) -> int:
        """The handle on which it says how it is."""
        assert self.process.stdout is not None
        return self.process.stdout.fileno()

    def hear(self) -> bool:
        """Take in what was said; false when it has nothing more to say."""
        piece = os.read(self.status, 1 << 16)
        self.heard += piece
        while b"\n" in self.heard:
            line, _, rest = bytes(self.heard).partition(b"\n")
            self.heard[:] = rest
            self.said.append(json.loads(line))
        return bool(piece)

    def told(self, name: str) -> Any:
        """What it said under that name; ``None`` if nothing."""
        return next((message[name] for message in self.said if name in message), None)

    def wait(self, most_s: float) -> None:
        """Wait until it says how it ended; it says ``{"waited": false}`` if that takes too long."""
        deadline = time.monotonic() + most_s
        while self.told("ended") is None:
            left = deadline - time.monotonic()
            if left <= 0 or not select.select([self.status], [], [], left)[0]:
                self.said.append({"waited": False})
                return
            if not self.hear():
                return

    def end(self) -> None:
        """Have it and all that it started killed, and wait until they are gone."""
        process = self.process
        assert process.stdin is not None
        with contextlib.suppress(OSError):
            process.stdin.close()
        try:
            process.wait(_PATIENCE_S)
        except subprocess.TimeoutExpired:  # it is stopped, or stuck in the system
            with contextlib.suppress(OSError):
                os.killpg(process.pid, 9)
            process.kill()
            process.wait()
        while self.hear():
            pass
        assert process.stdout is not None
        process.stdout.close()
        if self.folder is not None:
            with contextlib.suppress(OSError):
                self.folder.cleanup()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.end()


def start(
    part: str,
    job: Mapping[str, object],
    *,
    how: How,
    bounds: Bounds,
    handles: Mapping[str, int],
) -> Worker:
    """Start a process of the sandbox.

    :param part: ``answer``, ``examine`` or ``probe``.
    :param handles: the ends of pipes that the worker gets, by name.
    :raises OSError: the system gives no process, or no folder.
    """
    folder = tempfile.TemporaryDirectory(prefix="iqeval-code-", ignore_cleanup_errors=True)
    whole = {
        **job,
        "part": part,
        "how": how.kind,
        "drop_root": how.drop_root,
        "number": next(_NUMBERS) & 0xFFFFFFF,
        "folder": confine.ROOM if how.kind == "bubblewrap" else folder.name,
        "keep": kept_paths(),
        "room_bytes": bounds.room_bytes,
        "limits": bounds.limits(how),
        "handles": dict(handles),
    }
    environment = {name: os.environ[name] for name in _LIBRARIES if name in os.environ}
    try:
        process = subprocess.Popen(
            [*_command(how, bounds), folder.name],  # the name tells whose process it is
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env={**environment, "PYTHONHASHSEED": "0"},  # the order of sets is part of a verdict
            cwd="/",
            pass_fds=list(handles.values()),
            start_new_session=True,
        )
    except BaseException:
        folder.cleanup()
        raise
    worker = Worker(process=process, folder=folder)
    assert process.stdin is not None
    try:
        with contextlib.suppress(BrokenPipeError):  # it ended: its status will tell
            process.stdin.write(json.dumps(whole).encode("ascii") + b"\n")
            process.stdin.flush()
    except BaseException:
        worker.end()
        raise
    return worker


def _command(how: How, bounds: Bounds) -> list[str]:
    """What is run: Python, within bubblewrap where that is the one that confines."""
    # No site-packages, no user's folder, no working folder, and nothing is written.
    script = ["-s", "-S", "-P", "-B", "-X", "utf8", _START, _PACKAGE]
    if how.kind != "bubblewrap":
        return [sys.executable, *script]
    python = os.path.realpath(getattr(sys, "_base_executable", None) or sys.executable)
    own = [python, f"{_PACKAGE}/pytest_iqeval"]
    binds = [part for path in (*kept_paths(), *own) for part in ("--ro-bind-try", path, path)]
    return [
        *(BUBBLEWRAP, "--unshare-all", "--die-with-parent", "--cap-drop", "ALL"),
        *("--dev", "/dev", "--size", str(bounds.room_bytes), "--tmpfs", confine.ROOM),
        *(*binds, "--chdir", confine.ROOM, "--", python, *script),
    ]
