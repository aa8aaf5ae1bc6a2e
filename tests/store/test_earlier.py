"""Replaying a stored run, and finding the one to go on with."""

from __future__ import annotations

import json
import os
import sqlite3
from collections.abc import Callable, Mapping
from datetime import datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pytest_iqeval.core.errors import FolderError, FolderInUse, NoReply
from pytest_iqeval.core.request import Reply
from pytest_iqeval.store import writer
from pytest_iqeval.store.earlier import (
    CONFIGURATION,
    STARTED,
    fingerprint,
    replay_journal,
    unfinished,
)
from pytest_iqeval.store.folder import RunFolder
from pytest_iqeval.store.journal import FINGERPRINT, SqliteJournal
from tests.support.fakes import busy, key_of, request_of


def _run(
    output: Path,
    name: str,
    configuration: Mapping[str, object] | str = "f",
    answers: Mapping[str, Reply | NoReply] | None = None,
    report: object = None,
    started: str | None = None,
) -> RunFolder:
    """A run that ended; of version 1, where its configuration is a mere fingerprint."""
    folder = RunFolder(output / name)
    folder.path.mkdir(parents=True)
    meta = {STARTED: started} if started else {}
    if isinstance(configuration, str):
        meta[FINGERPRINT] = configuration
    else:
        meta |= {
            FINGERPRINT: fingerprint(configuration),
            CONFIGURATION: json.dumps(configuration),
        }
    with SqliteJournal(folder.journal, meta) as journal:
        for key, answer in (answers or {}).items():
            journal.put(key_of(key), answer)
    if report is not None:
        folder.report_json.write_text(json.dumps(report), encoding="utf-8")
    return folder


def _report(*, error: int = 0, not_asked: int = 0) -> dict[str, object]:
    outcomes = {"correct": 3, "error": error}
    return {
        "benchmarks": [{"outcomes": {"correct": 1, "error": 0}}, {"outcomes": outcomes}],
        "not_asked": not_asked,
    }


# replay


def test_a_replay_gives_replies_and_failures_as_they_were(tmp_path: Path):
    reply = Reply(text="答", latency_s=2.5, attempts=3)
    folder = _run(tmp_path, "20260801_120000", answers={"a": reply, "b": busy()})
    got: list[Reply | NoReply] = []
    with replay_journal(folder) as replay:
        replay.plan([request_of("a")])
        assert replay.ask(request_of("a")) == reply
        assert replay.ask(request_of("a")) == reply
        with pytest.raises(NoReply, match="too many requests"):
            replay.ask(request_of("b"))
        replay.submit(request_of("a"), got.append)
        replay.submit(request_of("b"), got.append)
        assert replay.meta == {FINGERPRINT: "f"}
    assert got[0] == reply
    assert isinstance(got[1], NoReply)


def test_a_question_that_was_not_asked_is_missing_and_says_what_to_do(tmp_path: Path):
    folder = _run(tmp_path, "20260801_120000")
    with replay_journal(folder) as replay, pytest.raises(NoReply) as caught:
        replay.ask(request_of("z"))
    assert caught.value.kind == "missing"
    assert str(caught.value) == (
        "the stored run holds no reply to this question\n"
        "  hint: that run did not come to it, or asked other questions: leave --iqeval-replay "
        "away to ask now, or go on with that run (--iqeval-resume)"
    )


def test_a_run_without_a_journal_cannot_be_replayed(tmp_path: Path):
    with pytest.raises(FolderError, match=r"run\.sqlite3: there is no journal"):
        replay_journal(RunFolder(tmp_path))


def test_a_journal_that_fails_later_is_an_error_of_the_question(tmp_path: Path):
    replay = replay_journal(_run(tmp_path, "20260801_120000"))
    replay.close()
    with pytest.raises(NoReply, match="closed database") as caught:
        replay.ask(request_of("a"))
    assert caught.value.kind == "journal"


# which run to go on with

MINE = {"model": "m", "generation": {"temperature": 0.0}, "the prompt of quiz": "1" * 64}
OTHER = {**MINE, "generation": {"temperature": 0.7}}


def _found(output: Path) -> RunFolder | None:
    """The run of `MINE` that is gone on with."""
    found = unfinished(output, MINE, as_before=["old"])
    return None if found is None or found.differs else found.folder


def test_a_run_without_a_report_is_unfinished(tmp_path: Path):
    run = _run(tmp_path, "20260801_120000", MINE)
    assert _found(tmp_path) == run


@pytest.mark.parametrize("report", [_report(error=1), _report(not_asked=2), {"cut": 1}, [], "x"])
def test_a_run_whose_report_misses_scores_is_unfinished(tmp_path: Path, report: object):
    run = _run(tmp_path, "20260801_120000", MINE, report=report)
    assert _found(tmp_path) == run


@pytest.mark.parametrize(("facts", "asked"), [({}, 1), ({"repeats": 3}, 3)])
def test_a_whole_run_goes_on_where_more_repeats_are_wanted(tmp_path: Path, facts, asked: int):
    """Also one of a version that knew no repeats."""
    run = _run(tmp_path, "20260801_120000", MINE, report={**_report(), "run": facts})
    assert unfinished(tmp_path, MINE, repeats=asked + 1).folder == run
    assert unfinished(tmp_path, MINE, repeats=asked) is None


def test_a_whole_run_is_finished(tmp_path: Path):
    _run(tmp_path, "20260801_120000", MINE, report=_report())
    assert unfinished(tmp_path, MINE) is None


def test_a_whole_run_that_was_killed_before_it_let_go_is_unfinished(tmp_path: Path):
    """Its other files may be missing."""
    run = _run(tmp_path, "20260801_120000", MINE, report=_report())
    writer.note(run.journal, fingerprint(MINE))
    assert _found(tmp_path) == run
    run.journal.unlink()
    assert unfinished(tmp_path, MINE) is None


def test_the_newest_of_the_same_configuration_is_taken(tmp_path: Path):
    _run(tmp_path, "20260801_120000", MINE)
    run = _run(tmp_path, "20260801_120000-2", MINE)
    _run(tmp_path, "20260802_120000", MINE, report=_report())
    _run(tmp_path, "20260803_120000", OTHER)
    RunFolder(tmp_path / "20260804_120000").path.mkdir()
    assert _found(tmp_path) == run
    assert unfinished(tmp_path / "nowhere", MINE) is None


def test_a_run_of_version_1_is_known_by_the_fingerprint_it_has(tmp_path: Path):
    """It wrote down no configuration, and its start is in its name alone."""
    run = _run(tmp_path, "20260801_120000", "old")
    found = unfinished(tmp_path, MINE, as_before=["old"])
    assert found is not None
    assert (found.folder, found.differs) == (run, ())
    assert found.started is not None
    assert found.started.isoformat().startswith("2026-08-01T12:00:00")
    assert unfinished(tmp_path, MINE).differs == ("configuration, which it did not write down",)


def test_when_the_run_began_is_what_it_wrote_down(tmp_path: Path):
    _run(tmp_path, "20260801_120000", MINE, started="2026-08-01T12:00:01+08:00")
    found = unfinished(tmp_path, MINE)
    assert found is not None
    assert found.started == datetime.fromisoformat("2026-08-01T12:00:01+08:00")


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"generation": {"temperature": 0.7}}, ("temperature (0.0, now 0.7)",)),
        ({"generation": {"temperature": 0.0, "seed": 1}}, ("seed (not set, now 1)",)),
        ({"model": "n", "generation": {}}, ("model (m, now n)", "temperature (0.0, now not set)")),
        ({"the prompt of quiz": "2" * 64}, ("the prompt of quiz",)),
        ({"the data of more": "2" * 64}, ("the data of more",)),
    ],
)  # fmt: skip
def test_of_another_configuration_it_says_what_differs(
    tmp_path: Path, changed: dict[str, object], said: tuple[str, ...]
):
    """The newest unfinished one is compared; long values (a prompt's digest) are named only."""
    _run(tmp_path, "20260801_120000", {**MINE, "model": "older"})
    newest = _run(tmp_path, "20260802_120000", MINE)
    found = unfinished(tmp_path, {**MINE, **changed})
    assert found is not None
    assert (found.folder, found.differs) == (newest, said)


def test_a_run_that_is_being_written_is_not_begun_anew(tmp_path: Path):
    """Asked for by the same configuration it is refused, with its writer; by another, passed by."""
    folder = RunFolder(tmp_path / "20260801_120000")
    folder.path.mkdir()
    with SqliteJournal(folder.journal, {FINGERPRINT: fingerprint(MINE)}):
        with pytest.raises(FolderInUse) as caught:
            unfinished(tmp_path, MINE)
        assert unfinished(tmp_path, OTHER) is None
    assert f"{folder.path}: another process is writing this run (process {os.getpid()} on " in str(
        caught.value
    )
    assert _found(tmp_path) == folder


def _newer(folder: RunFolder) -> None:
    connection = sqlite3.connect(folder.journal)
    connection.execute("PRAGMA user_version = 99")
    connection.close()


def _damaged(folder: RunFolder) -> None:
    folder.journal.write_bytes(b"no SQLite file at all " * 99)


@pytest.mark.parametrize(
    ("spoil", "why", "mends"),
    [
        (_newer, "written by a newer pytest-iqeval", "pip install -U pytest-iqeval, or move "),
        (_damaged, "can't be read as a journal", "move "),
    ],
)
def test_a_journal_that_cannot_be_read_is_not_passed_over(
    tmp_path: Path, spoil: Callable[[RunFolder], None], why: str, mends: str
):
    """What it holds was paid for. The way out names the run that would go on instead."""
    run = _run(tmp_path, "20260802_120000", MINE)
    spoil(run)
    with pytest.raises(FolderError) as caught:
        unfinished(tmp_path, MINE)
    assert caught.value.problem.startswith(f"{run.journal}: {why}")
    assert caught.value.hint == f"{mends}{run.path} away: then a new run starts"
    older = _run(tmp_path, "20260801_120000", MINE)
    with pytest.raises(FolderError) as caught:
        unfinished(tmp_path, MINE)
    assert caught.value.hint == f"{mends}{run.path} away: then {older.path} goes on"


@pytest.mark.parametrize("spoil", [_newer, _damaged])
def test_a_journal_that_cannot_be_read_does_not_matter_behind_a_newer_run(
    tmp_path: Path, spoil: Callable[[RunFolder], None]
):
    """Nor does that of a finished run."""
    spoil(_run(tmp_path, "20260801_120000", MINE))
    run = _run(tmp_path, "20260802_120000", MINE)
    spoil(_run(tmp_path, "20260803_120000", MINE, report=_report()))
    assert _found(tmp_path) == run


# the fingerprint

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(), lambda inner: st.lists(inner, max_size=3)
)


@given(st.dictionaries(st.text(), JSON))
def test_a_fingerprint_does_not_depend_on_the_order_of_names(configuration: dict[str, object]):
    turned = dict(reversed(configuration.items()))
    assert fingerprint(turned) == fingerprint(configuration)


def test_a_fingerprint_is_the_same_in_every_version():
    assert fingerprint({"model": "模型", "limit": None, "gate": ["a >= 1"]}) == fingerprint(
        json.loads('{"gate": ["a >= 1"], "limit": null, "model": "模型"}')
    )
    assert fingerprint({}) == "44136fa355b3678a1146ad16f7e8649e94fb4fc21fe77e8310c060f61caaff8a"


@given(st.dictionaries(st.text(), JSON), st.text(), st.integers())
def test_another_configuration_has_another_fingerprint(
    configuration: dict[str, object], name: str, value: int
):
    changed = {**configuration, name: [value, "changed"]}
    assert fingerprint(changed) != fingerprint(configuration)
