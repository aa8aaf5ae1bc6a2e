"""The line chart of a benchmark over its runs says all its numbers."""

from __future__ import annotations

import re
from dataclasses import replace

from pytest_iqeval.core.metrics.values import Metric
from pytest_iqeval.core.trend import Point, times, trends
from pytest_iqeval.reports.trend_chart import trend_figure
from pytest_iqeval.reports.words import words
from tests.support.page_reader import read_markup


def point(day: int, value: float | None, model: str = "m", **changes: str) -> Point:
    low, high = (None, None) if value is None else (value - 0.05, value + 0.05)
    return Point(
        run=f"run{day}",
        model=model,
        benchmark="quiz",
        started=f"2026-01-{day:02d}T10:00:00+08:00",
        accuracy=Metric(value=value, low=low, high=high, n=40),
        verdict="passed",
        **changes,
    )


def drawn(*points: Point, lang="en"):
    (trend,) = trends(points)
    return trend_figure(trend, words(lang))


def test_title_legend_and_table_have_every_run():
    page = read_markup(drawn(point(1, 0.5), point(2, 0.6, "<b>&n"), point(3, 0.75)))
    assert "quiz, accuracy run after run: <b>&n 0.600; m 0.500, 0.750" in page.text
    assert "B · m" in page.text
    assert "[0.700, 0.800]" in page.text
    assert len(page.attributes("circle")) == 3 + 2  # and the legend's
    assert "b" not in {tag for tag, _ in page.tags}


def test_the_scale_holds_every_interval():
    heights = [
        float(a["y2"])
        for a in read_markup(drawn(point(1, 0.05), point(2, 0.95))).attributes("line")
    ]
    assert min(heights) >= 12
    assert max(heights) <= 212


def test_a_run_without_a_number_is_no_dot_and_breaks_nothing():
    page = read_markup(drawn(point(1, None), point(2, 0.5)))
    assert len(page.attributes("circle")) == 1 + 1
    only = drawn(point(1, None))
    assert "nan" not in only


def test_runs_stand_evenly_and_dates_do_not_crowd():
    markup = drawn(*(point(day, 0.5 + day / 100) for day in range(1, 29)))
    dates = re.findall(r">(2026-01-\d\d)<", markup)
    assert dates == ["2026-01-01", "2026-01-08", "2026-01-15", "2026-01-21", "2026-01-28"]


def test_chinese():
    assert "历次运行的准确率" in drawn(point(1, 0.5), point(2, 0.6), lang="zh")


def test_runs_of_several_time_zones_stand_in_the_order_in_which_they_began():
    (trend,) = trends(
        [
            replace(point(1, 0.5), started="2026-01-01T10:00:00+08:00"),
            replace(point(1, 0.5, "n"), started="2026-01-01T03:00:00+00:00"),
        ]
    )
    assert times(trend) == ["2026-01-01T10:00:00+08:00", "2026-01-01T03:00:00+00:00"]
