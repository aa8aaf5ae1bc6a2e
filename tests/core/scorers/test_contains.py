"""Replies in which a target must occur."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pytest_iqeval.core.score import Outcome
from tests.support.scoring import score_free


@pytest.mark.parametrize(
    ("text", "targets", "options", "at"),
    [
        ("It is Paris, of course.", ["Paris"], {}, "Paris"),
        ("它的首都是北京。", ["北京"], {}, "北京"),
        ("一共有70个议席。", ["70"], {}, "70"),
        ("增长 ６.４％ 左右", ["6.4%"], {}, "６.４％"),
        ("It costs $10.4 billion.", ["$10.4 billion"], {}, "$10.4 billion"),
        ("It was 131万, they say.", ["1313851", "131万"], {}, "131万"),
        ("A c++ program", ["C++"], {}, "c++"),
        ("It was in **New  York**.", ["new york"], {}, "New  York"),
        ("They are cats.", ["cat"], {"word": False}, "cat"),
        ("U.S.A. wins", ["USA"], {"normalise": ["punctuation"]}, "U.S.A"),
        ("Paris here, Paris there", ["Paris"], {}, "Paris"),
        ("Lyon.\nANSWER: Paris", ["Paris"], {"read": "answer"}, "Paris"),
        ('{"answer": "\\u5df4\\u9ece"}', ["巴黎"], {"read": "answer"}, "\\u5df4\\u9ece"),
    ],
)
def test_a_reply_with_a_target_in_it_is_correct_and_shows_where(text, targets, options, at):
    got = score_free("contains", text, *targets, **options)
    assert (got.outcome, got.value, got.rule) == (Outcome.CORRECT, 1.0, "contains")
    start, end = got.span
    assert text[start:end] == at
    assert start == text.rindex(at)


@pytest.mark.parametrize(
    ("text", "target", "options"),
    [
        ("It is Lyon.", "Paris", {}),
        ("a category", "cat", {}),
        ("170 seats", "70", {}),
        ("70.5 seats", "70", {}),
        ("1,070 seats", "70", {}),
        ("0.70", "70", {}),
        ("It is -5 degrees.", "5", {}),
        ("12.3%", "2.3%", {}),
        ("Paris it was.\nANSWER: Lyon", "Paris", {"read": "answer"}),
        ("PARIS", "Paris", {"normalise": []}),
    ],
)
def test_a_reply_without_a_target_is_incorrect_and_says_what_it_lacks(text, target, options):
    got = score_free("contains", text, target, **options)
    assert (got.outcome, got.value, got.extracted, got.span) == (
        Outcome.INCORRECT, 0.0, None, None
    )  # fmt: skip
    assert got.note == f"it does not contain '{target}'"


def test_all_targets_may_be_asked_for():
    targets = ["东盟", "中国", "日本"]
    whole = score_free("contains", "中国、日本和东盟十国", *targets, match="all")
    assert (whole.outcome, whole.extracted) == (Outcome.CORRECT, "东盟, 中国, 日本")
    part = score_free("contains", "中国和韩国", *targets, match="all")
    assert (part.outcome, part.note) == (Outcome.INCORRECT, "it does not contain '东盟', '日本'")


def test_a_long_list_of_targets_is_not_told_in_full():
    got = score_free("contains", "nothing", *"vwxyz")
    assert got.note == "it does not contain 'v', 'w', 'x' and 2 more"


def test_reasoning_is_not_searched():
    assert score_free("contains", "<think>Paris</think>Lyon", "Paris").outcome is Outcome.INCORRECT


@pytest.mark.parametrize(
    ("text", "reply", "outcome"),
    [
        ("", {}, Outcome.UNPARSED),
        ("<think>Paris", {}, Outcome.UNPARSED),
        ("It begins with", {"finish_reason": "length"}, Outcome.TRUNCATED),
        ("抱歉，我无法回答。", {}, Outcome.REFUSED),
        ("no", {"refusal": "I won't"}, Outcome.REFUSED),
    ],
)
def test_a_cut_or_declined_reply_is_not_called_wrong(text, reply, outcome):
    assert score_free("contains", text, "Paris", reply=reply).outcome is outcome


def test_a_target_before_the_cut_counts_and_the_reply_is_marked():
    got = score_free("contains", "Paris is", "Paris", reply={"finish_reason": "length"})
    assert got.correct
    assert got.cut


TEXTS = st.one_of(st.text(), st.text(alphabet="aA1.,-中*_　Ａé<> \n"))


@given(TEXTS, st.one_of(st.text(min_size=1), st.text(alphabet="aA1.-中", min_size=1, max_size=3)))
def test_any_text_is_searched_for_any_target(text, target):
    got = score_free("contains", text, target, word=False)
    if got.correct:
        start, end = got.span
        assert 0 <= start < end <= len(text)


def test_a_target_of_a_control_character_alone_is_found_nowhere():
    assert score_free("contains", "0", "\x1f").outcome is Outcome.INCORRECT
