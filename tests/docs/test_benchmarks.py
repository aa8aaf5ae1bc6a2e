"""The examples of the benchmarks page are whole benchmarks."""

from __future__ import annotations

from pathlib import Path

import pytest

from pytest_iqeval.core.errors import DefinitionError
from pytest_iqeval.core.kinds import ANSWER_KINDS, KINDS, Ask, default_answer_kind
from pytest_iqeval.core.score import Outcome
from pytest_iqeval.core.scorers import SCORERS
from pytest_iqeval.sources import guess
from pytest_iqeval.sources.catalogue import load
from pytest_iqeval.sources.definitions import read_definition
from pytest_iqeval.sources.shipped import DEFINITION, datasets_folder, shipped_names
from tests.support.pages import blocks, read_page, table_rows, ticked, write_files
from tests.support.questions import write_jsonl

PAGE = read_page("benchmarks.md")
BY_NAME = "## The benchmarks by name"
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


def test_the_table_of_names_says_what_the_definitions_say() -> None:
    """Subsets by their number, examples, scorers and licences."""
    for name, _, subsets, scorer, examples, licence in table_rows(
        PAGE, "## The benchmarks by name"
    ):
        path = datasets_folder() / name.strip("`") / DEFINITION
        definition = read_definition(path, shown=name, scorers=list(SCORERS))
        assert (scorer.strip("`"), int(examples)) == (
            definition.scorer,
            definition.few_shot.count,
        )
        assert (definition.licence or "").startswith(licence.split(",")[0])
        if subsets[0].isdecimal():
            assert int(subsets.split()[0]) == len(definition.subsets)
            groups = {known["category"] for known in definition.subsets.values()}
            assert set(subsets.partition(" in ")[2].split(", ")) == groups


def test_the_example_of_nested_rows_is_read_as_it_says(tmp_path: Path) -> None:
    write_files(FILES, tmp_path)
    (one,) = load("puzzles", data_dir=None, start=tmp_path, scorers=KINDS).benchmark.samples
    assert (one.input, sorted(one.choices)) == ("What is ice?", ["rock", "water"])
    assert one.choices[one.labels.index(one.target)] == "water"


@pytest.mark.parametrize(
    ("name", "targets"),
    [
        ("mammals", [("AC",), ("B",)]),
        ("wino", [("1",), ("2",)]),
        ("cities", [("The Hague", "Den Haag"), ("2",)]),
    ],
)
def test_the_examples_of_right_answers_are_read_as_they_say(
    name: str, targets: list[tuple[str, ...]], tmp_path: Path
) -> None:
    write_files(FILES, tmp_path)
    samples = load(name, data_dir=None, start=tmp_path, scorers=KINDS).benchmark.samples
    assert [one.targets for one in samples] == targets


def test_all_answer_kinds_and_scorers_are_told() -> None:
    """Each scorer with the answers that it takes by default, beside those asked in its way."""
    kinds = [c[0].strip("`") for c in table_rows(PAGE, "`answer_kind` says how")]
    assert tuple(kinds) == ANSWER_KINDS
    rows = table_rows(PAGE, "What holds where it is left out depends on the scorer:")
    told = {c[0].strip("`"): c[2].strip("`") for c in rows[:-1]}
    assert told == {
        name: default_answer_kind(name, options=kind.options) for name, kind in KINDS.items()
    }
    together = [ticked(c[0]) for c in table_rows(PAGE, "The general prompts differ")]
    asked: dict[Ask, list[str]] = {}
    for name, kind in KINDS.items():
        asked.setdefault(kind.asks, []).append(name)
    assert sorted(map(sorted, together)) == sorted(map(sorted, asked.values()))


@pytest.mark.parametrize(
    ("columns", "answers", "said"),
    [
        (("A", "B", "C"), ("A", "x"), "`scorer: choice`"),
        (("A", "B", "C"), ("AC", "x"), "`scorer: multi_choice`"),
        (("A", "B", "C"), ("0", "1"), "`answer_kind: index`"),
        (("A", "B", "C"), ("1", "3"), "`answer_kind: position`"),
        (("A", "B", "C"), ("1", "2"), "nothing: it asks you to say what they count"),
        ((), ("so #### 18", "3"), "`scorer: number`"),
        ((), ("是", "no"), "`scorer: yes_no`"),
        ((), ("x", "a b c d e f g h"), "`scorer: f1`, `threshold: 0.5`"),
        ((), ("a b c d e f g", "3"), "`scorer: exact`"),
    ],
)
def test_the_table_of_guesses_holds(
    columns: tuple[str, ...], answers: tuple[str, ...], said: str, tmp_path: Path
) -> None:
    """Its rows in order, each on a file of that sort."""
    place = [c[2] for c in table_rows(PAGE, "and from the answers what they are:")].index(said)
    assert place >= 0
    options = dict(zip(columns, "xyz", strict=False))
    rows = [{"question": "?", **options, "answer": answer} for answer in answers]
    path = write_jsonl(tmp_path / "q.jsonl", rows)
    try:
        told = load(str(path), data_dir=None, start=tmp_path, scorers=KINDS)
        guessed = told.benchmark.definition
        options = [f"`{name}: {value}`" for name, value in guessed.scorer_options.items()]
        words = (
            ", ".join([f"`scorer: {guessed.scorer}`", *options]),
            f"`answer_kind: {guessed.answer_kind}`",
        )
    except DefinitionError:
        words = ("nothing: it asks you to say what they count",)
    assert said in words


def test_the_columns_of_a_bare_file_are_those_that_are_looked_for() -> None:
    """The table names each of them, and no other."""
    rows = {cells[0]: ticked(cells[1]) for cells in table_rows(PAGE, "## A bare file")}
    assert tuple(rows["question"]) == guess.QUESTION
    assert rows["system message"] == ["system"]
    assert tuple(rows["options"][:2]) == guess.CHOICES
    assert tuple(rows["answer"]) == guess.ANSWER


def test_names_and_outcomes_are_all_there_are() -> None:
    """The tables of shipped benchmarks and of outcomes are whole."""
    assert (
        sorted(c[0].strip("`") for c in table_rows(PAGE, "## The benchmarks by name"))
        == shipped_names()
    )
    told = [c[0].strip("`") for c in table_rows(PAGE, "## What a reply is worth")]
    assert told == [outcome.value for outcome in Outcome]
