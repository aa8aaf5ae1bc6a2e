"""``--iqeval-lang`` and the locale, in a run."""

from __future__ import annotations

import re

import pytest

from tests.plugin.conftest import Project
from tests.support.endpoint import status

GATE = "--iqeval-gate=accuracy >= 0.5"
ZH = "--iqeval-lang=zh"
GATES = (
    *("not_worse(accuracy, 3pt)", "no_regressions(p < 0.05)", "quiz:IQ: no_regressions(p < 0.05)"),
    *("drop(accuracy) <= 2pt", "must_pass(level=1)", "unparsed <= 1%", "latency.p95 <= 20s"),
    *("lower(accuracy) >= 0.1", "each(subset): accuracy >= 0.5", "tokens.total <= 3", "n >= 4"),
    *("correct >= 5", "errors <= 10"),
)
# Hardly an English sentence does without one of these; names, options and gates do.
ENGLISH = re.compile(
    r"\b(the|of|with|is|it|was|are|were|and|or|to|at|in|over|has|for|left|out|about|requests?)\b"
)


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


def english_left(result: pytest.RunResult) -> list[str]:
    """English words in the lines that are ours: the header's, and those of the last part."""
    lines = result.outlines
    at = next(n for n, line in enumerate(lines) if line.startswith("=") and " iqeval " in line)
    ours = [line for line in lines[:at] if line.startswith("iqeval: ")]
    ours += [line for line in lines[at + 1 :] if not line.startswith(("/", "=", "  pytest", "!"))]
    assert ours
    return [line for line in ours if ENGLISH.search(re.sub(r"\S*/\S*", "", line))]


def test_nothing_that_a_run_says_is_left_in_english(
    project: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    """All kinds of gates, a baseline that is not alike, a lock, an outage, a spent budget."""
    monkeypatch.setenv("COLUMNS", "300")
    project.wrong["two"] = "I do not know"
    assert not english_left(project.run(ZH))
    gates = [f"--iqeval-gate={gate}" for gate in GATES]
    against = "--iqeval-baseline=last"
    assert not english_left(project.run(ZH, against, *gates, "--iqeval-gate-lock=lock.json"))
    reasons = [row["reason"] for row in project.report["gates"]]
    assert all(reason.isascii() for reason in reasons)
    project.wrong["one"] = status(503)
    loose = ("--iqeval-gate=errors <= 11", "--iqeval-gate=no_regressions(p < 0.05)")
    other = "--iqeval-temperature=0.5"
    result = project.run(ZH, against, other, *loose, "--iqeval-gate-lock=lock.json")
    assert not english_left(result)
    result.stdout.fnmatch_lines(["*与基线不同：temperature 现为 0.5，原为 0*"])
    assert not english_left(project.run(ZH, "-x"))
    assert not english_left(project.run(ZH, "--iqeval-resume"))
    del project.wrong["one"]
    repeats = ("--iqeval-repeats=3", "--iqeval-gate=flaky <= 1", "--iqeval-gate=pass@2 >= 0.5")
    assert not english_left(project.run(ZH, *repeats))
    assert not english_left(project.run(ZH, "--iqeval-replay=last"))
    result = project.run(ZH, "--iqeval-token-budget=1")
    assert not english_left(result)
    result.stdout.fnmatch_lines(["*5 题中有 4 题没有问到（1 个 token 的预算已用完（用了 14））"])


def test_the_card_and_the_step_are_chinese(
    project: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    """With the gates' reasons."""
    step = project.pytester.path / "step.md"
    monkeypatch.setenv("GITHUB_STEP_SUMMARY", str(step))
    project.run(ZH, GATE)
    for text in (step.read_text("utf-8"), (project.folder / "card.md").read_text("utf-8")):
        assert "通过：门槛成立，5 题中答对 5 题" in text
        assert "accuracy 1.00 [0.57, 1.00]，n=5（全集 5 题）" in text
