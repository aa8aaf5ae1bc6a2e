from __future__ import annotations

import json
from pathlib import Path

import pytest

from pytest_iqeval.core.definition import Definition
from pytest_iqeval.core.scorers import SCORERS
from pytest_iqeval.core.tasks.chat import chat_request
from pytest_iqeval.sources import shipped
from pytest_iqeval.sources.catalogue import load
from pytest_iqeval.sources.definitions import read_definition
from pytest_iqeval.sources.shipped import DEFINITION, datasets_folder, shipped_names
from tests.support.questions import question, write_jsonl
from tests.support.shared import shared_data


def shipped_definition(name: str) -> Definition:
    path = datasets_folder() / name / DEFINITION
    return read_definition(path, shown=str(path), scorers=SCORERS)


def test_datasets_lie_beside_the_package_of_a_checkout_or_inside_an_installed_one() -> None:
    package = Path(shipped.__file__).parents[1]
    assert datasets_folder() in (package.parent / "datasets", package / "_datasets")
    assert set(shipped_names()) >= {"iquiz", "iquiz-open", "iquiz-open-en"}


def test_a_wheel_has_them_inside(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "_datasets" / "x").mkdir(parents=True)
    (tmp_path / "_datasets" / "x" / DEFINITION).touch()
    (tmp_path / "_datasets" / "no-definition").mkdir()
    monkeypatch.setattr(shipped, "_PACKAGE", tmp_path)
    assert datasets_folder() == tmp_path / "_datasets"
    assert shipped_names() == ["x"]


@pytest.mark.parametrize("name", shipped_names())
def test_every_shipped_definition_is_sound_and_named_as_its_folder(name: str) -> None:
    made = shipped_definition(name)
    assert made.name == name
    assert made.title
    assert made.licence


@pytest.mark.parametrize(("name", "language"), [("iquiz-open", "zh"), ("iquiz-open-en", "en")])
def test_our_own_set_reads_rows_as_they_are_written(
    name: str, language: str, tmp_path: Path
) -> None:
    row = {
        "id": "iq-001",
        "question": "?",
        "choices": ["x", "y", "z"],
        "answer": "C",
        "level": 2,
        "category": "logic",
        "explanation": "because",
    }
    write_jsonl(tmp_path / name / "IQ.jsonl", [row])
    write_jsonl(tmp_path / name / "EQ.jsonl", [row | {"id": "eq-001"}])
    loaded = load(name, data_dir=tmp_path, start=tmp_path, scorers=SCORERS).benchmark
    assert (loaded.definition.language, loaded.definition.licence) == (language, "CC BY 4.0")
    assert [one.node_id for one in loaded.samples] == [
        f"iqeval/{name}::IQ::iq-001",
        f"iqeval/{name}::EQ::eq-001",
    ]
    assert loaded.samples[0].metadata == {
        "level": 2,
        "category": "logic",
        "explanation": "because",
    }


def test_iquiz_takes_either_file_name_the_test_split_first(tmp_path: Path) -> None:
    write_jsonl(tmp_path / "iquiz/IQ.jsonl", [question(1), question(2)])
    write_jsonl(tmp_path / "iquiz/IQ_test.jsonl", [question(3)])
    write_jsonl(tmp_path / "iquiz/EQ.jsonl", [question(4)])
    loaded = load("iquiz", data_dir=tmp_path, start=tmp_path, scorers=SCORERS).benchmark
    assert [(one.subset, one.input) for one in loaded.samples] == [
        ("IQ", "What is 3 + 3?"),
        ("EQ", "What is 4 + 4?"),
    ]


def test_iquiz_says_that_its_licence_is_unclear() -> None:
    licence = shipped_definition("iquiz").licence
    assert licence is not None
    assert licence.startswith("unclear")


@pytest.mark.parametrize("subset", ["IQ", "EQ"])
def test_iquiz_is_asked_word_for_word_as_evalscope_asks_it(subset: str) -> None:
    """Against the user messages in EvalScope's published review files, byte for byte."""
    reviews = shared_data(f"evalscope_runs/qwen3-max/reviews/iquiz_{subset}.jsonl")
    data = shared_data("iquiz").parent
    loaded = load(f"iquiz:{subset}", data_dir=data, start=data, scorers=SCORERS)
    samples = [one for one in loaded.benchmark.samples if one.subset == subset]
    # Reviews are written as they are finished; `index` is the record's number in its file.
    rows = sorted(
        map(json.loads, reviews.read_text(encoding="utf-8").splitlines()),
        key=lambda row: row["index"],
    )
    assert len(rows) == len(samples) == 10
    for one, row in zip(samples, rows, strict=True):
        asked = chat_request(loaded.benchmark.definition, one, "free")
        (theirs,) = [m["content"] for m in row["messages"] if m["role"] != "assistant"]
        assert [m.role for m in asked.messages] == ["user"]
        assert asked.messages[0].content.encode() == theirs.encode()
        assert one.target == row["target"]
