"""EvalScope's rows → what was asked, and what came back."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import NamedTuple

from pytest_iqeval.core.clean import storable
from pytest_iqeval.core.request import Message, Reply, Timing, Usage

_ENDS = {"max_tokens": "length", "model_length": "length", "unknown": None}
_ROLE = re.compile(r"(?:\A|\n\n?)\*\*(System|User|Assistant|Tool)\*\*: ?\n?")


class Came(NamedTuple):
    """A reply, or why there is none."""

    reply: Reply | None
    error: str | None = None


def reply_of(output: Mapping[str, object], *, choice: int = 0) -> Came:
    """The reply of a response, in the shape of OpenAI (generation 1) or of EvalScope.

    :param choice: which of its choices.
    """
    error = output.get("error")
    choices = mappings(output.get("choices"))
    if error or len(choices) <= choice:
        return Came(None, text_of(error) or "EvalScope recorded no reply")
    chosen = choices[choice]
    message = mapping(chosen.get("message"))
    perf = mapping(output.get("perf_metrics")) or mapping(message.get("perf_metrics"))
    latency = number(perf.get("latency"))
    latency = number(output.get("time")) if latency is None else latency
    text, noted = storable(text_of(message.get("content")))
    thought, also_noted = storable(_reasoning(message))
    end = chosen.get("finish_reason") or chosen.get("stop_reason")
    end = end if isinstance(end, str) else None
    reply = Reply(
        text=text,
        reasoning=thought or None,
        finish_reason=_ENDS.get(end, end) if end is not None else None,
        usage=_usage(mapping(output.get("usage"))),
        latency_s=latency,
        timing=Timing(first_token_s=number(perf.get("ttft"))),
        model=text_of(output.get("model")) or None,
        cleaned=noted or also_noted,
    )
    return Came(reply)


def reply_of_text(text: str) -> Came:
    """A reply of which nothing but the text is known."""
    clean, noted = storable(text)
    return Came(Reply(text=clean, latency_s=None, cleaned=noted))


def asked_of(messages: object) -> tuple[Message, ...]:
    """The messages that were sent, of a whole exchange: those before the last reply."""
    all_of_it = mappings(messages)
    if all_of_it and all_of_it[-1].get("role") == "assistant":
        all_of_it = all_of_it[:-1]
    return tuple(
        Message(role=text_of(one.get("role")) or "user", content=text_of(one.get("content")))
        for one in all_of_it
    )


def asked_in_markdown(shown: str) -> tuple[Message, ...]:
    """The messages out of the text that generation 2 shows them as: ``**User**: …``."""
    marks = list(_ROLE.finditer(shown))
    if not marks or marks[0].start():
        return (Message(role="user", content=shown),) if shown else ()
    ends = [mark.start() for mark in marks[1:]] + [len(shown)]
    return tuple(
        Message(role=mark[1].lower(), content=shown[mark.end() : end])
        for mark, end in zip(marks, ends, strict=True)
    )


def text_of(value: object) -> str:
    """A message's content as text: of several parts those that are text."""
    if isinstance(value, str):
        return value
    texts = [part.get("text") for part in mappings(value) if part.get("type", "text") == "text"]
    return "\n".join(text for text in texts if isinstance(text, str))


def mapping(value: object) -> Mapping[str, object]:
    """A mapping as it is, anything else as an empty one."""
    return value if isinstance(value, Mapping) else {}


def mappings(value: object) -> Sequence[Mapping[str, object]]:
    """The mappings of a list."""
    return [one for one in value if isinstance(one, Mapping)] if isinstance(value, list) else []


def number(value: object) -> float | None:
    """A number that can be a time, a count or a score; truth values too."""
    try:
        return float(value) if isinstance(value, bool | int | float) else None
    except OverflowError:  # hundreds of digits
        return None


def _reasoning(message: Mapping[str, object]) -> str:
    parts = [part.get("reasoning") for part in mappings(message.get("content"))]
    texts = [text for text in parts if isinstance(text, str) and text]
    return "\n".join(texts) or text_of(message.get("reasoning_content"))


def _usage(usage: Mapping[str, object]) -> Usage:
    prompt = number(usage.get("prompt_tokens", usage.get("input_tokens")))
    completion = number(usage.get("completion_tokens", usage.get("output_tokens")))
    return Usage(
        prompt_tokens=None if prompt is None else int(prompt),
        completion_tokens=None if completion is None else int(completion),
    )
