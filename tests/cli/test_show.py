"""`iqeval show`: a benchmark in words, and questions as the model sees them."""

from __future__ import annotations

import gzip
from pathlib import Path

import pytest

from pytest_iqeval.core.kinds import Ask
from pytest_iqeval.core.phrases import sets as phrases
from pytest_iqeval.core.selection import select
from pytest_iqeval.core.tasks.chat import chat_request
from pytest_iqeval.core.width import display_width
from pytest_iqeval.sources.catalogue import load
from pytest_iqeval.sources.shipped import shipped_names
from tests.cli.conftest import Iqeval
from tests.support.questions import SCORERS, question, write_jsonl

DEFINITION = """\
name: sums
title: Sums for beginners
description: Adds two numbers.
language: en
licence: CC BY 4.0
licence_url: https://example.org/licence
homepage: https://example.org/sums
revision: "7"
source: EvalScope 1.14
system: You add.
data:
  easy: easy.jsonl
  hard: hard.jsonl
subsets: {easy: school, hard: university}
fields: {question: query}
scorer: {name: multi_choice, partial: half}
gates: ["unparsed <= 50%", "level=1: accuracy >= 1%"]
unavailable: {mc2: needs token probabilities}
average: macro
"""


@pytest.fixture
def sums(tmp_path: Path) -> Path:
    """A folder with a definition that says much, and its data."""
    folder = tmp_path / "sums"
    rows = [{"query": row.pop("question"), **row} for row in map(question, range(6))]
    write_jsonl(folder / "easy.jsonl", rows[:4])
    write_jsonl(folder / "hard.jsonl", rows[4:])
    (folder / "benchmark.yaml").write_text(DEFINITION, "utf-8")
    return folder


def test_the_definition_is_told_in_words(iqeval: Iqeval, sums: Path) -> None:
    del sums
    told = iqeval("show", "sums", "--samples", "0")
    assert (told.code, told.err) == (0, "")
    assert told.lines[:2] == ["sums: Sums for beginners", "Adds two numbers."]
    assert told.lines[told.lines.index("2 subsets, 6 questions") :] == [
        "2 subsets, 6 questions",
        "  subset  category    questions",
        "  easy    school              4",
        "  hard    university          2",
    ]
    lines = [line.replace("can't be had", "can't behad").replace("  ", " ") for line in told.lines]
    joined = "\n".join(" ".join(line.split()) for line in lines)
    for said in (
        "language English",
        "licence CC BY 4.0 https://example.org/licence",
        "homepage https://example.org/sums",
        "taken from EvalScope 1.14",
        "revision 7",
        "data folder: sums/easy.jsonl, sums/hard.jsonl, ",
        "definition sums/benchmark.yaml",
        "asked for the labels of all right options",
        "scorer multi_choice (partial half)",
        "columns question from query; answer from answer; choices from choices",
        "system You add.",
        "average over subsets (macro): its makers' figure; micro is shown too",
        "can't behad mc2: needs token probabilities",
        "gates unparsed <= 50%; level=1: accuracy >= 1%",
    ):
        assert said in joined


def test_questions_stand_there_as_they_are_sent(iqeval: Iqeval, sums: Path) -> None:
    """The same that --iqeval-sample draws, word for word, with the right answer."""
    del sums
    told = iqeval("show", "sums", "--samples", "2", "--seed", "3")
    benchmark = load("sums", data_dir=None, start=Path.cwd(), scorers=SCORERS).benchmark
    shown = [line for line in told.lines if line.startswith("iqeval/")]
    assert len(shown) == 2
    drawn = {one.node_id for one in select(benchmark.samples, sample=2, seed=3)}
    assert set(shown) <= drawn
    for one in benchmark.samples:
        if one.node_id not in shown:
            continue
        at = told.lines.index(one.node_id)
        (system, user) = chat_request(benchmark.definition, one, "free").messages
        expected = ["  [system]", f"    {system.content}", "  [user]"]
        expected += [f"    {line}".rstrip() for line in user.content.split("\n")]
        expected.append(f"  [right answer] {one.target}")
        assert told.lines[at + 1 : at + 1 + len(expected)] == expected


def test_a_subset_is_all_that_is_drawn_from(iqeval: Iqeval, sums: Path) -> None:
    del sums
    told = iqeval("show", "sums:hard", "--samples", "9", "--answer", "letter")
    shown = [line for line in told.lines if line.startswith("iqeval/")]
    assert len(shown) == 2
    assert all(line.startswith("iqeval/sums::hard::") for line in shown)
    assert "2 questions as the model sees them (--iqeval-answer letter)" in told.lines
    assert "no explanation, nothing else" in told.out


def test_without_data_it_says_how_to_get_it(iqeval: Iqeval) -> None:
    told = iqeval("show", "iquiz")
    assert (told.code, told.err) == (0, "")
    assert "the data is not here" in told.lines
    assert "into DIR/iquiz/ and add --iqeval-data-dir=DIR" in told.out


@pytest.mark.parametrize("name", shipped_names())
def test_whatever_has_a_name_can_be_shown(iqeval: Iqeval, name: str) -> None:
    told = iqeval("show", name)
    assert (told.code, told.err) == (0, "")


def test_a_packed_file_is_named_as_it_stands_there(iqeval: Iqeval, sums: Path) -> None:
    for name in ("easy.jsonl", "hard.jsonl"):
        packed = gzip.compress((sums / name).read_bytes())
        (sums / f"{name}.gz").write_bytes(packed)
        (sums / name).unlink()
    assert "sums/easy.jsonl.gz, sums/hard.jsonl.gz" in iqeval("show", "sums").out


def test_a_bare_file_is_shown_with_what_was_guessed(iqeval: Iqeval, tmp_path: Path) -> None:
    write_jsonl(tmp_path / "q.jsonl", [question(1)])
    told = iqeval("show", "q.jsonl")
    assert told.lines[0] == "q"
    assert told.lines[1].startswith("Guessed from the file's columns")
    assert "definition" not in {line.split("  ")[0] for line in told.lines}


def test_it_holds_to_the_width_of_the_terminal(
    iqeval: Iqeval, sums: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """All but the prompts, which are shown as they are."""
    del sums
    monkeypatch.setenv("COLUMNS", "60")
    told = iqeval("show", "iquiz-open", "--samples", "0")
    paths = [line for line in told.lines if "/" in line]  # can't be broken
    assert all(display_width(line) <= 60 for line in told.lines if line not in paths)


def test_in_chinese(iqeval: Iqeval, sums: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    del sums
    monkeypatch.setenv("LC_ALL", "zh_CN.UTF-8")
    told = iqeval("show", "sums", "--samples", "1")
    for said in ("语言", "许可", "2 个子集，6 题", "模型看到的 1 道题", "[正确答案]"):
        assert said in told.out


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["iquiz-opne"], "unknown benchmark 'iquiz-opne'\n  hint: did you mean iquiz-open"),
        (["iquiz-open:IX"], "unknown subset 'IX'"),
        (["none.jsonl"], "none.jsonl: there is no such file"),
        (["iquiz-open", "--few-shot", "2"], "2 examples are to be shown before each question"),
        (["iquiz-open", "--answer", "x"], "argument --answer: invalid choice: 'x'"),
    ],
)
def test_what_can_not_be_shown(iqeval: Iqeval, words: list[str], said: str) -> None:
    told = iqeval("show", *words)
    assert told.code == 4
    assert said in told.err


def test_a_definition_at_fault_is_told_with_its_faults(iqeval: Iqeval, sums: Path) -> None:
    (sums / "benchmark.yaml").write_text(DEFINITION + "x: 1\n", "utf-8")
    told = iqeval("show", "sums")
    assert (told.code, told.out) == (4, "")
    assert told.err == (
        "iqeval: sums/benchmark.yaml: x: there is no such field; "
        + told.err.partition("such field; ")[2]
    )


@pytest.mark.parametrize("name", shipped_names())
def test_every_named_benchmark_is_shown(iqeval: Iqeval, name: str) -> None:
    """Whatever it asks for, and whether or not its data is here."""
    told = iqeval("show", name, "--samples", "1")
    assert told.code in (0, 4)
    assert any(line.startswith("asked for") for line in told.lines)


def test_whatever_is_asked_for_has_words() -> None:
    assert set(phrases.ASKS) == set(Ask)
