"""The table of rules for code: where in a reply the function stands that was asked for."""

from __future__ import annotations

from pytest_iqeval.core.extract.reading import Rule

_FUNCTION = "def add(x, y):\n    return x + y"
_BODY = "    return x + y"

JSON = Rule(
    name="json-answer",
    language="any",
    matches="the reply is a JSON object with the code under `answer` or `code`",
    example='{"answer": "def add(x, y):\\n    return x + y"}',
    reads=_FUNCTION,
)
FENCED_FUNCTION = Rule(
    name="fenced-function",
    language="any",
    matches="the first fenced block (of Python, or without a language) that defines the function; "
    "one with its head alone only where no other does",
    example=f"Adding is easy:\n\n```python\n{_FUNCTION}\n```\n\nUse it: `add(1, 2)`.",
    reads=_FUNCTION,
)
OPEN_FENCE = Rule(
    name="open-fence",
    language="any",
    matches="a fenced block that never ends, where no other defines the function",
    example=f"```python\n{_FUNCTION}",
    reads=_FUNCTION,
)
FENCED_BODY = Rule(
    name="fenced-body",
    language="any",
    matches="the first fenced block with code that does not define it: it goes on with the prompt",
    example=f"```python\n{_BODY}\n```",
    reads=_BODY,
)
BARE_FUNCTION = Rule(
    name="bare-function",
    language="any",
    matches="lines of Python that define it, without a fence",
    example=f"Here it is:\n\n{_FUNCTION}\n\nIt adds both.",
    reads=_FUNCTION,
)
BARE_BODY = Rule(
    name="bare-body",
    language="any",
    matches="a reply that begins with the lines that go on with the prompt",
    example=f"{_BODY}\n\nThat is all.",
    reads=_BODY,
)
RULES: tuple[Rule, ...] = (
    JSON,
    FENCED_FUNCTION,
    OPEN_FENCE,
    FENCED_BODY,
    BARE_FUNCTION,
    BARE_BODY,
)
