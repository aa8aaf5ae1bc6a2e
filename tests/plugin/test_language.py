"""``--iqeval-lang`` and the locale, in a run."""

from __future__ import annotations

import pytest

from tests.plugin.conftest import Project

GATE = "--iqeval-gate=accuracy >= 0.5"


@pytest.mark.parametrize("workers", [(), ("-n2",)])
def test_a_chinese_locale_gives_a_chinese_summary(
    project: Project, monkeypatch: pytest.MonkeyPatch, workers: tuple[str, ...]
) -> None:
    """Terminal and page; report.json is English."""
    monkeypatch.setenv("LC_ALL", "zh_CN.UTF-8")
    monkeypatch.setenv("PYTHONIOENCODING", "utf-8")
    result = project.run_apart(GATE, *workers)
    result.stdout.fnmatch_lines(
        ["评测集*子集*准确率*", "门槛通过：accuracy >= 0.5*", "通过：门槛成立，5 题中答对 5 题"]
    )
    assert project.report["headline"] == "passed: the gate held, 5 of 5 correct"
    page = (project.folder / "report.html").read_text("utf-8")
    assert '<html lang="zh' in page
    assert "门槛成立，5 题中答对 5 题" in page


def test_the_option_wins_over_the_locale(project: Project, monkeypatch: pytest.MonkeyPatch) -> None:
    """English in a Chinese locale; a language that is not there is refused."""
    monkeypatch.setenv("LC_ALL", "zh_CN.UTF-8")
    result = project.run(GATE, "--iqeval-lang=en")
    result.stdout.fnmatch_lines(["passed: the gate held, 5 of 5 correct"])
    result = project.run(GATE, "--iqeval-lang=cn")
    assert result.ret == 4
    result.stderr.fnmatch_lines(["*value of --iqeval-lang*cn*"])
