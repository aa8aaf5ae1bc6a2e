"""Real processes that want the same data at once."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from pytest_iqeval.core.errors import FolderError
from pytest_iqeval.sources.hub.access import HubAccess
from pytest_iqeval.sources.hub.turn import turn
from tests.support.hub import LocalHub
from tests.support.hub_data import IQ

ROOT = Path(__file__).parents[3]
FETCH = """
import os, sys
from pathlib import Path
sys.path.insert(0, {root!r})
from pytest_iqeval.sources.hub.access import HubAccess
from pytest_iqeval.sources.hub.fetch import fetched_folder
from pytest_iqeval.sources.hub.progress import Progress
from tests.support.hub_data import tiny
access = HubAccess(environ=os.environ, start=Path.cwd(), listener=Progress(sys.stdout, "en"))
print((fetched_folder(tiny(), access) / "test/IQ.jsonl").stat().st_size)
"""


def test_two_processes_at_once_fetch_once(hub: LocalHub, access: HubAccess, tmp_path: Path) -> None:
    """The store holds the first back until the second one says that it waits."""
    hub.gate = threading.Event()
    command = [sys.executable, "-c", FETCH.format(root=str(ROOT))]
    environ = {**os.environ, **access.environ}
    both = [
        subprocess.Popen(command, env=environ, cwd=tmp_path, stdout=subprocess.PIPE, text=True)
        for _ in range(2)
    ]
    said: list[str] = []

    def listen(process: subprocess.Popen[str]) -> None:
        assert process.stdout is not None
        assert hub.gate is not None
        with process.stdout as lines:
            for line in lines:
                said.append(line.strip())
                if "waiting" in line:
                    hub.gate.set()

    readers = [threading.Thread(target=listen, args=(process,)) for process in both]
    for reader in readers:
        reader.start()
    for reader in readers:
        reader.join(30)
    assert [process.wait(10) for process in both] == [0, 0]
    assert said.count(str(len(IQ))) == 2
    assert said.count("iqeval: another process fetches tiny: waiting") == 1
    assert len(hub.asked("list")) == 1
    assert len(hub.asked("store")) == 2  # its two files, once


def test_the_turn_is_free_again_after_a_failure(tmp_path: Path) -> None:
    path = tmp_path / "x.turn"
    for _ in range(2):
        with pytest.raises(ValueError, match="inside"), turn(path, waits=lambda: None):
            raise ValueError("inside")


def test_a_lock_file_that_cannot_be_made_is_told(tmp_path: Path) -> None:
    with (
        pytest.raises(FolderError, match="can't be written: No such file"),
        turn(tmp_path / "nowhere/x.turn", waits=lambda: None),
    ):
        pass
