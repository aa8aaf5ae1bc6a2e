"""`iqeval check`: what is wrong with definitions and data, before anything is asked."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from tests.cli.conftest import Iqeval
from tests.support.questions import question, write_jsonl

DEFINITION = "name: sums\nlanguage: en\ndata: sums.jsonl\n"


def rows(count: int = 40) -> list[dict[str, object]]:
    """Questions in which nothing is amiss."""
    right = [{"id": f"q{n}", "answer": "ABC"[n % 3]} for n in range(count)]
    return [question(n, **changes) for n, changes in enumerate(right)]


@pytest.fixture
def sums(tmp_path: Path) -> Path:
    """A folder with a definition and its data, both in order."""
    write_jsonl(tmp_path / "sums/sums.jsonl", rows())
    path = tmp_path / "sums/benchmark.yaml"
    path.write_text(DEFINITION, "utf-8")
    return path


@pytest.mark.parametrize("spec", ["sums", "sums/benchmark.yaml", "sums:default", "iquiz-open:IQ"])
def test_what_is_in_order_is_told_in_a_line(iqeval: Iqeval, sums: Path, spec: str) -> None:
    del sums
    told = iqeval("check", spec)
    assert (told.code, told.err) == (0, "")
    assert "no faults" in told.lines[0]
    if spec == "iquiz-open:IQ":
        assert told.out == f"{spec}: 40 questions: no faults\n"
    if spec.startswith("sums"):
        assert told.out == f"{spec}: 40 questions: no faults\n"


def test_a_bare_file_is_told_with_what_was_guessed(iqeval: Iqeval, sums: Path) -> None:
    del sums
    told = iqeval("check", "sums/sums.jsonl")
    assert told.code == 0
    assert told.lines[0] == "sums/sums.jsonl: 40 questions: no faults"
    assert "Guessed from the file's columns: question from question;" in told.out


def test_all_faults_are_told_and_the_exit_code_is_1(iqeval: Iqeval, sums: Path) -> None:
    """More than the 20 that a run shows."""
    wrong = [question(n, answer="Z") for n in range(30)]
    write_jsonl(sums.with_name("sums.jsonl"), wrong)
    told = iqeval("check", "sums", "iquiz-open")
    assert told.code == 1
    assert told.lines[0] == "sums: 30 faults"
    assert told.lines[30] == (
        "  sums/sums.jsonl:30: answer: 'Z' is not among the options; write one of A, B, C, or the "
        "text of an option"
    )
    assert told.lines[-1].startswith("iquiz-open: 120 questions in 2 subsets")


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("promt: x", "sums/benchmark.yaml: promt: there is no such field; did you mean prompt?"),
        ("scorer: {name: choice, x: 1}", "sums/benchmark.yaml: scorer: choice has no option 'x'"),
        ("scorer: yes_no", "sums/sums.jsonl:1: "),
        ("gates: ['accuracy >> 1']", "sums/benchmark.yaml:4: "),
        ("fields: {question: [", "sums/benchmark.yaml:"),
    ],
)
def test_faults_of_a_definition(iqeval: Iqeval, sums: Path, line: str, said: str) -> None:
    sums.write_text(DEFINITION + line + "\n", "utf-8")
    told = iqeval("check", "sums")
    assert (told.code, told.err) == (1, "")
    assert told.lines[1].startswith(f"  {said}"), told.out


def test_a_missing_data_file_of_ones_own_is_a_fault(iqeval: Iqeval, sums: Path) -> None:
    sums.with_name("sums.jsonl").unlink()
    told = iqeval("check", "sums")
    assert told.code == 1
    assert "no such file" in told.out


def test_data_that_does_not_come_along_is_no_fault(iqeval: Iqeval) -> None:
    told = iqeval("check", "iquiz")
    assert told == (
        0,
        "iquiz: no faults in the definition; its data is not here, so that was not looked at\n",
        "",
    )


def test_notes_are_no_faults_unless_strict(iqeval: Iqeval, sums: Path) -> None:
    write_jsonl(sums.with_name("sums.jsonl"), [*rows(), rows()[0] | {"id": "again"}])
    told = iqeval("check", "sums")
    assert told.code == 0
    assert told.lines[1] == "  note: 1 question stands there more than once: sums/sums.jsonl:41"
    assert iqeval("check", "sums", "--strict").code == 1


def test_a_scorer_of_ones_conftest_is_taken_as_known(iqeval: Iqeval, sums: Path) -> None:
    sums.write_text(DEFINITION + "scorer: close\nfields: {choices: choices}\n", "utf-8")
    assert "unknown scorer 'close'" in iqeval("check", "sums").out
    assert iqeval("check", "sums", "--scorer", "close").code == 0


@pytest.mark.parametrize("spec", ["none.yaml", "iquiz-opne", "sums:easy"])
def test_what_is_not_there_is_the_commands_fault(iqeval: Iqeval, sums: Path, spec: str) -> None:
    del sums
    told = iqeval("check", spec)
    assert (told.code, told.out) == (4, "")
    assert told.err.startswith("iqeval: ")


def test_a_suite_is_checked_with_all_that_it_names(
    iqeval: Iqeval, sums: Path, tmp_path: Path
) -> None:
    suite = tmp_path / "release.yaml"
    suite.write_text("model: m\nbenchmarks: [{name: iquiz-open, weight: 2}, sums]\n", "utf-8")
    told = iqeval("check", "release.yaml")
    assert (told.code, told.err) == (0, "")
    assert told.lines[0] == "release.yaml: a suite of 2 benchmarks: no faults"
    assert [line.partition(":")[0] for line in told.lines if "no faults" in line][1:] == [
        "iquiz-open",
        "sums",
    ]
    sums.write_text(DEFINITION + "x: 1\n", "utf-8")
    assert iqeval("check", "release.yaml").code == 1
    suite.write_text("model: m\nbenchmarks: [{name: sums, wieght: 2}]\n", "utf-8")
    told = iqeval("check", "release.yaml")
    assert told.code == 1
    assert "wieght" in told.out


def test_a_task_configuration_of_evalscope_is_a_suite(iqeval: Iqeval, tmp_path: Path) -> None:
    """And what became of each of its keys is told."""
    (tmp_path / "task.json").write_text(
        '{"model": "m", "datasets": ["iquiz"], "limit": 3}', "utf-8"
    )
    told = iqeval("check", "task.json")
    assert (told.code, told.err) == (0, "")
    assert told.lines[0] == "task.json: a suite of 1 benchmark: no faults"
    assert any("limit" in line for line in told.lines)
    assert "iquiz: no faults in the definition" in told.lines[-1]


def test_faults_are_told_in_chinese(
    iqeval: Iqeval, sums: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LC_ALL", "zh_CN.UTF-8")
    assert iqeval("check", "sums").out == "sums：40 题，1 个子集，没有错误\n"
    sums.write_text(DEFINITION + "x: 1\n", "utf-8")
    assert iqeval("check", "sums").lines[0] == "sums：1 个错误"


def test_the_installed_command(tmp_path: Path, sums: Path) -> None:
    del sums
    script = Path(sys.executable).parent / "iqeval"
    done = subprocess.run(
        [script, "check", "sums"], cwd=tmp_path, capture_output=True, text=True, check=False
    )
    assert (done.returncode, done.stdout, done.stderr) == (
        0,
        "sums: 40 questions: no faults\n",
        "",
    )


def test_one_question_is_told_in_the_singular(iqeval: Iqeval, tmp_path: Path) -> None:
    write_jsonl(tmp_path / "one.jsonl", [question(1)])
    told = iqeval("check", "one.jsonl")
    assert told.lines[0] == "one.jsonl: 1 question: no faults"
    assert "1 of 1 questions has no id of its own" in told.out
