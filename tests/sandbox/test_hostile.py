"""A corpus of hostile programs: survived, never a pass, nothing and nobody left behind."""

from __future__ import annotations

import os
import socket
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from pytest_iqeval.core.program import Program
from pytest_iqeval.sandbox.box import ProcessSandbox
from pytest_iqeval.sandbox.confinement import Confinement, _tried, _ways
from pytest_iqeval.sandbox.launch import How
from tests.sandbox.hostile import HOSTILE

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="no code is run on Windows")

TEST = """\
def check(candidate):
    for x, y in ((1, 2), (5, 6)):
        assert candidate(x, y) == x + y
"""
CANARY = "canary-4d1f"


def ways() -> dict[str, Confinement]:
    """The first way of each kind that works here."""
    found: dict[str, Confinement] = {}
    for how in _ways():
        if how.kind not in found and (tried := _tried(how)) is not None:
            found[how.kind] = tried
    return found


WAYS = ways()
CASES = [
    pytest.param(kind, name, marks=[pytest.mark.slow] if one.slow or kind != "namespaces" else [])
    for kind in WAYS
    for name, one in HOSTILE.items()
]


class World:
    """What must stay as it was: a folder, a home, a port that nobody connects to, this process."""

    def __init__(self, tmp_path: Path, server: socket.socket) -> None:
        self.home, self.outside, self.room = (tmp_path / n for n in ("home", "outside", "room"))
        for folder in (self.home, self.outside, self.room):
            folder.mkdir()
        (self.outside / "secret").write_text(CANARY)
        self.server = server

    def filled(self, code: str) -> str:
        values = {"HOME": self.home, "OUTSIDE": self.outside, "PARENT": os.getpid()}
        for name, value in {**values, "PORT": self.server.getsockname()[1]}.items():
            code = code.replace(f"@{name}@", str(value))
        return code

    def check_untouched(self) -> None:
        assert list(self.home.iterdir()) == []
        assert [p.name for p in self.outside.iterdir()] == ["secret"]
        with pytest.raises(BlockingIOError):
            self.server.accept()

    def processes(self) -> list[int]:
        """Those of the sandbox that are still there: its folder stands in their command line."""
        mark = os.fsencode(self.room)
        found = []
        for path in Path("/proc").glob("[0-9]*/cmdline"):
            try:
                if mark in path.read_bytes():
                    found.append(int(path.parent.name))
            except OSError:
                continue
        return found

    def wait_for_processes(self) -> None:
        """None is left; one that is being killed may need a moment."""
        deadline = time.monotonic() + 10
        while self.processes() and time.monotonic() < deadline:
            time.sleep(0.01)
        assert self.processes() == []


@pytest.fixture
def world(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[World]:
    with socket.socket() as server:
        server.bind(("127.0.0.1", 0))
        server.listen(1)
        server.setblocking(False)
        made = World(tmp_path, server)
        monkeypatch.setenv("HOME", str(made.home))
        monkeypatch.setenv("IQEVAL_CANARY", CANARY)
        monkeypatch.setattr(tempfile, "tempdir", str(made.room))
        yield made


def program(code: str) -> Program:
    prompt = "def add(x, y):\n    '''Add.'''\n"
    return Program(prompt=prompt, code=code, whole=True, entry_point="add", test=TEST)


def sandbox(how: How) -> ProcessSandbox:
    return ProcessSandbox(timeout_s=1, memory_bytes=256 << 20, how=how)


@pytest.mark.parametrize(("kind", "name"), CASES)
def test_a_hostile_program_never_passes(kind: str, name: str, world: World) -> None:
    one, way = HOSTILE[name], WAYS[kind]
    if not way.isolates:
        pytest.skip("this system does not isolate so")
    began = time.monotonic()
    tested = sandbox(way.how).run(program(world.filled(one.code)))
    assert not tested.passed
    assert tested.why is not None
    assert any(part in tested.why for part in one.why.split("|"))
    assert CANARY not in tested.why
    assert len(tested.why) < 2000
    world.check_untouched()
    world.wait_for_processes()
    assert list(world.room.iterdir()) == []
    assert time.monotonic() - began < 60  # it is over, however busy the machine


@pytest.mark.parametrize("kind", WAYS)
@pytest.mark.usefixtures("world")
def test_an_honest_program_passes_right_after_a_hostile_one(kind: str) -> None:
    box = sandbox(WAYS[kind].how)
    box.run(program("import os\nos._exit(0)\n"))
    assert box.run(program("def add(x, y):\n    return x + y\n")).passed


@pytest.mark.skipif(sys.platform != "linux", reason="namespaces are Linux's")
def test_what_holds_here_is_found_by_trying() -> None:
    """Where namespaces work, code is kept from all four."""
    if "namespaces" not in WAYS:
        pytest.skip("no namespaces here")
    assert WAYS["namespaces"].isolates
    assert WAYS["namespaces"].to_plain()["not_enforced"] in ([], ["user"])
