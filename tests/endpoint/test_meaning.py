"""What a server's own words mean: how long it asks to wait, and whether the money is spent."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pytest_iqeval.endpoint.meaning import is_spent_quota, wait_in_words_s
from pytest_iqeval.endpoint.words import Words


@pytest.mark.parametrize(
    ("text", "seconds"),
    [
        ("Please try again in 20s.", 20.0),
        ("Please retry in 250ms", 0.25),
        ("please try again after 1 seconds", 1.0),
        ("Please retry after 20 seconds. See https://aka.ms/quota", 20.0),
        ("Please try again in 1h2m", 3720.0),
        ("Please try again in 1m30.5s. Need more tokens?", 90.5),
        ("Please try again in 7m12s", 432.0),
        ("Try again in 2 minutes and 5 seconds", 125.0),
        ("Please wait 3 minutes", 180.0),
        ("Please wait for about 10 sec", 10.0),
        ("Limit resets in 30 secs", 30.0),
        ("请 2 分钟后重试", 120.0),
        ("请在20秒后再试", 20.0),
        ("请等待 30 秒", 30.0),
        ("请1小时2分钟3秒之后重试", 3723.0),
        ("500毫秒后重试", 0.5),
        ("請 20 秒後重試", 20.0),
        ("Try again in 1 day", 86_400.0),
    ],
)
def test_a_wait_in_words_is_read(text, seconds):
    assert wait_in_words_s(Words(text=text)) == seconds


@pytest.mark.parametrize(
    "text",
    [
        "",
        "Please try again later.",
        "请求频率过高，请稍后重试 (request id: 2024061512345678)",
        "Try again later (request id: 7 sessions)",
        "retry after 2026-11-28T13:20:00Z",
        "try again at 13:45",
        "try again in 13:45",
        "try again in 20",
        "try again in 5 models",
        "try again in 20 sheets",
        "try again in 25 hours",
        "请 2 天后重试",
        "请求 2024061512345678 秒后",
        "每 60 秒最多 10 次，请稍后重试",
        "You sent 5 requests after 20s",
    ],
)
def test_what_is_no_wait_is_not_taken_for_one(text):
    """Numbers of a request, times of day, dates, rates; and more than a day, which is no wait."""
    assert wait_in_words_s(Words(text=text)) is None


@given(
    hours=st.integers(0, 23),
    minutes=st.integers(0, 59),
    seconds=st.integers(0, 59),
    milliseconds=st.integers(0, 999),
    words=st.sampled_from(
        [
            ("try again in {}.", "h", "m", "s", "ms", ""),
            ("Retry after {}", " hours", " minutes", " seconds", " milliseconds", ", "),
            ("请在{}后重试", "小时", "分钟", "秒", "毫秒", ""),
            ("请等待 {}。", " 小时", " 分", " 秒钟", " 毫秒", " "),
        ]
    ),
)
def test_a_wait_written_in_parts_is_their_sum(hours, minutes, seconds, milliseconds, words):
    sentence, *units, between = words
    numbers = (hours, minutes, seconds, milliseconds)
    parts = [f"{number}{unit}" for number, unit in zip(numbers, units, strict=True) if number]
    read = wait_in_words_s(Words(text=sentence.format(between.join(parts))))
    total_s = hours * 3600 + minutes * 60 + seconds + milliseconds / 1000
    assert read == (pytest.approx(total_s) if parts else None)


@given(st.text() | st.from_regex(r"(try again in|等待)[ 0-9hms秒分.]{0,40}"))
def test_any_words_are_read_or_ignored(text):
    seconds = wait_in_words_s(Words(text=text))
    assert seconds is None or 0 <= seconds <= 86_400


@pytest.mark.parametrize(
    ("text", "code", "spent"),
    [
        ("Insufficient Balance", "", True),
        ("", "insufficient_balance", True),
        ("Your account balance is 0", "", True),
        ("账户余额不足", "", True),
        ("no healthy upstream in load balancer", "", False),
        ("load balance error", "", False),
        ("load-balance error", "", False),
        ("the rebalanced shard moved", "", False),
    ],
)
def test_a_spent_balance_is_no_load_balancer(text, code, spent):
    assert is_spent_quota(Words(text=text, code=code)) == spent
