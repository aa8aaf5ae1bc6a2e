"""`iqeval export`: the reviews as a table."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest

from pytest_iqeval.reports.review_csv import MOST_CHARACTERS, write_csv
from tests.cli.conftest import Iqeval
from tests.support.report_data import row
from tests.support.stored import question, reply, write_run


def read(path: Path) -> list[dict[str, str]]:
    """The rows as a spreadsheet has them."""
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def test_each_question_is_a_row(iqeval: Iqeval, tmp_path: Path) -> None:
    write_run(
        tmp_path / "outputs" / "m" / "20260102_030405",
        [
            (question("one"), "Answer: B"),
            (question("两", metadata={"level": 2, "标签": ["甲", "乙"]}), reply("答案：A\n=1+1")),
            (question("wen", subset="EQ"), None),
        ],
    )
    told = iqeval("export", "last", "--csv", "reviews.csv")
    assert told == (0, "wrote reviews.csv: 3 rows\n", "")
    assert (tmp_path / "reviews.csv").read_bytes().startswith(b"\xef\xbb\xbfbenchmark,subset,id,")
    one, two, lost = read(tmp_path / "reviews.csv")
    assert (one["id"], one["outcome"], one["value"]) == ("one", "correct", "1.0")
    assert one["choices"] == "A) Monday\nB) Tuesday\nC) Wednesday"
    assert (two["id"], two["extracted"], two["reply"]) == ("两", "A", "答案：A\n=1+1")
    assert (two["metadata.level"], two["metadata.标签"]) == ("2", '["甲", "乙"]')
    assert (one["prompt_tokens"], one["completion_tokens"]) == ("30", "4")
    assert (lost["outcome"], lost["reply"], lost["value"]) == ("error", "", "")


@pytest.mark.parametrize(
    ("text", "cell"),
    [
        ("=HYPERLINK(1)", "'=HYPERLINK(1)"),
        ("+cmd|' /C calc'!A0", "'+cmd|' /C calc'!A0"),
        ("-2+3", "'-2+3"),
        ("@SUM(1)", "'@SUM(1)"),
        ("\t=1", "'\t=1"),
        ("\r=1", "\\r=1"),
        ("\n=1", "'\n=1"),
        ("＝1+1", "'＝1+1"),
        ("-5", "-5"),
        ("+0.25", "+0.25"),
        ("- a list", "'- a list"),
        ("a=1", "a=1"),
        ('"quoted", and more', '"quoted", and more'),
        ("\x1b[31m", "\\x1b[31m"),
    ],
)
def test_what_looks_like_a_formula_is_defused(tmp_path: Path, text: str, cell: str) -> None:
    """In every column of text; numbers stay as they are."""
    rows = [row(reply=text, question=text, target=text, metadata={text: text})]
    assert write_csv(tmp_path / "r.csv", lambda: rows) == 1
    (found,) = read(tmp_path / "r.csv")
    assert {found["reply"], found["question"], found["target"]} == {cell}
    assert list(found.values())[-1] == cell


def test_a_long_text_is_cut_at_excels_limit(tmp_path: Path) -> None:
    rows = [row(reply="长" * 40_000, question="x" * MOST_CHARACTERS)]
    write_csv(tmp_path / "r.csv", lambda: rows)
    (found,) = read(tmp_path / "r.csv")
    assert len(found["reply"]) == MOST_CHARACTERS
    assert found["reply"].endswith("长…")
    assert found["question"] == "x" * MOST_CHARACTERS


def test_a_file_that_is_there_is_replaced_with_force_alone(iqeval: Iqeval, tmp_path: Path) -> None:
    write_run(tmp_path / "outputs" / "m" / "20260102_030405", [(question("one"), "Answer: B")])
    (tmp_path / "r.csv").write_text("mine", "utf-8")
    told = iqeval("export", "last", "--csv", "r.csv")
    assert told.code == 4
    assert told.err == "iqeval: r.csv: is there already\n  hint: add --force to replace it\n"
    assert (tmp_path / "r.csv").read_text("utf-8") == "mine"
    assert iqeval("export", "last", "--csv", "r.csv", "--force").code == 0
    assert len(read(tmp_path / "r.csv")) == 1


def test_a_file_that_can_not_be_written_is_told(iqeval: Iqeval, tmp_path: Path) -> None:
    write_run(tmp_path / "outputs" / "m" / "20260102_030405", [(question("one"), "Answer: B")])
    told = iqeval("export", "last", "--csv", "none/r.csv")
    assert told.code == 4
    assert "none/r.csv: can't be written: No such file or directory" in told.err
