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

from collections.abc import Mapping
from dataclasses import dataclass

from pytest_iqeval.core.definition_checks import Checks
from pytest_iqeval.core.plain import kind_of, quoted
from pytest_iqeval.core.tasks.prompts import PLACEHOLDERS, template_faults

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


def few_shot(value: object, checks: Checks) -> FewShot:
    """The field's value, checked; a number alone is the count."""
    if value is None:
        return NO_EXAMPLES
    if not isinstance(value, Mapping):
        return FewShot(count=_count("few_shot", value, checks))
    given = checks.mapping("few_shot", value, _KEYS, example="few_shot: {count: 5}")
    example = _template(
        "example",
        given,
        checks,
        has=EXAMPLE_PLACEHOLDERS,
        needs=("question",),
        what="an example",
    )
    if example is not None and "{answer}" not in example and "{explanation}" not in example:
        said = "never names {answer}: it would show nothing to answer by"
        checks.fault("few_shot.example", said)
    return FewShot(
        count=_count("few_shot.count", given.get("count", 0), checks),
        example=example,
        prompt=_template(
            "prompt",
            given,
            checks,
            has=PROMPT_PLACEHOLDERS,
            needs=("question", "examples"),
            what="this prompt",
        ),
    )


def _count(where: str, value: object, checks: Checks) -> int:
    if isinstance(value, int) and not isinstance(value, bool) and value >= 0:
        return value
    said = quoted(value) if isinstance(value, str | float | int) else kind_of(value)
    mend = "write 5, or 0 for none"
    checks.fault(where, f"must be how many examples are shown, not {said}; {mend}")
    return 0


def _template(
    key: str,
    given: Mapping[str, object],
    checks: Checks,
    *,
    has: tuple[str, ...],
    needs: tuple[str, ...],
    what: str,
) -> str | None:
    where = f"few_shot.{key}"
    text = checks.text(where, given.get(key))
    if text is not None:
        for fault in template_faults(text, has=has, needs=needs, what=what):
            checks.fault(where, fault)
    return text
