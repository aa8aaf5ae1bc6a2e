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
        See `question_texts`.
    :param clean: makes of a message what the page may show.
    """
    return [(clean(message.role), _pieces(clean(message.content), texts)) for message in messages]


def question_texts(question: str, labels: Sequence[str], choices: Sequence[str]) -> tuple[str, ...]:
    """A question, all its options, and each of them: `promptPart` of the page does the same."""
    return (question, options_text(labels, choices), *choices)


def options_text(labels: Sequence[str], choices: Sequence[str]) -> str:
    """Options a line each, as most prompts have them."""
    return "\n".join(f"{label}) {choice}" for label, choice in zip(labels, choices, strict=True))


def _pieces(content: str, texts: Sequence[str]) -> list[str | int]:
    pieces: list[str | int] = [content]
    for place in _places(content, texts):
        if texts[place]:
            pieces = _without(pieces, texts[place], place)
    return pieces


def _places(content: str, texts: Sequence[str]) -> Sequence[int]:
    """Which of the texts are taken out: options one by one where a prompt has its own form of them.

    From the last one on, since a short text stands in many others.
    """
    if len(texts) < 2 or not texts[1] or texts[1] in content:
        return range(min(2, len(texts)))
    return (0, *reversed(range(2, len(texts))))


def _without(pieces: list[str | int], text: str, place: int) -> list[str | int]:
    """Pieces without the last `text` in them: examples come first, and may be like the question."""
    for at in reversed(range(len(pieces))):
        piece = pieces[at]
        if isinstance(piece, str) and text in piece:
            before, _, after = piece.rpartition(text)
            found = [part for part in (before, place, after) if part != ""]
            return [*pieces[:at], *found, *pieces[at + 1 :]]
    return pieces
