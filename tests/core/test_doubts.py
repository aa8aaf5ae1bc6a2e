"""What may be amiss with a benchmark that can be asked."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pytest_iqeval.core.definition import Benchmark
from pytest_iqeval.core.doubts import LONGEST_OPTION, doubts
from pytest_iqeval.core.sample import Sample, content_id
from pytest_iqeval.core.told import said_in
from tests.support.questions import definition, sample


def benchmark(
    samples: Sequence[Sample], *, dev: Sequence[Sample] = (), **changes: object
) -> Benchmark:
    placed = [replace(one, file="q.jsonl", line=n) for n, one in enumerate(samples, start=1)]
    return Benchmark(
        definition=definition(**changes),
        samples=tuple(placed),
        dev={"IQ": tuple(replace(one, file="dev.jsonl") for one in dev)} if dev else {},
        data_sha256="0",
        revision="1",
    )


def many(count: int = 40, **changes: object) -> list[Sample]:
    """Questions in which nothing is amiss."""
    return [
        sample(f"q{n}", **{"input": f"{n}?", "target": "ABC"[n % 3], **changes})
        for n in range(count)
    ]


def test_a_set_in_order_gives_no_doubt() -> None:
    assert doubts(benchmark(many())) == []


def test_answers_that_are_mostly_one_letter() -> None:
    made = benchmark([*many(30), *(sample(f"b{n}", input=f"b {n}?") for n in range(30))])
    (told,) = doubts(made)
    assert told.startswith("67% of the answers are B (40 of 60): who always says B looks good")
    assert said_in(told, "zh").startswith("67% 的答案是 B（60 题中 40 题）")


@pytest.mark.parametrize("count", [4, 30])
def test_few_answers_may_be_alike_by_chance(count: int) -> None:
    """Ten A, ten B and ten C, or two of four."""
    assert not [told for told in doubts(benchmark(many(count))) if "of the answers" in told]


def test_a_question_that_stands_there_twice() -> None:
    """Whatever the order of its options and the white space in it."""
    again = sample("again", input=" 3?\n", target="B", choices=("3", "1", " 2"))
    (told,) = doubts(benchmark([*many(), again]))  # the fourth, whose answer is 1
    assert told == "1 question stands there more than once: q.jsonl:41"


def test_a_question_with_different_answers() -> None:
    """An option's text is the answer, not its letter."""
    one = sample("one", input="Which?", choices=("x", "y", "z"), target="A")
    same = sample("two", input="Which?", choices=("y", "x", "z"), target="B")
    other = sample("three", input="Which?", choices=("x", "y", "z"), target="B")
    (told,) = doubts(benchmark([*many(), one, same]))
    assert told == "1 question stands there more than once: q.jsonl:42"
    (told,) = doubts(benchmark([*many(), one, other]))
    assert told == "1 question stands there with different answers: q.jsonl:41"


def test_places_are_cut_after_three() -> None:
    again = [replace(one, id=f"{one.id}-2") for one in many()]
    (told,) = doubts(benchmark([*many(), *again]), shown=lambda file: f"my/{file}")
    assert told == (
        "40 questions stand there more than once: my/q.jsonl:41, my/q.jsonl:42, my/q.jsonl:43 "
        "and 37 more"
    )


def test_a_prompt_without_the_options() -> None:
    (told,) = doubts(benchmark(many(), prompt="{question} {{options}}"))
    assert told == "the prompt does not show {options}, though the questions have some"
    assert doubts(benchmark(many(), prompt="{question} {options}")) == []


def test_examples_that_are_questions_too() -> None:
    (told,) = doubts(benchmark(many(), dev=[sample("x", input="7?"), sample("y", input="new?")]))
    assert told == "1 example is a question too, so that its answer is shown: dev.jsonl:1"


def test_very_long_options() -> None:
    long = sample("long", choices=("1", "x" * (LONGEST_OPTION + 1)))
    (told,) = doubts(benchmark([*many(), long]))
    assert told == "1 question has an option of more than 1000 characters: q.jsonl:41"


def test_questions_without_an_id_of_their_own() -> None:
    own = many()
    made = [replace(one, id=content_id(one.input, one.choices)) for one in own[:5]]
    (told,) = doubts(benchmark([*made, *own[5:]]))
    assert told.startswith("5 of 40 questions have no id of their own")


def test_made_ids_are_known_where_options_were_shuffled_after_them() -> None:
    made = [replace(one, id=content_id(one.input, ["other", "order"])) for one in many()]
    (told,) = doubts(benchmark(made, shuffle=True))
    assert told.startswith("40 of 40 questions have no id of their own")


def test_few_questions_show_little() -> None:
    (told,) = doubts(benchmark(many(12)))
    assert told.startswith("12 questions show little: a score of 80% has an interval of 23 points")


texts = st.text("aB 一1", min_size=1, max_size=3)


@given(
    st.lists(
        st.builds(
            lambda text, choices, which: sample(
                input=text, choices=tuple(choices), target="ABC"[which % max(1, len(choices))]
            ),
            texts,
            st.lists(texts, max_size=3),
            st.integers(0, 2),
        ),
        max_size=40,
    )
)
def test_any_samples_can_be_looked_at_in_both_languages(samples: list[Sample]) -> None:
    for told in doubts(benchmark(samples, dev=samples[:2])):
        assert told
        assert said_in(told, "zh") != told
