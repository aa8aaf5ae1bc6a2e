"""`iqeval baseline`: a run as a small file."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

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
GOOD = [(question("right"), "Answer: B")]
LATER = "20260102_030406"


@pytest.fixture
def run(tmp_path: Path) -> RunFolder:
    return write_run(tmp_path / "outputs" / "m" / "20260102_030405", ANSWERED)


def test_it_is_printed(iqeval: Iqeval, run: RunFolder, tmp_path: Path) -> None:
    """No text of a question or reply is in it; a question without a score is there without one."""
    told = iqeval("baseline", str(run.path))
    assert told.code == 0
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
    write_run(run.path.parent / LATER, GOOD)
    told = iqeval("baseline", "last", "-o", "baselines/m.json")
    assert told == (0, f"baselines/m.json: 1 question of {LATER} (gemma3:4b)\n", "")
    assert iqeval("baseline", "last").out == (tmp_path / "baselines/m.json").read_text("utf-8")


@pytest.mark.parametrize("output", [(), ("-o", "m.json")])
def test_the_last_is_the_newest_that_passed(
    iqeval: Iqeval, tmp_path: Path, output: tuple[str, ...]
) -> None:
    """As `--iqeval-baseline last` means it; what is printed stays a baseline and no more."""
    outputs = tmp_path / "outputs" / "m"
    write_run(outputs / "20260102_030405", GOOD)
    write_run(outputs / "20260102_030406", GOOD, gates=["accuracy < 1"])
    write_run(outputs / "20260102_030407", ANSWERED)
    told = iqeval("baseline", "last", *output)
    assert told.code == 0
    assert told.err == (
        "iqeval: 20260102_030405 (gemma3:4b); newer runs passed over: 1 unfinished, 1 failed\n"
    )
    if not output:
        (tmp_path / "m.json").write_text(told.out, "utf-8")
    assert read_baseline(tmp_path / "m.json").run == "20260102_030405"


def test_the_last_is_of_the_model_that_ran_last(iqeval: Iqeval, tmp_path: Path) -> None:
    """The good run of another model would be written under a wrong name."""
    write_run(tmp_path / "outputs/other/20260102_030405", GOOD)
    write_run(tmp_path / "outputs/m/20260102_030406", GOOD, gates=["accuracy < 1"])
    told = iqeval("baseline", "last", "-o", "m.json")
    assert (told.code, told.out) == (4, "")
    assert told.err.splitlines() == [
        "iqeval: iqeval baseline last: the only run in outputs/m can't be the baseline: it failed",
        "  hint: name one all the same: iqeval baseline 20260102_030406; or do without",
    ]
    assert not (tmp_path / "m.json").exists()


@pytest.mark.usefixtures("run")
def test_where_no_run_is_finished_the_last_is_none(iqeval: Iqeval) -> None:
    told = iqeval("baseline", "last")
    assert told.code == 4
    assert f"iqeval baseline last: {Path('outputs/m')} holds no finished run" in told.err
    assert "hint: " in told.err
    assert "leave it away" not in told.err


@pytest.mark.parametrize(
    ("answered", "gate", "verdict"),
    [(GOOD, "accuracy < 1", "failed"), (ANSWERED, "accuracy > 0", "inconclusive")],
)
def test_a_run_that_did_not_pass_is_written_where_it_is_named(
    iqeval: Iqeval, tmp_path: Path, answered: Any, gate: str, verdict: str
) -> None:
    """A line says so, beside what is printed."""
    run = write_run(tmp_path / "outputs/m/20260102_030405", answered, gates=[gate])
    for named in (run.name, str(run.path), "outputs/m"):
        told = iqeval("baseline", named)
        assert told.code == 0
        assert json.loads(told.out)["run"] == run.name
        assert told.err == (
            f"iqeval: the verdict of {run.name} (gemma3:4b) is {verdict}: "
            "`iqeval baseline last` takes the newest run that passed\n"
        )


def test_repeats_are_in_one_line(iqeval: Iqeval, tmp_path: Path) -> None:
    answered = [(question("q"), text) for text in ("Answer: B", "Answer: A", "Answer: B")]
    write_run(tmp_path / "outputs/m/20260102_030405", answered, repeat_of=lambda place: place)
    out = iqeval("baseline", "last").out
    assert '    "quiz::IQ::q": ["correct", "incorrect", "correct"]\n' in out
    assert '    "repeats": "3",\n' in out


def test_a_run_of_an_earlier_version_has_no_prompt(iqeval: Iqeval, run: RunFolder) -> None:
    change_report(run, lambda plain: plain["benchmarks"][0].pop("prompt_sha256"))
    told = iqeval("baseline", str(run.path))
    assert told.code == 0
    assert '"prompt"' not in told.out


def test_what_is_wrong_is_told(iqeval: Iqeval, run: RunFolder) -> None:
    assert iqeval("baseline", str(run.path), "-o", ".").code == 4
    run.report_json.unlink()
    told = iqeval("baseline", str(run.path))
    assert told.code == 4
    assert "not a run's folder" in told.err
