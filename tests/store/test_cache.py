"""The file of a cache: shared by runs, refused where it is none, given up where it breaks."""

from __future__ import annotations

import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest

from pytest_iqeval.core.errors import FolderError
from pytest_iqeval.core.request import Reply, Timing, Usage
from pytest_iqeval.store.cache import FILE, SqliteCache

REPLY = Reply(
    text="答案：B",
    reasoning="…",
    finish_reason="stop",
    usage=Usage(prompt_tokens=3),
    latency_s=1.5,
    timing=Timing(first_byte_s=0.5),
    attempts=2,
    model="m",
)


def test_a_reply_comes_back_as_it_was_and_the_first_one_stays(tmp_path: Path) -> None:
    """Also for another run that has the same folder open."""
    one, other = SqliteCache(tmp_path / "a" / "b"), SqliteCache(tmp_path / "a" / "b")
    assert other.get(b"d") is None
    one.put(b"d", REPLY)
    other.put(b"d", Reply(text="later"))
    assert one.get(b"d") == other.get(b"d") == REPLY
    for cache in (one, other):
        cache.close()
        cache.close()
        assert cache.get(b"d") is None
        assert cache.trouble is None


WRITER = """
import sys
from pathlib import Path
from pytest_iqeval.core.request import Reply
from pytest_iqeval.store.cache import SqliteCache
cache = SqliteCache(Path(sys.argv[1]))
for number in range(100):
    cache.put(f"{sys.argv[2]} {number}".encode(), Reply(text=str(number)))
assert cache.trouble is None, cache.trouble
cache.close()
"""


def test_processes_that_come_at_once_make_one_cache(tmp_path: Path) -> None:
    """None of them meets a lock, and nothing is lost."""
    writers = [
        subprocess.Popen([sys.executable, "-c", WRITER, str(tmp_path), name]) for name in "abc"
    ]
    assert [writer.wait(60) for writer in writers] == [0, 0, 0]
    cache = SqliteCache(tmp_path)
    found = [cache.get(f"{name} {n}".encode()) for name in "abc" for n in range(100)]
    assert None not in found
    cache.close()


def _garbage(path: Path) -> None:
    path.write_bytes(b"this is no database" * 100)


def _foreign(path: Path) -> None:
    with sqlite3.connect(path) as other:
        other.execute("CREATE TABLE mine (x)")
    other.close()


def _newer(path: Path) -> None:
    SqliteCache(path.parent).close()
    with sqlite3.connect(path) as cache:
        cache.execute("PRAGMA user_version = 9")
    cache.close()


@pytest.mark.parametrize(
    ("make", "said"),
    [
        (_garbage, "can't be used as a cache: file is not a database"),
        (_foreign, "an SQLite file, but not a cache of pytest-iqeval"),
        (_newer, "written by a newer pytest-iqeval (cache version 9, this one knows up to 1)"),
        (Path.mkdir, "can't be used as a cache: unable to open database file"),
    ],
)
def test_what_is_no_cache_is_told_before_it_is_used(tmp_path: Path, make, said: str) -> None:
    make(tmp_path / FILE)
    with pytest.raises(FolderError) as caught:
        SqliteCache(tmp_path)
    assert str(caught.value).startswith(f"{tmp_path / FILE}: {said}\n  hint: ")


def test_a_folder_that_cannot_be_made_is_told(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(FolderError, match=r"--iqeval-cache .*file.*: can't be made"):
        SqliteCache(tmp_path / "file" / "cache")


def test_a_cache_that_breaks_later_is_given_up_and_says_why(tmp_path: Path) -> None:
    """The run goes on without it; a single row that can't be read is asked again."""
    cache = SqliteCache(tmp_path)
    cache.put(b"d", REPLY)
    with sqlite3.connect(tmp_path / FILE) as other:
        other.execute("UPDATE replies SET reply = '{'")
    assert cache.get(b"d") is None
    assert cache.trouble is None
    with other:
        other.execute("DROP TABLE replies")
    other.close()
    assert cache.get(b"d") is None
    assert "no such table: replies: the cache was not used any more" in str(cache.trouble)
    cache.put(b"d", REPLY)
    cache.close()
