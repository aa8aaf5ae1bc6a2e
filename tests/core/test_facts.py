"""By which means scores came about, and what of it moved."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import pytest

from pytest_iqeval.core.definition import Benchmark, Definition
from pytest_iqeval.core.facts import Facts, benchmark_facts, changes, prompt_sha256, run_settings
from pytest_iqeval.core.few_shot import FewShot
from pytest_iqeval.core.sample import Sample
from pytest_iqeval.core.told import said_in
from tests.support.questions import sample

DEFINITION = Definition(name="d", language="en", prompt="{question}", fields={"id": "id"})


def benchmark(*, dev: Mapping[str, tuple[Sample, ...]] | None = None, **change: Any) -> Benchmark:
    definition = replace(DEFINITION, **change)
    samples = (sample(input="What is 9 + 9?"),)
    return Benchmark(
        definition=definition, samples=samples, dev=dev or {}, data_sha256="", revision=""
    )


def said(before: Facts, now: Facts) -> list[str]:
    return [change.said for change in changes(before, now)]


def settings(answer: str = "free", repeats: int = 1, **generation: object) -> Facts:
    return Facts(settings=run_settings(answer=answer, repeats=repeats, generation=generation))


def test_equal_numbers_are_equal_however_they_are_written() -> None:
    assert said(settings(temperature=0.0), settings(temperature=0)) == []
    assert said(settings(stop=["a", "b"]), settings(stop=["a", "b"])) == []


def test_a_field_that_only_one_run_sets_is_told() -> None:
    assert said(settings(top_p=0.9), settings(seed=7)) == [
        "seed is 7, it was not set",
        "top_p is not set, it was 0.9",
    ]


def test_what_was_or_is_not_set_reads_well_in_chinese() -> None:
    was, now = Facts(settings={"top_p": "0.9"}), Facts(settings={"seed": "7"})
    told = [said_in(change.said, "zh") for change in changes(was, now)]
    assert told == ["seed 现为 7，原未设置", "top_p 现未设置，原为 0.9"]


def test_the_token_limit_has_one_name_whatever_the_endpoint_calls_it() -> None:
    assert said(settings(max_tokens=9), settings(max_completion_tokens=9)) == []
    assert said(settings(max_tokens=9), settings(max_completion_tokens=5)) == [
        "max_tokens is 5, it was 9"
    ]


def test_repeats_and_the_answer_mode_are_settings() -> None:
    assert said(settings(), settings("json", 5)) == [
        "answer is json, it was free",
        "repeats is 5, it was 1",
    ]


def of_quiz(
    revision: str = "r1",
    sha256: str = "a" * 64,
    prompt: str | None = "b" * 64,
    group: str | None = "",
    few_shot: int = 0,
    **options: object,
) -> Facts:
    scorer = {"name": "choice", "options": options}
    facts = benchmark_facts(
        revision=revision,
        data_sha256=sha256,
        prompt=prompt,
        scorer=scorer,
        group=group,
        few_shot=few_shot,
    )
    return Facts(benchmarks={"quiz": facts})


def test_data_prompt_and_scorer_of_a_benchmark() -> None:
    now = of_quiz("r2", "c" * 64, "d" * 64, partial="half")
    assert said(of_quiz(), now) == [
        "data of quiz is r2 (sha256 cccccccccccc), it was r1 (sha256 aaaaaaaaaaaa)",
        "prompt of quiz is sha256 dddddddddddd, it was sha256 bbbbbbbbbbbb",
        'scorer of quiz is choice {"partial": "half"}, it was choice',
    ]
    assert [change.name for change in changes(of_quiz(), now)] == ["data", "prompt", "scorer"]
    assert of_quiz("c" * 12, "c" * 64).benchmarks["quiz"]["data"] == "sha256 cccccccccccc"


def test_which_questions_go_together_is_a_fact_too() -> None:
    """Intervals are other ones then."""
    passage = of_quiz(group="passage")
    assert said(passage, of_quiz()) == ["group of quiz is not set, it was passage"]
    assert said(of_quiz(), passage) == ["group of quiz is passage, it was not set"]
    assert said(of_quiz(group=None), passage) == []


def test_what_one_of_the_runs_does_not_know_is_no_change() -> None:
    """An unknown prompt; a benchmark that only one of them asked."""
    assert said(of_quiz(prompt=None), of_quiz()) == []
    assert said(of_quiz(), Facts()) == []


@pytest.mark.parametrize(
    ("change", "answer", "other"),
    [
        ({"prompt": "Say {question}"}, "free", True),
        ({"system": "Be brief."}, "free", True),
        ({"fields": {"id": "nr"}}, "free", True),
        ({"labels": "digits"}, "free", True),
        ({"revision": "2", "title": "D", "scorer_options": {"x": 1}}, "free", False),
        ({"language": "zh"}, "free", False),
        ({"option": "{label}. {text}"}, "free", True),
        ({"option": "{label}. {text}"}, "letter", False),
        ({"subsets": {"IQ": {"title": "Wit"}}}, "free", False),
        ({"language": "zh"}, "letter", True),  # asked with a general prompt
    ],
)
def test_a_prompt_is_what_is_sent(change: dict[str, object], answer: str, other: bool) -> None:
    asked = prompt_sha256(benchmark(), answer)
    assert (prompt_sha256(benchmark(**change), answer) != asked) is other


def test_a_subsets_title_is_part_of_a_prompt_that_names_it() -> None:
    shown = {"prompt": "On {subset}: {question}"}
    one, other = ({"IQ": {"title": title}} for title in ("Wit", "Sense"))
    assert prompt_sha256(benchmark(**shown, subsets=one), "free") != prompt_sha256(
        benchmark(**shown, subsets=other), "free"
    )


def test_a_prompt_without_examples_is_what_it_was() -> None:
    """Before there were any: a run of an earlier version stays comparable."""
    told = "cc3623c72f5e7513d7d73afa9d08de6b15e9496bfbd91843baa975818f3a9289"
    assert prompt_sha256(benchmark(), "free") == told


@pytest.mark.parametrize("answer", ["free", "json"])
def test_examples_are_part_of_the_prompt_word_for_word(answer: str) -> None:
    """How many are shown, and what stands in them; those that are not shown are none."""
    shown = FewShot(count=1)
    made = [
        prompt_sha256(benchmark(few_shot=count, dev={"IQ": dev}), answer)
        for count, dev in (
            (FewShot(), (sample(),)),
            (shown, (sample(),)),
            (shown, (sample(input="What is 2 + 2?"),)),
            (FewShot(count=2), (sample(), sample(input="What is 2 + 2?"))),
        )
    ]
    assert len(set(made)) == 4
    more = {"IQ": (sample(), sample(input="What is 2 + 2?"))}
    assert prompt_sha256(benchmark(few_shot=shown, dev=more), answer) == made[1]


def test_more_or_fewer_examples_are_one_change() -> None:
    """The prompt is another one too, and need not be told; a report that says nothing had none."""
    none, five = of_quiz(), of_quiz(prompt="e" * 64, few_shot=5)
    assert said(none, five) == ["few_shot of quiz is 5, it was 0"]
    assert said(five, none) == ["few_shot of quiz is 0, it was 5"]
    assert said(of_quiz(few_shot=5), of_quiz(prompt="e" * 64, few_shot=5)) == [
        "prompt of quiz is sha256 eeeeeeeeeeee, it was sha256 bbbbbbbbbbbb"
    ]
