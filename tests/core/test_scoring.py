"""A scorer that crashes is trouble, never a wrong answer."""

from __future__ import annotations

import functools
import operator
from dataclasses import replace
from pathlib import Path

import pytest

from pytest_iqeval.core.definition import Benchmark
from pytest_iqeval.core.errors import DefinitionError
from pytest_iqeval.core.request import Reply
from pytest_iqeval.core.sample import Sample
from pytest_iqeval.core.score import Outcome, Score
from pytest_iqeval.core.scorers import make_scorer
from pytest_iqeval.core.scorers.function import FunctionScorer
from pytest_iqeval.core.scorers.reading import ReadingScorer
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


class Unread(ReadingScorer):
    """Forgets to return what it read."""

    def read(self, *_):
        pass

    def value(self, *_):
        return 1.0


class CrashingReader(Unread):
    def read(self, _, text):
        return int(text)  # the reader's line


class Gives:
    """Any score."""

    def __init__(self, **fields):
        self.fields = fields

    def score(self, *_):
        return Score(**self.fields)


def crashes(sample, _):
    return sample.metadata["no such"]  # the function's line


class CallableGrader:
    def __call__(self, sample, _):
        return sample.metadata["no such"]  # the object's line


def wrapped(function):
    @functools.wraps(function)
    def inner(*args):
        return function(*args)

    return inner


def closed_over(key):
    def inner(sample, _):
        return sample.metadata[key]  # the closure's line

    return inner


@pytest.mark.parametrize(
    ("function", "line"),
    [
        (crashes, "# the function's line"),
        (wrapped(crashes), "# the function's line"),
        (functools.partial(crashes), "# the function's line"),
        (functools.lru_cache(wrapped(crashes)), "# the function's line"),
        (closed_over("no such"), "# the closure's line"),
        (lambda sample, _: sample.metadata["no such"], "(lambda sample, _: sample.metadata"),
        (CallableGrader(), "# the object's line"),
        (CallableGrader().__call__, "# the object's line"),
    ],
)
def test_crash_of_a_function_is_where_its_own_code_stands(function, line):
    """Also for functions that are wrapped, closed over, partial, or have no name."""
    sample = Sample(benchmark="b", subset="s", id="1", input="?", target="B", metadata=Hashable())
    note = judge(FunctionScorer("mine", function, {}), sample, Reply(text="B")).note
    assert note.startswith("scorer mine crashed: KeyError: 'no such'\n")
    assert f"  at {__file__}:" in note
    assert line in note


class Hashable(dict):
    """For `functools.lru_cache`, which hashes what it is called with."""

    def __hash__(self):
        return 0


def test_crash_in_a_function_without_python_code_still_has_a_place():
    note = judge(FunctionScorer("c", operator.getitem, {}), SAMPLE, Reply(text="B")).note
    assert note.startswith("scorer c crashed: TypeError: ")
    assert "\n  at " in note


def test_crash_of_a_reader_is_where_its_own_code_stands():
    note = judge(CrashingReader(), SAMPLE, Reply(text="B")).note
    assert "scorer CrashingReader crashed: ValueError" in note
    assert note.endswith("return int(text)  # the reader's line")


def test_reader_that_returns_nothing_is_told_what_to_return():
    note = judge(Unread(), SAMPLE, Reply(text="B")).note
    assert note == (
        "scorer Unread: read() gave NoneType\n"
        "  hint: return a Reading; Reading(note=…) where the reply commits to nothing"
    )


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"outcome": "correct"}, "outcome is 'correct', not an Outcome such as Outcome.CORRECT"),
        ({"outcome": Outcome.INCORRECT, "value": 2}, "value is 2, not a number from 0 to 1"),
        ({"outcome": Outcome.INCORRECT, "value": "0"}, "value is '0', not a number from 0 to 1"),
        ({"outcome": Outcome.INCORRECT, "value": float("nan")}, "value is nan, not a number"),
        ({"outcome": Outcome.INCORRECT, "value": 10**400}, "not a number from 0 to 1"),
        ({"outcome": Outcome.CORRECT, "extracted": 5}, "extracted is 5, not text"),
        ({"outcome": Outcome.CORRECT, "rule": b"r"}, "rule is b'r', not text"),
        ({"outcome": Outcome.CORRECT, "note": ["n"]}, "note is ['n'], not text"),
        (
            {"outcome": Outcome.CORRECT, "span": (0, 2)},
            "span is (0, 2), not (start, end) within the reply's 1 characters",
        ),
        ({"outcome": Outcome.CORRECT, "span": (1, 0)}, "span is (1, 0), not"),
        ({"outcome": Outcome.CORRECT, "span": [0, 1]}, "span is [0, 1], not"),
        ({"outcome": Outcome.CORRECT, "span": (0.0, 1.0)}, "span is (0.0, 1.0), not"),
        ({"outcome": Outcome.CORRECT, "span": "ab"}, "span is 'ab', not"),
    ],
)
def test_score_that_cannot_be_is_an_error_that_says_why(fields, said):
    got = judge(Gives(**fields), SAMPLE, Reply(text="B"))
    assert got.outcome is Outcome.ERROR
    assert got.note.startswith("scorer Gives gave a Score that can't be: ")
    assert said in got.note


@pytest.mark.parametrize(
    ("fields", "value"),
    [
        ({"outcome": Outcome.CORRECT}, 1.0),
        ({"outcome": Outcome.INCORRECT}, 0.0),
        ({"outcome": Outcome.REFUSED}, 0.0),
        ({"outcome": Outcome.CORRECT, "value": True}, 1.0),
        ({"outcome": Outcome.INCORRECT, "value": 0.25}, 0.25),
        ({"outcome": Outcome.CORRECT, "value": 0.75}, 0.75),
        ({"outcome": Outcome.ERROR}, None),
    ],
)
def test_value_that_is_left_out_follows_from_the_outcome(fields, value):
    got = judge(Gives(**fields), SAMPLE, Reply(text="B"))
    assert (got.outcome, got.value) == (fields["outcome"], value)
    assert type(got.value) is type(value)


def test_texts_of_a_score_can_be_stored():
    """NUL and lone surrogates would end a worker; subclasses of str cross no process."""

    class Shout(str):
        pass

    fields = {"extracted": Shout("a\0"), "rule": Shout("r"), "note": "\ud800"}
    got = judge(Gives(outcome=Outcome.CORRECT, **fields), SAMPLE, Reply(text="B"))
    assert (got.extracted, got.rule, got.note) == ("a\ufffd", "r", "\ufffd")
    assert type(got.extracted) is type(got.rule) is str


def test_crash_with_what_cannot_be_stored_in_its_message():
    class Surrogate:
        def score(self, *_):
            raise ValueError("\ud800")

    note = judge(Surrogate(), SAMPLE, Reply(text="B")).note
    assert note.encode()
    assert "ValueError" in note


def test_reply_that_was_cut_is_marked_whatever_the_scorer_says():
    got = judge(Gives(outcome=Outcome.CORRECT), SAMPLE, Reply(text="B", finish_reason="length"))
    assert got.cut
