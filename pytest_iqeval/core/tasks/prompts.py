"""Prompt templates that can't run code, and the general prompts of each language.

``{question}``, ``{options}`` and ``{letters}`` are replaced, ``{{`` and ``}}`` are braces. It
is not `str.format`: no attributes, no indexing, no format specifications.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

PLACEHOLDERS = ("question", "options", "letters")

_TOKEN = re.compile(r"\{\{|\}\}|\{(?P<name>[^{}\n]*)\}|[{}]")


def template_faults(template: str) -> list[str]:
    """What is wrong with a template, a sentence each; empty when it can be filled."""
    faults = []
    for token in _TOKEN.finditer(template):
        name, text = token["name"], token.group()
        if name is None and text in "{}":
            line = template.count("\n", 0, token.start()) + 1
            faults.append(f"has a lone {text} in its line {line}; write {text * 2} for a brace")
        elif name is not None and name not in PLACEHOLDERS:
            has = ", ".join(PLACEHOLDERS)
            faults.append(
                f"names the field {{{name}}}, but a prompt has: {has}; take {{{name}}} out, "
                f"or write {{{{{name}}}}} if the braces are meant"
            )
    if "{question}" not in [t.group() for t in _TOKEN.finditer(template)]:
        faults.append("never names {question}, so every sample would be asked the same")
    return faults


def fill(template: str, values: Mapping[str, str]) -> str:
    """The template with each placeholder replaced; braces inside the values stay as they are."""

    def replaced(token: re.Match[str]) -> str:
        name = token["name"]
        if name is not None:
            return values.get(name, token.group())
        return token.group()[0]

    return _TOKEN.sub(replaced, template)


def general_prompt(language: str, mode: str, *, choices: bool) -> str:
    """The template for questions of a language whose definition has no prompt of its own.

    :param language: ``zh`` or ``en``.
    :param mode: ``free``, ``letter`` or ``json``, as in ``--iqeval-answer``.
    :param choices: whether the question comes with options.
    """
    ask = _ASK[language][mode, choices]
    return ask + "\n\n" + (_WITH_OPTIONS if choices else _WITHOUT)[language]


_WITH_OPTIONS = {
    "zh": "问题：{question}\n\n选项：\n{options}",
    "en": "Question: {question}\n\nOptions:\n{options}",
}
_WITHOUT = {"zh": "问题：{question}", "en": "Question: {question}"}

# Mode, and whether there are options.
_ASK: Mapping[str, Mapping[tuple[str, bool], str]] = {
    "zh": {
        ("free", True): (
            "请回答下面的单项选择题。先一步一步地推理，最后另起一行给出答案，"
            "格式为“答案：X”，其中 X 是正确选项的字母（{letters} 之一）。"
        ),
        ("free", False): (
            "请回答下面的问题。先一步一步地推理，最后另起一行给出答案，"
            "格式为“答案：X”，其中 X 是你的最终答案。"
        ),
        ("letter", True): (
            "请回答下面的单项选择题。只回复正确选项的字母（{letters} 之一），"
            "不要解释，也不要写任何其他内容。"
        ),
        ("letter", False): "请回答下面的问题。只回复最终答案，不要解释，也不要写任何其他内容。",
        ("json", True): (
            "请回答下面的单项选择题。只回复一个 JSON 对象，"
            '格式为 {{"answer": "X"}}，其中 X 是正确选项的字母（{letters} 之一）。'
        ),
        ("json", False): (
            "请回答下面的问题。只回复一个 JSON 对象，"
            '格式为 {{"answer": "X"}}，其中 X 是你的最终答案。'
        ),
    },
    "en": {
        ("free", True): (
            "Answer the following multiple-choice question. Reason step by step, then finish "
            'with a last line of the form "ANSWER: X", where X is the letter of the right '
            "option (one of {letters})."
        ),
        ("free", False): (
            "Answer the following question. Reason step by step, then finish with a last line "
            'of the form "ANSWER: X", where X is your final answer.'
        ),
        ("letter", True): (
            "Answer the following multiple-choice question. Reply with the letter of the right "
            "option only (one of {letters}): no explanation, nothing else."
        ),
        ("letter", False): (
            "Answer the following question. Reply with the final answer only: no explanation, "
            "nothing else."
        ),
        ("json", True): (
            "Answer the following multiple-choice question. Reply with a JSON object only, of "
            'the form {{"answer": "X"}}, where X is the letter of the right option '
            "(one of {letters})."
        ),
        ("json", False): (
            "Answer the following question. Reply with a JSON object only, of the form "
            '{{"answer": "X"}}, where X is your final answer.'
        ),
    },
}

LANGUAGES = tuple(_ASK)
