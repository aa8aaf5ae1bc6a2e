"""Many subsets, their categories and their mean: what terminal, page, card and report.json show."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import replace

import pytest

from pytest_iqeval.core.aggregate import summarise
from pytest_iqeval.core.gates import parse_gate
from pytest_iqeval.core.metrics import MACRO
from pytest_iqeval.core.summary import Selection, Summary
from pytest_iqeval.reports.head import head_html
from pytest_iqeval.reports.result_tables import report_groups
from pytest_iqeval.reports.text import summary_lines
from tests.support.runs import make_facts, make_run
from tests.support.schemas import check_report

FEW = {"demo:algebra": "cci", "demo:law": "ii", "demo:physics": "c"}
KINDS = {"algebra": "STEM", "law": "Humanities", "physics": "STEM"}
MANY = {f"demo:s{n:02}": "c" * n + "i" * (12 - n) for n in range(12)}


def told(
    spec: Mapping[str, str], kinds: Mapping[str, str], *gates: str, average: str = "micro"
) -> Summary:
    (benchmark,), selected, results = make_run(spec)
    definition = replace(
        benchmark.definition,
        average=average,
        subsets={name: {"category": kind} for name, kind in kinds.items()},
    )
    return summarise(
        run=make_facts(),
        selection=Selection(limit=None, sample=None, seed=None, keyword=None, mark=None),
        benchmarks=[replace(benchmark, definition=definition)],
        selected=selected,
        results=results,
        gates=[parse_gate(gate) for gate in gates],
    )


def terminal(summary: Summary, lang: str = "en") -> list[str]:
    return [line.text for line in summary_lines(summary, width=120, lang=lang)]  # type: ignore[arg-type]


def page_names(summary: Summary) -> list[str]:
    """The names in the results table of the page, in order, each once."""
    html = head_html(json.loads(json.dumps(summary.to_plain())))
    return list(dict.fromkeys(re.findall(r'<th scope="row" class="iqv-name-\d">([^<]+)<', html)))


def test_categories_join_the_subsets_that_the_definition_puts_under_them() -> None:
    (benchmark,) = told(FEW, KINDS).benchmarks
    assert list(benchmark.categories) == ["STEM", "Humanities"]
    stem = benchmark.categories["STEM"]
    assert (stem.name, stem.subsets, stem.asked) == ("STEM", ("algebra", "physics"), 4)
    assert stem.outcomes["correct"] == 3
    assert stem.metrics["accuracy"].value == 0.75
    assert stem.metrics[MACRO].value == pytest.approx(5 / 6)
    assert MACRO not in benchmark.categories["Humanities"].metrics
    assert benchmark.metrics[MACRO].value == pytest.approx(5 / 9)
    assert MACRO not in benchmark.subsets["algebra"].metrics


@pytest.mark.parametrize(
    "kinds",
    [
        {},
        {"algebra": "STEM", "law": "STEM", "physics": "STEM"},  # it would say the same twice
    ],
)
def test_without_two_categories_there_are_none(kinds: dict[str, str]) -> None:
    assert told(FEW, kinds).benchmarks[0].categories == {}


def test_a_subset_without_a_category_is_in_none() -> None:
    kinds = {"algebra": "STEM", "physics": "Science"}
    (benchmark,) = told(FEW, kinds).benchmarks
    assert [c.subsets for c in benchmark.categories.values()] == [("algebra",), ("physics",)]
    names = [(level, group["name"]) for level, group in report_groups(told(FEW, kinds).to_plain())]
    assert names == [
        (0, "demo"),
        (1, "STEM"),
        (2, "algebra"),
        (1, "Science"),
        (2, "physics"),
        (1, "law"),
    ]


def test_report_json_holds_them_and_is_read_again() -> None:
    summary = told(FEW, KINDS, average="macro")
    plain = json.loads(json.dumps(summary.to_plain()))
    check_report(plain)
    (benchmark,) = plain["benchmarks"]
    assert benchmark["average"] == "macro"
    assert benchmark["categories"]["STEM"]["subsets"] == ["algebra", "physics"]
    assert benchmark["metrics"]["accuracy.macro"]["n"] == 6
    assert Summary.from_plain(plain) == summary
    for name in ("categories", "average", "few_shot"):  # as an earlier version wrote it
        del benchmark[name]
    assert Summary.from_plain(plain).benchmarks[0].categories == {}


def test_the_terminal_has_a_row_of_each_category() -> None:
    lines = terminal(told(FEW, KINDS))
    rows = [re.split(r"  +", line)[1:3] for line in lines[1:7]]
    assert rows == [
        ["algebra", "3"],
        ["law", "2"],
        ["physics", "1"],
        ["STEM: 2 subsets", "4"],
        ["Humanities: 1 subset", "2"],
        ["(all)", "6"],
    ]
    assert [line for line in lines if MACRO in line] == [
        "demo: accuracy.macro 0.56 [0.21, 0.85], the mean over 3 subsets"
    ]


def test_the_terminal_speaks_chinese_of_them() -> None:
    lines = terminal(told(FEW, {**KINDS, "law": "人文"}), lang="zh")
    assert any("人文：1 个子集" in line for line in lines)
    assert any(
        re.match(r"demo：accuracy.macro 0.56 \[.*\]，即 3 个子集的平均", line) for line in lines
    )


def test_the_mean_over_subsets_is_told_where_the_makers_report_it() -> None:
    """Elsewhere report.json alone has it: two subsets of a quiz are not to be weighed alike."""
    assert not any(MACRO in line for line in terminal(told(FEW, {})))
    assert any(MACRO in line for line in terminal(told(FEW, {}, average="macro")))
    assert told(FEW, {}).benchmarks[0].metrics[MACRO].value is not None


def test_its_line_is_true_to_its_gates() -> None:
    lines = terminal(told(FEW, {}, "accuracy.macro >= 0.556", average="macro"))
    assert any("demo: accuracy.macro 0.5556 [" in line for line in lines)
    assert any("gate failed: accuracy.macro >= 0.556" in line for line in lines)


def test_of_many_subsets_the_terminal_shows_categories_and_the_ends() -> None:
    kinds = {f"s{n:02}": "low" if n < 6 else "high" for n in range(12)}
    lines = terminal(told(MANY, kinds))
    names = [re.split(r"  +", line)[1] for line in lines[1:4]]
    assert names == ["low: 6 subsets", "high: 6 subsets", "(all)"]
    text = " ".join(line.strip() for line in lines)
    assert (
        "demo: 12 subsets, each in report.json and report.html; lowest s00 0.00, s01 0.08, "
        "s02 0.17; highest s09 0.75, s10 0.83, s11 0.92"
    ) in text


def test_of_many_subsets_without_categories_one_row_is_left() -> None:
    lines = terminal(told(MANY, {}))
    assert "(all)" in lines[1]
    assert "lowest s00 0.00" in " ".join(lines)
    eight = terminal(told(dict(list(MANY.items())[:8]), {}))
    assert "s07" in eight[8]
    assert "lowest" not in " ".join(eight)


def test_the_page_shows_subsets_below_their_category() -> None:
    assert page_names(told(FEW, KINDS))[:6] == [
        "demo",
        "STEM",
        "algebra",
        "physics",
        "Humanities",
        "law",
    ]
    assert "Accuracy, mean over subsets" in head_html(told(FEW, KINDS).to_plain())
    assert "Accuracy, mean over subsets" not in head_html(told(FEW, {}).to_plain())


def test_the_banner_has_the_figure_that_the_makers_report() -> None:
    micro = head_html(told(FEW, {}).to_plain())
    macro = head_html(told(FEW, {}, average="macro").to_plain())
    assert "<b>0.500</b> <span>Accuracy [" in micro
    assert "<b>0.556</b> <span>Accuracy, mean over subsets [" in macro
