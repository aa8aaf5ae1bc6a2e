"""Prompt templates that can't run code.

``{question}``, ``{options}``, ``{letters}`` and ``{subset}`` are replaced, ``{{`` and ``}}`` are
braces. It is not `str.format`: no attributes, no indexing, no format specifications.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache

PLACEHOLDERS = ("question", "options", "letters", "subset")

_TOKEN = re.compile(r"\{\{|\}\}|\{(?P<name>[^{}\n]*)\}|[{}]")


def template_faults(
    template: str,
    *,
    has: Sequence[str] = PLACEHOLDERS,
    needs: Iterable[str] = ("question",),
    what: str = "a prompt",
) -> list[str]:
    """What is wrong with a template, a sentence each; empty when it can be filled.

    :param has: the placeholders that it may name, of which it must name all that it `needs`.
    :param what: what it is a template of.
    """
    faults = []
    named = set()
    for token in _TOKEN.finditer(template):
        name, text = token["name"], token.group()
        named.add(name)
        if name is None and text in "{}":
            line = template.count("\n", 0, token.start()) + 1
            faults.append(f"has a lone {text} in its line {line}; write {text * 2} for a brace")
        elif name is not None and name not in has:
            faults.append(
                f"names the field {{{name}}}, but {what} has: {', '.join(has)}; "
                f"take {{{name}}} out, or write {{{{{name}}}}} if the braces are meant"
            )
    lacks = [name for name in needs if name not in named]
    return [*faults, *(f"never names {{{name}}}{_WITHOUT.get(name, '')}" for name in lacks)]


_WITHOUT = {"question": ", so every sample would be asked the same"}


def fill(template: str, values: Mapping[str, str]) -> str:
    """The template with each placeholder replaced; braces inside the values stay as they are."""
    return "".join(filled(template, values))


def filled(template: str, values: Mapping[str, str]) -> tuple[str, ...]:
    """The same in pieces: what prompts share are the same objects in all of them."""
    return tuple(
        values.get(text, f"{{{text}}}") if is_name else text for is_name, text in _parts(template)
    )


@lru_cache(maxsize=256)
def _parts(template: str) -> tuple[tuple[bool, str], ...]:
    """Names of placeholders, and the texts around them."""
    parts: list[tuple[bool, str]] = []
    literal, at = "", 0
    for token in _TOKEN.finditer(template):
        literal += template[at : token.start()]
        at = token.end()
        name = token["name"]
        if name is None:
            literal += token.group()[0]
        else:
            parts += [(False, literal), (True, name)]
            literal = ""
    parts.append((False, literal + template[at:]))
    return tuple(part for part in parts if part != (False, ""))
