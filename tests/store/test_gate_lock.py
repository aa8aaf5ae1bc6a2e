"""The file of a gate lock: small, sorted, and told off where it is damaged."""

from __future__ import annotations

from pathlib import Path

import pytest

from pytest_iqeval.core.errors import FolderError
from pytest_iqeval.core.gates.conditions import Asked
from pytest_iqeval.core.gates.lock import Lock
from pytest_iqeval.store.gate_lock import read_lock, write_lock

LOCK = Lock(
    gates=("n >= 2", "category=逻辑: accuracy >= 0.6"),
    data={"b": ("ab", "r1")},
    asked={"b": Asked(count=2, sha256="cd")},
    defined={"b": {"prompt": "sha256 ef", "scorer": "choice", "group": "passage"}},
    settings={"repeats": "3", "pass": "all"},
)
TEXT = """\
{
 "schema_version": 1,
 "gates": [
  "category=逻辑: accuracy >= 0.6",
  "n >= 2"
 ],
 "settings": {
  "pass": "all",
  "repeats": "3"
 },
 "benchmarks": {
  "b": {
   "data_sha256": "ab",
   "revision": "r1",
   "prompt": "sha256 ef",
   "scorer": "choice",
   "group": "passage",
   "asked": {
    "count": 2,
    "sha256": "cd"
   }
  }
 }
}
"""


def test_the_file_diffs_well(tmp_path: Path) -> None:
    """A line a gate, sorted; and it is not written over."""
    path = tmp_path / "gates.lock"
    assert read_lock(path) is None
    write_lock(path, LOCK)
    assert path.read_text("utf-8") == TEXT
    write_lock(path, Lock(gates=(), data={}))
    assert path.read_text("utf-8") == TEXT
    read = read_lock(path)
    assert read is not None
    assert read.to_plain() == LOCK.to_plain()


def test_a_lock_of_an_earlier_version_is_read(tmp_path: Path) -> None:
    """Without questions, definitions and settings."""
    path = tmp_path / "gates.lock"
    old = Lock(gates=LOCK.gates, data=LOCK.data)
    write_lock(path, old)
    assert "settings" not in path.read_text("utf-8")
    read = read_lock(path)
    assert read is not None
    assert (read.settings, read.asked, read.defined) == ({}, {}, {})


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "JSONDecodeError"),
        (b"\xff", "UnicodeDecodeError"),
        (b"[]", "TypeError"),
        (b"{}", "KeyError: 'schema_version'"),
        (TEXT.replace("1,", "9,", 1).encode(), "schema_version 9 is not 1"),
        (TEXT.replace("n >= 2", "n => 2").encode(), "=> is no operator of gates"),
        (TEXT.replace('"revision"', '"x"').encode(), "KeyError: 'revision'"),
        (TEXT.replace('"repeats": "3"', '"repeats": "x"').encode(), "ValueError"),
        (TEXT.replace('"pass": "all"', '"pass": "x"').encode(), "ValueError"),
        (TEXT.replace('"count": 2', '"count": []').encode(), "TypeError"),
        (TEXT.replace('"n >= 2"', "3").encode(), "TypeError"),
    ],
)
def test_a_damaged_file_is_refused(tmp_path: Path, content: bytes, said: str) -> None:
    path = tmp_path / "gates.lock"
    path.write_bytes(content)
    with pytest.raises(FolderError) as caught:
        read_lock(path)
    assert said in caught.value.problem
    assert "delete it" in str(caught.value.hint)


def test_a_folder_that_is_not_there_is_told_before_the_run(tmp_path: Path) -> None:
    with pytest.raises(FolderError, match="there is no folder"):
        read_lock(tmp_path / "no" / "gates.lock")
    with pytest.raises(FolderError, match="can't be read"):
        read_lock(tmp_path)
