"""`iqeval baseline`: a run as a small file."""

from __future__ import annotations

from pathlib import Path

import pytest

from pytest_iqeval.store.baseline import read_baseline
from pytest_iqeval.store.folder import RunFolder
from tests.cli.conftest import Iqeval
from tests.support.stored import change_report, question, write_run

ANSWERED = [
    (question("right"), "Answer: B"),
    (question("wrong"), "Answer: A"),
    (question("lost", subset="EQ"), None),
]


@pytest.fixture
def run(tmp_path: Path) -> RunFolder:
    return write_run(tmp_path / "outputs" / "m" / "20260102_030405", ANSWERED)


def test_it_is_printed(iqeval: Iqeval, run: RunFolder, tmp_path: Path) -> None:
    """No text of a question or reply is in it; a question without a score is there without one."""
    told = iqeval("baseline", "last")
    assert (told.code, told.err) == (0, "")
    assert told.lines[-5:] == [
        '    "quiz::EQ::lost": [],',
        '    "quiz::IQ::right": ["correct"],',
        '    "quiz::IQ::wrong": ["incorrect"]',
        "  }",
        "}",
    ]
    assert "Which day" not in told.out
    (tmp_path / "b.json").write_text(told.out, "utf-8")
    assert read_baseline(tmp_path / "b.json").run == run.name


def test_it_is_written_into_a_folder_that_is_not_there(
    iqeval: Iqeval, run: RunFolder, tmp_path: Path
) -> None:
    told = iqeval("baseline", str(run.path), "-o", "baselines/m.json")
    assert told == (0, f"baselines/m.json: 3 questions of {run.name} (gemma3:4b)\n", "")
    assert iqeval("baseline", "last").out == (tmp_path / "baselines/m.json").read_text("utf-8")


def test_repeats_are_in_one_line(iqeval: Iqeval, tmp_path: Path) -> None:
    answered = [(question("q"), text) for text in ("Answer: B", "Answer: A", "Answer: B")]
    write_run(tmp_path / "outputs/m/20260102_030405", answered, repeat_of=lambda place: place)
    out = iqeval("baseline", "last").out
    assert '    "quiz::IQ::q": ["correct", "incorrect", "correct"]\n' in out
    assert '    "repeats": "3",\n' in out


def test_a_run_of_an_earlier_version_has_no_prompt(iqeval: Iqeval, run: RunFolder) -> None:
    change_report(run, lambda plain: plain["benchmarks"][0].pop("prompt_sha256"))
    told = iqeval("baseline", "last")
    assert told.code == 0
    assert '"prompt"' not in told.out


def test_what_is_wrong_is_told(iqeval: Iqeval, run: RunFolder) -> None:
    assert iqeval("baseline", "last", "-o", ".").code == 4
    run.report_json.unlink()
    told = iqeval("baseline", str(run.path))
    assert told.code == 4
    assert "not a run's folder" in told.err
