"""What a gate is, apart from how it is written and judged."""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass
from fractions import Fraction

BOUNDS = ("lower", "upper")
EACH = ("subset", "benchmark")
BASELINE_FORMS = ("drop", "not_worse", "no_regressions")
"""Gates that compare a run with its baseline."""
FORMS = (*BASELINE_FORMS, "must_pass")


@dataclass(frozen=True, slots=True, kw_only=True)
class Scope:
    """Which questions a gate is about; ``text`` as it stands in the expression.

    Exactly one is set: ``benchmark`` (with ``subset`` or without), ``field`` (name and value of
    a sample's field), or ``each`` (``subset`` or ``benchmark``: one row for each of them).
    """

    text: str
    benchmark: str | None = None
    subset: str | None = None
    field: tuple[str, str] | None = None
    each: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Gate:
    """A condition on the aggregate.

    ``condition`` is all of it but the scope, with one spacing. ``form`` is one of `FORMS`, or
    ``None`` for ``METRIC OP VALUE``. ``bound`` is ``lower`` or ``upper`` where the gate is about
    an end of the metric's interval at ``level`` (0 to 1).
    ``threshold`` is exact: a share (0 to 1), a count, or seconds; ``unit`` (``%``, ``pt``, ``s``,
    ``ms`` or nothing) is how the user wrote it, and how what was observed is printed. For
    ``no_regressions`` it is a p value, for ``must_pass`` how many may fail: none.
    ``field`` is what the questions of ``must_pass`` have.

    ``home`` is the benchmark whose definition holds the gate: it is about its questions alone.
    ``origin`` says where it was written, and makes no other gate of it.
    """

    condition: str
    form: str | None = None
    scope: Scope | None = None
    metric: str
    bound: str | None = None
    level: float = 0.95
    op: str
    threshold: Fraction
    unit: str = ""
    field: tuple[str, str] | None = None
    home: str | None = None
    origin: str | None = dataclasses.field(default=None, compare=False)

    @property
    def expression(self) -> str:
        """The gate's name in every report; parsing it gives an equal gate."""
        return self.scoped(None if self.scope is None else self.scope.text)

    def scoped(self, scope: str | None) -> str:
        """The expression with another scope."""
        return self.condition if scope is None else f"{scope}: {self.condition}"

    @property
    def measured(self) -> str:
        """What reports call the metric: ``accuracy``, ``drop(accuracy)``, ``must_pass``."""
        return f"{self.form}({self.metric})" if self.form in ("drop", "not_worse") else self.metric
