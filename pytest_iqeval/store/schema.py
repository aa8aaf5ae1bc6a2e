"""The journal's tables, as numbered migrations, and how its file is opened.

Writing takes the file for one process: SQLite's exclusive locking, which the system undoes when
the process ends, however it ends, and which needs no shared memory beside the file. A run that
ends closes its journal as one plain file, to be read in any folder; one that was killed leaves
its last replies in a write-ahead log, which the next to open it takes in.
"""

from __future__ import annotations

import contextlib
import shutil
import sqlite3
import tempfile
from pathlib import Path

from pytest_iqeval.core.errors import FolderError

# "IQev": marks the file as ours, for `file` and for a clear message.
APPLICATION_ID = 0x49516576

_IN_USE = ("BUSY", "LOCKED")

MIGRATIONS: tuple[str, ...] = (
    # 1
    """
    CREATE TABLE meta (name TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
    CREATE TABLE replies (
        benchmark TEXT NOT NULL, subset TEXT NOT NULL, id TEXT NOT NULL, repeat INTEGER NOT NULL,
        text TEXT, reasoning TEXT, finish_reason TEXT, refusal TEXT,
        prompt_tokens INTEGER, completion_tokens INTEGER,
        latency_s REAL, attempts INTEGER NOT NULL, model TEXT, cleaned TEXT,
        failure TEXT,  -- JSON, in place of all the others
        UNIQUE (benchmark, subset, id, repeat)
    );
    """,
    # 2: where an attempt's seconds went, and whether a reply came from a cache
    """
    ALTER TABLE replies ADD COLUMN queued_s REAL;
    ALTER TABLE replies ADD COLUMN connect_s REAL;
    ALTER TABLE replies ADD COLUMN first_byte_s REAL;
    ALTER TABLE replies ADD COLUMN first_token_s REAL;
    ALTER TABLE replies ADD COLUMN cached INTEGER NOT NULL DEFAULT 0;
    """,
)
"""What brings a file from version n to n + 1; ``PRAGMA user_version`` counts them."""


def connect(path: Path) -> sqlite3.Connection:
    """Open or create the journal at `path` for writing, for this process alone.

    :raises FolderError: another process writes it, it is no journal, a newer version wrote it,
        or it can't be written.
    """
    connection = None
    try:
        connection = _open(path)
        connection.execute("PRAGMA locking_mode = EXCLUSIVE")
        version(connection, path)  # before anything is changed: it may be somebody else's file
        connection.execute("PRAGMA journal_mode = WAL")
        # A commit is then one write without fsync: it survives the death of the process, and
        # the last ones may be lost when the machine loses power. The file stays sound.
        connection.execute("PRAGMA synchronous = NORMAL")
        migrate(connection, path)
    except sqlite3.Error as exc:
        _discard(connection)
        raise trouble(path, exc) from None
    except FolderError:
        _discard(connection)
        raise
    return connection


def close(connection: sqlite3.Connection) -> None:
    """End writing, and leave one plain file without a log."""
    with contextlib.suppress(sqlite3.Error):  # a full disk: what is in the log stays there
        connection.execute("PRAGMA journal_mode = DELETE")
    connection.close()


def connect_to_read(path: Path) -> sqlite3.Connection:
    """Open the journal at `path` for reading, also in a folder that can't be written.

    :raises FolderError: a process writes it now, it is no journal, or a newer version wrote it.
    """
    if not path.is_file():
        raise FolderError(f"{path}: there is no journal", hint="a run's folder holds run.sqlite3")
    try:
        return _plain_or_copy(path)
    except sqlite3.Error as exc:
        raise trouble(path, exc) from None


def _plain_or_copy(path: Path) -> sqlite3.Connection:
    connection = None
    try:
        if _log(path).is_file():
            _take_in_log(path)
        connection = _open(path, "mode=ro")
        if version(connection, path) == len(MIGRATIONS):
            return connection
        connection.close()
    except sqlite3.OperationalError as exc:
        _discard(connection)
        if _word(exc) in _IN_USE:
            raise
        # Else the folder can't be written, which a log or an older version asks for.
    except BaseException:
        _discard(connection)
        raise
    return _copy_of(path)


def version(connection: sqlite3.Connection, path: Path) -> int:
    """The number of migrations the file has had; 0 for a new one.

    :raises FolderError: it is no journal of ours, or of a newer version.
    """
    (number,) = connection.execute("PRAGMA user_version").fetchone()
    (application,) = connection.execute("PRAGMA application_id").fetchone()
    (tables,) = connection.execute("SELECT count(*) FROM sqlite_master").fetchone()
    if application != APPLICATION_ID and tables:
        raise FolderError(f"{path}: an SQLite file, but not a journal of pytest-iqeval")
    if number > len(MIGRATIONS):
        raise FolderError(
            f"{path}: written by a newer pytest-iqeval (journal version {number}, this one"
            f" knows up to {len(MIGRATIONS)})",
            hint="pip install -U pytest-iqeval",
        )
    return int(number)


def migrate(connection: sqlite3.Connection, path: Path) -> None:
    """Bring the file to the newest version, each step whole or not at all."""
    # Takes the lock now, not at the first write: two runs must not both begin.
    connection.execute("BEGIN IMMEDIATE")
    try:
        for number in range(version(connection, path), len(MIGRATIONS)):
            for statement in MIGRATIONS[number].split(";\n"):
                connection.execute(statement)
            connection.execute(f"PRAGMA user_version = {number + 1}")
            connection.execute(f"PRAGMA application_id = {APPLICATION_ID}")
        connection.execute("COMMIT")
    except BaseException:
        with contextlib.suppress(sqlite3.Error):  # some errors have rolled it back
            connection.execute("ROLLBACK")
        raise


def trouble(path: Path, exc: sqlite3.Error) -> FolderError:
    """An error of SQLite in words that say what to do."""
    name = _word(exc)
    if name in _IN_USE:
        return FolderError(
            f"{path}: another process is writing this run",
            hint="wait for it to end, or give this run another --iqeval-output",
        )
    if name in ("FULL", "IOERR"):
        return FolderError(
            f"{path}: can't be written: {exc}",
            hint="free some space; --iqeval-resume then goes on where this run stopped",
        )
    if name in ("CANTOPEN", "READONLY", "PERM"):
        return FolderError(
            f"{path}: can't be opened: {exc}", hint="give a folder that can be written"
        )
    return FolderError(f"{path}: can't be read as a journal: {exc}")


def _open(path: Path, query: str = "") -> sqlite3.Connection:
    uri = path.resolve().as_uri() + (f"?{query}" if query else "")
    return sqlite3.connect(uri, uri=True, timeout=0, isolation_level=None, check_same_thread=False)


def _discard(connection: sqlite3.Connection | None) -> None:
    if connection is not None:
        connection.close()


def _log(path: Path) -> Path:
    return path.with_name(path.name + "-wal")


def _word(exc: sqlite3.Error) -> str:
    """The kind of an error of SQLite: ``BUSY``, ``FULL``, …; empty where Python raised it."""
    parts = getattr(exc, "sqlite_errorname", "").split("_")
    return parts[1] if len(parts) > 1 else ""


def _take_in_log(path: Path) -> None:
    """Bring what a killed run left in its log into the file."""
    connection = _open(path, "mode=rw")
    try:
        connection.execute("PRAGMA locking_mode = EXCLUSIVE")
        connection.execute("PRAGMA journal_mode = DELETE")
    finally:
        connection.close()


def _copy_of(path: Path) -> sqlite3.Connection:
    """The journal at `path`, log and all, in memory and at the newest version."""
    memory = sqlite3.connect(":memory:", isolation_level=None, check_same_thread=False)
    with tempfile.TemporaryDirectory(prefix="iqeval-") as folder:
        for file in (path, _log(path)):
            if file.is_file():
                shutil.copyfile(file, Path(folder, file.name))
        with contextlib.closing(_open(Path(folder, path.name))) as copy:
            copy.execute("PRAGMA locking_mode = EXCLUSIVE")
            copy.execute("PRAGMA journal_mode = DELETE")
            migrate(copy, path)
            copy.backup(memory)
    return memory
