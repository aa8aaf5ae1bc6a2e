"""What users' own code may import: values, readers, and finished runs."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from pytest_iqeval import api
from pytest_iqeval.api import ExtraMissing, FolderError, Outcome, Score, StoredRun, load_run
from tests.support.stored import question, reply, write_run


def test_everything_that_is_promised_is_there() -> None:
    """By its name, and nothing twice."""
    assert len(set(api.__all__)) == len(api.__all__)
    for name in api.__all__:
        assert getattr(api, name) is not None


def test_importing_it_loads_no_http_no_database_and_no_pytest() -> None:
    """A script that reads a run's folder is started often."""
    probe = (
        "import sys, pytest_iqeval.api;"
        "print(sorted({'httpcore', 'sqlite3', 'yaml', 'pytest', 'pandas'} & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", probe], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_a_run_that_cannot_be_read_is_told(tmp_path: Path) -> None:
    """Not there, not finished, broken, not ours."""
    with pytest.raises(FolderError, match=r"no run 'last': .* holds no runs"):
        load_run("last", output=tmp_path)
    (tmp_path / "run.sqlite3").write_bytes(b"")
    with pytest.raises(
        FolderError, match=r"the run is not finished: there is no report.json\n  hint: go"
    ):
        load_run(tmp_path)
    report = tmp_path / "report.json"
    report.write_text("{broken", "utf-8")
    with pytest.raises(FolderError, match=r"report.json: can't be read: Expecting property name"):
        load_run(report)
    for other in ("[]", '{"run": {}}'):
        report.write_text(other, "utf-8")
        with pytest.raises(FolderError, match=r"report.json: is no report of a run"):
            load_run(tmp_path)


def test_a_broken_row_names_its_file(tmp_path: Path) -> None:
    """The rows before it are given."""
    path = tmp_path / "reviews" / "m" / "quiz_IQ.jsonl"
    path.parent.mkdir(parents=True)
    path.write_text(json.dumps({"id": "one"}) + "\n{broken\n", "utf-8")
    rows = StoredRun(folder=tmp_path, report={}).rows()
    assert next(rows) == {"id": "one"}
    with pytest.raises(FolderError, match=r"quiz_IQ.jsonl: can't be read: Expecting property name"):
        next(rows)


def test_a_score_needs_an_outcome_alone() -> None:
    """The rest has defaults, so that a user's scorer is short."""
    assert Score(outcome=Outcome.CORRECT).correct


def stored(folder: Path) -> StoredRun:
    """A run of a right answer and an outage."""
    folder /= "run"
    write_run(folder, [(question("one"), reply("ANSWER: B")), (question("two"), None)])
    return load_run(folder)


def test_a_run_gives_typed_objects(tmp_path: Path) -> None:
    """Aggregate, benchmarks by name, and each question with its reply, however often read."""
    run = stored(tmp_path)
    assert run.summary.to_plain() == run.report
    assert run.benchmarks["quiz"].metrics["accuracy"].value == 1.0
    for _ in range(2):
        first, second = run.results
        assert first.result.score.outcome is Outcome.CORRECT
        assert first.reply is not None
        assert first.reply.text == "ANSWER: B"
        assert second.reply is None


def test_a_report_of_another_version_is_told(tmp_path: Path) -> None:
    """Its plain values can be read all the same."""
    run = StoredRun(folder=tmp_path, report={"schema_version": 7})
    with pytest.raises(FolderError, match=r"has schema_version 7, and this version reads 1"):
        _ = run.summary
    run = StoredRun(folder=tmp_path, report={"schema_version": 1})
    with pytest.raises(FolderError, match=r"report.json: is no report of a run \(KeyError"):
        _ = run.benchmarks


def test_a_frame_has_a_row_a_reply(tmp_path: Path) -> None:
    """What lies in usage, timing and metadata has columns of its own."""
    pytest.importorskip("pandas")
    frame = stored(tmp_path).frame()
    assert list(frame["id"]) == ["one", "two"]
    assert list(frame["outcome"]) == ["correct", "error"]
    assert frame["usage.completion_tokens"][0] == 4
    assert list(frame["metadata.level"]) == [1, 1]


def test_without_pandas_the_extra_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """And nothing else of a run needs it."""
    monkeypatch.setitem(sys.modules, "pandas", None)
    with pytest.raises(ExtraMissing, match=r"pip install 'pytest-iqeval\[pandas\]'"):
        stored(tmp_path).frame()
