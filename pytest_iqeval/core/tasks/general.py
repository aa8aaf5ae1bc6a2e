"""The general prompts: for questions whose definition has none, and for ``letter`` and ``json``.

And the general few-shot examples, which show questions as these prompts do.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from pytest_iqeval.core.kinds import Ask

_QUESTION = {
    "zh": "问题：{question}",
    "en": "Question: {question}",
}
_OPTIONS = {
    "zh": "\n\n选项：\n{options}",
    "en": "\n\nOptions:\n{options}",
}

# Names in <> are those of a row below.
_MODES: Mapping[str, Mapping[str, str]] = {
    "zh": {
        "free": "<task>先一步一步地推理，最后另起一行给出答案，格式为<line>，其中 X 是<answer>。",
        "letter": "<task>只回复<alone>，不要解释，也不要写任何其他内容。",
        "json": '<task>只回复一个 JSON 对象，格式为 {{"answer": <form>}}，其中<filled>。',
    },
    "en": {
        "free": "<task> Reason step by step, then finish with a last line of the form <line>, "
        "where X is <answer>.",
        "letter": "<task> Reply with <alone>: no explanation, nothing else.",
        "json": '<task> Reply with a JSON object only, of the form {{"answer": <form>}}, '
        "where <filled>.",
    },
}


@dataclass(frozen=True, slots=True)
class _Words:
    """How one thing is asked for in one language.

    ``answer`` says what X is in the last line, ``alone`` what a reply with nothing else holds.
    ``form`` and ``filled`` are the value of a JSON answer, and what stands in it.
    """

    task: str
    answer: str
    alone: str
    line: str = ""  # the form of the last line, where it is not the language's own
    form: str = '"X"'
    filled: str = ""  # where it is not "X is" with `answer`


# <label> is letter or number, as the options are labelled; <such> is an answer with two of them.
_ASKS: Mapping[str, Mapping[Ask, _Words]] = {
    "zh": {
        Ask.OPTION: _Words(
            "请回答下面的单项选择题。",
            "正确选项的<label>（{letters} 之一）",
            "正确选项的<label>（{letters} 之一）",
        ),
        Ask.OPTIONS: _Words(
            "请回答下面的不定项选择题，正确选项可能有一个或多个。",
            "全部正确选项的<label>，如 <such>（从 {letters} 中选）",
            "全部正确选项的<label>，如 <such>（从 {letters} 中选）",
            form='["X", "Y"]',
            filled="列出全部正确选项的<label>（从 {letters} 中选）",
        ),
        Ask.NUMBER: _Words(
            "请回答下面的问题，答案是一个数。",
            "作为最终答案的数，不带单位",
            "作为最终答案的数，不带单位",
            form="X",
        ),
        Ask.YES_NO: _Words(
            "请用“是”或“否”回答下面的问题；如果是一个陈述，请判断它是否正确。",
            "“是”或“否”",
            "“是”或“否”",
        ),
        Ask.SHORT: _Words(
            "请回答下面的问题。",
            "最终答案本身，不含其他内容",
            "最终答案本身",
        ),
        Ask.MATHS: _Words(
            "请解答下面的数学题。",
            "最终答案",
            r"写在 \boxed{{}} 中的最终答案",
            line=r" \boxed{{X}}",
            filled=" X 是 LaTeX 形式的最终答案",
        ),
        Ask.OPEN: _Words(
            "请回答下面的问题。",
            "你的最终答案",
            "最终答案",
        ),
    },
    "en": {
        Ask.OPTION: _Words(
            "Answer the following multiple-choice question.",
            "the <label> of the right option (one of {letters})",
            "the <label> of the right option only (one of {letters})",
        ),
        Ask.OPTIONS: _Words(
            "Answer the following multiple-choice question, in which one or more options are "
            "right.",
            "the <label>s of all right options, such as <such> (out of {letters})",
            "the <label>s of all right options only, such as <such> (out of {letters})",
            form='["X", "Y"]',
            filled="the list holds the <label>s of all right options (out of {letters})",
        ),
        Ask.NUMBER: _Words(
            "Answer the following question, whose answer is a number.",
            "the number that is your final answer, without a unit",
            "only the number that is the final answer, without a unit",
            form="X",
        ),
        Ask.YES_NO: _Words(
            "Answer the following question with yes or no; of a statement, say whether it is true.",
            "yes or no",
            "yes or no only",
        ),
        Ask.SHORT: _Words(
            "Answer the following question.",
            "your final answer and nothing else",
            "the final answer only",
        ),
        Ask.MATHS: _Words(
            "Solve the following problem.",
            "your final answer",
            r"the final answer only, in \boxed{{}}",
            line=r"\boxed{{X}}",
            filled="X is your final answer in LaTeX",
        ),
        Ask.OPEN: _Words(
            "Answer the following question.",
            "your final answer",
            "the final answer only",
        ),
    },
}
# Code has no last line to stand in.
_CODE: Mapping[str, Mapping[str, str]] = {
    "zh": {
        "free": "请补全下面的 Python 函数，并用一个代码块给出完整的函数。",
        "letter": "请补全下面的 Python 函数。只回复完整的函数代码，不要解释，"
        "也不要写任何其他内容。",
        "json": '请补全下面的 Python 函数。只回复一个 JSON 对象，格式为 {{"answer": "X"}}，其中 X '
        "是完整的函数代码。",
    },
    "en": {
        "free": "Complete the following Python function. Give the whole function in one fenced "
        "code block.",
        "letter": "Complete the following Python function. Reply with the code of the whole "
        "function only: no explanation, nothing else.",
        "json": "Complete the following Python function. Reply with a JSON object only, of the "
        'form {{"answer": "X"}}, where X is the code of the whole function.',
    },
}
_LINE = {"zh": "“答案：X”", "en": '"ANSWER: X"'}
_X_IS = {"zh": " X 是", "en": "X is "}
_EXAMPLES = {
    "zh": "以下是一些示例：\n\n{examples}\n\n",
    "en": "Here are some examples:\n\n{examples}\n\n",
}
_SHOWN = {"zh": "答案：{answer}", "en": "ANSWER: {answer}"}
_LABEL = {"zh": ("字母", "编号"), "en": ("letter", "number")}
_SUCH = ("AC", "1,3")

LANGUAGES = tuple(_ASKS)
YES_NO = {"zh": ("是", "否"), "en": ("yes", "no")}
"""The two answers that a yes/no question is asked to choose from."""


def general_prompt(language: str, mode: str, ask: Ask, *, numbered: bool = False) -> str:
    """The template for questions of a language whose definition has no prompt of its own.

    :param language: ``zh`` or ``en``.
    :param mode: ``free``, ``letter`` or ``json``, as in ``--iqeval-answer``.
    :param numbered: whether options are labelled with digits.
    """
    if ask is Ask.CODE:
        return f"{_CODE[language][mode]}\n\n{{question}}"
    words = _ASKS[language][ask]
    parts = {
        "task": words.task,
        "answer": words.answer,
        "alone": words.alone,
        "line": words.line or _LINE[language],
        "form": words.form,
        "filled": words.filled or _X_IS[language] + words.answer,
    }
    labels = {"label": _LABEL[language][numbered], "such": _SUCH[numbered]}
    prompt = _put_in(_put_in(_MODES[language][mode], parts), labels)
    options = _OPTIONS[language] if ask in (Ask.OPTION, Ask.OPTIONS) else ""
    return f"{prompt}\n\n{_QUESTION[language]}{options}"


def general_example(language: str, mode: str, ask: Ask, *, explained: bool) -> str:
    """The template of an example that is answered as `general_prompt` wants it.

    :param explained: whether it has an explanation, which ``free`` shows.
    """
    options = _OPTIONS[language] if ask in (Ask.OPTION, Ask.OPTIONS) else ""
    answer = "{answer}"
    if mode == "free":
        answer = ("{explanation}\n" if explained else "") + _SHOWN[language]
    return f"{_QUESTION[language]}{options}\n\n{answer}"


def after_examples(language: str, prompt: str) -> str:
    """The template of a prompt that shows examples first."""
    return _EXAMPLES[language] + prompt


def _put_in(text: str, parts: Mapping[str, str]) -> str:
    return _PLACE.sub(lambda place: parts.get(place[1], place[0]), text)


_PLACE = re.compile(r"<(\w+)>")
