"""How the values of a row become a question, beyond which column is which.

The definition's fields `replace`, `separator`, `shuffle`, `repeated_options`, `ids` and
`unavailable`; a layout of its data may have the first two of its own.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from pytest_iqeval.core.plain import kind_of, quoted

Told = Callable[[str, str], None]
"""Takes a fault: where in the definition, and what is wrong there."""

EDITED = ("question", "choices", "answer")
IDS = ("own", "content")
KEYS: Mapping[str, str] = {
    "replace": "what is replaced in the texts of every row, in this order: a list of "
    "{pattern: a regular expression, with: the text in its place (none), in: question, choices, "
    "answer or a list of them (question and choices)}",
    "separator": "what stands between several options in one column",
    "shuffle": "whether options are asked in an order drawn from the question's id",
    "repeated_options": "whether two options of a question may read the same",
    "ids": "own: the data's, where it has them; content: made from question and options, always",
    "unavailable": "subsets or metrics that can't be had, each with the reason",
}
"""The fields, and what the definition's author is told of each."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Edit:
    """What `pattern` matches in the texts of `fields` becomes `text`, which stands for itself."""

    pattern: str
    text: str = ""
    fields: tuple[str, ...] = ("question", "choices")


@dataclass(frozen=True, slots=True, kw_only=True)
class RowRules:
    """The rules of one definition; see `KEYS`. ``separator`` is not kept in the options."""

    edits: tuple[Edit, ...] = ()
    separator: str | None = None
    shuffle: bool = False
    repeated_options: bool = False
    content_ids: bool = False


def row_rules(raw: Mapping[object, object], fault: Told) -> RowRules:
    """The rules that a definition gives; what is wrong with them is told."""
    return RowRules(
        edits=edits(raw.get("replace"), fault),
        separator=separator(raw.get("separator"), fault),
        shuffle=_flag("shuffle", raw.get("shuffle"), fault),
        repeated_options=_flag("repeated_options", raw.get("repeated_options"), fault),
        content_ids=_ids(raw.get("ids"), fault) == "content",
    )


def edits(value: object, fault: Told, *, where: str = "replace") -> tuple[Edit, ...]:
    """`replace`: the edits in their order."""
    if value is None:
        return ()
    if not isinstance(value, list):
        fault(where, f"must be a list, not {kind_of(value)}; `- {{pattern: '^Question: '}}`")
        return ()
    found = [_edit(f"{where}[{n}]", one, fault) for n, one in enumerate(value, start=1)]
    return tuple(edit for edit in found if edit is not None)


def separator(value: object, fault: Told, *, where: str = "separator") -> str | None:
    """`separator`: the text between options."""
    if value is None or (isinstance(value, str) and value):
        return value
    fault(where, "is empty; write the text between options" if value == "" else _text_only(value))
    return None


def unavailable(value: object, fault: Told) -> Mapping[str, str]:
    """`unavailable`: names and why they can't be had."""
    if value is None:
        return {}
    if not isinstance(value, Mapping):
        fault("unavailable", f"must be a mapping, not {kind_of(value)}; `mc2: the reason`")
        return {}
    found = {}
    for name, why in value.items():
        if isinstance(why, str) and why.strip():
            found[str(name)] = why.strip()
        else:
            fault(f"unavailable.{name}", "must say why, as text")
    return found


def _edit(where: str, value: object, fault: Told) -> Edit | None:
    if not isinstance(value, Mapping):
        fault(where, f"must be a mapping, not {kind_of(value)}; `{{pattern: …, with: …}}`")
        return None
    for key in value:
        if key not in ("pattern", "with", "in"):
            fault(f"{where}.{key}", "there is no such field; pattern, with and in are")
    pattern, text = value.get("pattern"), value.get("with", "")
    for key, one in (("pattern", pattern), ("with", text)):
        if not isinstance(one, str):
            fault(f"{where}.{key}", "is missing; add it" if one is None else _text_only(one))
    fields = value.get("in", ["question", "choices"])
    named = fields if isinstance(fields, list) else [fields]
    if not named or not all(name in EDITED for name in named):
        fault(f"{where}.in", f"names what can't be edited; write of {', '.join(EDITED)}")
        return None
    if not isinstance(pattern, str) or not isinstance(text, str):
        return None
    told = _pattern_fault(pattern)
    if told is not None:
        fault(f"{where}.pattern", told)
        return None
    return Edit(pattern=pattern, text=text, fields=tuple(named))


def _pattern_fault(pattern: str) -> str | None:
    # Imported here: most definitions replace nothing.
    from pytest_iqeval.core.extract.patterns import BoundedPattern, PatternFault

    try:
        BoundedPattern.of(pattern)
    except PatternFault as refused:
        return f"{quoted(pattern)} can't be used: {refused}"
    return None


def _flag(where: str, value: object, fault: Told) -> bool:
    if value is not None and not isinstance(value, bool):
        fault(where, f"must be true or false, not {kind_of(value)}")
    return value is True


def _ids(value: object, fault: Told) -> str:
    if value is not None and value not in IDS:
        shown = quoted(value) if isinstance(value, str) else kind_of(value)
        fault("ids", f"{shown} is unknown; write {' or '.join(IDS)}")
    return value if isinstance(value, str) else IDS[0]


def _text_only(value: object) -> str:
    return f"must be text, not {kind_of(value)}; put it in quotes"
