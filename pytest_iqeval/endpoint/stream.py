"""A streaming body, joined into the completion that it would have been."""

from __future__ import annotations

import json
from typing import Any


def is_stream(text: str, content_type: str) -> bool:
    """Whether a body is server-sent events."""
    return "text/event-stream" in content_type or text.lstrip().startswith("data:")


def join_stream(text: str) -> dict[str, Any] | None:
    """The chunks of ``data:`` lines as one chat completion; ``None`` if it ends before its end.

    Some servers and gateways stream although nobody asked. Content, reasoning and refusal are
    appended; of every other field the last value counts. Only the first choice is read.

    :raises ValueError: a line that is not JSON.
    """
    whole: dict[str, Any] = {}
    message: dict[str, Any] = {}
    finish_reason, done = None, False
    for line in text.splitlines():
        name, _colon, data = line.partition(":")
        if name.strip() != "data":
            continue  # comments, event names, ids, blank lines
        if data.strip() == "[DONE]":
            done = True
            break
        chunk = json.loads(data)
        if not isinstance(chunk, dict):
            continue
        whole |= {k: v for k, v in chunk.items() if k != "choices" and v is not None}
        choices = chunk.get("choices")
        for choice in choices if isinstance(choices, list) else ():
            if not isinstance(choice, dict) or choice.get("index", 0) != 0:
                continue
            _append(message, choice.get("delta") or choice.get("message") or {})
            finish_reason = choice.get("finish_reason") or finish_reason
    if "error" not in whole:
        if not done and finish_reason is None:
            return None
        whole["choices"] = [{"message": message, "finish_reason": finish_reason}]
    return whole


def _append(message: dict[str, Any], delta: Any) -> None:
    if not isinstance(delta, dict):
        return
    for key, value in delta.items():
        if isinstance(value, str) and isinstance(message.get(key), str) and key != "role":
            message[key] += value
        elif value is not None:
            message[key] = value
