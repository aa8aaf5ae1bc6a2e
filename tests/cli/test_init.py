"""`iqeval init`: a benchmark to begin with, which runs as it stands."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from pytest_iqeval.core.definition_schema import COMMENT, definition_schema
from pytest_iqeval.sources.catalogue import load
from tests.cli.conftest import Iqeval
from tests.support.endpoint import Body, ScriptedEndpoint, last_user
from tests.support.questions import SCORERS

FILES = ["benchmark.yaml", "examples.jsonl", "questions.jsonl", "benchmark.schema.json"]


@pytest.mark.parametrize(("lang", "said"), [("en", "wrote "), ("zh", "已写入 ")])
def test_the_files_are_told_and_checked_without_a_fault(
    iqeval: Iqeval, monkeypatch: pytest.MonkeyPatch, lang: str, said: str
) -> None:
    monkeypatch.setenv("LC_ALL", {"en": "C.UTF-8", "zh": "zh_CN.UTF-8"}[lang])
    told = iqeval("init", "mine")
    assert told.code == 0
    assert told.lines[:4] == [f"{said}mine/{name}" for name in FILES]
    assert "pytest --iqeval-model gemma3:4b --iqeval-dataset mine/benchmark.yaml" in told.out
    assert iqeval("check", "mine").code == 0
    benchmark = load("mine", data_dir=None, start=Path.cwd(), scorers=SCORERS).benchmark
    assert (benchmark.name, benchmark.definition.language) == ("mine", lang)
    assert len(benchmark.samples) == 4


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_every_field_in_a_comment_can_be_taken_in(iqeval: Iqeval, lang: str) -> None:
    """All of them at once, but for those that say how other data would be written."""
    assert iqeval("init", ".", "--lang", lang).code == 0
    path = Path("benchmark.yaml")
    text = path.read_text("utf-8")
    assert text.startswith(COMMENT + "\n")
    taken = re.sub(r"(?m)^#(?=[a-z_]+: ?|  \S|$)", "", text)
    taken = re.sub(r"(?m)^(fields|answer_kind):.*\n", "", taken)
    assert taken.count("\nprompt: |\n") == taken.count("\ngates:\n") == 1
    path.write_text(taken, "utf-8")
    told = iqeval("check", "benchmark.yaml")
    assert told.code == 0, told.out


def test_the_schema_lies_beside_the_definition(iqeval: Iqeval, tmp_path: Path) -> None:
    iqeval("init", "mine")
    text = (tmp_path / "mine/benchmark.schema.json").read_text("utf-8")
    assert json.loads(text) == definition_schema()
    assert iqeval("schema").out == text
    (path,) = iqeval("schema", "--path").lines
    assert Path(path).read_text("utf-8") == text


@pytest.mark.parametrize("there", FILES)
def test_no_file_is_replaced(iqeval: Iqeval, tmp_path: Path, there: str) -> None:
    """And none is written beside one that is there."""
    (tmp_path / there).write_text("mine", "utf-8")
    told = iqeval("init")
    assert told == (
        4,
        "",
        f"iqeval: {there}: is there already, and is not replaced\n"
        "  hint: name another folder: iqeval init DIR\n",
    )
    assert [path.name for path in tmp_path.iterdir()] == [there]
    assert (tmp_path / there).read_text("utf-8") == "mine"


@pytest.mark.parametrize(
    ("folder", "name"),
    [
        ("天气", "天气"),
        ("my set!", "my-set"),
        ("42", "42"),
        ("yes", "yes"),
        ("gate", "my-benchmark"),
    ],
)
def test_the_folder_names_the_benchmark(iqeval: Iqeval, folder: str, name: str) -> None:
    iqeval("init", folder)
    loaded = load(folder, data_dir=None, start=Path.cwd(), scorers=SCORERS)
    assert loaded.benchmark.name == name


def test_a_folder_that_can_not_be_written_is_told(iqeval: Iqeval, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("", "utf-8")
    told = iqeval("init", "file/mine")
    assert (told.code, told.out) == (4, "")
    assert "file/mine: can't be written: Not a directory" in told.err


@pytest.mark.parametrize("lang", ["en", pytest.param("zh", marks=pytest.mark.slow)])
def test_it_runs_as_it_stands(tmp_path: Path, endpoint: ScriptedEndpoint, lang: str) -> None:
    """The installed commands, in processes of their own."""
    programs = Path(sys.executable).parent
    environ = {**os.environ, "LC_ALL": "C.UTF-8"}

    def run(*words: str) -> subprocess.CompletedProcess[str]:
        command = [str(programs / words[0]), *words[1:]]
        return subprocess.run(
            command, cwd=tmp_path, env=environ, capture_output=True, text=True, check=False
        )

    assert run("iqeval", "init", "mine", "--lang", lang).returncode == 0
    rows = (tmp_path / "mine/questions.jsonl").read_text("utf-8").splitlines()
    right = {row["question"]: row["answer"] for row in map(json.loads, rows)}

    def answer(body: Body) -> str:
        asked = last_user(body)
        return f"ANSWER: {next(right[q] for q in right if q in asked)}"

    endpoint.models(["m"])
    endpoint.answer(answer)
    url = f"--iqeval-base-url={endpoint.url}"
    done = run("pytest", "--iqeval-model=m", url, "--iqeval-dataset=mine/benchmark.yaml")
    assert done.returncode == 0, done.stdout + done.stderr
    assert "4 passed" in done.stdout
