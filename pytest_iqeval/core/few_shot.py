"""How a definition shows examples before its questions: its field ``few_shot``.

few_shot: 5                         # as many as are shown unless --iqeval-few-shot says else

few_shot:
  count: 5
  example: |-                       # one of them; the language's own form where left out
    {question}
    {options}
    ANSWER: {answer}
  prompt: |                         # in place of `prompt`, when any is shown
    Here are some examples:

    {examples}

    {question}
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from pytest_iqeval.core.errors import nearest_hint
from pytest_iqeval.core.plain import kind_of, quoted, unstorable
from pytest_iqeval.core.tasks.prompts import PLACEHOLDERS, template_faults

Fault = Callable[[str, str], None]
"""Takes where something is wrong, and what."""

EXAMPLE_PLACEHOLDERS = (*PLACEHOLDERS, "answer", "explanation")
PROMPT_PLACEHOLDERS = (*PLACEHOLDERS, "examples")
_KEYS = ("count", "example", "prompt")


@dataclass(frozen=True, slots=True, kw_only=True)
class FewShot:
    """So many examples are shown before a question unless the user says how many.

    ``example`` is the template of one of them, ``prompt`` that of the whole, in place of the
    definition's; where they are ``None``, examples are shown in the general form of the language,
    before the definition's own prompt.
    """

    count: int = 0
    example: str | None = None
    prompt: str | None = None


NO_EXAMPLES = FewShot()
"""Where a definition says nothing."""


def few_shot(value: object, fault: Fault) -> FewShot:
    """The field's value, checked; a number alone is the count."""
    if value is None:
        return NO_EXAMPLES
    if not isinstance(value, Mapping):
        return FewShot(count=_count("few_shot", value, fault))
    for key in value:
        if key not in _KEYS:
            said = (
                f"there is no such field; {nearest_hint(key, _KEYS)}"
                if isinstance(key, str)
                else f"a field's name is text, not {kind_of(key)}"
            )
            fault(f"few_shot.{key}", said)
    example = _template(
        "example", value, fault, has=EXAMPLE_PLACEHOLDERS, needs=("question",), what="an example"
    )
    if example is not None and "{answer}" not in example and "{explanation}" not in example:
        fault("few_shot.example", "never names {answer}: it would show nothing to answer by")
    return FewShot(
        count=_count("few_shot.count", value.get("count", 0), fault),
        example=example,
        prompt=_template(
            "prompt",
            value,
            fault,
            has=PROMPT_PLACEHOLDERS,
            needs=("question", "examples"),
            what="this prompt",
        ),
    )


def _count(where: str, value: object, fault: Fault) -> int:
    if isinstance(value, int) and not isinstance(value, bool) and value >= 0:
        return value
    said = quoted(value) if isinstance(value, str | float | int) else kind_of(value)
    fault(where, f"must be how many examples are shown, not {said}; write 5, or 0 for none")
    return 0


def _template(
    key: str,
    value: Mapping[object, object],
    fault: Fault,
    *,
    has: tuple[str, ...],
    needs: tuple[str, ...],
    what: str,
) -> str | None:
    where, text = f"few_shot.{key}", value.get(key)
    if text is None:
        return None
    if not isinstance(text, str):
        fault(where, f"must be a template, not {kind_of(text)}")
        return None
    if not text.strip():
        fault(where, "is empty; fill it in, or take it out")
        return None
    if unstorable(text):
        fault(where, f"holds {unstorable(text)}; take that out")
    for what_is_wrong in template_faults(text, has=has, needs=needs, what=what):
        fault(where, what_is_wrong)
    return text
