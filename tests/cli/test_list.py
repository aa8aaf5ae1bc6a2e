"""`iqeval list`: which benchmarks there are, and what is here."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from pytest_iqeval.core.width import display_width
from pytest_iqeval.sources.catalogue import known_names
from tests.cli.conftest import Iqeval
from tests.support.questions import question, write_jsonl

DEFINITION = """\
name: sums
language: en
title: Sums
licence: CC0
data: {easy: e.jsonl, hard: h.jsonl}
"""


def own(folder: Path) -> Path:
    """A benchmark of one's own in that folder."""
    write_jsonl(folder / "e.jsonl", [question(1), question(2)])
    write_jsonl(folder / "h.jsonl", [question(3)])
    path = folder / "benchmark.yaml"
    path.write_text(DEFINITION, "utf-8")
    return path


def entries(iqeval: Iqeval, *words: str) -> dict[str, Any]:
    told = iqeval("list", "--json", *words)
    assert (told.code, told.err) == (0, "")
    return {one["dataset"]: one for one in json.loads(told.out)}


def row(lines: list[str], name: str) -> list[str]:
    (line,) = [line for line in lines if line.split("  ")[0] == name]
    return line.split()


def test_the_benchmarks_with_a_name(iqeval: Iqeval) -> None:
    told = iqeval("list")
    assert (told.code, told.err) == (0, "")
    head = " ".join(told.lines[0].split())
    assert head == "benchmark title language questions subsets found in size licence"
    assert row(told.lines, "iquiz-open")[-9:-3] == ["zh", "120", "2", "package", "79.2", "kB"]
    assert "not here" in next(line for line in told.lines if line.startswith("iquiz "))
    assert told.lines[-1] == "`iqeval show NAME` says how to get the data that is not here."
    assert all(display_width(line) <= 100 for line in told.lines)


def test_as_json(iqeval: Iqeval) -> None:
    listed = entries(iqeval)
    assert set(known_names()) == set(listed)
    assert listed["iquiz-open"]["subsets"] == {"IQ": 40, "EQ": 80}
    assert (listed["iquiz-open"]["questions"], listed["iquiz-open"]["found"]) == (120, "package")
    assert listed["iquiz-open"]["bytes"] > 10_000
    absent = listed["iquiz"]
    assert (absent["questions"], absent["found"], absent["language"]) == (None, None, "zh")
    assert "its data does not come with pytest-iqeval" in absent["trouble"]


def test_local_copies_are_found_in_the_data_folder(iqeval: Iqeval, tmp_path: Path) -> None:
    write_jsonl(tmp_path / "data/iquiz/IQ.jsonl", [question(1), question(2)])
    write_jsonl(tmp_path / "data/iquiz/EQ.jsonl", [question(3)])
    found = entries(iqeval, "--data-dir", "data")["iquiz"]
    assert (found["found"], found["questions"]) == ("data-dir", 3)
    assert found["folder"] == str(tmp_path / "data/iquiz")


def test_definitions_of_the_current_folder_and_below(iqeval: Iqeval, tmp_path: Path) -> None:
    own(tmp_path / "mine")
    listed = entries(iqeval)
    assert listed["mine/benchmark.yaml"] | {"revision": "", "folder": ""} == {
        "name": "sums",
        "dataset": "mine/benchmark.yaml",
        "title": "Sums",
        "language": "en",
        "licence": "CC0",
        "licence_url": None,
        "homepage": None,
        "found": "beside",
        "folder": "",
        "questions": 3,
        "subsets": {"easy": 2, "hard": 1},
        "bytes": sum(path.stat().st_size for path in (tmp_path / "mine").glob("*.jsonl")),
        "revision": "",
        "trouble": None,
    }
    told = iqeval("list")
    assert any(line.startswith("sums (mine/benchmark.yaml)  Sums") for line in told.lines)


def test_what_is_at_fault_is_named(iqeval: Iqeval, tmp_path: Path) -> None:
    own(tmp_path / "mine").write_text(DEFINITION + "x: 1\n", "utf-8")
    told = iqeval("list")
    assert told.code == 0
    assert "at fault" in next(line for line in told.lines if line.startswith("mine/"))
    assert told.lines[-1] == "`iqeval check mine/benchmark.yaml` says what is wrong."


def test_in_chinese(iqeval: Iqeval, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LC_ALL", "zh_CN.UTF-8")
    told = iqeval("list")
    assert told.lines[0].split() == ["题库", "名称", "语言", "题数", "子集", "位置", "大小", "许可"]


def test_a_data_folder_that_is_not_there(iqeval: Iqeval) -> None:
    told = iqeval("list", "--data-dir", "none")
    assert (told.code, told.out) == (4, "")
    assert "there is no such folder" in told.err
