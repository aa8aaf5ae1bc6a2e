"""Which subset a row or a file belongs to, under the name that node ids have."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from pytest_iqeval.core.definition import EACH, Definition, Layout
from pytest_iqeval.core.definition_checks import name_fault
from pytest_iqeval.core.errors import nearest_hint
from pytest_iqeval.core.plain import kind_of, quoted
from pytest_iqeval.core.sample import safe_id
from pytest_iqeval.sources.records import Row
from pytest_iqeval.sources.values import is_in, value_at


class Subsets:
    """The subsets of one benchmark, as its files and rows name them.

    Where the definition lists subsets there are no others; else every name is one.
    """

    def __init__(self, definition: Definition, layout: Layout, *, examples: bool = False) -> None:
        """:param examples: rows of a subset that there is not are of no use, and no fault."""
        self._lenient = examples
        self._facts = definition.subsets
        self._field = layout.subset
        self._mapped = {definition.group, *definition.fields}
        self._names: dict[object, str] = {}
        self._told: set[str] = set()

    def fault_of_file(self, rows: Sequence[Row], name: str | None) -> str | None:
        """Why the subset of a file can't be told, or is none.

        :param name: what the file's name, or the layout, says; ``None`` where its rows do.
        """
        if name is not None:
            return None if name == EACH else self._fault(name)
        field = str(self._field)
        if not rows or any(is_in(row.values, field) for row in rows):
            return None
        near = nearest_hint(field, dict.fromkeys(column for row in rows for column in row.values))
        return f"subset: no row has the column {field}; say which it is in the layout ({near})"

    def of_row(self, row: Row) -> tuple[str | None, str | None]:
        """The subset that a row says; or what is wrong with it, which is told once for a name."""
        value = value_at(row.values, str(self._field))
        if isinstance(value, str | int) and value in self._names:
            return self._names[value], None
        if isinstance(value, bool) or not isinstance(value, str | int) or value == "":
            blank = value is None or value == ""
            what = "is missing" if blank else f"is {kind_of(value)}"
            return None, f"{self._field}: {what}; it says the subset of the question, as text"
        fault = self._fault(str(value))
        if fault is None:
            self._names[value] = safe_id(str(value))
            return self._names[value], None
        if self._lenient or fault in self._told:
            return None, None
        self._told.add(fault)
        return None, f"{self._field}: {fault}"

    def complete(self, metadata: dict[str, object], subset: str) -> None:
        """Add what is known of the subset, and take out the column that only repeats its name."""
        facts, field = self._facts.get(subset, {}), str(self._field)
        if metadata.get(field) == subset and (field in facts or field not in self._mapped):
            del metadata[field]
        for name, fact in facts.items():
            if metadata.get(name) in (None, ""):
                metadata[name] = fact

    def _fault(self, name: str) -> str | None:
        safe = safe_id(name)
        if not self._facts:
            return name_fault(safe)
        if safe in self._facts:
            return None
        return f"{quoted(name)} is no subset; {nearest_hint(safe, self._facts)}"


def in_order(definition: Definition, found: Iterable[str]) -> list[str]:
    """The subsets as the definition lists them, and any others as they were found."""
    names = dict.fromkeys(found)
    listed = [name for name in definition.subsets if name in names]
    return [*listed, *(name for name in names if name not in definition.subsets)]
