"""The journal: every answer of a run, committed before anybody sees it."""

from __future__ import annotations

import contextlib
import json
import sqlite3
import threading
from collections import deque
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any, Self

from pytest_iqeval.core.errors import FolderError, NoReply
from pytest_iqeval.core.request import Key, Reply, Timing, Usage
from pytest_iqeval.store import schema, writer

_KEY = "benchmark, subset, id, repeat"
_ANSWER = (
    "text, reasoning, finish_reason, refusal, prompt_tokens, completion_tokens, "
    "latency_s, queued_s, connect_s, first_byte_s, first_token_s, attempts, cached, model, "
    "cleaned, failure"
)
_GET = f"SELECT {_ANSWER} FROM replies WHERE (benchmark, subset, id, repeat) = (?, ?, ?, ?)"
_COLUMNS = f"{_KEY}, {_ANSWER}".split(", ")
# What an earlier part of the run sent for a key in vain counts too: attempts add up.
_VALUES = ", ".join(
    "new.attempts + coalesce((SELECT attempts FROM replies WHERE failure IS NOT NULL AND"
    " (benchmark, subset, id, repeat) = (new.benchmark, new.subset, new.id, new.repeat)), 0)"
    if column == "attempts"
    else f"new.{column}"
    for column in _COLUMNS
)
# Python 3.12.0 to 3.12.3 warn of ?1, which would spare the naming of what is new.
_PUT = (
    f"WITH new ({', '.join(_COLUMNS)}) AS (VALUES ({', '.join('?' * len(_COLUMNS))})) "
    f"INSERT OR REPLACE INTO replies ({', '.join(_COLUMNS)}) SELECT {_VALUES} FROM new"
)

Row = tuple[Any, ...]

FINGERPRINT = "fingerprint"
"""The name under which a journal's ``meta`` holds the fingerprint of its run."""


class StoredReplies:
    """A journal that is only read. Safe to call from several threads."""

    def __init__(self, path: Path, connection: sqlite3.Connection) -> None:
        """Use `open_journal`.

        :param path: for messages.
        """
        self.path = path
        self._connection = connection
        self._lock = threading.Lock()  # an SQLite connection serves one thread at a time

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *exc_info: object) -> None:
        self.close()

    def get(self, key: Key) -> Reply | NoReply | None:
        """What is kept for `key`.

        :raises FolderError: the file can't be read any more.
        """
        rows = self._read(_GET, key)
        return _answer(rows[0]) if rows else None

    def keys(self) -> Iterable[Key]:
        """The keys that have a reply (errors left out), in the order they came."""
        rows = self._read(f"SELECT {_KEY} FROM replies WHERE failure IS NULL ORDER BY rowid")
        return [Key(*row) for row in rows]

    def asked(self) -> Iterable[Key]:
        """The keys that have a reply or an error, in the order they came."""
        return [Key(*row) for row in self._read(f"SELECT {_KEY} FROM replies ORDER BY rowid")]

    def copy_to(self, path: Path) -> None:
        """Write all of it into a new journal at `path`.

        :raises FolderError: it can't be read, or not be written there.
        """
        try:
            with self._lock, contextlib.closing(sqlite3.connect(path)) as target:
                self._connection.backup(target)
        except sqlite3.Error as exc:
            raise schema.trouble(path, exc) from None

    @property
    def meta(self) -> dict[str, str]:
        """What was written down about the run when it began."""
        return dict(self._read("SELECT name, value FROM meta"))

    def close(self) -> None:
        """End reading; can be called twice."""
        with self._lock:
            self._connection.close()

    def _read(self, sql: str, values: Iterable[object] = ()) -> list[Row]:
        try:
            with self._lock:
                return self._connection.execute(sql, tuple(values)).fetchall()
        except sqlite3.Error as exc:
            raise schema.trouble(self.path, exc) from None


class SqliteJournal(StoredReplies):
    """A journal that is written, by this process alone; made if it is not there.

    Several threads that `put` at once share one commit: who gets the lock writes the rows of
    all that wait for it.

    :param path: ``run.sqlite3`` in a run's folder.
    :param meta: facts of the run, kept beside its replies; they replace earlier ones.
    :raises FolderError: it can't be used; the message says why.
    """

    def __init__(self, path: Path, meta: Mapping[str, str] | None = None) -> None:
        super().__init__(path, schema.connect(path))
        self._waiting: deque[_Put] = deque()
        self._closed = False
        try:
            for item in (meta or {}).items():
                self._connection.execute("INSERT OR REPLACE INTO meta VALUES (?, ?)", item)
        except sqlite3.Error as exc:
            self.close()
            raise schema.trouble(path, exc) from None
        writer.note(path, (meta or {}).get(FINGERPRINT))

    def put(self, key: Key, answer: Reply | NoReply) -> None:
        """Keep `answer`, replacing an earlier one; returns when it is committed.

        :raises FolderError: it could not be written (a full disk); nothing of it is kept.
        """
        mine = _Put(_row(key, answer))
        self._waiting.append(mine)  # atomic
        with self._lock:
            if not mine.done:
                self._commit()
        if isinstance(mine.trouble, sqlite3.Error):
            raise schema.trouble(self.path, mine.trouble) from None
        if mine.trouble is not None:
            raise mine.trouble

    def close(self) -> None:
        """Leave one plain file, and let go of it; can be called twice."""
        with self._lock:
            if not self._closed:
                self._closed = True
                writer.forget(self.path)  # first: once it is free, another may write its own
                schema.close(self._connection)

    def _commit(self) -> None:
        """Write all rows that wait. The lock is held."""
        batch = []
        while self._waiting:
            batch.append(self._waiting.popleft())
        trouble = self._write(batch)
        for put in batch:
            # A row that can't be stored must not take the others with it.
            put.trouble = self._write([put]) if trouble and len(batch) > 1 else trouble
            put.done = True

    def _write(self, batch: Sequence[_Put]) -> Exception | None:
        """Write `batch` in one transaction; what was wrong if it could not be."""
        try:
            self._connection.execute("BEGIN")
            self._connection.executemany(_PUT, [put.row for put in batch])
            self._connection.execute("COMMIT")
        except Exception as exc:  # kept for the thread whose row it is
            with contextlib.suppress(sqlite3.Error):  # some errors have rolled it back
                self._connection.execute("ROLLBACK")
            return exc
        return None


class _Put:
    """One row on its way."""

    __slots__ = ("done", "row", "trouble")

    def __init__(self, row: Row) -> None:
        self.row = row
        self.done = False
        self.trouble: Exception | None = None


def open_journal(path: Path) -> SqliteJournal:
    """The journal of a run that goes on.

    :raises FolderError: there is none, or it can't be used.
    """
    if not path.is_file():
        raise FolderError(f"{path}: there is no journal", hint="a run's folder holds run.sqlite3")
    return SqliteJournal(path)


def read_journal(path: Path) -> StoredReplies:
    """The journal of an earlier run, to read; its folder need not be writable.

    :raises FolderError: there is none, it can't be used, or the run is still going on.
    """
    return StoredReplies(path, schema.connect_to_read(path))


def _row(key: Key, answer: Reply | NoReply) -> Row:
    if isinstance(answer, NoReply):
        # ASCII, so that whatever an endpoint put into an error can be stored.
        failure = json.dumps(answer.to_plain(), ensure_ascii=True)
        return (
            *(*key, *[None] * 6, answer.latency_s, *_times(answer.timing)),
            *(answer.attempts, False, None, None, failure),
        )
    return (
        *key,
        answer.text,
        answer.reasoning,
        answer.finish_reason,
        answer.refusal,
        _count(answer.usage.prompt_tokens),
        _count(answer.usage.completion_tokens),
        answer.latency_s,
        *_times(answer.timing),
        answer.attempts,
        answer.cached,
        answer.model,
        answer.cleaned,
        None,
    )


def _times(timing: Timing | None) -> tuple[float | None, ...]:
    timing = timing or Timing()
    return timing.queued_s, timing.connect_s, timing.first_byte_s, timing.first_token_s


def _count(number: int | None) -> int | None:
    """A count that SQLite can hold; an endpoint that sends another has sent none."""
    return number if number is not None and abs(number) < 2**63 else None


def _answer(row: Row) -> Reply | NoReply:
    *reply, failure = row
    text, reasoning, finish_reason, refusal, prompt, completion, latency_s, *rest = reply
    queued_s, connect_s, first_byte_s, first_token_s, attempts, cached, model, cleaned = rest
    if failure is not None:
        none = NoReply.from_plain(json.loads(failure))
        none.attempts = attempts
        return none
    return Reply(
        text=text,
        reasoning=reasoning,
        finish_reason=finish_reason,
        refusal=refusal,
        usage=Usage(prompt_tokens=prompt, completion_tokens=completion),
        latency_s=latency_s,
        timing=Timing(
            queued_s=queued_s,
            connect_s=connect_s,
            first_byte_s=first_byte_s,
            first_token_s=first_token_s,
        ),
        attempts=attempts,
        cached=bool(cached),
        model=model,
        cleaned=cleaned,
    )
