"""A corpus of hostile programs: survived, never a pass, nothing and nobody left behind."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

from pytest_iqeval.core.errors import ScorerCrash
from pytest_iqeval.core.program import Program
from pytest_iqeval.run.code import told
from pytest_iqeval.sandbox import launch
from pytest_iqeval.sandbox.box import ProcessSandbox
from pytest_iqeval.sandbox.confinement import Confinement, ways_to_confine, what_holds
from pytest_iqeval.sandbox.launch import How
from tests.sandbox.hostile import HOSTILE

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="no code is run on Windows")

TEST = """\
def check(candidate):
    for x, y in ((1, 2), (5, 6)):
        assert candidate(x, y) == x + y
"""
CANARY = "canary-4d1f"


KINDS = ("namespaces", "bubblewrap", "filters")
# One of each kind of harm, and of forging a verdict; the others, and other sandboxes, take longer.
QUICK = (
    *("takes all memory at once", "fork bomb", "writes into home", "connects"),
    *("reads secrets of the environment", "kills its parent", "ends well before the test"),
    *("says so wherever it can", "is equal to everything", "changes the modules that it is run by"),
)
CASES = [
    pytest.param(
        kind, name, marks=[] if name in QUICK and kind == "namespaces" else [pytest.mark.slow]
    )
    for kind in KINDS
    for name, one in HOSTILE.items()
]


@cache
def way(kind: str) -> Confinement | None:
    """The first way of a kind that works and isolates here."""
    for how in ways_to_confine():
        if how.kind == kind and (found := what_holds(how)) is not None and found.isolates:
            return found
    return None


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


def sandbox(kind: str) -> ProcessSandbox:
    found = way(kind)
    if found is None:
        pytest.skip("this system does not isolate so")
    return ProcessSandbox(timeout_s=1, memory_bytes=256 << 20, how=found.how)


@pytest.mark.parametrize(("kind", "name"), CASES)
def test_a_hostile_program_never_passes(kind: str, name: str, world: World) -> None:
    one, began = HOSTILE[name], time.monotonic()
    tested = sandbox(kind).run(program(world.filled(one.code)))
    assert not tested.passed
    assert tested.why is not None
    assert any(part in tested.why for part in one.why.split("|"))
    assert CANARY not in tested.why
    assert len(tested.why) < 2000
    world.check_untouched()
    world.wait_for_processes()
    assert list(world.room.iterdir()) == []
    assert time.monotonic() - began < 60  # it is over, however busy the machine


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.usefixtures("world")
def test_an_honest_program_passes_right_after_a_hostile_one(kind: str) -> None:
    box = sandbox(kind)
    box.run(program("import os\nos._exit(0)\n"))
    assert box.run(program("def add(x, y):\n    return x + y\n")).passed


@pytest.mark.skipif(sys.platform != "linux", reason="namespaces are Linux's")
def test_what_holds_here_is_found_by_trying() -> None:
    """Where namespaces work, code is kept from all four."""
    found = way("namespaces")
    if found is None:
        pytest.skip("no namespaces here")
    plain = found.to_plain()
    assert plain["kind"] == "namespaces"
    assert plain["not_enforced"] in ([], ["user"])


def test_a_limit_that_the_system_did_not_take_is_told() -> None:
    """Nothing is claimed that was not seen to hold."""
    held = {"network": False, "files": True, "processes": True, "user": False}
    lax = Confinement(how=How(kind="filters", drop_root=False), held=held, limits=["cpu_s"])
    assert not lax.isolates
    assert lax.to_plain()["kept_from"] == ["files", "processes"]
    assert lax.missing == (
        "network",
        "user",
        *(f"limit: {n}" for n in ("memory_bytes", "file_bytes", "room_bytes", "open_files")),
        "limit: processes",
        "limit: system_calls",
    )
    said = [str(line) for line in told(lax)]
    assert said[0] == (
        "runs the model's code in a process with limits, kept from: your files, other processes"
    )
    assert said[1].startswith("NOT enforced for that code: no network, a user other than root, a ")


ENDLESS = """\
import sys, tempfile
from pytest_iqeval.core.program import Program
from pytest_iqeval.sandbox.box import ProcessSandbox
tempfile.tempdir = sys.argv[1]
box = ProcessSandbox(timeout_s=60, memory_bytes=256 << 20)
code = "def add(x, y):\\n    while True: pass\\n"
test = "def check(candidate): candidate(1, 2)"
box.run(Program(prompt="", code=code, whole=True, entry_point="add", test=test))
"""


def test_the_code_ends_with_the_process_that_runs_it(world: World) -> None:
    """However that one ends: here it is killed."""
    if sys.platform != "linux":
        pytest.skip("processes are looked for in /proc")
    arguments = [sys.executable, "-c", ENDLESS, str(world.room)]
    with subprocess.Popen(arguments) as parent:
        deadline = time.monotonic() + 30
        while len(world.processes()) < 5 and time.monotonic() < deadline:  # the parent is one
            time.sleep(0.01)
        assert len(world.processes()) >= 5
        parent.kill()
    world.wait_for_processes()


def test_a_sandbox_that_breaks_down_is_no_wrong_answer(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(launch, "_START", "/nothing/is/here.py")
    box = ProcessSandbox(
        timeout_s=1, memory_bytes=256 << 20, how=How(kind="namespaces", drop_root=False)
    )
    with pytest.raises(ScorerCrash, match="a process of the sandbox did not start"):
        box.run(program("def add(x, y):\n    return x + y\n"))
