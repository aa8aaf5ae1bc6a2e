"""The journal on a real disk: what `put` has returned for is there, whatever happens then."""

from __future__ import annotations

import contextlib
import json
import os
import resource
import shutil
import signal
import sqlite3
import subprocess
import sys
import tempfile
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pytest_iqeval.core.errors import FolderError, NoReply
from pytest_iqeval.core.request import Key, Reply, Usage
from pytest_iqeval.store import schema
from pytest_iqeval.store.journal import (
    _PUT,
    SqliteJournal,
    StoredReplies,
    open_journal,
    read_journal,
)

ROOT = Path(__file__).parents[2]
A, B = Key("bench", "智商", "a"), Key("bench", "智商", "a", 1)
REPLY = Reply(
    text="答案: A",
    reasoning="想",
    finish_reason="stop",
    refusal="",
    usage=Usage(prompt_tokens=10, completion_tokens=20),
    latency_s=1.25,
    attempts=2,
    model="m",
    cleaned="text: 1 NUL",
)
FAILURE = NoReply("busy \ud800", hint="wait", kind="status", status=429, attempts=6, latency_s=0.5)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "run.sqlite3"


def _files(folder: Path) -> list[str]:
    return sorted(file.name for file in folder.iterdir())


def _ids(journal: StoredReplies) -> set[str]:
    return {key.id for key in list(journal.keys())}


def _child(code: str, *args: object) -> subprocess.Popen[str]:
    """Another process that has the journal's module loaded."""
    head = (
        "import sys\nfrom pathlib import Path\n"
        "from pytest_iqeval.core.request import Key, Reply\n"
        "from pytest_iqeval.store.journal import SqliteJournal\n"
    )
    return subprocess.Popen(
        [sys.executable, "-c", head + code, *map(str, args)],
        cwd=ROOT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )


# what is kept


def test_a_reply_comes_back_as_it_was(path: Path):
    with SqliteJournal(path) as journal:
        journal.put(A, REPLY)
        journal.put(B, Reply(text=""))
        assert journal.get(A) == REPLY
        assert journal.get(B) == Reply(text="")
        assert journal.get(Key("bench", "智商", "b")) is None


def test_a_failure_comes_back_as_it_was_and_is_no_reply(path: Path):
    with SqliteJournal(path) as journal:
        journal.put(A, FAILURE)
        journal.put(B, REPLY)
        kept = journal.get(A)
        assert isinstance(kept, NoReply)
        assert kept.to_plain() == FAILURE.to_plain()
        assert list(journal.keys()) == [B]


def test_a_later_answer_takes_the_place_of_an_earlier_one(path: Path):
    with SqliteJournal(path) as journal:
        journal.put(A, REPLY)
        journal.put(A, Reply(text="B"))
        assert journal.get(A) == Reply(text="B")
        assert list(journal.keys()) == [A]


def test_what_was_sent_in_vain_counts_when_the_question_is_asked_again(path: Path):
    """6 attempts of one part of the run, 6 and 2 of later ones; of a reply, the last alone."""
    with SqliteJournal(path) as journal:
        for answer, attempts in ((FAILURE, 6), (FAILURE, 12), (REPLY, 14), (REPLY, 2)):
            journal.put(A, answer)
            kept = journal.get(A)
            assert kept is not None
            assert kept.attempts == attempts


@given(
    text=st.text(),
    reasoning=st.none() | st.text(),
    tokens=st.none() | st.integers(0, 2**63 - 1),
    latency_s=st.floats(0, 1e6),
)
def test_any_reply_that_can_be_stored_comes_back(
    text: str, reasoning: str | None, tokens: int | None, latency_s: float
):
    reply = Reply(
        text=text,
        reasoning=reasoning,
        usage=Usage(completion_tokens=tokens),
        latency_s=latency_s,
    )
    with tempfile.TemporaryDirectory() as folder, SqliteJournal(Path(folder, "j")) as journal:
        journal.put(A, reply)
        assert journal.get(A) == reply


def test_a_token_count_that_no_endpoint_can_mean_is_no_count(path: Path):
    with SqliteJournal(path) as journal:
        journal.put(A, Reply(text="x", usage=Usage(prompt_tokens=10**30, completion_tokens=1)))
        assert journal.get(A) == Reply(text="x", usage=Usage(completion_tokens=1))


def test_facts_of_the_run_are_kept_and_stay_when_it_goes_on(path: Path):
    with SqliteJournal(path, {"fingerprint": "f1", "model": "模型"}) as journal:
        assert journal.meta == {"fingerprint": "f1", "model": "模型"}
    with SqliteJournal(path, {"resumed": "1"}) as journal:
        assert journal.meta == {"fingerprint": "f1", "model": "模型", "resumed": "1"}


# many threads, one bad row


def test_many_threads_share_commits_and_lose_nothing(path: Path):
    with SqliteJournal(path) as journal:

        def write(lane: int) -> None:
            for number in range(40):
                key = Key("b", "s", f"{lane}-{number}")
                journal.put(key, Reply(text=str(key)))
                assert journal.get(key) == Reply(text=str(key))

        threads = [threading.Thread(target=write, args=(lane,)) for lane in range(20)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert len(list(journal.keys())) == 800


def test_one_row_that_cannot_be_stored_takes_no_other_with_it(path: Path):
    """A fault of ours (texts are cleaned before) stays the fault of one row."""
    with SqliteJournal(path) as journal:
        raised: list[str] = []

        def write(number: int) -> None:
            try:
                journal.put(
                    Key("b", "s", str(number)), Reply(text="\ud800" if number == 3 else "x")
                )
            except UnicodeEncodeError:
                raised.append(str(number))

        threads = [threading.Thread(target=write, args=(number,)) for number in range(20)]
        with journal._lock:  # so that all of them share one commit
            for thread in threads:
                thread.start()
            while len(journal._waiting) < 20:
                pass
        for thread in threads:
            thread.join()
        assert raised == ["3"]
        assert len(list(journal.keys())) == 19


# the end of a process


_WRITE_FOR_EVER = r"""
journal = SqliteJournal(Path(sys.argv[1]), {"fingerprint": "f"})
import os, threading
def write(lane):
    for number in range(10**9):
        journal.put(Key("b", "s", f"{lane}-{number}"), Reply(text="x" * 500))
        os.write(1, f"{lane}-{number}\n".encode())  # whole lines, whoever else writes
for lane in range(4):
    threading.Thread(target=write, args=(lane,)).start()
"""


def test_whatever_put_returned_for_survives_a_kill(path: Path):
    child = _child(_WRITE_FOR_EVER, path)
    assert child.stdout is not None
    told = [child.stdout.readline() for _ in range(300)]
    child.send_signal(signal.SIGKILL)
    told += child.stdout.readlines()  # what was told until then
    child.communicate()
    told = [line.strip() for line in told if line.endswith("\n")]
    assert len(told) >= 300

    copied = path.parent / "moved"
    shutil.copytree(path.parent, copied, ignore=shutil.ignore_patterns("moved"))
    with read_journal(copied / path.name) as journal:
        assert _ids(journal) >= set(told)
        assert journal.meta == {"fingerprint": "f"}
    assert _files(copied) == [path.name, "writer.json"], "reading takes in the log"
    with open_journal(path) as journal:
        assert _ids(journal) >= set(told)
        journal.put(A, REPLY)
    assert _files(path.parent) == ["moved", path.name]


@pytest.fixture
def writer(path: Path) -> Iterator[subprocess.Popen[str]]:
    """Another process that holds the journal."""
    child = _child(
        "j = SqliteJournal(Path(sys.argv[1]))\nj.put(Key('b','s','i'), Reply(text='x'))\n"
        "print('ready', flush=True)\nsys.stdin.read()\n",
        path,
    )
    assert child.stdout is not None
    assert child.stdout.readline() == "ready\n"
    yield child
    child.kill()
    child.communicate()


@pytest.mark.parametrize("opens", [open_journal, SqliteJournal])
def test_a_second_process_is_told_that_the_run_is_being_written(writer, path: Path, opens):
    with pytest.raises(FolderError) as caught:
        opens(path)
    told = str(caught.value)
    assert f"{path.parent}: another process is writing this run (process {writer.pid} on " in told
    assert "hint: wait for it to end or stop it with Ctrl-C; without --iqeval-resume" in told


def test_who_only_reads_is_told_that_the_run_is_still_going_on(writer, path: Path):
    with pytest.raises(FolderError) as caught:
        read_journal(path)
    told = str(caught.value)
    assert f"{path.parent}: the run is still going on (process {writer.pid} on " in told
    assert told.endswith("hint: wait for its end: only then can its replies be read")


def test_the_journal_is_free_as_soon_as_its_process_was_killed(writer, path: Path):
    writer.kill()
    writer.wait()
    with open_journal(path) as journal:
        assert journal.get(Key("b", "s", "i")) == Reply(text="x")


def test_a_run_that_ended_leaves_one_plain_file(path: Path):
    journal = SqliteJournal(path)
    journal.put(A, REPLY)
    journal.close()
    journal.close()
    assert _files(path.parent) == [path.name]
    with sqlite3.connect(path) as plain:
        assert plain.execute("SELECT text FROM replies").fetchall() == [("答案: A",)]
    plain.close()


# reading where nothing may be written


@pytest.mark.parametrize("killed", [False, True], ids=["ended", "killed"])
def test_a_run_in_a_folder_that_cannot_be_written_can_be_read(killed: bool):
    with tempfile.TemporaryDirectory() as top:
        folder = Path(top, "run")
        folder.mkdir()
        path = folder / "run.sqlite3"
        journal = SqliteJournal(path)
        journal.put(A, REPLY)
        if killed:
            shutil.copytree(folder, Path(top, "killed"))
            path = Path(top, "killed", path.name)
            assert path.with_name("run.sqlite3-wal").exists()
        journal.close()
        before = _files(path.parent)
        Path(top).chmod(0o755)
        with _Unwritable(path.parent), read_journal(path) as replies:
            assert replies.get(A) == REPLY
        assert _files(path.parent) == before


class _Unwritable:
    """A folder without write permission; for root, who needs none, as another user."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.root = os.geteuid() == 0

    def __enter__(self) -> None:
        for file in self.folder.iterdir():
            file.chmod(0o444)
        self.folder.chmod(0o555)
        if self.root:
            os.seteuid(65534)

    def __exit__(self, *exc_info: object) -> None:
        if self.root:
            os.seteuid(0)
        self.folder.chmod(0o755)


# files that are no journal, or not ours to write


@pytest.mark.parametrize("opens", [open_journal, read_journal])
def test_a_journal_that_is_not_there_is_not_made(path: Path, opens):
    with pytest.raises(FolderError, match="there is no journal\n  hint: a run's folder holds run"):
        opens(path)
    assert _files(path.parent) == []


@pytest.mark.parametrize("opens", [open_journal, read_journal])
def test_any_other_file_is_refused(path: Path, opens):
    path.write_text("a diary, and long enough to be looked at " * 100, encoding="utf-8")
    with pytest.raises(FolderError, match="can't be read as a journal: file is not a database"):
        opens(path)


@pytest.mark.parametrize("opens", [open_journal, read_journal])
def test_another_database_is_refused_and_left_alone(path: Path, opens):
    with sqlite3.connect(path) as other:
        other.execute("CREATE TABLE t (x)")
    other.close()
    before = path.read_bytes()
    with pytest.raises(FolderError, match="an SQLite file, but not a journal of pytest-iqeval"):
        opens(path)
    assert path.read_bytes() == before
    assert _files(path.parent) == [path.name]


@pytest.mark.parametrize("opens", [open_journal, read_journal])
def test_a_newer_version_is_refused_with_the_way_out(path: Path, opens):
    SqliteJournal(path).close()
    newer = len(schema.MIGRATIONS) + 1
    with sqlite3.connect(path) as connection:
        connection.execute(f"PRAGMA user_version = {newer}")
    connection.close()
    with pytest.raises(FolderError) as caught:
        opens(path)
    assert str(caught.value) == (
        f"{path}: written by a newer pytest-iqeval (journal version {newer}, this one knows up to"
        f" {newer - 1})\n  hint: pip install -U pytest-iqeval"
    )


@pytest.mark.parametrize("opens", [open_journal, read_journal])
def test_an_older_version_is_brought_up_and_loses_nothing(path: Path, opens, monkeypatch):
    with SqliteJournal(path) as journal:
        journal.put(A, REPLY)
    monkeypatch.setattr(
        schema, "MIGRATIONS", (*schema.MIGRATIONS, "CREATE TABLE later (x);\nSELECT 1;\n")
    )
    with opens(path) as journal:
        assert journal.get(A) == REPLY
        assert schema.version(journal._connection, path) == len(schema.MIGRATIONS)


@pytest.mark.parametrize("opens", [open_journal, read_journal])
def test_a_file_as_version_1_wrote_it_is_read_and_gone_on_with(path: Path, opens):
    """Written here by that version's own statements."""
    with contextlib.closing(sqlite3.connect(path, isolation_level=None)) as old:
        old.executescript(schema.MIGRATIONS[0])
        old.execute(f"PRAGMA application_id = {schema.APPLICATION_ID}")
        old.execute("PRAGMA user_version = 1")
        old.execute("INSERT INTO meta VALUES ('fingerprint', 'f')")
        insert = "INSERT OR REPLACE INTO replies VALUES (?,?,?,?, ?,?,?,?, ?,?, ?,?,?,?, ?)"
        reply = ("答案: A", "想", "stop", "", 10, 20, 1.25, 2, "m", "text: 1 NUL", None)
        old.execute(insert, (*A, *reply))
        failure = json.dumps(FAILURE.to_plain(), ensure_ascii=True)
        old.execute(insert, (*B, *[None] * 6, 0.5, 6, None, None, failure))
    with opens(path) as journal:
        assert journal.meta == {"fingerprint": "f"}
        assert journal.get(A) == REPLY
        kept = journal.get(B)
        assert isinstance(kept, NoReply)
        assert kept.to_plain() == FAILURE.to_plain()
        if isinstance(journal, SqliteJournal):
            journal.put(B, REPLY)
            assert list(journal.keys()) == [A, B]


def test_a_migration_that_fails_leaves_the_file_as_it_was(path: Path, monkeypatch):
    with SqliteJournal(path) as journal:
        journal.put(A, REPLY)
    old = schema.MIGRATIONS
    monkeypatch.setattr(schema, "MIGRATIONS", (*old, "DROP TABLE replies;\nNONSENSE;\n"))
    with pytest.raises(FolderError, match="can't be read as a journal: near"):
        open_journal(path)
    monkeypatch.setattr(schema, "MIGRATIONS", old)
    with open_journal(path) as journal:
        assert journal.get(A) == REPLY


def test_a_folder_that_is_not_there_is_told(tmp_path: Path):
    with pytest.raises(FolderError, match="can't be opened: unable to open database file"):
        SqliteJournal(tmp_path / "nowhere" / "run.sqlite3")


def test_a_full_disk_is_told_and_what_was_kept_before_stays(path: Path):
    """The limit on a file's size stands for the disk's end."""
    journal = SqliteJournal(path)
    journal.put(A, REPLY)
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (200_000, hard))
    try:
        with pytest.raises(FolderError) as caught:
            journal.put(B, Reply(text="x" * 1_000_000))
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
    assert f"{path}: can't be written: " in str(caught.value)
    assert "free some space; --iqeval-resume then goes on where this run stopped" in str(
        caught.value
    )
    assert journal.get(A) == REPLY
    journal.put(B, Reply(text="room again"))
    journal.close()
    with read_journal(path) as replies:
        assert list(replies.keys()) == [A, B]


def test_after_the_end_the_journal_says_so_instead_of_losing_a_reply(path: Path):
    journal = SqliteJournal(path)
    journal.close()
    with pytest.raises(FolderError, match="closed database"):
        journal.put(A, REPLY)
    with pytest.raises(FolderError, match="closed database"):
        journal.get(A)


@pytest.mark.filterwarnings("error")
def test_no_python_warns_of_what_is_written(path: Path) -> None:
    """Python 3.12.0 to 3.12.3 take ``?1`` for a name; anyone's ``-W error`` would end the run."""
    assert "?1" not in _PUT
    with SqliteJournal(path) as kept:
        kept.put(A, FAILURE)
        kept.put(A, REPLY)
        answer = kept.get(A)
    assert isinstance(answer, Reply)
    assert answer.attempts == REPLY.attempts + FAILURE.attempts
