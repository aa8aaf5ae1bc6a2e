"""A baseline as a file."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pytest_iqeval.core.comparison import Baseline
from pytest_iqeval.core.errors import FolderError
from pytest_iqeval.core.facts import Facts
from pytest_iqeval.core.score import Outcome, Score
from pytest_iqeval.store.baseline import baseline_text, read_baseline, write_baseline

RIGHT = Score(outcome=Outcome.CORRECT, value=1.0)
WRONG = Score(outcome=Outcome.INCORRECT, value=0.0)
HALF = Score(outcome=Outcome.INCORRECT, value=0.5)
BASELINE = Baseline(
    run="20260101_101010",
    model="gemma3:4b",
    scores={
        ("quiz", "IQ", "two"): (RIGHT, HALF),
        ("quiz", "EQ", "问"): (WRONG,),
        ("quiz", "IQ", "one"): (),
    },
    facts=Facts(
        settings={"temperature": "0", "answer": "free"},
        benchmarks={"quiz": {"scorer": "choice", "data": "r1 (sha256 0123456789ab)"}},
    ),
)
TEXT = """\
{
  "schema_version": 1,
  "run": "20260101_101010",
  "model": "gemma3:4b",
  "settings": {
    "answer": "free",
    "temperature": "0"
  },
  "benchmarks": {
    "quiz": {
      "data": "r1 (sha256 0123456789ab)",
      "scorer": "choice"
    }
  },
  "questions": {
    "quiz::EQ::问": ["incorrect"],
    "quiz::IQ::one": [],
    "quiz::IQ::two": ["correct", "incorrect 0.5"]
  }
}
"""


def test_the_file_is_sorted_with_a_line_a_question() -> None:
    assert baseline_text(BASELINE) == TEXT


def test_it_is_written_with_its_folder_and_read_again(tmp_path: Path) -> None:
    path = tmp_path / "baselines" / "gemma3.json"
    write_baseline(path, BASELINE)
    assert path.read_bytes() == TEXT.encode()
    assert read_baseline(path) == BASELINE


def test_a_file_that_an_editor_formatted_anew_is_read_too(tmp_path: Path) -> None:
    path = tmp_path / "b.json"
    path.write_text(json.dumps(json.loads(TEXT)), "utf-8")
    assert read_baseline(path) == BASELINE


names = st.text("ab问-_.1", min_size=1, max_size=4)
scores = st.builds(
    Score,
    outcome=st.sampled_from([one for one in Outcome if one is not Outcome.ERROR]),
    value=st.sampled_from([0.0, 0.5, 1.0, 1 / 3]) | st.floats(0, 1),
)
texts = st.text(st.characters(exclude_categories=["Cs"]), max_size=8)
baselines = st.builds(
    Baseline,
    run=texts,
    model=texts,
    scores=st.dictionaries(
        st.tuples(names, names, names), st.lists(scores, max_size=3).map(tuple), max_size=5
    ),
    facts=st.builds(
        Facts,
        settings=st.dictionaries(texts, texts, max_size=3),
        benchmarks=st.dictionaries(names, st.dictionaries(names, texts, max_size=2), max_size=2),
    ),
)


@given(baselines)
def test_what_is_written_is_read(tmp_path_factory: pytest.TempPathFactory, one: Baseline) -> None:
    """And a line of the file is a question's alone."""
    path = tmp_path_factory.getbasetemp() / "written.json"
    write_baseline(path, one)
    assert read_baseline(path) == one
    lines = path.read_text("utf-8").split("\n")
    for question in one.scores:
        assert sum(line.startswith(f'    "{"::".join(question)}": [') for line in lines) == 1


@given(baselines, st.randoms())
def test_the_order_of_arrival_changes_no_byte(one: Baseline, random: object) -> None:
    questions = list(one.scores.items())
    random.shuffle(questions)  # type: ignore[attr-defined]
    again = Baseline(run=one.run, model=one.model, scores=dict(questions), facts=one.facts)
    assert baseline_text(again) == baseline_text(one)


@pytest.mark.parametrize(
    ("old", "new", "line", "said"),
    [
        ('["incorrect"]', '["wrong"]', 16, "has the outcome 'wrong'"),
        ('["incorrect"]', "[1]", 16, "has the outcome 1"),
        ('["incorrect"]', '"incorrect"', 16, "has text, where a list"),
        ("incorrect 0.5", "incorrect half", 18, "has the value 'half', not a number from 0 to 1"),
        ("incorrect 0.5", "incorrect 2", 18, "has the value '2'"),
        ("incorrect 0.5", "incorrect nan", 18, "has the value 'nan'"),
        ("quiz::EQ::问", "quiz::问", 16, "is no question"),
        ('    "quiz::IQ::one"', '<<<<<<< HEAD\n    "quiz::IQ::one"', 17, "is no JSON"),
        ("quiz::IQ::one", "quiz::EQ::问", 17, "stands there twice"),
        ('"free"', "1", 6, "'answer' is a number"),
        ('"gemma3:4b"', "null", 4, "'model' is nothing"),
        ('"questions"', '"answers"', 1, "is no baseline"),
    ],
)
def test_a_damaged_file_is_told_with_its_line(
    tmp_path: Path, old: str, new: str, line: int, said: str
) -> None:
    assert old in TEXT
    path = tmp_path / "b.json"
    path.write_text(TEXT.replace(old, new), "utf-8")
    with pytest.raises(FolderError) as caught:
        read_baseline(path)
    assert caught.value.problem.startswith(f"{path}:{line}: ")
    assert said in caught.value.problem
    assert "iqeval baseline" in str(caught.value.hint)


def test_a_later_version_asks_for_an_upgrade(tmp_path: Path) -> None:
    path = tmp_path / "b.json"
    path.write_text(TEXT.replace('version": 1', 'version": 2'), "utf-8")
    with pytest.raises(FolderError, match="has schema_version 2, and this version reads 1"):
        read_baseline(path)


@pytest.mark.parametrize("text", ["", "[]", "1", "[" * 100_000, "{}"])
def test_anything_else_is_no_baseline(tmp_path: Path, text: str) -> None:
    path = tmp_path / "b.json"
    path.write_text(text, "utf-8")
    with pytest.raises(FolderError, match=r"b\.json:1: is no "):
        read_baseline(path)


def test_bytes_that_are_no_text_and_folders_can_not_be_read(tmp_path: Path) -> None:
    path = tmp_path / "b.json"
    path.write_bytes(b"\xff\xfe")
    for unreadable in (path, tmp_path):
        with pytest.raises(FolderError, match="can't be read"):
            read_baseline(unreadable)
    with pytest.raises(FolderError, match="can't be written"):
        write_baseline(path / "inside.json", BASELINE)
