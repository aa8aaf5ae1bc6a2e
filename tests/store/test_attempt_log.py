"""The log of attempts: one line each, redacted, and never in the way of a run."""

from __future__ import annotations

import json
import os
import threading
from datetime import datetime
from pathlib import Path

import pytest

from pytest_iqeval.core.attempt import Attempt
from pytest_iqeval.core.clean import Redactor
from pytest_iqeval.core.errors import FolderError, NoReply
from pytest_iqeval.core.request import Key, Reply, Usage
from pytest_iqeval.store.attempt_log import AttemptLogFile

KEY = Key("quiz", "逻辑", "q-1")


def opened(path: Path) -> AttemptLogFile:
    log = AttemptLogFile(path)
    log.begin(run="20260101_120000", redact=Redactor(["sk-CANARY-1"]))
    return log


def lines(path: Path) -> list[dict[str, object]]:
    return [json.loads(line) for line in path.read_text("utf-8").splitlines()]


def test_each_attempt_is_a_line_that_stands_there_at_once(tmp_path):
    """Nothing waits in a buffer: a run that is killed keeps its log."""
    log = opened(tmp_path / "logs" / "run.jsonl")
    reply = Reply(text="secret reply text", finish_reason="stop", usage=Usage(prompt_tokens=7))
    busy = NoReply("busy: sk-CANARY-1\ud800", status=429, latency_s=0.5)
    log.write(Attempt(key=KEY, number=1, answer=busy, again_in_s=2.5))
    log.write(Attempt(key=KEY, number=2, answer=reply))
    first, second = lines(log.path)
    assert datetime.fromisoformat(str(first.pop("time"))).tzinfo is not None
    assert first["run"] == "20260101_120000"
    assert (first["id"], first["attempt"], first["ok"]) == ("quiz::逻辑::q-1", 1, False)
    assert (first["problem"], first["status"]) == ("busy: ***\ufffd", 429)
    assert (first["again_in_s"], first["total_s"]) == (2.5, 0.5)
    assert (second["ok"], second["prompt_tokens"], second["attempt"]) == (True, 7, 2)
    assert "secret reply text" not in log.path.read_text("utf-8")


def test_a_second_run_appends(tmp_path):
    for _ in range(2):
        log = opened(tmp_path / "run.jsonl")
        log.write(Attempt(key=KEY, number=1, answer=Reply(text="A")))
        log.close()
        log.write(Attempt(key=KEY, number=2, answer=Reply(text="A")))  # too late, and no error
    assert len(lines(tmp_path / "run.jsonl")) == 2
    assert log.trouble is None


def test_lines_of_many_threads_do_not_mix(tmp_path):
    log = opened(tmp_path / "run.jsonl")
    problem = "x" * 20_000

    def write(number: int) -> None:
        for _ in range(20):
            log.write(Attempt(key=KEY, number=number, answer=NoReply(problem)))

    threads = [threading.Thread(target=write, args=(n,)) for n in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(lines(log.path)) == 160


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs /dev/full")
def test_a_full_disk_ends_the_log_and_not_the_run():
    log = opened(Path("/dev/full"))
    log.write(Attempt(key=KEY, number=1, answer=Reply(text="A")))
    assert log.trouble == "the log /dev/full ends early: No space left on device"
    log.write(Attempt(key=KEY, number=2, answer=Reply(text="A")))


def test_what_can_not_be_written_in_the_middle_is_told_once_and_raises_nothing(
    tmp_path, monkeypatch
):
    log = opened(tmp_path / "run.jsonl")
    monkeypatch.setattr(os, "write", lambda *_args: 1 / 0)
    log.write(Attempt(key=KEY, number=1, answer=Reply(text="A")))
    assert "ZeroDivisionError" in (log.trouble or "")


@pytest.mark.parametrize("name", [".", "file/run.jsonl", "nul\0.jsonl"])
def test_a_log_that_can_not_be_opened_is_refused_before_anything_is_asked(tmp_path, name):
    (tmp_path / "file").write_text("")
    with pytest.raises(FolderError, match="--iqeval-log"):
        opened(tmp_path / name)
