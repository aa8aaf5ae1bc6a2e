"""Copies of benchmarks' files in a run's folder: whole, readable anywhere, and never in the way."""

from __future__ import annotations

import hashlib
import json
from dataclasses import replace
from pathlib import Path
from zipfile import ZipFile

import pytest

from pytest_iqeval.core.definition import Benchmark
from pytest_iqeval.core.recall import BenchmarkFiles, Chosen, Kept, Recalled
from pytest_iqeval.store.copies import Keepable, keep_copies, kept_in
from pytest_iqeval.store.folder import RunFolder
from tests.support.runs import make_benchmark
from tests.support.stored import question


@pytest.fixture
def run(tmp_path: Path) -> RunFolder:
    folder = tmp_path / "20260102_030405"
    folder.mkdir()
    return RunFolder(folder)


def benchmark(name: str, *contents: bytes) -> Benchmark:
    """One whose data has these bytes."""
    made = make_benchmark([question("one")])
    return replace(
        made,
        definition=replace(made.definition, name=name),
        data_sha256=hashlib.sha256(b"".join(contents)).hexdigest(),
    )


def keepable(folder: Path, name: str, data: dict[str, bytes], *, defined: bool = True) -> Keepable:
    """A benchmark in `folder`: each file of `data` is a subset."""
    for file, content in data.items():
        (folder / file).parent.mkdir(parents=True, exist_ok=True)
        (folder / file).write_bytes(content)
    definition = folder / "own name.yml"
    definition.write_text(f"name: {name}")
    return Keepable(
        benchmark=benchmark(name, *data.values()),
        files=BenchmarkFiles(
            definition=definition if defined else None,
            folder=folder,
            sha256={file: hashlib.sha256(content).hexdigest() for file, content in data.items()},
            contents=lambda: ((file, (folder / file).read_bytes()) for file in data),
        ),
        specs=("sets/own name.yml", "sets/own name.yml"),
    )


def test_files_are_kept_byte_by_byte_under_their_names(run: RunFolder, tmp_path: Path) -> None:
    """In an archive: names may differ in case alone, be a device's, and be thousands."""
    data = {"IQ.jsonl": b"\xef\xbb\xbf1\r\n", "iq.jsonl": b"2", "deep/a:b?.csv": b"3"}
    data["con.jsonl"] = b"4"
    keep_copies(run, [keepable(tmp_path / "sets", "Quiz", data)])
    (kept,) = kept_in(run)
    assert (kept.specs, kept.data) == (("sets/own name.yml",), {})
    folder = run.copies / kept.folder
    with ZipFile(folder / "data.zip") as archive:
        assert {name: archive.read(name) for name in archive.namelist()} == data
    assert (folder / "benchmark.yaml").read_text() == "name: Quiz"
    assert str(tmp_path) not in run.copies_index.read_text("utf-8")


def test_the_same_data_gives_the_same_copy(run: RunFolder, tmp_path: Path) -> None:
    """No time is written into it."""
    keep_copies(run, [keepable(tmp_path / "a", "quiz", {"a.jsonl": b"1"})])
    before = (run.copies / "quiz/data.zip").read_bytes()
    keep_copies(run, [keepable(tmp_path / "a", "quiz", {"a.jsonl": b"1"})])
    assert (run.copies / "quiz/data.zip").read_bytes() == before


def test_a_file_that_came_alone_is_kept_as_it_is(run: RunFolder, tmp_path: Path) -> None:
    """Under a name that any system has."""
    keep_copies(run, [keepable(tmp_path, "quiz", {"con.jsonl": b"1"}, defined=False)])
    (kept,) = kept_in(run)
    assert (kept.definition, list(kept.data.values())) == (None, ["_con.jsonl"])
    assert (run.copies / kept.folder / "_con.jsonl").read_bytes() == b"1"


def test_a_resumed_run_keeps_what_was_kept_and_adds_what_is_new(
    run: RunFolder, tmp_path: Path
) -> None:
    """Names that differ in case alone lie in folders of their own."""
    keep_copies(run, [keepable(tmp_path / "a", "quiz", {"a.jsonl": b"1"})])
    keep_copies(run, [keepable(tmp_path / "b", "Quiz", {"b.jsonl": b"2"}, defined=False)])
    kept = {one.name: one for one in kept_in(run)}
    assert [kept[name].folder for name in ("quiz", "Quiz")] == ["quiz", "Quiz-2"]
    assert kept["Quiz"].definition is None
    assert kept["quiz"].definition == "benchmark.yaml"


def test_data_that_changed_after_it_was_read_is_not_kept(run: RunFolder, tmp_path: Path) -> None:
    """A copy with other questions would be worse than none; a file that is gone stops nothing."""
    changed = keepable(tmp_path / "a", "changed", {"a.jsonl": b"1"})
    (tmp_path / "a" / "a.jsonl").write_bytes(b"2")
    gone = keepable(tmp_path / "b", "gone", {"b.jsonl": b"1"})
    (tmp_path / "b" / "b.jsonl").unlink()
    keep_copies(run, [changed, gone, keepable(tmp_path / "c", "good", {"c.jsonl": b"1"})])
    assert [one.name for one in kept_in(run)] == ["good"]


def test_a_folder_that_cannot_be_written_stops_nothing(run: RunFolder, tmp_path: Path) -> None:
    run.copies.write_text("in the way")
    keep_copies(run, [keepable(tmp_path / "a", "quiz", {"a.jsonl": b"1"})])
    assert kept_in(run) == ()


@pytest.mark.parametrize("name", ["../../a.jsonl", "/etc/a.jsonl", "C:a.jsonl"])
def test_a_folder_from_elsewhere_names_no_file_outside_of_it(
    run: RunFolder, tmp_path: Path, name: str
) -> None:
    keep_copies(run, [keepable(tmp_path / "a", "quiz", {"a.jsonl": b"1"})])
    plain = json.loads(run.copies_index.read_text("utf-8"))
    plain["benchmarks"][0]["data"] = {"IQ": name}
    run.copies_index.write_text(json.dumps(plain))
    assert kept_in(run) == ()


@pytest.mark.parametrize("text", ["", "{", "[]", "{}", '{"benchmarks": [{}]}'])
def test_a_damaged_index_holds_nothing(run: RunFolder, text: str) -> None:
    run.copies.mkdir()
    run.copies_index.write_text(text)
    assert kept_in(run) == ()


def test_what_is_recalled_crosses_processes_as_plain_values(tmp_path: Path) -> None:
    kept = Kept(
        name="quiz",
        specs=("a.yaml", "b.yaml"),
        folder="quiz",
        definition=None,
        data={"IQ": "IQ.jsonl"},
        scorer="choice",
        data_sha256="0",
    )
    recalled = Recalled(
        folder=tmp_path,
        copies=tmp_path / "benchmarks",
        settings={"limit": 3, "dataset": ["a.yaml"], "seed": None},
        chosen=Chosen(parts=(("quiz", "IQ"),), paths=("t.py",), keyword="k", deselect=("x",)),
        kept=(kept, replace(kept, name="other")),
    )
    plain = json.loads(json.dumps(recalled.to_plain()))
    assert Recalled.from_plain(plain) == recalled
    assert recalled.copy_of("quiz") == kept
    assert recalled.copy_of("a.yaml") is None  # of two benchmarks: which one is meant?
