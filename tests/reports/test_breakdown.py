"""Charts that are counted from the rows: accuracy by level, the spread of latencies."""

import pytest

from pytest_iqeval.core.statistics.intervals import wilson
from pytest_iqeval.reports.breakdown import breakdown
from pytest_iqeval.reports.tally import Tally
from tests.support import report_data as data
from tests.support.page_reader import read_markup


def tally(rows):
    made = Tally()
    for row in rows:
        made.add(row)
    return made


def row(level, outcome="correct", **changes):
    return data.row(metadata={"level": level}, outcome=outcome, **changes)


def test_accuracy_by_level_leaves_out_errors_and_has_wilsons_interval():
    rows = [
        *(row(1, id=f"a{n}") for n in range(3)),
        row(1, "unparsed", id="a3"),
        row(1, "error", id="a4"),
        row(2, "incorrect", id="b"),
    ]
    found = tally(rows).by_level()["iquiz-open"]
    assert list(found) == ["1", "2"]
    assert (found["1"].value, found["1"].n) == (0.75, 4)
    assert (found["1"].low, found["1"].high) == wilson(3, 4)
    assert (found["2"].value, found["2"].n) == (0.0, 1)


def test_a_repeated_question_counts_once_with_the_mean_of_its_replies():
    rows = [row(1, id="a"), row(1, "incorrect", id="a", repeat=1), row(1, id="b"), row(2, id="c")]
    one = tally(rows).by_level()["iquiz-open"]["1"]
    assert (one.value, one.n) == (0.75, 2)


@pytest.mark.parametrize(
    ("levels", "order"),
    [
        ([10, 9, 1], ["1", "9", "10"]),
        (["10", "9", "1"], ["1", "9", "10"]),
        (["middle", "easy", "2"], ["2", "easy", "middle"]),
        ([2.5, 1], ["1", "2.5"]),
        ([10**400, 1], ["1", str(10**400)]),
    ],
)
def test_levels_stand_in_their_order(levels, order):
    found = tally(row(level, id=str(level)) for level in levels).by_level()
    assert list(found["iquiz-open"]) == order


@pytest.mark.parametrize(
    "levels", [[1], list(range(21)), [None, None], [["a"], {"b": 1}]], ids=["one", "21", "no", "?"]
)
def test_what_is_no_set_of_levels_has_no_chart(levels):
    assert tally(row(level, id=str(n)) for n, level in enumerate(levels)).by_level() == {}


def test_a_row_without_metadata_is_no_trouble():
    assert tally([data.row(metadata=None), data.row(metadata={})]).by_level() == {}


def test_replies_from_a_cache_and_questions_without_a_reply_have_no_latency():
    rows = [data.row(), data.row(cached=True), data.row(latency_s=None)]
    assert tally(rows).latencies == [1.2345]


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_both_charts_say_their_numbers(lang):
    page = read_markup(breakdown(tally(data.many_rows(400)), data.plain(), lang=lang))
    assert {svg["role"] for svg in page.attributes("svg")} == {"img"}
    title = {"en": "How long the replies took", "zh": "延迟分布"}[lang]
    assert f"{title}: p50 1.23 s, p95 12.5 s" in page.text
    assert {"en": "iquiz-open, Level 1: 0.", "zh": "iquiz-open, 难度 1: 0."}[lang] in page.text
    assert "0.0 s – 0.5 s" in page.text


def test_a_run_without_levels_and_latencies_has_no_charts():
    assert breakdown(Tally(), data.plain()) == ""
