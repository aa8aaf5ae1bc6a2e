"""The examples of the benchmarks page are whole benchmarks."""

from __future__ import annotations

import pytest

from pytest_iqeval.core.definition import _KEYS, FIELDS
from pytest_iqeval.core.score import Outcome
from pytest_iqeval.sources import guess
from pytest_iqeval.sources.shipped import shipped_names
from tests.support.pages import blocks, read_page, table_rows, ticked, write_files

PAGE = read_page("benchmarks.md")
FILES = {block.file: block.text for block in blocks(PAGE) if block.file}


@pytest.mark.parametrize(
    ("args", "node_ids"),
    [
        (
            ["--iqeval-dataset=capitals.jsonl,rivers.csv"],
            [
                "iqeval/capitals::default::fr",
                "iqeval/capitals::default::au",
                "iqeval/rivers::default::*",
                "iqeval/rivers::default::*",
            ],
        ),
        (
            ["--iqeval-dataset=weather/benchmark.yaml"],
            [
                "iqeval/weather::easy::snow",
                "iqeval/weather::hard::cirrus",
                "iqeval/weather::hard::föhn",
            ],
        ),
        (
            ["--iqeval-dataset=weather", "-m", "iqeval(level='3')"],
            ["iqeval/weather::hard::cirrus", "iqeval/weather::hard::föhn"],
        ),
        (
            ["--iqeval-dataset=weather", "-m", "iqeval(level=1)"],
            ["iqeval/weather::easy::snow"],
        ),
        (
            ["--iqeval-dataset=iquiz", "--iqeval-data-dir=data"],
            ["iqeval/iquiz::IQ::*", "iqeval/iquiz::EQ::*"],
        ),
    ],
)
def test_the_examples_collect_what_they_say(
    pytester: pytest.Pytester, args: list[str], node_ids: list[str]
) -> None:
    """Written as files from the page's blocks, listed with --co -q."""
    write_files(FILES, pytester.path)
    result = pytester.runpytest_inprocess("--iqeval-model=m", "--co", "-q", *args)
    assert result.ret == 0
    listed = [line for line in result.stdout.lines if line.startswith("iqeval/")]
    assert len(listed) == len(node_ids)
    result.stdout.fnmatch_lines(node_ids)


def test_the_example_definition_shows_every_key() -> None:
    """A key that is added to the layout is added to the example."""
    text = FILES["weather/benchmark.yaml"]
    for key in _KEYS:
        assert f"\n{key}:" in f"\n{text}", key
    for name in FIELDS:
        assert f"`{name}`" in PAGE, name


def test_the_columns_of_a_bare_file_are_those_that_are_looked_for() -> None:
    """The table names each of them, and no other."""
    rows = {cells[0]: ticked(cells[1]) for cells in table_rows(PAGE, "## A bare file")}
    assert tuple(rows["question"]) == guess.QUESTION
    assert tuple(rows["options"][:2]) == guess.CHOICES
    assert tuple(rows["answer"]) == guess.ANSWER


def test_names_and_outcomes_are_all_there_are() -> None:
    """The tables of shipped benchmarks and of outcomes are whole."""
    assert sorted(c[0].strip("`") for c in table_rows(PAGE, "# Benchmarks")) == shipped_names()
    told = [c[0].strip("`") for c in table_rows(PAGE, "## What a reply is worth")]
    assert told == [outcome.value for outcome in Outcome]
