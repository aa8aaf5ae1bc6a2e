"""Answers read by a user's own pattern, and targets that are patterns."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pytest_iqeval.core.score import Outcome
from pytest_iqeval.core.scorers import make_scorer
from pytest_iqeval.core.scorers.regex import RULES
from tests.support.scoring import free_sample, score_free

TOTAL = r"total: (\d+)"


@pytest.mark.parametrize(
    ("text", "target", "options", "at"),
    [
        ("total: 3, no, total: 42", "42", {"pattern": TOTAL}, "42"),
        ("total: 3, then total: 42", "3", {"pattern": TOTAL, "find": "first"}, "3"),
        ("Total 42 kg", "42", {"pattern": r"(?i)(total) (?P<answer>\d+)"}, "42"),
        ("on 2021-07-23 they", "2021-07-23", {"pattern": r"\d{4}-\d\d-\d\d"}, "2021-07-23"),
        ("代号：Ａ７。", "a7", {"pattern": "代号：(\\w+)"}, "Ａ７"),
        ("**total: 42**", "42", {"pattern": TOTAL}, "42"),
        ("total: 3\nANSWER: total: 42", "42", {"pattern": TOTAL, "read": "answer"}, "42"),
    ],
)
def test_what_the_pattern_reads_is_compared_with_the_target(text, target, options, at):
    got = score_free("regex", text, target, **options)
    assert (got.outcome, got.rule) == (Outcome.CORRECT, "pattern")
    assert text[slice(*got.span)] == at


def test_another_answer_is_incorrect():
    got = score_free("regex", "total: 41", "42", pattern=TOTAL)
    assert (got.outcome, got.extracted) == (Outcome.INCORRECT, "41")


@pytest.mark.parametrize(
    ("text", "pattern", "note"),
    [
        ("nothing here", TOTAL, "the pattern matches nothing"),
        ("x" * 5000, TOTAL, "the pattern matches nothing in 4000 characters"),
        ("total: none", r"total: (\d*)", "the pattern matches, but its group holds nothing"),
    ],
)
def test_a_pattern_that_reads_nothing_makes_the_reply_unparsed(text, pattern, note):
    got = score_free("regex", text, "42", pattern=pattern)
    assert (got.outcome, got.note) == (Outcome.UNPARSED, note)


def test_without_a_pattern_a_target_is_one():
    right = score_free("regex", "Born on 3 May 1921.", r"(3|third) (of )?May", r"May 3")
    assert (right.outcome, right.extracted) == (Outcome.CORRECT, "3 May")
    wrong = score_free("regex", "Born in June.", r"(3|third) (of )?May", r"May 3")
    assert (wrong.outcome, wrong.note) == (Outcome.INCORRECT, "no target matches in it")


@pytest.mark.parametrize(
    ("text", "reply", "outcome"),
    [
        ("Born", {"finish_reason": "length"}, Outcome.TRUNCATED),
        ("抱歉，我无法回答。", {}, Outcome.REFUSED),
        ("", {}, Outcome.UNPARSED),
    ],
)
def test_a_cut_or_declined_reply_is_not_called_wrong(text, reply, outcome):
    assert score_free("regex", text, "May", reply=reply).outcome is outcome


def test_a_target_that_is_no_pattern_is_at_fault_before_anything_is_asked():
    scorer = make_scorer("regex", {})
    assert scorer.target_fault(free_sample("May|June")) is None
    assert scorer.target_fault(free_sample("May", "C++ (2011")) == (
        "'C++ (2011' is taken as a pattern, but can't be used: missing ), unterminated "
        "subpattern at position 4"
    )
    assert "for ever" in scorer.target_fault(free_sample("(a+)+b"))
    assert make_scorer("regex", {"pattern": "x"}).target_fault(free_sample("C++ (2011")) is None


def test_a_target_at_fault_never_crashes_the_scorer():
    got = score_free("regex", "text", "(")
    assert got.outcome is Outcome.UNPARSED
    assert "the target '(' can't be used" in got.note


def test_example_of_the_rule_is_read_as_stated():
    (rule,) = RULES
    got = score_free("regex", rule.example, rule.reads, pattern=r"Total: (\d+)")
    assert (got.outcome, got.extracted, got.rule) == (Outcome.CORRECT, rule.reads, rule.name)


@given(st.text(), st.sampled_from(["(a|b)+", r"\d*", "", r"(?P<answer>.)?x", "^$", r"\s*(\S*)"]))
def test_any_text_is_scored(text, pattern):
    options = {"pattern": pattern} if pattern else {}
    got = score_free("regex", text, "a", **options)
    if got.span is not None:
        start, end = got.span
        assert 0 <= start < end <= len(text)
