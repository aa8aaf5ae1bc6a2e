"""How the options of a question are written in its prompt: a line each."""

from __future__ import annotations

from collections.abc import Callable

from pytest_iqeval.core.plain import kind_of
from pytest_iqeval.core.sample import Sample
from pytest_iqeval.core.tasks.prompts import fill, template_faults

OPTION = "{label}) {text}"
"""The form of one, where a definition has no ``option`` of its own."""


def option_form(value: object, fault: Callable[[str, str], None]) -> str:
    """The field ``option`` of a definition: how its own prompts write one, ``{label}. {text}``."""
    if value is None:
        return OPTION
    if not isinstance(value, str):
        mend = 'write `option: "{label}. {text}"`'
        fault("option", f"must be a template, not {kind_of(value)}; {mend}")
        return OPTION
    if len(value.splitlines()) > 1:
        fault("option", "has several lines; an option is one line of the prompt")
    for said in template_faults(
        value, has=("label", "text"), needs=("label", "text"), what="an option"
    ):
        fault("option", said)
    return value


def options_shown(sample: Sample, form: str = OPTION) -> str:
    """The options of a sample, a line each; empty for a free question."""
    pairs = zip(sample.labels, sample.choices, strict=True)
    if form == OPTION:
        return "\n".join(f"{label}) {text}" for label, text in pairs)
    return "\n".join(fill(form, {"label": label, "text": text}) for label, text in pairs)
