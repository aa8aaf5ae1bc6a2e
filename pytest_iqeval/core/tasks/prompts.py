"""Prompt templates that can't run code.

``{question}``, ``{options}`` and ``{letters}`` are replaced, ``{{`` and ``}}`` are braces. It
is not `str.format`: no attributes, no indexing, no format specifications.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import lru_cache

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
    return "".join(
        text if name is None else values.get(name, text) for name, text in _pieces(template)
    )


@lru_cache(maxsize=64)
def _pieces(template: str) -> tuple[tuple[str | None, str], ...]:
    """A template in pieces: a placeholder's name and text, or ``None`` and what stands there."""
    pieces: list[tuple[str | None, str]] = []
    at = 0
    for token in _TOKEN.finditer(template):
        pieces.append((None, template[at : token.start()]))
        name, text = token["name"], token.group()
        pieces.append((name, text if name is not None else text[0]))
        at = token.end()
    return (*pieces, (None, template[at:]))
