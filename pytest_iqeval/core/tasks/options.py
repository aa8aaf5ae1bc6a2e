"""How the options of a question are written in its prompt: a line each."""

from __future__ import annotations

from pytest_iqeval.core.definition_checks import Checks
from pytest_iqeval.core.sample import Sample
from pytest_iqeval.core.tasks.prompts import fill, template_faults

OPTION = "{label}) {text}"
"""The form of one, where a definition has no ``option`` of its own."""


def option_form(value: object, checks: Checks) -> str:
    """The field ``option`` of a definition: how its own prompts write one, ``{label}. {text}``."""
    form = checks.text("option", value, mend='write `option: "{label}. {text}"`')
    if form is None:
        return OPTION
    if len(form.splitlines()) > 1:
        checks.fault("option", "has several lines; an option is one line of the prompt")
    parts = ("label", "text")
    for said in template_faults(form, has=parts, needs=parts, what="an option"):
        checks.fault("option", said)
    return form


def options_shown(sample: Sample, form: str = OPTION) -> str:
    """The options of a sample, a line each; empty for a free question."""
    pairs = zip(sample.labels, sample.choices, strict=True)
    if form == OPTION:
        return "\n".join(f"{label}) {text}" for label, text in pairs)
    return "\n".join(fill(form, {"label": label, "text": text}) for label, text in pairs)
