"""The distribution of latencies: every value is in one bin, and every bin is said."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pytest_iqeval.reports.histogram import bins, drawn, numbers
from tests.support.page_reader import read_markup


@given(st.lists(st.floats(0, 1e5), min_size=1))
def test_every_value_is_in_one_of_at_most_25_bins(values):
    made = bins(values)
    assert sum(one.count for one in made) == len(values)
    assert 1 <= len(made) <= 26
    assert made[0].low == 0
    for one, following in pairwise(made):
        assert one.high == following.low


def test_bins_are_as_wide_as_people_count():
    made = bins([0.4, 1.1, 1.2, 2.9, 11.9])
    assert made[0].high == 0.5
    assert [(one.low, one.count) for one in made if one.count] == [
        (0.0, 1),
        (1.0, 2),
        (2.5, 1),
        (11.5, 1),
    ]


def test_one_reply_that_took_minutes_is_beyond_the_scale():
    made = bins([n / 100 for n in range(200)] + [900.0])
    assert made[-1].high is None
    assert made[-1].count == 1
    assert made[-1].low < 3
    assert numbers(made)[-1] == ("≥ 2.0 s", "1")


def test_milliseconds_have_the_decimals_they_need():
    assert numbers(bins([0.0031, 0.0049, 0.0072]))[0] == ("0.003 s – 0.004 s", "1")


def test_values_that_are_all_zero_are_one_bin():
    assert [one.count for one in bins([0.0, 0.0])] == [2]


def test_nothing_has_no_bins():
    assert bins([]) == []


def test_the_drawing_says_its_numbers_and_marks_percentiles():
    made = bins([1.0, 2.0, 3.0])
    page = read_markup(drawn(made, [("p50", 2.0), ("p95", 99.0)], says="Latency: p50 2.00 s"))
    assert page.attributes("svg")[0]["role"] == "img"
    assert page.text.startswith("Latency: p50 2.00 s")
    assert "p95 99.0 s" in page.text
    right = [float(line["x1"]) for line in page.attributes("line") if line["class"] == "iqv-c-mark"]
    assert max(right) <= 640


@pytest.mark.parametrize("count", range(1, 26))
def test_the_scale_has_room_for_its_words(count):
    """However many bins there are, seven ends of them at most are written."""
    made = bins([0.005 * n for n in range(count)])
    shown = read_markup(drawn(made, [], says="x")).text
    assert shown.count(" s") <= 7
