"""Which examples stand before a question, and how they look."""

from __future__ import annotations

import pytest

from pytest_iqeval.core.definition import Benchmark
from pytest_iqeval.core.errors import SettingsError
from pytest_iqeval.core.sample import Sample
from pytest_iqeval.core.tasks.chat import chat_request
from pytest_iqeval.core.tasks.few_shot import Examples, check_examples, with_examples
from tests.support.questions import definition, sample

SHORT = {"count": 2, "example": "{question} {answer}"}


def free(text: str, target: str, **changes: object) -> Sample:
    return sample(input=text, choices=(), target=target, **changes)


def dev(count: int, subset: str = "IQ") -> tuple[Sample, ...]:
    return tuple(sample(f"d{n}", input=f"Example {n}?", subset=subset) for n in range(count))


def benchmark(
    *examples: Sample, samples: tuple[Sample, ...] = (sample(),), **changes: object
) -> Benchmark:
    by_subset: dict[str, tuple[Sample, ...]] = {}
    for one in examples:
        by_subset[one.subset] = (*by_subset.get(one.subset, ()), one)
    return Benchmark(
        definition=definition(**changes),
        samples=samples,
        dev=by_subset,
        data_sha256="",
        revision="",
    )


def shown(made: Benchmark, one: Sample, mode: str = "free") -> str:
    asked = chat_request(made.definition, one, mode, examples=Examples(made, mode).of(one))
    return asked.messages[-1].content


def test_the_first_of_the_subset_are_shown_in_file_order() -> None:
    made = benchmark(*dev(3), *dev(3, "EQ"), few_shot=SHORT)
    examples = Examples(made, "free")
    assert examples.of(sample()) == "Example 0? B\n\nExample 1? B"
    assert examples.of(sample(subset="EQ")) == "Example 0? B\n\nExample 1? B"


def test_examples_without_a_subset_are_every_subsets() -> None:
    made = benchmark(*dev(1, "default"), few_shot={"count": 1, "example": "{question} {answer}"})
    assert Examples(made, "free").of(sample(subset="EQ")) == "Example 0? B"


def test_a_question_is_never_its_own_example() -> None:
    """Nor where it is written with other white space and its options in another order."""
    twin = sample("twin", input="What is  1 + 1? ", choices=("2", "3", "1"), target="A")
    made = benchmark(twin, *dev(2), few_shot=SHORT)
    examples = Examples(made, "free")
    assert examples.of(sample()) == "Example 0? B\n\nExample 1? B"
    assert examples.of(sample(input="Another?")) == "What is  1 + 1?  A\n\nExample 0? B"
    other = sample(choices=("7", "8", "9"))  # the same words, another question
    assert examples.of(other) == "What is  1 + 1?  A\n\nExample 0? B"


def test_without_a_next_one_there_is_one_less() -> None:
    made = benchmark(sample("twin"), *dev(1), few_shot=SHORT)
    assert Examples(made, "free").of(sample()) == "Example 0? B"


def test_a_subsets_text_is_made_once_and_shared() -> None:
    """Thousands of prompts wait to be sent: each text is in memory once."""
    made = benchmark(*dev(2), few_shot=SHORT)
    examples = Examples(made, "free")
    assert examples.of(sample("a", input="A?")) is examples.of(sample("b", input="B?"))


def test_the_definitions_own_templates() -> None:
    made = benchmark(
        sample(metadata={"explanation": " Count them. "}),
        few_shot={
            "count": 1,
            "example": "({subset}) {question}|{letters}|{options}|{explanation}|{answer}{{}}",
            "prompt": "See:\n{examples}\n--\n{subset}: {question}\n{options}",
        },
        option="{label}. {text}",
    )
    assert shown(made, sample(input="So?", choices=("x", "y"))) == (
        "See:\n(IQ) What is 1 + 1?|A,B,C|A. 1\nB. 2\nC. 3| Count them. |B{}"
        "\n--\nIQ: So?\nA. x\nB. y"
    )


def test_braces_of_examples_and_questions_stay_as_they_are() -> None:
    made = benchmark(free("Is {answer} {{a}}?", "{options}"), scorer="exact", few_shot={"count": 1})
    assert "Is {answer} {{a}}?\n\nANSWER: {options}" in shown(made, free("{examples}?", "x"))
    assert shown(made, free("{examples}?", "x")).endswith("Question: {examples}?")


def test_without_templates_they_come_in_the_languages_form_before_the_prompt() -> None:
    made = benchmark(*dev(1), few_shot=1, prompt="My prompt: {question}")
    assert shown(made, sample()) == (
        "Here are some examples:\n\nQuestion: Example 0?\n\nOptions:\nA) 1\nB) 2\nC) 3\n\n"
        "ANSWER: B\n\nMy prompt: What is 1 + 1?"
    )
    zh = benchmark(
        free("几？", "3", metadata={"explanation": "数一数。"}),
        language="zh",
        scorer="number",
        prompt="{question}",
        few_shot=1,
    )
    assert shown(zh, free("多少？", "4")) == (
        "以下是一些示例：\n\n问题：几？\n\n数一数。\n答案：3\n\n多少？"
    )


def test_a_solution_that_ends_with_its_result_is_taken_apart() -> None:
    """As GSM8K writes it; with options, a text with the sign in it is nothing but the answer."""
    solved = free("6 * 7?", "Six sevens.\n6 * 7 = 42\n#### 42")
    made = benchmark(
        solved,
        scorer="number",
        few_shot={"count": 1, "example": "{question}|{explanation}|{answer}"},
    )
    assert Examples(made, "free").of(free("?", "1")) == "6 * 7?|Six sevens.\n6 * 7 = 42|42"


@pytest.mark.parametrize(
    ("scorer", "example", "letter", "json"),
    [
        ("choice", sample(), "B", '{"answer": "B"}'),
        ("choice", sample(numbered=True, target="2"), "2", '{"answer": "2"}'),
        ("multi_choice", sample(target="AC"), "AC", '{"answer": ["A", "C"]}'),
        ("number", free("?", "1.50"), "1.50", '{"answer": 1.5}'),
        ("number", free("?", "1,234"), "1,234", '{"answer": "1,234"}'),
        ("yes_no", free("?", "是"), "是", '{"answer": "是"}'),
        ("exact", free("?", 'the "end"'), 'the "end"', r'{"answer": "the \"end\""}'),
        ("math", free("?", r"\frac12"), r"\boxed{\frac12}", r'{"answer": "\\frac12"}'),
    ],
)
def test_other_answer_modes_show_answers_in_their_shape(
    scorer: str, example: Sample, letter: str, json: str
) -> None:
    """With the general prompt: a definition's own templates ask for something else."""
    labels = "digits" if example.numbered else None
    own = {"count": 1, "example": "{question} ANSWER: {answer}", "prompt": "{examples} {question}"}
    made = benchmark(example, scorer=scorer, few_shot=own, labels=labels)
    for mode, answer in (("letter", letter), ("json", json)):
        text = Examples(made, mode).of(sample(input="Another?"))
        assert text.endswith(f"\n\n{answer}")
        assert text.startswith("Question: ")


def test_a_json_prompt_begins_with_its_examples() -> None:
    made = benchmark(*dev(1), few_shot=1)
    asked = shown(made, sample(), "json")
    assert asked.startswith("Here are some examples:\n\nQuestion: Example 0?\n\nOptions:\nA) 1\n")
    assert '{"answer": "B"}\n\nAnswer the following multiple-choice question.' in asked
    assert asked.endswith("Question: What is 1 + 1?\n\nOptions:\nA) 1\nB) 2\nC) 3")


def test_the_user_says_how_many() -> None:
    made = benchmark(*dev(3), few_shot=SHORT)
    assert with_examples(made, None) is made
    assert Examples(with_examples(made, 3), "free").of(sample()).count("Example") == 3
    none = with_examples(made, 0)
    assert Examples(none, "free").of(sample()) == ""
    assert (
        shown(none, sample()) == chat_request(none.definition, sample(), "free").messages[0].content
    )


def test_enough_examples_are_no_fault() -> None:
    check_examples(benchmark(*dev(2), few_shot=SHORT), ["IQ"])
    check_examples(benchmark(few_shot=0), ["IQ"])


def test_more_than_there_are_is_a_fault_that_names_how_many_there_are() -> None:
    made = benchmark(*dev(2), *dev(3, "EQ"), few_shot=3)
    check_examples(made, ["EQ"])
    with pytest.raises(SettingsError) as caught:
        check_examples(made, ["EQ", "IQ"])
    assert str(caught.value) == (
        "tiny: 3 examples are to be shown before each question, and the dev split has 2 for IQ\n"
        "  hint: --iqeval-few-shot tiny=2, or less"
    )


def test_a_benchmark_without_a_dev_split_says_so() -> None:
    with pytest.raises(SettingsError) as caught:
        check_examples(with_examples(benchmark(), 1), ["IQ"])
    assert str(caught.value) == (
        "tiny: 1 example is to be shown before each question, and its definition names no file "
        "with examples (dev)\n  hint: --iqeval-few-shot tiny=0 asks without examples"
    )
