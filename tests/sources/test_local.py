from __future__ import annotations

from pathlib import Path

import pytest

from pytest_iqeval.core.errors import DefinitionError, SettingsError
from pytest_iqeval.sources.local import find_data, folder_of
from tests.support.questions import definition

TWO = definition(data={"IQ": ["IQ_test.jsonl", "IQ.jsonl"], "EQ": "EQ.csv"}, licence="MIT")


def put(folder: Path, *names: str) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    for name in names:
        (folder / name).touch()
    return folder


def test_missing_files_are_all_told_with_what_was_looked_for(tmp_path: Path) -> None:
    with pytest.raises(DefinitionError) as caught:
        find_data(TWO, tmp_path)
    assert caught.value.problems == [
        f"tiny.yaml: data.IQ: no such file in {tmp_path}: looked for IQ_test.jsonl and IQ.jsonl",
        f"tiny.yaml: data.EQ: no such file in {tmp_path}: looked for EQ.csv",
    ]


def test_of_several_layouts_all_names_are_told(tmp_path: Path) -> None:
    several = [{"test": "a.csv"}, {"test": ["test/{subset}.csv", "{subset}.csv"]}]
    with pytest.raises(DefinitionError) as caught:
        find_data(definition(data=several), tmp_path)
    assert caught.value.problems == [
        f"tiny.yaml: data: no such files in {tmp_path}: looked for a.csv; "
        "test/{subset}.csv or {subset}.csv"
    ]


def test_archives_that_are_not_looked_into_are_told(tmp_path: Path) -> None:
    put(tmp_path, "data.tar", "more.TAR.GZ", "readme.md")
    with pytest.raises(DefinitionError) as caught:
        find_data(TWO, tmp_path)
    assert caught.value.hint == (
        "only zip archives are looked into: unpack data.tar, more.TAR.GZ there"
    )


def test_a_local_copy_wins_over_shipped_data(tmp_path: Path) -> None:
    shipped = put(tmp_path / "shipped", "IQ.jsonl", "EQ.csv")
    empty = put(tmp_path / "empty")
    assert folder_of(TWO, shipped=shipped, data_dir=None) == shipped
    assert folder_of(TWO, shipped=shipped, data_dir=empty) == shipped
    local = put(tmp_path / "data" / "tiny")
    assert folder_of(TWO, shipped=shipped, data_dir=tmp_path / "data") == local


def test_without_any_data_the_message_says_how_to_get_it(tmp_path: Path) -> None:
    made = definition(data={"IQ": ["a.jsonl", "b.jsonl"]}, homepage="https://example.org/set")
    with pytest.raises(DefinitionError) as caught:
        folder_of(made, shipped=tmp_path, data_dir=None)
    assert str(caught.value) == (
        "tiny: its data does not come with pytest-iqeval; licence: not stated\n"
        "  hint: put b.jsonl (from https://example.org/set) into DIR/tiny/ and add "
        "--iqeval-data-dir=DIR"
    )


def test_a_data_folder_that_is_not_there_is_told(tmp_path: Path) -> None:
    with pytest.raises(SettingsError) as caught:
        folder_of(TWO, shipped=tmp_path, data_dir=tmp_path / "no")
    assert str(caught.value) == (
        f"--iqeval-data-dir {tmp_path / 'no'}: there is no such folder\n"
        "  hint: name the folder that holds tiny/"
    )


def test_a_data_folder_without_the_benchmark_is_told_with_what_was_looked_for(
    tmp_path: Path,
) -> None:
    data = put(tmp_path / "data")
    with pytest.raises(DefinitionError) as caught:
        folder_of(TWO, shipped=tmp_path, data_dir=data)
    assert str(caught.value) == (
        f"tiny: --iqeval-data-dir {data} has no folder tiny: looked for {data / 'tiny'}\n"
        "  hint: put IQ.jsonl, EQ.csv there"
    )


def test_a_data_folder_that_is_one_level_off_is_recognised(tmp_path: Path) -> None:
    inside = put(tmp_path / "tiny", "IQ.jsonl")
    with pytest.raises(DefinitionError) as caught:
        folder_of(TWO, shipped=tmp_path / "no", data_dir=inside)
    assert str(caught.value).endswith(f"holds such files: give --iqeval-data-dir={tmp_path}")
    flat = put(tmp_path / "flat", "EQ.csv")
    with pytest.raises(DefinitionError) as caught:
        folder_of(TWO, shipped=tmp_path / "no", data_dir=flat)
    assert str(caught.value).endswith(f"holds such files: move them into {flat / 'tiny'}")
