"""Questions with examples beside them and no definition, as EvalScope's `general_mcq` has them."""

from __future__ import annotations

from pathlib import Path

import pytest

from pytest_iqeval.core.errors import AbsentData, DefinitionError, UnknownName
from pytest_iqeval.core.told import said_in
from pytest_iqeval.sources.catalogue import Loaded, load
from tests.support.questions import SCORERS, question, write_jsonl


def loaded(spec: str, start: Path) -> Loaded:
    return load(spec, data_dir=None, start=start, scorers=SCORERS)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Two sets, one of them with examples."""
    folder = tmp_path / "my exam"
    write_jsonl(folder / "physics_val.jsonl", [question(1, id="1"), question(2, id="2")])
    write_jsonl(folder / "physics_dev.jsonl", [question(7), question(8)])
    write_jsonl(folder / "law_val.jsonl", [question(3, id="1")])
    (folder / "notes.jsonl").write_text("not read", "utf-8")
    return folder


def test_a_folder_is_one_benchmark_with_a_subset_for_each_pair(folder: Path) -> None:
    found = loaded("my exam", folder.parent)
    benchmark = found.benchmark
    assert (benchmark.name, benchmark.subsets) == ("my-exam", ("law", "physics"))
    ids = [s.node_id for s in benchmark.samples]
    assert ids == [
        "iqeval/my-exam::law::1",
        "iqeval/my-exam::physics::1",
        "iqeval/my-exam::physics::2",
    ]
    assert {name: len(examples) for name, examples in benchmark.dev.items()} == {"physics": 2}
    assert found.files.definition is None
    assert set(found.files.sha256) == {"physics_val.jsonl", "physics_dev.jsonl", "law_val.jsonl"}


def test_a_subset_is_named_after_a_colon(folder: Path) -> None:
    assert loaded("my exam:law", folder.parent).subset == "law"
    with pytest.raises(UnknownName, match="unknown subset 'lav'"):
        loaded("my exam:lav", folder.parent)


def test_the_examples_are_told(folder: Path) -> None:
    told = loaded("my exam", folder.parent).benchmark.definition.description
    assert told.endswith(" Examples from physics_dev.jsonl, shown with --iqeval-few-shot N.")
    assert said_in(told, "zh").endswith("示例取自 physics_dev.jsonl，用 --iqeval-few-shot N 显示。")


@pytest.mark.parametrize("other", ["csv", "tsv"])
def test_one_file_is_read_where_there_are_several_forms(folder: Path, other: str) -> None:
    """EvalScope's order: JSONL first."""
    (folder / f"law_val.{other}").write_text("question,answer\n?,!\n", "utf-8")
    assert loaded("my exam:law", folder.parent).benchmark.samples[0].choices == ("5", "6", "7")


def test_a_file_for_itself_has_the_examples_beside_it(folder: Path) -> None:
    benchmark = loaded("my exam/physics_val.jsonl", folder.parent).benchmark
    assert (benchmark.name, benchmark.subsets) == ("physics_val", ("default",))
    assert len(benchmark.dev["default"]) == 2
    alone = loaded("my exam/law_val.jsonl", folder.parent).benchmark
    assert alone.dev == {}
    examples = loaded("my exam/physics_dev.jsonl", folder.parent).benchmark
    assert (len(examples.samples), examples.dev) == (2, {})


def test_sets_of_which_one_has_several_right_answers_are_asked_alike(folder: Path) -> None:
    """One benchmark has one scorer; each file alone has its own."""
    write_jsonl(folder / "law_val.jsonl", [question(3, answer=["A", "C"])])
    assert loaded("my exam", folder.parent).benchmark.definition.scorer == "multi_choice"
    alone = loaded("my exam/physics_val.jsonl", folder.parent).benchmark
    assert alone.definition.scorer == "choice"


def test_all_faults_of_all_files_are_told(folder: Path) -> None:
    write_jsonl(folder / "law_val.jsonl", [question(3, answer="Z")])
    write_jsonl(folder / "physics_dev.jsonl", [question(3, answer=None)])
    (folder / "physics_val.jsonl").write_text('{"question": \n', "utf-8")
    with pytest.raises(DefinitionError) as caught:
        loaded("my exam", folder.parent)
    assert [problem.partition(": ")[0] for problem in caught.value.problems] == [
        "my exam/law_val.jsonl:1",
        "my exam/physics_val.jsonl:1",
        "my exam/physics_dev.jsonl",
    ]


def test_broken_files_alone_are_told(folder: Path) -> None:
    for name in ("law_val.jsonl", "physics_val.jsonl"):
        (folder / name).write_text("", "utf-8")
    with pytest.raises(DefinitionError, match=r"law_val\.jsonl: is empty"):
        loaded("my exam", folder.parent)


def test_a_folder_without_such_files_is_none(tmp_path: Path) -> None:
    write_jsonl(tmp_path / "data/physics.jsonl", [question(1)])
    with pytest.raises(AbsentData, match="data: is a folder without"):
        loaded("data", tmp_path)


def test_a_data_folder_that_is_called_like_a_benchmark_is_not_taken_for_one(
    tmp_path: Path,
) -> None:
    write_jsonl(tmp_path / "iquiz-open/law_val.jsonl", [question(1)])
    assert len(loaded("iquiz-open", tmp_path).benchmark.samples) == 120
    assert len(loaded("./iquiz-open", tmp_path).benchmark.samples) == 1
