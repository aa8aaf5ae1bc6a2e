"""A scorer that crashes is trouble, never a wrong answer."""

from __future__ import annotations

from pathlib import Path

from pytest_iqeval.core.request import Reply
from pytest_iqeval.core.sample import Sample
from pytest_iqeval.core.score import Outcome, Score
from pytest_iqeval.core.scorers import make_scorer
from pytest_iqeval.core.scoring import judge

SAMPLE = Sample(benchmark="b", subset="s", id="1", input="?", choices=("x", "y"), target="B")


class Crashing:
    def score(self, *_):
        return {}["grade"]  # the line to find


class CrashingDeeper:
    def score(self, _, reply):
        return Path(reply).read_text()  # raises inside the standard library


class Forgetful:
    def score(self, *_):
        return None


class TooManyChoices:
    def score(self, *_):
        raise ValueError("first line\nsecond line")


def test_judgement_passes_through():
    got = judge(make_scorer("choice", {}), SAMPLE, Reply(text="B"))
    assert got.outcome is Outcome.CORRECT


class Plain:
    """A user's scorer that looks at the text alone."""

    def score(self, _, reply):
        right = "B" in reply.text
        return Score(outcome=Outcome.CORRECT if right else Outcome.INCORRECT, value=float(right))


def test_cut_replies_are_marked_whatever_the_scorer_knows():
    """The scorer's own note stays; a crash over half a reply is marked too."""
    got = judge(Plain(), SAMPLE, Reply(text="B", finish_reason="length"))
    assert (got.outcome, got.cut) == (Outcome.CORRECT, True)
    assert got.note == "the length limit cut the reply"
    assert not judge(Plain(), SAMPLE, Reply(text="B", finish_reason="stop")).cut
    crashed = judge(Crashing(), SAMPLE, Reply(text="B", finish_reason="length"))
    assert crashed.cut
    assert crashed.note.startswith("scorer Crashing crashed")


def test_crash_becomes_an_error_with_type_message_and_the_scorers_line():
    got = judge(Crashing(), SAMPLE, Reply(text="B"))
    assert (got.outcome, got.value) == (Outcome.ERROR, None)
    first, second = got.note.splitlines()
    assert first == "scorer Crashing crashed: KeyError: 'grade'"
    assert second.strip().startswith(f"at {__file__}:")
    assert second.endswith('return {}["grade"]  # the line to find')
    assert "Traceback" not in got.note


def test_line_is_the_scorers_own_even_where_a_library_raised():
    note = judge(CrashingDeeper(), SAMPLE, Reply(text="B")).note
    assert "Path(reply).read_text()" in note


def test_scorer_that_returns_no_score_is_told_what_to_return():
    note = judge(Forgetful(), SAMPLE, Reply(text="B")).note
    assert note == (
        "scorer Forgetful gave NoneType instead of a Score\n"
        "  hint: end its score() with `return Score(outcome=…, value=…)`"
    )


def test_message_of_several_lines_stays_findable():
    note = judge(TooManyChoices(), SAMPLE, Reply(text="B")).note
    assert note.startswith("scorer TooManyChoices crashed: ValueError: first line second line\n")
