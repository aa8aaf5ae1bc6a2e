"""How numbers are written."""

import pytest

from pytest_iqeval.reports.figures import count, elapsed, interval, moment, points, seconds, share


def test_a_share_has_three_decimals_and_nothing_is_a_dash():
    assert share(0.6166666) == "0.617"
    assert share(1.0) == "1.000"
    assert share(None) == "–"


def test_a_metric_of_any_size_is_readable_and_only_zero_looks_like_it():
    assert share(12345.678) == "12,345.678"
    assert share(-2.5) == "-2.500"
    assert share(0.00012345) == "0.00012"
    assert share(0.0004, apart_from=0.5) == "0.0004"
    assert share(0.0) == "0.000"


def test_a_share_just_below_a_threshold_does_not_look_like_it():
    assert share(0.59996, apart_from=0.6) == "0.59996"
    assert share(0.6, apart_from=0.6) == "0.600"
    assert share(0.5, apart_from=0.6) == "0.500"


def test_a_share_and_its_points_are_rounded_alike():
    """0.0875 is no float, 8.75 is one."""
    assert (share(0.0875), points(0.0875, None, None)) == ("0.088", "+8.8 pt")
    assert (share(0.0865), points(-0.0865, None, None)) == ("0.086", "-8.6 pt")


def test_an_interval_needs_both_ends():
    assert interval(0.1, 0.25) == "[0.100, 0.250]"
    assert interval(None, 0.2) == interval(0.2, None) == "–"


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (0, "0"),
        (14042, "14,042"),
        (3.0, "3"),
        (12.3456, "12.35"),
        (12345.678, "12,345.7"),
        (None, "–"),
    ],
)
def test_counts(value, text):
    assert count(value) == text


@pytest.mark.parametrize(
    ("value", "text"), [(0.8449, "0.84 s"), (12.34, "12.3 s"), (184.2, "184 s"), (None, "–")]
)
def test_seconds(value, text):
    assert seconds(value) == text


@pytest.mark.parametrize(
    ("finished", "text"),
    [
        ("2026-05-04T10:00:09+08:00", "9 s"),
        ("2026-05-04T10:02:13+08:00", "2 min 13 s"),
        ("2026-05-04T04:30:00+00:00", "2 h 30 min"),
        ("", "–"),
    ],
)
def test_elapsed_time_takes_offsets_into_account(finished, text):
    assert elapsed("2026-05-04T10:00:00+08:00", finished) == text


@pytest.mark.parametrize(
    ("iso", "text"),
    [
        ("2026-05-04T10:00:00+08:00", "2026-05-04 10:00:00 +08:00"),
        ("2026-05-04T10:00:00.123456-05:30", "2026-05-04 10:00:00 -05:30"),
        ("2026-05-04T10:00:00", "2026-05-04 10:00:00"),
        ("yesterday", "yesterday"),
    ],
)
def test_a_moment_keeps_its_offset_and_an_unknown_text(iso, text):
    assert moment(iso) == text


def test_a_difference_is_in_points_with_its_sign():
    assert points(0.017, -0.012, 0.046) == "+1.7 pt [-1.2, +4.6]"
    assert points(-0.1, None, None) == "-10.0 pt"
    assert points(None, None, None) == "–"
