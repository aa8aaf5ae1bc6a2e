"""Replies across runs, by a digest of what was sent: one SQLite file for many runs at once.

A cache is a convenience. Whatever is wrong when it is opened is told; trouble later ends its use
and not the run.
"""

from __future__ import annotations

import contextlib
import json
import sqlite3
import threading
import time
from pathlib import Path

from pytest_iqeval.core.errors import FolderError
from pytest_iqeval.core.phrases import ending
from pytest_iqeval.core.request import Reply

FILE = "replies.sqlite3"
# "IQch": marks the file as ours.
APPLICATION_ID = 0x49516368
VERSION = 1
# A commit of another run takes milliseconds; a disk that sleeps takes seconds.
_BUSY_S = 10.0
_TABLES = """
    CREATE TABLE replies (
        digest BLOB PRIMARY KEY,
        reply TEXT NOT NULL,  -- JSON
        added INTEGER NOT NULL  -- seconds since 1970
    )
"""


class SqliteCache:
    """The cache in a folder, which is made if it is not there. Safe to call from any thread.

    ``trouble`` says why it is not used any more, once that is so.

    :raises FolderError: the folder can't be used, or what is there is no cache of ours.
    """

    def __init__(self, folder: Path) -> None:
        self.path = folder / FILE
        self.trouble: str | None = None
        self._closed = False
        self._lock = threading.Lock()
        try:
            folder.mkdir(parents=True, exist_ok=True)
        except OSError as exc:
            raise FolderError(
                f"--iqeval-cache {folder}: can't be made: {exc.strerror or exc}",
                hint="give a folder that can be written",
            ) from None
        try:
            self._connection = _opened(self.path)
        except sqlite3.DatabaseError as exc:
            raise FolderError(
                f"{self.path}: can't be used as a cache: {exc}",
                hint="give another --iqeval-cache; a damaged file can be deleted, which costs "
                "asking again",
            ) from None

    def get(self, digest: bytes) -> Reply | None:
        """What is kept under `digest`; a row that can't be read is none."""
        with self._lock:
            if self._closed or self.trouble is not None:
                return None
            try:
                row = self._connection.execute(
                    "SELECT reply FROM replies WHERE digest = ?", [digest]
                ).fetchone()
            except sqlite3.Error as exc:
                self._give_up(exc)
                return None
        try:
            return None if row is None else Reply.from_plain(json.loads(row[0]))
        except (ValueError, TypeError, KeyError, AttributeError):
            return None

    def put(self, digest: bytes, reply: Reply) -> None:
        """Keep `reply`; one that another run has put there stays."""
        text = json.dumps(reply.to_plain(), ensure_ascii=True)
        with self._lock:
            if self._closed or self.trouble is not None:
                return
            try:
                self._connection.execute(
                    "INSERT OR IGNORE INTO replies VALUES (?, ?, ?)",
                    (digest, text, int(time.time())),
                )
            except sqlite3.Error as exc:
                self._give_up(exc)

    def close(self) -> None:
        """Let go of the file; can be called twice."""
        with self._lock:
            self._closed = True
            self._connection.close()

    def _give_up(self, exc: sqlite3.Error) -> None:
        self.trouble = ending.CACHE_ENDS(path=self.path, why=exc)


def _opened(path: Path) -> sqlite3.Connection:
    connection = sqlite3.connect(
        path, timeout=_BUSY_S, isolation_level=None, check_same_thread=False
    )
    try:
        _check(connection, path)
        _to_wal(connection)
        # What the last seconds before a power failure brought may be lost; the file stays sound.
        connection.execute("PRAGMA synchronous = NORMAL")
        connection.execute("BEGIN IMMEDIATE")  # of two that come first one makes the table
        try:
            if _check(connection, path) == 0:
                connection.execute(_TABLES)
                connection.execute(f"PRAGMA application_id = {APPLICATION_ID}")
                connection.execute(f"PRAGMA user_version = {VERSION}")
            connection.execute("COMMIT")
        except BaseException:
            with contextlib.suppress(sqlite3.Error):
                connection.execute("ROLLBACK")
            raise
        connection.execute("SELECT digest, reply FROM replies LIMIT 1").fetchall()
    except BaseException:
        connection.close()
        raise
    return connection


def _to_wal(connection: sqlite3.Connection) -> None:
    """Readers and one writer at once. Changing to it meets "locked" without waiting for it."""
    end = time.monotonic() + _BUSY_S
    while True:
        try:
            connection.execute("PRAGMA journal_mode = WAL")
            return
        except sqlite3.OperationalError as exc:
            if not exc.sqlite_errorname.startswith("SQLITE_BUSY") or time.monotonic() > end:
                raise
            time.sleep(0.02)


def _check(connection: sqlite3.Connection, path: Path) -> int:
    """The file's version; 0 for a new one."""
    (version,) = connection.execute("PRAGMA user_version").fetchone()
    (application,) = connection.execute("PRAGMA application_id").fetchone()
    (tables,) = connection.execute("SELECT count(*) FROM sqlite_master").fetchone()
    if application != APPLICATION_ID and tables:
        raise FolderError(
            f"{path}: an SQLite file, but not a cache of pytest-iqeval",
            hint="give another --iqeval-cache",
        )
    if version > VERSION:
        raise FolderError(
            f"{path}: written by a newer pytest-iqeval (cache version {version}, this one knows "
            f"up to {VERSION})",
            hint="pip install -U pytest-iqeval, or give another --iqeval-cache",
        )
    return int(version)
