"""`iqeval history`: a benchmark run after run."""

from __future__ import annotations

from pathlib import Path

import pytest

from pytest_iqeval.store.folder import RunFolder
from tests.cli.conftest import Iqeval
from tests.cli.test_compare import run_of
from tests.support.stored import change_report


@pytest.fixture
def runs(tmp_path: Path) -> list[RunFolder]:
    """Three runs, a day apart, in the order in which they began."""
    found = []
    for day, answers in enumerate(("+---", "++--", "+++-"), start=1):
        run = run_of(tmp_path / "outputs", f"2026010{day}_000000", answers)

        def begin(plain, day=day):
            plain["run"]["started"] = f"2026-01-0{day}T08:30:00+08:00"

        change_report(run, begin)
        found.append(run)
    return found


@pytest.mark.usefixtures("runs")
def test_each_run_has_a_line(iqeval: Iqeval) -> None:
    told = iqeval("history")
    assert (told.code, told.err) == (0, "")
    assert told.lines[0] == "quiz"
    assert told.lines[1].split() == ["model", "date", "run", "n", "accuracy", "verdict"]
    lines = told.lines[2:5]
    assert lines[0].startswith("gemma3:4b  2026-01-01 08:30  20260101_000000  4  0.25 [")
    assert lines[2].split()[:5] == ["2026-01-03", "08:30", "20260103_000000", "4", "0.75"]
    assert all(line.endswith("ungated") for line in lines)


def test_what_moved_is_said(iqeval: Iqeval, runs: list[RunFolder]) -> None:
    def warmer(plain):
        plain["run"]["generation"]["temperature"] = 0.7

    change_report(runs[1], warmer)
    out = iqeval("history", "outputs/m").out
    assert "20260102_000000 (gemma3:4b): temperature is 0.7, it was 0\n" in out
    assert "20260103_000000 (gemma3:4b): temperature is 0, it was 0.7\n" in out


def test_runs_that_can_t_be_shown_are_said(iqeval: Iqeval, runs: list[RunFolder]) -> None:
    runs[0].journal.touch()
    runs[0].report_json.unlink()
    runs[1].report_json.write_text("{", "utf-8")
    told = iqeval("history")
    assert told.code == 0
    assert "left out: 1 run without report.json (not ended, or only begun)" in told.lines
    assert "left out: outputs/m/20260102_000000/report.json: is no report of a run" in told.out
    assert "20260103_000000" in told.out


def test_a_time_that_is_none(iqeval: Iqeval, runs: list[RunFolder]) -> None:
    def change(plain):
        plain["run"]["started"] = "soon"

    change_report(runs[1], change)
    assert "20260102_000000/report.json: began at 'soon', which is no time" in iqeval("history").out


@pytest.mark.usefixtures("runs")
def test_one_benchmark(iqeval: Iqeval) -> None:
    assert "20260103_000000" in iqeval("history", "--benchmark", "quiz").out
    told = iqeval("history", "--benchmark", "quizz")
    assert told.code == 4
    assert "did you mean quiz?" in told.err


def test_no_folder_and_no_runs(iqeval: Iqeval, tmp_path: Path) -> None:
    told = iqeval("history")
    assert told.code == 4
    assert "outputs: there is no such folder" in told.err
    (tmp_path / "outputs").mkdir()
    told = iqeval("history")
    assert told.code == 4
    assert "outputs: there is no run in it" in told.err


def test_a_chinese_locale_gives_chinese(
    iqeval: Iqeval, runs: list[RunFolder], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Headings, verdicts, and what moved."""

    def warmer(plain):
        plain["run"]["generation"]["temperature"] = 0.7

    change_report(runs[1], warmer)
    runs[2].journal.touch()
    runs[2].report_json.unlink()
    monkeypatch.setenv("LC_ALL", "zh_CN.UTF-8")
    told = iqeval("history")
    assert told.lines[1].split() == ["模型", "日期", "运行", "n", "准确率", "结论"]
    assert told.lines[2].endswith("未设门槛")
    assert "20260102_000000（gemma3:4b）：temperature 现为 0.7，原为 0" in told.lines
    assert told.lines[-1] == "未列出：1 次运行没有 report.json（未结束，或刚开始）"
