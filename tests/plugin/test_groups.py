"""Questions that go together: `group:` in a definition, and the intervals that know it."""

from __future__ import annotations

import json
from pathlib import Path
from statistics import NormalDist
from typing import Any

import pytest

from pytest_iqeval.core.statistics.intervals import clustered_error, wilson
from tests.plugin.conftest import DEFINITION, QUIZ, Project

PASSAGES = {"one": "P", "two": "P", "wen": "Q", "cry": "Q"}  # and "three" stands alone


@pytest.fixture
def grouped(project: Project) -> Project:
    """The quiz, two of whose passages have two questions each; those on the first go wrong."""
    quiz = project.pytester.path / "quiz"
    for subset, rows in QUIZ.items():
        with_passage = [{**row, "passage": PASSAGES.get(str(row["id"]))} for row in rows]
        text = "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in with_passage)
        (quiz / f"{subset}.jsonl").write_text(text, "utf-8")
    define(project.pytester.path, "group: passage\n")
    project.wrong |= {"one": "ANSWER: C", "two": "ANSWER: C"}
    return project


def define(folder: Path, more: str) -> None:
    (folder / "quiz" / "benchmark.yaml").write_text(DEFINITION + more, "utf-8")


def wilson_in_groups() -> tuple[float, float]:
    """Wilson's interval of 0.6, from the error clustered by passage."""
    found = clustered_error([(0, 2), (1, 1), (2, 2)]) ** 2 / (0.6 * 0.4 / 5)
    together = (4 + 1 + 4) / 5
    drawn = (2 * found + 4 * together) / (2 + 4)
    z = NormalDist().inv_cdf(0.975)
    tells = 5 / (1 + (drawn - 1) * (1 + (z * z + 1) / (4 * 2)) ** 2)
    return wilson(0.6 * tells, tells)


def test_gates_and_reports_know_the_groups(grouped: Project) -> None:
    """Three groups in five questions: a wider interval, which the gate on its end is judged by."""
    result = grouped.run("--iqeval-gate=lower(accuracy) >= 20%", "--iqeval-gate=accuracy >= 0.6")
    low, high = wilson_in_groups()
    told = f"accuracy 0.60 [[]{low:.2f}, {high:.2f}] n=5 in 3 groups, of 5"
    result.stdout.fnmatch_lines(
        [
            "quiz * IQ * 3 in 2 groups *",
            "quiz * EQ * 2 in 1 group *",
            "quiz * (all) * 5 in 3 groups *",
            "gate failed: lower(accuracy) *",
            f"*lower {low:.2f} of {told}*",
            "gate passed: accuracy *",
            f"  {told}",
        ]
    )
    report = grouped.report
    whole = report["benchmarks"][0]["metrics"]["accuracy"]
    assert (whole["n"], whole["groups"]) == (5, 3)
    assert (whole["low"], whole["high"]) == pytest.approx((low, high), abs=1e-9)
    bound = next(row for row in report["gates"] if row["expression"].startswith("lower"))
    assert (bound["observed"], bound["groups"]) == (pytest.approx(low, abs=1e-9), 3)
    assert {row["id"]: row["group"] for row in grouped.rows()} == {**PASSAGES, "three": None}
    assert "5 in 3 groups" in (grouped.folder / "report.html").read_text("utf-8")
    assert "5 in 3 groups" in (grouped.folder / "card.md").read_text("utf-8")


def test_groups_are_told_in_chinese_too(grouped: Project) -> None:
    result = grouped.run("--iqeval-lang=zh", "--iqeval-gate=accuracy >= 0.6")
    result.stdout.fnmatch_lines(
        ["quiz * 5（3 组） *", "*accuracy 0.60 *，n=5，分为 3 组（全集 5 题）"]
    )
    assert "5（3 组）" in (grouped.folder / "card.md").read_text("utf-8")


def test_without_groups_nothing_is_told_of_them(grouped: Project) -> None:
    define(grouped.pytester.path, "")
    result = grouped.run("--iqeval-gate=accuracy >= 0.6")
    result.stdout.fnmatch_lines(["gate passed: accuracy *n=5 of 5"])
    assert grouped.report["benchmarks"][0]["metrics"]["accuracy"]["groups"] is None


@pytest.mark.slow
def test_a_replay_and_workers_know_them_too(grouped: Project) -> None:
    """The same figures from stored replies, and where two workers asked."""

    def figures() -> Any:
        return grouped.report["benchmarks"][0]["metrics"]["accuracy"]

    grouped.run()
    first = figures()
    grouped.run(f"--iqeval-replay={grouped.folder}")
    assert figures() == first
    grouped.run_apart("-n", "2")
    assert figures() == first


def test_an_unknown_group_is_told_with_the_nearest_field(grouped: Project) -> None:
    define(grouped.pytester.path, "group: pasage\n")
    result = grouped.run()
    assert result.ret == 4
    result.stderr.fnmatch_lines(
        ["*IQ.jsonl: group: no row has the field pasage; *did you mean passage?*"]
    )
    assert not list(grouped.pytester.path.glob("outputs/*"))
