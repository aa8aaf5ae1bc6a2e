"""Which confinement this system allows, found out by trying, once in a process."""

from __future__ import annotations

import contextlib
import json
import os
import socket
import sys
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from pytest_iqeval.core.errors import UsageFault
from pytest_iqeval.sandbox.launch import BUBBLEWRAP, Bounds, How, start

_HELD = ("network", "files", "processes", "user")
_LIMITS = (
    *("cpu_s", "memory_bytes", "file_bytes", "room_bytes", "open_files", "processes"),
    "system_calls",
)
_BOUNDS = Bounds(cpu_s=10, memory_bytes=512 << 20)


@dataclass(frozen=True, slots=True, kw_only=True)
class Confinement:
    """How code is confined here, and what of it holds.

    ``held`` says for ``network``, ``files``, ``processes`` and ``user`` whether code is kept from
    it (`inside.probe`); ``limits`` names those that the system took.
    """

    how: How
    held: Mapping[str, bool]
    limits: Sequence[str]

    @property
    def isolates(self) -> bool:
        """Whether code reaches neither network nor files nor other processes."""
        return all(self.held[name] for name in ("network", "files", "processes"))

    @property
    def missing(self) -> tuple[str, ...]:
        """What is not enforced, by name."""
        lacking = [name for name in _HELD if not self.held[name]]
        return (*lacking, *(f"limit: {name}" for name in _LIMITS if name not in self.limits))

    def to_plain(self) -> dict[str, object]:
        """As `report.json` has it; time and memory are options of the scorer."""
        bounds = {
            "file_bytes": _BOUNDS.file_bytes,
            "room_bytes": _BOUNDS.room_bytes,
            "open_files": _BOUNDS.open_files,
            "processes": 0 if "no forks" in self.limits else self.how.processes,
        }
        return {
            "kind": self.how.kind,
            "kept_from": [name for name in _HELD if self.held[name]],
            "limits": {name: value for name, value in bounds.items() if name in self.limits},
            "not_enforced": list(self.missing),
        }


def ways_to_confine() -> Iterator[How]:
    """All ways to confine, the strictest first."""
    roots = (True, False) if os.getuid() == 0 else (False,)
    for drop in roots:
        yield How(kind="namespaces", drop_root=drop)
    if Path(BUBBLEWRAP).is_file():
        yield How(kind="bubblewrap", drop_root=False)
    for drop in roots:
        yield How(kind="filters", drop_root=drop)


@cache
def find_confinement() -> Confinement:
    """The strictest confinement that works here.

    :raises UsageFault: none does.
    """
    if not hasattr(os, "fork"):
        raise UsageFault(
            f"code that a model wrote can't be run on {sys.platform}: there is no way to limit it",
            hint="run code benchmarks on Linux, or in WSL 2",
        )
    for how in ways_to_confine():
        found = what_holds(how)
        if found is not None and (found.isolates or how.kind == "filters"):
            return found
    raise UsageFault(
        "the sandbox for code can't start here: Python does not run in a process with limits",
        hint=f"does `{sys.executable} -S -c 'import decimal, hashlib'` work?",
    )


def what_holds(how: How) -> Confinement | None:
    """What holds in that confinement; ``None`` where it does not work."""
    with tempfile.TemporaryDirectory(prefix="iqeval-code-") as folder, socket.socket() as server:
        outside, written = Path(folder, "outside"), Path(folder, "written")
        outside.touch()
        Path(folder).chmod(0o755)
        server.bind(("127.0.0.1", 0))
        server.listen(1)
        job: dict[str, object] = {
            "port": server.getsockname()[1],
            "parent": os.getpid(),
            "outside": str(outside),
            "written": str(written),
        }
        told = _told(job, how)
        if told is None:
            return None
        said, limits = told
        held = {name: said.get(name) is True for name in _HELD}
        held["files"] = held["files"] and not written.exists()
        return Confinement(how=how, held=held, limits=_really(how, held, limits))


def _really(how: How, held: Mapping[str, bool], limits: list[str]) -> list[str]:
    """The limits that hold; the system never counts the processes of root, but may refuse any."""
    room = [] if how.kind == "filters" else ["room_bytes"]  # a file system in memory
    if "no forks" in limits:
        return [*limits, "processes", *room]
    return [name for name in limits if name != "processes" or held["user"]] + room


def _told(job: Mapping[str, object], how: How) -> tuple[dict[str, Any], list[str]] | None:
    read, write = os.pipe()
    try:
        try:
            with start("probe", job, how=how, bounds=_BOUNDS, handles={"verdict": write}) as worker:
                os.close(write)
                write = -1
                # What it says fits into the pipe; and it ends by itself, or by its limits.
                while worker.told("ended") is None and worker.hear():
                    pass
        except OSError:
            return None
        ready = worker.told("ready")
        said = os.read(read, 1 << 16)
        return None if ready is None or not said else (json.loads(said), ready)
    finally:
        for handle in (read, write):
            with contextlib.suppress(OSError):
                os.close(handle)
