"""What terminal and JUnit say of a run and its baseline."""

from __future__ import annotations

from dataclasses import replace

import pytest

from pytest_iqeval.core.metrics import Metric
from pytest_iqeval.core.summary import BaselineSummary
from pytest_iqeval.core.width import display_width
from pytest_iqeval.reports.against import (
    baseline_properties,
    compared_text,
    lost_text,
    p_shown,
    points,
    settings_lines,
)
from pytest_iqeval.reports.text import summary_lines
from tests.support.runs import make_summary

LOST = tuple(f"iqeval/quiz::IQ::q-{n}" for n in range(12))
BASELINE = BaselineSummary(
    run="20260101_101010",
    model="gemma3:4b",
    p=0.8555,
    pairs=120,
    lost=LOST[:3],
    gained=LOST[3:8],
    flaky=LOST[8:10],
    unscored=(),
    new=(),
    gone=(),
    unselected=0,
    changed_settings=(),
    allowed_settings=(),
    difference={"quiz": Metric(value=1 / 60, low=-0.012, high=0.0456, n=120)},
)
MOVED = replace(
    BASELINE,
    changed_settings=("temperature is 0.7, it was 0", "top_p is 1, it was not set"),
    allowed_settings=("top_p is 1, it was not set",),
)


def test_a_comparison_in_a_line() -> None:
    assert compared_text(BASELINE) == (
        "against 20260101_101010 (gemma3:4b): 3 lost, 5 gained, 110 unchanged, 2 flaky; "
        "accuracy +1.7 pt [-1.2, +4.6]; p = 0.86"
    )


def test_what_is_not_compared_is_counted_where_there_is_some() -> None:
    left = replace(BASELINE, unscored=LOST[:1], new=LOST[:2], gone=LOST[:3], unselected=4)
    assert (
        "2 flaky, 1 without a score in one of the two, 2 new, 3 gone, 4 not selected now; "
        in compared_text(left)
    )


def test_several_benchmarks_are_named() -> None:
    both = {"quiz": Metric(value=0.0, low=-0.1, high=0.1, n=9), "sums": Metric(value=-0.5, n=1)}
    assert "; accuracy of quiz +0.0 pt [-10.0, +10.0], accuracy of sums -50.0 pt; " in (
        compared_text(replace(BASELINE, difference=both))
    )


def test_without_a_pair_there_is_no_number() -> None:
    nothing = replace(BASELINE, pairs=0, lost=(), gained=(), flaky=(), difference={}, new=LOST)
    assert compared_text(nothing) == (
        "against 20260101_101010 (gemma3:4b): 0 lost, 0 gained, 0 unchanged, 12 new"
    )
    assert lost_text(nothing) is None
    assert points(Metric(value=None, n=0)) == "-"


def test_ten_lost_questions_are_named() -> None:
    assert lost_text(BASELINE) == f"lost: {', '.join(LOST[:3])}"
    many = lost_text(replace(BASELINE, lost=LOST))
    assert many == f"lost: {', '.join(LOST[:10])} and 2 more"


def test_moved_settings_have_a_line_each() -> None:
    assert list(settings_lines(MOVED)) == [
        "not as in the baseline: temperature is 0.7, it was 0",
        "not as in the baseline (allowed): top_p is 1, it was not set",
    ]


@pytest.mark.parametrize(
    ("p", "text"), [(0.5, "0.5"), (1.0, "1"), (0.00213, "0.0021"), (1e-9, "1e-09")]
)
def test_p_has_two_digits_that_say_something(p: float, text: str) -> None:
    assert p_shown(p) == text


def test_the_suite_has_them_as_properties() -> None:
    found = dict(baseline_properties(MOVED))
    assert found["baseline.unchanged"] == "110"
    assert found["baseline.changed_settings"] == "; ".join(MOVED.changed_settings)
    assert found["baseline.quiz.difference"] == "0.0166667"


@pytest.mark.parametrize("width", [40, 80, 200])
def test_the_lines_fit_and_stand_before_the_verdict(width: int) -> None:
    """A terminal's escapes in a model's name are shown, not obeyed."""
    hostile = replace(MOVED, lost=LOST, model="m\x1b[31m\u202e问")
    summary = replace(make_summary({"quiz:IQ": "cci"}), baseline=hostile)
    lines = summary_lines(summary, width=width)
    assert all(display_width(line.text) <= width for line in lines)
    text = "\n".join(line.text for line in lines)
    assert "\x1b" not in text
    assert "\u202e" not in text
    assert text.index("against") < text.index("ungated: ")
    yellow = " ".join(line.text.strip() for line in lines if line.style == "yellow")
    assert "temperature is 0.7" in yellow
