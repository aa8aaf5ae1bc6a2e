"""`few_shot` and `option` of a definition: what they may say, and what is wrong with them."""

from __future__ import annotations

import pytest

from pytest_iqeval.core.errors import DefinitionError
from pytest_iqeval.core.few_shot import FewShot
from tests.support.questions import definition

EXAMPLE = "Q: {question}\n{options}\nA: {answer}"
PROMPT = "Look:\n{examples}\n\n{question}"


def test_no_examples_are_shown_unless_it_says_so() -> None:
    assert definition().few_shot == FewShot(count=0, example=None, prompt=None)


def test_a_number_alone_is_how_many() -> None:
    assert definition(few_shot=5).few_shot == FewShot(count=5)


def test_both_templates_can_be_said() -> None:
    told = {"count": 4, "example": EXAMPLE, "prompt": PROMPT}
    assert definition(few_shot=told).few_shot == FewShot(count=4, example=EXAMPLE, prompt=PROMPT)


def test_templates_alone_wait_for_the_users_option() -> None:
    assert definition(few_shot={"example": EXAMPLE}).few_shot.count == 0


@pytest.mark.parametrize(
    ("told", "said"),
    [
        ("five", "few_shot: must be how many examples are shown, not 'five'; write 5, or 0"),
        (True, "few_shot: must be how many examples are shown, not True; write 5"),
        ([5], "few_shot: must be how many examples are shown, not a list; write 5"),
        ({"count": -1}, "few_shot.count: must be how many examples are shown, not -1"),
        ({"count": 2.5}, "few_shot.count: must be how many examples are shown, not 2.5"),
        ({"number": 5}, "few_shot.number: there is no such field; there is: count, example"),
        ({3: 5}, "few_shot.3: a field's name is text, not a number"),
        ({"example": 7}, "few_shot.example: must be text, not a number; put it in quotes"),
        ({"example": " "}, "few_shot.example: is empty; fill it in, or take it out"),
        (
            {"example": "{question} {target} {answer}"},
            "few_shot.example: names the field {target}, but an example has: question, options, "
            "letters, subset, answer, explanation; take {target} out, or write {{target}}",
        ),
        ({"example": "{answer}"}, "few_shot.example: never names {question}"),
        ({"example": "{question}"}, "few_shot.example: never names {answer}: it would show"),
        ({"prompt": "{question}"}, "few_shot.prompt: never names {examples}"),
        ({"prompt": "{examples}"}, "few_shot.prompt: never names {question}, so every sample"),
        (
            {"prompt": "{examples} {question} {answer}"},
            "few_shot.prompt: names the field {answer}, but this prompt has: question, options, "
            "letters, subset, examples; take {answer} out",
        ),
        ({"prompt": "{examples}\n}{question}"}, "few_shot.prompt: has a lone } in its line 2"),
    ],
)
def test_what_is_wrong_is_told_with_its_place_and_mend(told: object, said: str) -> None:
    with pytest.raises(DefinitionError) as caught:
        definition(few_shot=told)
    (fault,) = caught.value.problems
    assert f"tiny.yaml: {said}" in fault


@pytest.mark.parametrize(
    ("told", "said"),
    [
        (["{label}"], 'option: must be text, not a list; write `option: "{label}. {text}"`'),
        ("{label}", "option: never names {text}"),
        ("{label}\n{text}", "option: has several lines; an option is one line of the prompt"),
        ("{letter}. {text}", "option: names the field {letter}, but an option has: label, text"),
    ],
)
def test_an_options_form_names_its_label_and_its_text(told: object, said: str) -> None:
    with pytest.raises(DefinitionError) as caught:
        definition(option=told)
    assert f"tiny.yaml: {said}" in caught.value.problems[0]


def test_an_average_is_micro_or_macro() -> None:
    assert definition().average == "micro"
    assert definition(average="macro").average == "macro"
    with pytest.raises(DefinitionError, match="average: 'mean' is unknown; write micro or macro"):
        definition(average="mean")
