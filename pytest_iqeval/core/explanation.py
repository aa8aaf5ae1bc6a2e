"""Why a reply was read as it was: every rule of a reader's table, and what came of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from pytest_iqeval.core.extract.reading import Reading, Rule, Tried


@dataclass(frozen=True, slots=True, kw_only=True)
class RuleTried:
    """A row of the table with what it found in one reply.

    ``read`` is the span that was read as the answer, ``dismissed`` what it found and does not
    count. Where both are empty it found nothing that would count instead.
    """

    rule: Rule
    read: tuple[int, int] | None
    dismissed: tuple[Tried, ...]


def rules_tried(rules: Sequence[Rule], reading: Reading) -> tuple[RuleTried, ...]:
    """One a rule, in the order of the table, then rules that the table does not have."""
    found = [t.rule for t in reading.tried] + ([reading.rule] if reading.rule else [])
    known = {rule.name for rule in rules}
    further = [
        Rule(name=name, language="any", matches="", example="", reads="")
        for name in dict.fromkeys(found)
        if name not in known
    ]
    return tuple(
        RuleTried(
            rule=rule,
            read=reading.span if rule.name == reading.rule else None,
            dismissed=tuple(t for t in reading.tried if t.rule == rule.name),
        )
        for rule in (*rules, *further)
    )
