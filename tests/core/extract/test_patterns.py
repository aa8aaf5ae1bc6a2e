"""Users' own patterns: those that may take for ever are refused, the others end."""

from __future__ import annotations

import contextlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pytest_iqeval.core.extract.patterns import LONGEST, BoundedPattern, PatternFault

FOR_EVER = [
    *("(a*)*b", "(a+)+b", "(a|a)*b", "(a|ab|abc)*(bc)*d|(x?x)*", r"(\w+\s?)*x", "(x+x+)+y"),
    *("(?:a?){30}b", "(?:(?:a?b?)*)*c", r"(.*)*x", r"(?:\d+|\w+)*!", "(?:a{0,50}){0,50}b"),
    *(".*.*.*.*x", "a?" * 30 + "a" * 30, r"(?:(?=.*x).)*(?:.*a){3}"),
]
FINE = [
    *(r"\d+", r"(\d+)\s*(?:元|块)", r"(?:ab|cd)*e", r"(\w+\s)*x", r"(\w++\s?)*x", "paris|lyon"),
    *(r"答案[是为:]\s*(.+)", r"答案(.*?)元", r"^total: (\d{1,3}(?:,\d{3})*)$", r"(?s)\{.*\}"),
    *(r"\b(?:yes|no)\b", r"(?>a+)b", r"(?=.*x)a", r"[^,]*,", r"(?i:k|K)*z", r"(?<=x)y", ""),
    *(r"(a|ab)*c", r"(?:a?)?", r"x{2,3}", r".*(\d+)\s*(?:元|块)", r"(\d|[0-5])*x", r"\S+@\S+"),
]


@pytest.mark.parametrize("pattern", FOR_EVER)
def test_pattern_that_may_take_for_ever_is_refused(pattern):
    with pytest.raises(PatternFault, match="for ever"):
        BoundedPattern.of(pattern)


UNITS = ["a", "1", "x", "ab", "答案", "答案是", "a ", "1元", ",", "1,", "\n", " ", "k", "{", "@"]


@pytest.mark.parametrize("pattern", FINE)
def test_other_patterns_end_on_hostile_texts(pattern):
    """A pattern whose work was told wrong would hang here."""
    bounded = BoundedPattern.of(pattern)
    for unit in UNITS:
        text = (unit * LONGEST)[: 2 * LONGEST] + "!"
        for last in (True, False):
            found = bounded.find(text, 0, len(text), last=last)
            assert found is None or 0 <= found.start() <= found.end() <= len(text)


def test_the_less_is_decided_the_shorter_is_what_is_searched():
    lengths = [BoundedPattern.of(p).longest for p in (r"\d+元", r".*元", r".*元.*块")]
    assert lengths == sorted(lengths, reverse=True)
    assert lengths[0] == LONGEST
    assert lengths[-1] >= 100


def test_possessive_repetition_gives_the_whole_length_back():
    assert BoundedPattern.of(r"答案\s*(.+)").longest < LONGEST
    assert BoundedPattern.of(r"答案\s*+(.+)").longest == LONGEST


@pytest.mark.parametrize(
    ("pattern", "problem"),
    [
        ("a[", "unterminated character set at position 1"),
        ("(a", "missing ), unterminated subpattern at position 0"),
        ("a**", "multiple repeat at position 2"),
        (r"(a)\1", "has a back reference, whose work can't be told; write it without"),
        (r"(a)?(?(1)b|c)", "has a condition on a group, whose work can't be told"),
        ("a" * 1001, "has 1001 characters; 1000 are possible"),
    ],
)
def test_fault_says_what_is_wrong_and_where(pattern, problem):
    with pytest.raises(PatternFault) as caught:
        BoundedPattern.of(pattern)
    assert problem in str(caught.value)


def test_last_or_first_match_that_holds_something_counts():
    text = "12 and 34 and"
    pattern = BoundedPattern.of(r"\d*")
    assert pattern.find(text, 0, len(text), last=True).group() == "34"
    assert pattern.find(text, 0, len(text), last=False).group() == "12"
    assert pattern.find("and", 0, 3, last=True) is None


def test_only_the_end_of_a_long_text_is_searched_for_the_last_match():
    text = "7" + " " * LONGEST
    pattern = BoundedPattern.of(r"\d")
    assert pattern.find(text, 0, len(text), last=True) is None
    assert pattern.find(text, 0, len(text), last=False).group() == "7"


PIECES = st.sampled_from([*"ab1 .,*+?|()[]^$\\{}", "(?:", "(?=", "\\d", "\\w", "{2,}", "*?", "++"])


@given(st.one_of(st.text(max_size=20), st.lists(PIECES, max_size=12).map("".join)))
def test_any_text_is_a_pattern_or_a_fault(pattern):
    text = "ab1 " * 20 + "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa!"
    with contextlib.suppress(PatternFault):
        found = BoundedPattern.of(pattern).find(text, 0, len(text), last=True)
        assert found is None or 0 <= found.start() <= found.end() <= len(text)
