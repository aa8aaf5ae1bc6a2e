"""The wire format of chat completions: a request's body, and the reply in a body."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from itertools import chain
from typing import Any

from pytest_iqeval.core.clean import storable
from pytest_iqeval.core.request import Reply, Request, Usage
from pytest_iqeval.endpoint.failures import Explainer
from pytest_iqeval.endpoint.finish import finish_reason, is_server_fault
from pytest_iqeval.endpoint.meaning import is_content_filter
from pytest_iqeval.endpoint.parse import parsed
from pytest_iqeval.endpoint.providers import Endpoint
from pytest_iqeval.endpoint.stream import Joiner, is_stream
from pytest_iqeval.endpoint.watch import WIRE_FAULTS, Watch
from pytest_iqeval.endpoint.words import Words, is_html, words_of_json

# ASCII only: a lone surrogate in a data set can't be encoded, but it can be escaped.
_ENCODER = json.JSONEncoder(separators=(",", ":"), allow_nan=False)
_MOST_TOKENS = 2**53  # of a count that is believed; SQLite holds no more than 2**63


def request_body(
    endpoint: Endpoint, model: str, request: Request, *, stream: bool = False
) -> bytes:
    """The JSON to send: model, messages, the endpoint's fields, the request's; nothing else.

    A field of the request wins over the endpoint's, and is left out where it is ``None``; what
    the user removed stays out.
    """
    own = dict(request.body)
    if "max_tokens" in own:  # by the name that this endpoint knows
        own[endpoint.token_field] = own.pop("max_tokens")
    fields: dict[str, object] = {
        "model": model,
        "messages": [{"role": m.role, "content": m.content} for m in request.messages],
        **({"stream": True, "stream_options": {"include_usage": True}} if stream else {}),
        **endpoint.generation,
        **{k: v for k, v in own.items() if k not in endpoint.removed},
    }
    for name in [name for name, value in own.items() if value is None]:
        fields.pop(name, None)
    if stream and "stream_options" in endpoint.removed:
        del fields["stream_options"]
    return _ENCODER.encode(fields).encode("ascii")


def read_reply(
    chunks: Iterable[bytes], content_type: str, explain: Explainer, watch: Watch
) -> Reply:
    """The reply in the body of a 200, read as it comes in, whole or as a stream.

    `watch` is told of the first token and of a stream's end; seconds and ``attempts`` of the
    reply are not its affair.

    :raises NoReply: an HTML page, broken JSON, an error object, no choices, a cut stream.
    """
    kept, pieces = bytearray(), iter(chunks)
    for chunk in pieces:
        kept += chunk
        if is_stream(bytes(kept[:200]), content_type):
            return _read_stream(chain([bytes(kept)], pieces), explain, watch)
    return _read_whole(bytes(kept), content_type, explain)


def _read_stream(chunks: Iterable[bytes], explain: Explainer, watch: Watch) -> Reply:
    joiner = Joiner()
    try:
        try:
            _join(joiner, chunks, watch)
        except WIRE_FAULTS:
            if not joiner.finished:
                raise
            watch.left_open()  # or it broke; either way the reply is here
        data = joiner.end()
    except (ValueError, RecursionError):
        raise explain.broken("the reply is a stream with a line that is not JSON") from None
    if data is None:
        raise explain.broken("the reply is a stream that breaks off")
    return parse_reply(data, explain, cleaned="invalid UTF-8" if joiner.bad_bytes else None)


def _join(joiner: Joiner, chunks: Iterable[bytes], watch: Watch) -> None:
    heard = -1
    for chunk in chunks:
        joiner.feed(chunk)
        if joiner.spoken:
            watch.spoke()
        if joiner.done:
            watch.end()
            return
        if joiner.finished and joiner.spoken != heard:  # some say so in every piece
            heard = joiner.spoken
            watch.last_word()


def _read_whole(body: bytes, content_type: str, explain: Explainer) -> Reply:
    text, bad_bytes = _decoded(body)
    if not text.strip():
        raise explain.broken("the reply is empty")
    if is_html(text, content_type):
        raise explain.broken("the reply is not JSON", text)
    try:
        data = parsed(text)
    except (ValueError, RecursionError):
        raise explain.broken("the reply is not JSON", text) from None
    return parse_reply(data, explain, cleaned=bad_bytes)


def parse_reply(data: object, explain: Explainer, *, cleaned: str | None = None) -> Reply:
    """The reply in a chat completion, as OpenAI and its imitators write it.

    :param cleaned: what was already replaced in the bytes.
    :raises NoReply: an error object, or no message to read.
    """
    if not isinstance(data, dict):
        raise explain.broken(f"the reply is a JSON {type(data).__name__}, not an object")
    if data.get("error"):
        return _without_message(data, explain)
    choices = data.get("choices")
    choice = choices[0] if isinstance(choices, list) and choices else None
    if not isinstance(choice, dict):
        return _without_message(data, explain)
    if choice.get("error"):  # a gateway's way to say that the model's own server failed
        return _without_message(choice, explain)
    ended = finish_reason(choice.get("finish_reason"))
    if is_server_fault(ended):
        raise explain.broken(f"the server broke the reply off (finish_reason {ended})")
    message = choice.get("message")
    if not isinstance(message, dict):
        raise explain.broken("the reply has a choice without a message")
    content, thinking = _content(message.get("content"), explain)
    reasoning = _first_text(message, "reasoning_content", "reasoning", "thinking") or thinking
    said: list[str | None] = [cleaned]

    def clean(value: object, name: str | None = None) -> str | None:
        """`value` if it is text, made storable, without secrets; what was replaced is noted."""
        if not isinstance(value, str) or not value:
            return None
        text, replaced = storable(value)
        shown = explain.redact_reply(text)
        notes = [replaced, "a secret" if shown != text else None]
        said.extend(f"{name}: {n}" if name else n for n in notes if n)
        return shown

    return Reply(
        text=clean(content) or "",
        reasoning=clean(reasoning, "reasoning"),
        refusal=clean(message.get("refusal"), "refusal"),
        finish_reason=clean(ended, "finish_reason"),
        model=clean(data.get("model"), "model"),
        usage=_usage(data.get("usage")),
        cleaned=", ".join(s for s in said if s) or None,
    )


def _without_message(data: Mapping[str, Any], explain: Explainer) -> Reply:
    filtered = filtered_reply(words_of_json(data), explain)
    if filtered is not None:
        return filtered
    raise explain.error_object(data) if data.get("error") else explain.no_choices(data)


def filtered_reply(said: Words, explain: Explainer) -> Reply | None:
    """What a content filter answers in place of a reply, as a reply that it ended before its
    first word; ``None`` where `said` is of no filter."""
    if not is_content_filter(said):
        return None
    message = {"content": None, "refusal": said.text}
    choice = {"message": message, "finish_reason": "content_filter"}
    return parse_reply({"choices": [choice]}, explain)


def _content(content: object, explain: Explainer) -> tuple[str, str | None]:
    """Text and reasoning of a message's content: text, nothing, or a list of parts."""
    if content is None:
        return "", None
    if isinstance(content, str):
        return content, None
    if not isinstance(content, list):
        raise explain.broken(f"the reply's content is a JSON {type(content).__name__}, not text")
    text: list[str] = []
    thinking: list[str] = []
    for part in content:
        if isinstance(part, str):
            text.append(part)
        elif isinstance(part, dict) and isinstance(part.get("text"), str):
            (thinking if part.get("type") in ("thinking", "reasoning") else text).append(
                part["text"]
            )
        elif isinstance(part, dict) and part.get("type") == "thinking":
            inner = part.get("thinking")
            steps = inner if isinstance(inner, list) else [{"text": inner}]
            texts = (step.get("text") for step in steps if isinstance(step, dict))
            thinking += [text for text in texts if isinstance(text, str)]
    return "".join(text), "".join(thinking) or None


def _first_text(message: Mapping[str, Any], *names: str) -> str | None:
    return next((v for n in names if isinstance(v := message.get(n), str) and v), None)


def _usage(usage: object) -> Usage:
    if not isinstance(usage, dict):
        return Usage()
    return Usage(
        prompt_tokens=_count(usage.get("prompt_tokens")),
        completion_tokens=_count(usage.get("completion_tokens")),
    )


def _count(value: object) -> int | None:
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    return value if type(value) is int and 0 <= value < _MOST_TOKENS else None  # not a bool


def _decoded(body: bytes) -> tuple[str, str | None]:
    try:
        return body.decode("utf-8-sig"), None
    except UnicodeDecodeError:
        return body.decode("utf-8-sig", "replace"), "invalid UTF-8"
