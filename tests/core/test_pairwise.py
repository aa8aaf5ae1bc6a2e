"""Several runs against each other: pairs, correction, questions that differ."""

from __future__ import annotations

from dataclasses import replace
from itertools import combinations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pytest_iqeval.core.aggregate import summarise
from pytest_iqeval.core.comparison import Baseline, scored
from pytest_iqeval.core.facts import Facts
from pytest_iqeval.core.pairwise import Contender, pairs_of, standings
from pytest_iqeval.core.result import Result, Reviewed
from pytest_iqeval.core.score import Outcome, Score
from pytest_iqeval.core.statistics.paired import holm, mcnemar_two_sided
from pytest_iqeval.core.summary import Selection
from tests.support.runs import make_benchmark, make_facts
from tests.support.stored import question

SCORES = {
    "+": Score(outcome=Outcome.CORRECT, value=1.0),
    "-": Score(outcome=Outcome.INCORRECT, value=0.0),
    "/": Score(outcome=Outcome.INCORRECT, value=0.5),
    "?": Score(outcome=Outcome.UNPARSED, value=0.0),
    "0": Score(outcome=Outcome.ERROR),
}


def contender(answers: str, *, settings: dict[str, str] | None = None) -> Contender:
    """A run with a sign a question; ``_`` was not asked, ``+-`` in words are repeats."""
    words = answers.split() if " " in answers else list(answers)
    samples = [question(f"q{n}") for n in range(len(words))]
    results = [
        Result(sample=sample, score=SCORES[sign], repeat=repeat)
        for sample, word in zip(samples, words, strict=True)
        for repeat, sign in enumerate(word)
        if sign != "_"
    ]
    selected = list({r.sample.id: r.sample for r in results}.values())
    summary = summarise(
        run=make_facts(),
        selection=Selection(limit=None, sample=None, seed=None, keyword=None, mark=None),
        benchmarks=[make_benchmark(selected)],
        selected=selected,
        results=results,
        gates=[],
    )
    found = Baseline(
        run="r", model="m", scores=scored(results), facts=Facts(settings=settings or {})
    )
    reviewed = tuple(Reviewed(result=one, reply=None) for one in results)
    return Contender(summary=summary, reviewed=reviewed, found=found)


@pytest.mark.parametrize(
    ("runs", "kinds"),
    [
        (["++--", "+-+-"], ["lost", "gained"]),
        (["+++-", "+-++", "+++-"], ["lost", "gained"]),
        (["0+-", "+-0", "-0+"], ["lost", "lost", "gained"]),
        (["++ -- +-", "+- ++ ++"], ["flaky", "gained", "flaky"]),
        (["00", "+-"], []),
    ],
)
def test_what_became_of_a_question_after_the_first_run(runs: list[str], kinds: list[str]) -> None:
    """The first that has a score of it; of repeats that differ nothing is said but that."""
    found = standings([contender(run) for run in runs], metric="accuracy")
    assert [one.kind for one in found.differing] == kinds


def test_a_question_may_be_worth_less_to_one_run_and_more_to_another() -> None:
    found = standings([contender(run) for run in ("/", "+", "-")], metric="credit")
    assert [one.kind for one in found.differing] == ["mixed"]


@pytest.mark.parametrize(("number", "pairs"), [(2, 1), (3, 3), (5, 10), (6, 5), (10, 9)])
def test_all_pairs_of_five_and_of_more_each_with_the_first(number: int, pairs: int) -> None:
    found = pairs_of(number)
    assert len(found) == pairs
    if pairs == number - 1 and number > 5:
        assert {first for first, _ in found} == {0}


def test_only_questions_with_a_score_in_both_count() -> None:
    """One was not asked in one run, another got no reply in the other."""
    (one,) = standings([contender("++--_"), contender("+-+0+")], metric="accuracy").versus
    assert one.difference is not None
    assert (one.difference.n, one.lost, one.gained) == (3, 1, 1)
    assert one.difference.mean == 0


def test_runs_without_a_common_question_have_no_difference() -> None:
    (one,) = standings([contender("+_"), contender("_+")], metric="accuracy").versus
    assert (one.difference, one.p, one.p_holm, one.significant) == (None, None, None, False)


def test_questions_that_flip_are_neither_lost_nor_gained() -> None:
    (one,) = standings([contender("++ ++ --"), contender("+- -- --")], metric="accuracy").versus
    assert (one.lost, one.gained, one.flaky) == (1, 0, 1)
    assert one.difference is not None
    assert one.difference.mean == pytest.approx(-0.5)
    assert one.p == 0.5  # the flaky one too went down: of four ways, two are as far from 0


def test_questions_that_all_became_flaky_differ() -> None:
    """None is lost as a whole, and all did worse."""
    (one,) = standings(
        [contender(" ".join(["++"] * 12)), contender(" ".join(["+-"] * 12))], metric="accuracy"
    ).versus
    assert (one.lost, one.gained, one.flaky) == (0, 0, 12)
    assert one.p == mcnemar_two_sided(12, 0)
    assert one.significant


def test_credit_counts_parts() -> None:
    runs = [contender("//+"), contender("-/+")]
    by_credit, by_accuracy = (standings(runs, metric=m) for m in ("credit", "accuracy"))
    assert by_credit.versus[0].difference is not None
    assert by_credit.versus[0].difference.mean == pytest.approx(-0.5 / 3)
    assert [one.sample.id for one in by_credit.differing] == ["q0"]
    assert by_accuracy.differing == ()


def test_questions_differ_where_scores_do() -> None:
    """An error is no score, a question that was not asked neither; wrong is wrong."""
    found = standings(
        [contender("+++-+"), contender("+-0?_"), contender("++++-")], metric="accuracy"
    )
    assert [one.sample.id for one in found.differing] == ["q1", "q3", "q4"]
    assert [len(replies) for replies in found.differing[-1].replies] == [1, 0, 1]


def test_what_differs_beside_the_model_is_told_once_with_its_pairs() -> None:
    warm = {"temperature": "0.7"}
    cold = {"temperature": "0"}
    runs = [contender("+", settings=one) for one in (cold, warm, warm)]
    assert standings(runs, metric="accuracy").changed == (
        ("temperature is 0.7, it was 0", ((0, 1), (0, 2))),
    )


@given(st.lists(st.text("+-", min_size=12, max_size=12), min_size=2, max_size=5))
def test_every_pair_is_tested_and_all_are_corrected(answers: list[str]) -> None:
    found = standings([contender(one) for one in answers], metric="accuracy").versus
    expected = [
        mcnemar_two_sided(
            sum(a > b for a, b in zip(after, before, strict=True)),
            sum(a < b for a, b in zip(after, before, strict=True)),
        )
        for before, after in combinations(answers, 2)
    ]
    assert [one.p for one in found] == pytest.approx(expected)
    assert [one.p_holm for one in found] == pytest.approx(holm(expected))


def test_a_benchmark_that_only_one_run_has_is_in_no_pair() -> None:
    one, other = contender("+"), contender("-")
    renamed = replace(other.summary.benchmarks[0], name="other")
    other = replace(other, summary=replace(other.summary, benchmarks=(renamed,)))
    assert standings([one, other], metric="accuracy").versus == ()
