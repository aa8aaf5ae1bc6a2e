"""A benchmark kept in a run's folder is the one that was read, whatever its files were called."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest

from pytest_iqeval.core.errors import DefinitionError
from pytest_iqeval.core.recall import Kept, Recalled
from pytest_iqeval.core.scorers import BUILT_IN
from pytest_iqeval.sources.catalogue import Loaded, load, load_kept
from pytest_iqeval.store.copies import Keepable, keep_copies, kept_in
from pytest_iqeval.store.folder import RunFolder

ROW = {"id": "a", "question": "1 + 1?", "choices": ["2", "3"], "answer": "A"}
DEFINITION = """\
name: quiz
language: en
data: {IQ: "deep/I Q?.jsonl", EQ: con.jsonl}
"""


def kept_and_read(tmp_path: Path, spec: str, scorers: list[str] | None = None) -> Loaded:
    """What `spec` names, kept in a run's folder and read from there."""
    loaded = load(spec, data_dir=None, start=tmp_path, scorers=BUILT_IN)
    run = RunFolder(tmp_path / "run")
    run.path.mkdir()
    keep_copies(
        run, [Keepable(benchmark=loaded.benchmark, files=loaded.files, specs=[loaded.spec])]
    )
    recalled = Recalled(
        folder=run.path, copies=run.copies, settings={}, chosen=None, kept=kept_in(run)
    )
    kept = recalled.copy_of(loaded.spec)
    assert kept is not None
    again = load_kept(
        kept, recalled.folder_of(kept), subset=None, start=tmp_path, scorers=scorers or BUILT_IN
    )
    plain = [
        [replace(sample, file="").to_plain() for sample in one.benchmark.samples]
        for one in (loaded, again)
    ]
    assert plain[0] == plain[1]
    assert again.benchmark.data_sha256 == loaded.benchmark.data_sha256
    assert again.benchmark.definition.prompt == loaded.benchmark.definition.prompt
    return again


def write(path: Path) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(ROW) + "\n", "utf-8")


def test_a_definition_finds_its_data_whatever_its_files_are_called(tmp_path: Path) -> None:
    (tmp_path / "my.yaml").write_text(DEFINITION)
    write(tmp_path / "deep" / "I Q?.jsonl")
    write(tmp_path / "con.jsonl")
    again = kept_and_read(tmp_path, "my.yaml")
    assert list(again.files.sha256) == ["deep/I Q?.jsonl", "con.jsonl"]
    assert again.files.where == "data.zip"


def test_what_an_earlier_version_kept_is_read(tmp_path: Path) -> None:
    """File by file, under names that any system has, which its index maps from the subsets."""
    folder = tmp_path / "quiz"
    write(folder / "deep" / "I-Q-.jsonl")
    write(folder / "_con.jsonl")
    (folder / "benchmark.yaml").write_text(DEFINITION)
    kept = Kept.from_plain(
        {
            "name": "quiz",
            "specs": ["my.yaml"],
            "folder": "quiz",
            "definition": "benchmark.yaml",
            "data": {"IQ": "deep/I-Q-.jsonl", "EQ": "_con.jsonl"},
            "scorer": "choice",
            "data_sha256": "0",
        }
    )
    read = load_kept(kept, folder, subset=None, start=tmp_path, scorers=BUILT_IN)
    assert [sample.node_id for sample in read.benchmark.samples] == [
        "iqeval/quiz::IQ::a",
        "iqeval/quiz::EQ::a",
    ]


@pytest.mark.parametrize("name", ["quiz.jsonl", "my quiz.jsonl", "aux.jsonl", "题.jsonl"])
def test_a_file_that_came_alone_keeps_its_benchmark_s_name(tmp_path: Path, name: str) -> None:
    """The name is part of every question's id, and a device's name is no file's on Windows."""
    write(tmp_path / name)
    kept_and_read(tmp_path, name)


def test_a_scorer_that_is_not_known_here_is_told_as_what_to_bring_along(tmp_path: Path) -> None:
    write(tmp_path / "quiz.jsonl")
    with pytest.raises(DefinitionError, match="quiz: its scorer 'choice' is not known here") as got:
        kept_and_read(tmp_path, "quiz.jsonl", ["mine"])
    assert "bring it along" in str(got.value.hint)
