"""A sample as one chat request."""

from __future__ import annotations

from collections.abc import Mapping

from pytest_iqeval.core.definition import Definition
from pytest_iqeval.core.request import Key, Message, Request
from pytest_iqeval.core.sample import Sample
from pytest_iqeval.core.tasks.prompts import fill, general_prompt


def chat_request(
    definition: Definition, sample: Sample, answer_mode: str, *, repeat: int = 0
) -> Request:
    """The request that asks `sample`.

    ``free`` asks with the definition's own prompt, ``letter`` and ``json`` with the general
    prompt of its language; ``json`` also asks for a reply that holds to a schema. The
    definition's system message goes along in every mode: it may tell what the questions are
    about.

    :param answer_mode: ``free``, ``letter`` or ``json``.
    :param repeat: which of the replies to the same question, from 0.
    """
    template = (
        definition.prompt
        if answer_mode == "free"
        else general_prompt(definition.language, answer_mode, choices=bool(sample.choices))
    )
    prompt = fill(
        template,
        {
            "question": sample.input,
            "options": "\n".join(
                f"{letter}) {text}"
                for letter, text in zip(sample.labels, sample.choices, strict=True)
            ),
            "letters": ",".join(sample.labels),
        },
    )
    messages = [Message(role="user", content=prompt)]
    if definition.system:
        messages.insert(0, Message(role="system", content=definition.system))
    return Request(
        key=Key(sample.benchmark, sample.subset, sample.id, repeat),
        messages=tuple(messages),
        body={"response_format": _answer_schema(sample)} if answer_mode == "json" else {},
    )


def _answer_schema(sample: Sample) -> Mapping[str, object]:
    """``response_format`` for an object that holds one of the letters (or any text)."""
    answer: dict[str, object] = {"type": "string"}
    if sample.choices:
        answer["enum"] = list(sample.labels)
    return {
        "type": "json_schema",
        "json_schema": {
            "name": "answer",
            "strict": True,
            "schema": {
                "type": "object",
                "properties": {"answer": answer},
                "required": ["answer"],
                "additionalProperties": False,
            },
        },
    }
