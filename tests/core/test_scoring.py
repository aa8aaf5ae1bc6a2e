"""A scorer that crashes is trouble, never a wrong answer."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from pytest_iqeval.core.definition import Benchmark
from pytest_iqeval.core.errors import DefinitionError
from pytest_iqeval.core.request import Reply
from pytest_iqeval.core.sample import Sample
from pytest_iqeval.core.score import Outcome, Score
from pytest_iqeval.core.scorers import make_scorer
from pytest_iqeval.core.scoring import check_targets, judge
from tests.support.questions import definition

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


def benchmark_of(*targets):
    samples = tuple(
        replace(SAMPLE, id=str(n), target=target, file="/data/q.jsonl", line=n)
        for n, target in enumerate(targets, start=1)
    )
    return Benchmark(definition=definition(), samples=samples, data_sha256="", revision="1")


class Picky(Crashing):
    def target_fault(self, sample):
        return None if sample.target == "B" else "is not B; write B"


class CrashingOverTargets(Crashing):
    def target_fault(self, sample):
        raise ValueError(sample.target)


def test_targets_that_cannot_be_met_are_told_with_file_line_and_column():
    with pytest.raises(DefinitionError) as caught:
        check_targets(Picky(), benchmark_of("B", "A", "C"), shown=lambda file: file[6:])
    assert caught.value.problems == [
        "q.jsonl:2: answer: is not B; write B",
        "q.jsonl:3: answer: is not B; write B",
    ]
    check_targets(Picky(), benchmark_of("B"))


def test_a_scorer_need_not_judge_targets():
    check_targets(Forgetful(), benchmark_of("A"))
    check_targets(make_scorer("choice", {}), benchmark_of("A"))


def test_a_scorer_that_crashes_over_a_target_is_told_with_its_line():
    with pytest.raises(DefinitionError) as caught:
        check_targets(CrashingOverTargets(), benchmark_of("A"))
    first, second = str(caught.value).splitlines()
    assert first == "/data/q.jsonl:1: answer: scorer CrashingOverTargets crashed: ValueError: A"
    assert second.endswith("raise ValueError(sample.target)")
