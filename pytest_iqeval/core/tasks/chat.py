"""A sample as one chat request."""

from __future__ import annotations

from collections.abc import Mapping

from pytest_iqeval.core.definition import Definition
from pytest_iqeval.core.kinds import Ask
from pytest_iqeval.core.request import Key, Message, Request
from pytest_iqeval.core.sample import Sample
from pytest_iqeval.core.tasks.general import YES_NO, after_examples, general_prompt
from pytest_iqeval.core.tasks.options import OPTION, options_shown
from pytest_iqeval.core.tasks.prompts import filled


def chat_request(
    definition: Definition,
    sample: Sample,
    answer_mode: str,
    *,
    repeat: int = 0,
    seed: int | None = None,
    examples: str = "",
) -> Request:
    """The request that asks `sample`.

    ``free`` asks with the definition's own prompt, ``letter`` and ``json`` with the general
    prompt of its language; ``json`` also asks for a reply that holds to a schema. The system
    message (the question's own, else the definition's) goes along in every mode: it may tell
    what the questions are about.

    :param answer_mode: ``free``, ``letter`` or ``json``.
    :param repeat: which of the replies to the same question, from 0.
    :param seed: of this reply alone; ``None``: the run's, if it has one.
    :param examples: what is shown before the question (`core.tasks.few_shot`), if anything.
    """
    prompt = filled(
        _template(definition, answer_mode, numbered=sample.numbered, examples=bool(examples)),
        {
            "question": sample.input,
            "options": options_shown(
                sample, definition.option if answer_mode == "free" else OPTION
            ),
            "letters": ",".join(sample.labels),
            "subset": definition.shown_subset(sample.subset),
            "examples": examples,
        },
    )
    messages = [Message(role="user", content=prompt)]
    if system := sample.system or definition.system:
        messages.insert(0, Message(role="system", content=system))
    body: dict[str, object] = dict(definition.generation)
    if answer_mode == "json":
        body["response_format"] = _answer_schema(definition, sample)
    if seed is not None:
        body["seed"] = seed
    return Request(
        key=Key(sample.benchmark, sample.subset, sample.id, repeat),
        messages=tuple(messages),
        body=body,
    )


def _template(definition: Definition, answer_mode: str, *, numbered: bool, examples: bool) -> str:
    """The prompt of a mode, with its place for examples where there are some."""
    prompt = definition.prompt
    if answer_mode != "free":
        prompt = general_prompt(
            definition.language, answer_mode, definition.asks, numbered=numbered
        )
    elif examples and definition.few_shot.prompt is not None:
        return definition.few_shot.prompt
    return after_examples(definition.language, prompt) if examples else prompt


def _answer_schema(definition: Definition, sample: Sample) -> Mapping[str, object]:
    """``response_format`` for an object with the answer in it."""
    return {
        "type": "json_schema",
        "json_schema": {
            "name": "answer",
            "strict": True,
            "schema": {
                "type": "object",
                "properties": {"answer": _answer_type(definition, sample)},
                "required": ["answer"],
                "additionalProperties": False,
            },
        },
    }


def _answer_type(definition: Definition, sample: Sample) -> Mapping[str, object]:
    """The JSON Schema of the answer alone: as narrow as the question allows.

    Only words that servers' strict modes know: no ``minItems``, no ``uniqueItems``.
    """
    label = {"type": "string", "enum": list(sample.labels)}
    match definition.asks:
        case Ask.OPTION:
            return label
        case Ask.OPTIONS:
            return {"type": "array", "items": label}
        case Ask.NUMBER:
            return {"type": ["string", "number"]}
        case Ask.YES_NO:
            return {"type": "string", "enum": list(YES_NO[definition.language])}
        case _:
            return {"type": "string"}
