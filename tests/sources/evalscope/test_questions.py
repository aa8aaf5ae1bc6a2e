"""Prompts of EvalScope's, taken apart."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pytest_iqeval.core.tasks.prompts import fill
from pytest_iqeval.sources.evalscope.questions import Asked, taken_apart

ZH = (
    '回答下面的单项选择题，请选出其中的正确答案。你的回答的最后一行应该是这样的格式："答案：LETTER"'
    "（不带引号），其中 LETTER 是 {letters} 中的一个。\n\n问题：{question}\n选项：\n{options}\n"
)
EN = (
    "Answer the following multiple choice question. The entire content of your response should be "
    "of the following format: 'ANSWER: [LETTER]' (without quotes) where [LETTER] is one of "
    "{letters}.\n\n{question}\n\n{options}"
)
SHOTS_EN = (
    "Here are some examples of how to answer similar questions:\n\nWhat is 1?\nA) one\nB) two\n"
    "ANSWER: A\n\n"
) + EN
CEVAL = (
    '以下是中国关于操作系统的单项选择题，请选出其中的正确答案。最后一行是这样的格式："答案：[LETTER]"。'
    "\n\n问题：{question}\n选项：\n{options}\n"
)
SHOTS = (
    "Here are some examples of how to solve similar problems:\n\nTwo and two?\n\nReasoning:\n"
    "2+2=4\n\nANSWER: \\boxed{4}\n\nThree?\n\nReasoning:\n3\n\nANSWER: \\boxed{3}\n\n"
)
BOXED = "{question}\nPlease reason step by step, and put your final answer within \\boxed{}."
PROBLEM = "Problem:\n{question}\n\n" + BOXED.removeprefix("{question}\n") + "\n"
SHOTS_PROBLEM = (
    "Here are some examples of how to solve similar problems:\n\nProblem:\n1?\nSolution:\n1\n\n"
    "Problem:\n2?\nSolution:\n2\n" + PROBLEM
)
OLD = (
    "Solve the following math problem step by step.\n\nExample:\n\nProblem: a?\n\nAnswer:\n"
    "\\boxed{1}\n\nquestion:\n{question}\n\nRemember to put your answer on its own line at the end "
    'in the form "\\boxed{$ANSWER}" (without quotes).'
)
CHOICES = ("one", "two\nlines", "3) three", "four")


def prompt(template: str, question: str, choices: tuple[str, ...] = ()) -> str:
    """As EvalScope fills it; braces stand for themselves."""
    sign = "." if template is CEVAL else ")"
    options = "\n".join(f"{'ABCDEFG'[n]}{sign} {text}" for n, text in enumerate(choices))
    values = {
        "question": question,
        "options": options,
        "letters": ",".join("ABCDEFG"[: len(choices)]),
    }
    return re.sub(r"\{(question|options|letters)\}", lambda found: values[found[1]], template)


@pytest.mark.parametrize("template", [ZH, EN, SHOTS_EN, CEVAL])
@pytest.mark.parametrize("question", ["What?", "Two\n\nparagraphs: 问题：x", "A) is it?"])
def test_question_and_options_are_found(template: str, question: str) -> None:
    """In either language, with and without examples before them."""
    found = taken_apart(prompt(template, question, CHOICES))
    assert found is not None
    assert (found.question, found.choices) == (question, CHOICES)


@pytest.mark.parametrize("template", [BOXED, SHOTS + BOXED, OLD, PROBLEM, SHOTS_PROBLEM])
@pytest.mark.parametrize("question", ["What is 3?", "First.\n\nThen {x}?"])
def test_a_free_question_is_found(template: str, question: str) -> None:
    """Behind examples that look like it, too."""
    found = taken_apart(prompt(template, question))
    assert found is not None
    assert (found.question, found.choices) == (question, ())


@pytest.mark.parametrize("template", [ZH, EN, SHOTS_EN, BOXED, SHOTS + BOXED, OLD, PROBLEM])
def test_its_template_makes_the_prompt_again(template: str) -> None:
    """Examples and braces included."""
    choices = CHOICES if "{options}" in template else ()
    whole = prompt(template, "What?", choices)
    found = taken_apart(whole)
    assert found is not None
    assert filled(found) == whole


def filled(asked: Asked) -> str:
    """The prompt that a template makes of what was found."""
    labels = "ABCDEFG"[: len(asked.choices)]
    values = {
        "question": asked.question,
        "options": "\n".join(f"{x}) {text}" for x, text in zip(labels, asked.choices, strict=True)),
        "letters": ",".join(labels),
    }
    return fill(asked.template, values)


OWN = "Here is a question.\n{question}\n{options}\nOne of {letters}, in {{braces}}."


@pytest.mark.parametrize(
    ("template", "count"),
    [(BOXED, 0), (SHOTS + BOXED, 2), (SHOTS_PROBLEM, 2), (ZH, 0), (EN, 0), (SHOTS_EN, 1)],
)
def test_examples_are_counted(template: str, count: int) -> None:
    """By their answers."""
    found = taken_apart(prompt(template, "What?", CHOICES if "{options}" in template else ()))
    assert found is not None
    assert found.examples == count


def test_a_definition_that_begins_with_the_question_does_not_take_in_examples() -> None:
    """EvalScope's own shapes go first."""
    found = taken_apart(prompt(SHOTS + BOXED, "What?"), BOXED.replace("{}", "{{}}"))
    assert found is not None
    assert found.question == "What?"


def test_a_definitions_own_template_is_known_too() -> None:
    """The prompts of our definitions are EvalScope's; a user's may be any."""
    sent = "Here is a question.\nWhat?\nA) one\nB) two\nOne of A,B, in {braces}."
    found = taken_apart(sent, OWN)
    assert found is not None
    assert (found.question, found.choices) == ("What?", ("one", "two"))
    assert taken_apart(sent) is None
    assert taken_apart("What?", "{question}") is None  # no telling where it begins


LINES = st.text(
    st.characters(exclude_categories=["Cs", "Cc"], exclude_characters="\n"), min_size=1, max_size=20
).filter(str.strip)


@given(question=LINES, choices=st.lists(LINES, min_size=2, max_size=7))
@pytest.mark.parametrize("template", [ZH, EN])
def test_any_question_of_one_line_comes_back(
    template: str, question: str, choices: list[str]
) -> None:
    """What is in it makes no difference."""
    if "选项：" in question or "问题：" in question:
        return
    found = taken_apart(prompt(template, question, tuple(choices)))
    assert found is not None
    assert (found.question, found.choices) == (question, tuple(choices))


@given(st.text(max_size=300))
def test_any_text_is_no_prompt_or_is_taken_apart(text: str) -> None:
    """It never raises, and what it finds is part of the text."""
    found = taken_apart(text, OWN)
    assert found is None or found.question in text
