"""The general prompts, in both languages and all modes."""

from __future__ import annotations

import pytest

from pytest_iqeval.core.kinds import Ask
from pytest_iqeval.core.tasks.general import LANGUAGES, YES_NO, general_prompt
from pytest_iqeval.core.tasks.prompts import fill, template_faults

MODES = ("free", "letter", "json")
WITH_OPTIONS = (Ask.OPTION, Ask.OPTIONS)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize("ask", Ask)
@pytest.mark.parametrize("numbered", [False, True])
def test_every_general_prompt_can_be_filled(
    language: str, mode: str, ask: Ask, numbered: bool
) -> None:
    """Each names the question, and the options and labels exactly where there are any."""
    template = general_prompt(language, mode, ask, numbered=numbered)
    assert template_faults(template) == []
    assert ("{options}" in template) == ("{letters}" in template) == (ask in WITH_OPTIONS)
    assert "<" not in template
    assert ('{{"answer": ' in template) == (mode == "json")


@pytest.mark.parametrize("ask", Ask)
def test_every_prompt_of_a_language_differs_from_those_of_the_other_modes(ask: Ask) -> None:
    for language in LANGUAGES:
        assert len({general_prompt(language, mode, ask) for mode in MODES}) == len(MODES)


def first_line(language: str, mode: str, ask: Ask, *, numbered: bool = False) -> str:
    template = general_prompt(language, mode, ask, numbered=numbered)
    return fill(template, {"letters": "1,2,3" if numbered else "A,B,C"}).split("\n")[0]


X_IS = {
    Ask.OPTION: ("正确选项的字母（A,B,C 之一）", "the letter of the right option (one of A,B,C)"),
    Ask.OPTIONS: (
        "全部正确选项的字母，如 AC（从 A,B,C 中选）",
        "the letters of all right options, such as AC (out of A,B,C)",
    ),
    Ask.NUMBER: ("作为最终答案的数", "the number that is your final answer, without a unit"),
    Ask.YES_NO: ("“是”或“否”", "yes or no"),
    Ask.SHORT: ("最终答案本身，不含其他内容", "your final answer and nothing else"),
    Ask.MATHS: ("最终答案", "your final answer"),
    Ask.OPEN: ("你的最终答案", "your final answer"),
}


@pytest.mark.parametrize("ask", X_IS)
def test_the_free_prompts_say_what_stands_in_the_last_line(ask: Ask) -> None:
    """Of maths it is boxed, as models are trained to answer; of all else it is marked."""
    zh, en = X_IS[ask]
    boxed = ask is Ask.MATHS
    chinese, english = (r" \boxed{X}", r"\boxed{X}") if boxed else ("“答案：X”", '"ANSWER: X"')
    assert f"格式为{chinese}，其中 X 是{zh}" in first_line("zh", "free", ask)
    assert f"last line of the form {english}, where X is {en}" in first_line("en", "free", ask)


def test_code_is_asked_for_in_a_block_and_not_in_a_last_line() -> None:
    assert first_line("zh", "free", Ask.CODE).endswith("用一个代码块给出完整的函数。")
    assert first_line("en", "free", Ask.CODE).endswith("in one fenced code block.")


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize("ask", WITH_OPTIONS)
def test_digits_are_called_numbers(mode: str, ask: Ask) -> None:
    """In every mode, and no word of letters is left."""
    zh = first_line("zh", mode, ask, numbered=True)
    en = first_line("en", mode, ask, numbered=True)
    for said, word in ((zh, "编号"), (en, "number")):
        assert word in said
        assert "1,2,3" in said
        assert not [other for other in ("字母", "letter", "AC") if other in said]


@pytest.mark.parametrize(
    ("ask", "form"),
    [(Ask.OPTION, '"X"'), (Ask.OPTIONS, '["X", "Y"]'), (Ask.NUMBER, "X"), (Ask.SHORT, '"X"')],
)
def test_json_is_asked_for_in_the_form_of_the_answer(ask: Ask, form: str) -> None:
    for language in LANGUAGES:
        assert f'{{"answer": {form}}}' in first_line(language, "json", ask)


def test_yes_and_no_are_the_words_of_the_prompt() -> None:
    for language, (yes, no) in YES_NO.items():
        assert yes in first_line(language, "letter", Ask.YES_NO)
        assert no in first_line(language, "letter", Ask.YES_NO)
