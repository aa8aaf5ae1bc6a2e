"""The summary in Chinese: its words, and columns that stand under each other."""

from __future__ import annotations

import json

import pytest

from pytest_iqeval.core.aggregate import summary_unwritten
from pytest_iqeval.core.metrics.values import Metric
from pytest_iqeval.core.summary import Summary
from pytest_iqeval.core.width import display_width
from pytest_iqeval.reports.head import head_html
from pytest_iqeval.reports.text import live_line, summary_lines
from tests.support.runs import make_summary

SPEC = {"quiz:情商": "ccci", "quiz:IQ": "cciu"}


def chinese(summary: Summary, width: int = 200) -> list[str]:
    return [line.text for line in summary_lines(summary, width=width, lang="zh")]


@pytest.mark.parametrize(
    ("gates", "last"),
    [
        (
            (),
            "未设门槛：8 题中答对 5 题；如需判定，请设门槛：--iqeval-gate 'accuracy >= 0.6'",
        ),
        (("accuracy >= 0.5",), "通过：门槛成立，8 题中答对 5 题"),
        (("accuracy >= 0.5", "n >= 1"), "通过：全部 2 个门槛成立，8 题中答对 5 题"),
        (("n >= 9",), "未通过：n >= 9 (quiz) 不成立：n 8（全集 8 题）"),
    ],
)
def test_the_verdict_is_told_in_chinese(gates: tuple[str, ...], last: str) -> None:
    """With what the gate says of itself."""
    assert chinese(make_summary(SPEC, *gates))[-1] == last


def test_missing_questions_and_ordinary_failures_are_told() -> None:
    """The sentences that are joined are joined in Chinese."""
    last = chinese(make_summary({"quiz": "cce-"}, ordinary_failures=2))[-1]
    assert last.startswith("无法判定：4 题中有 1 题没有得到回复，4 题中有 1 题没有问到")
    assert last.endswith("；2 个普通测试失败")


def test_reports_that_are_not_written_are_told_without_the_name_twice() -> None:
    """The name of the earlier verdict is taken away in both languages."""
    summary = summary_unwritten(make_summary(SPEC, "accuracy >= 0.5"), "disk full")
    assert chinese(summary)[-1] == "无法判定：门槛成立，8 题中答对 5 题；报告无法写入：disk full"
    assert summary.headline.startswith("inconclusive: the gate held, 5 of 8 correct; its reports")


@pytest.mark.parametrize("width", [30, 60, 80, 120])
def test_no_line_is_wider_than_the_terminal(width: int) -> None:
    """A Chinese heading takes two columns a character."""
    gates = ("accuracy >= 0.5", "lower(accuracy) >= 0.5", "must_pass(level=1)", "errors <= 1")
    lines = chinese(make_summary({**SPEC, "other": "cce-"}, *gates), width)
    assert max(map(display_width, lines)) <= width
    assert any("准确率" in line for line in lines)


def test_columns_stand_under_their_chinese_headings() -> None:
    """Counted in columns of the screen, not in characters."""
    heading, first, second, *_ = chinese(make_summary(SPEC))
    starts = [
        display_width(line[: line.index(word)])
        for line, word in ((heading, "准确率"), (first, "0.75 ["), (second, "0.50 ["))
    ]
    assert len(set(starts)) == 1


def test_report_json_is_english_and_a_stored_run_too() -> None:
    """Machines read one language; a run that is read back has the English headline."""
    summary = make_summary(SPEC, "accuracy >= 0.5")
    plain = json.loads(json.dumps(summary.to_plain()))
    said = json.dumps([plain["headline"], plain["gates"], plain["lost"]], ensure_ascii=False)
    assert said.isascii()
    stored = Summary.from_plain(plain)
    assert stored == summary
    assert chinese(stored)[-1] == plain["headline"] == "passed: the gate held, 5 of 8 correct"


def test_the_page_says_the_verdict_once() -> None:
    """The headline's own first word stands above it already."""
    summary = make_summary(SPEC, "accuracy >= 0.5")
    page = head_html(summary.to_plain("zh"), lang="zh")
    assert ">门槛成立，8 题中答对 5 题<" in page
    assert ">accuracy 0.62 [0.31, 0.86]，n=8（全集 8 题）<" in page


def test_the_live_line_in_chinese() -> None:
    """It is cut by columns, too."""
    known = Metric(value=0.5, n=2, low=0.1, high=0.9)
    line = live_line(done=2, total=4, accuracy=known, errors=1, seconds_left=7, width=80, lang="zh")
    assert line == "2/4  准确率 0.50 [0.10, 0.90]  故障 1  剩余 0:07"
    short = live_line(done=2, total=4, accuracy=known, errors=1, width=30, lang="zh")
    assert short == "2/4  准确率 0.50 [0.10, 0.90]"
