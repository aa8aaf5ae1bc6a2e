"""The messages of a prompt as a frame: what stands in the question's row is left out of it.

All questions of a benchmark share their instructions and examples, so a page keeps each frame once
and puts a question's own texts back where somebody opens it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from pytest_iqeval.core.request import Message

Sent = Callable[[Mapping[str, Any]], Sequence[Message] | None]
"""Gives the messages that the question of a review row was asked with; ``None``: not known."""

Frame = list[tuple[str, list[str | int]]]
"""A role and pieces for each message; a number is the place of one of the question's texts."""


def frame_of(
    messages: Sequence[Message], texts: Sequence[str], clean: Callable[[str], str]
) -> Frame:
    """The frame of messages; put together with `texts` it gives them again.

    :param texts: of the question, as the page has them; empty ones are passed over.
    :param clean: makes of a message what the page may show.
    """
    return [(clean(message.role), _pieces(clean(message.content), texts)) for message in messages]


def options_text(labels: Sequence[str], choices: Sequence[str]) -> str:
    """Options a line each, as a prompt has them; `promptPart` of the page does the same."""
    return "\n".join(f"{label}) {choice}" for label, choice in zip(labels, choices, strict=True))


def _pieces(content: str, texts: Sequence[str]) -> list[str | int]:
    pieces: list[str | int] = [content]
    for place, text in enumerate(texts):
        if text:
            pieces = [part for piece in pieces for part in _without(piece, text, place)]
    return pieces


def _without(piece: str | int, text: str, place: int) -> list[str | int]:
    """A piece without the last `text` in it: examples come first, and may be like the question."""
    if isinstance(piece, int) or text not in piece:
        return [piece]
    before, _, after = piece.rpartition(text)
    return [part for part in (before, place, after) if part != ""]
