"""What the fields of a definition share: values that are checked, and faults that say where."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from pytest_iqeval.core.errors import nearest_hint
from pytest_iqeval.core.plain import any_of, kind_of, quoted, unstorable
from pytest_iqeval.core.sample import safe_id

# Classes of gate rows in JUnit: a benchmark of that name would mix with them.
_RESERVED = ("run", "gate")


class Checks:
    """Reads the values that many fields have, and collects what is wrong.

    ``where`` is a field as the user would find it: ``data[2].test``.
    """

    def __init__(self, file: str) -> None:
        """:param file: the definition's, for messages."""
        self._file = file
        self.faults: list[str] = []

    def fault(self, where: str, what: str) -> None:
        """Note what is wrong, and what to do about it."""
        self.faults.append(f"{self._file}: {where}: {what}")

    def unknown(self, key: object, prefix: str, known: Iterable[str]) -> None:
        """A field that there is not."""
        if isinstance(key, str):
            self.fault(f"{prefix}{key}", f"there is no such field; {nearest_hint(key, known)}")
        else:
            self.fault(f"{prefix}{key}", f"a field's name is text, not {kind_of(key)}")

    def text(
        self, where: str, value: object, *, required: bool = False, mend: str = "write text"
    ) -> str | None:
        """A text that is not blank; ``None`` where it is left out, or at fault."""
        if value is None:
            if required:
                self.fault(where, "is missing; add it")
            return None
        if not isinstance(value, str):
            if isinstance(value, bool | int | float):
                mend = "put it in quotes"
            self.fault(where, f"must be text, not {kind_of(value)}; {mend}")
            return None
        if not value.strip():
            self.fault(where, "is empty; fill it in" + ("" if required else ", or take it out"))
            return None
        if unstorable(value):
            self.fault(where, f"holds {unstorable(value)}; take that out")
            return None
        return value

    def name(self, where: str, name: str | None) -> str:
        """The name of a benchmark or subset; empty where there is none."""
        if name is None:
            return ""
        if fault := name_fault(name):
            self.fault(where, fault)
        return name

    def one_of(
        self, where: str, value: object, known: tuple[str, ...], *, required: bool = False
    ) -> str:
        """One of a few words; empty where there is none."""
        word = self.text(where, value, required=required)
        if word is not None and word not in known:
            self.fault(where, f"{quoted(word)} is unknown; write {any_of(known)}")
        return word or ""

    def mapping(
        self, where: str, value: object, known: Iterable[str], *, example: str
    ) -> Mapping[str, object]:
        """A mapping whose keys are known; empty where it is left out."""
        if value is None:
            return {}
        if not isinstance(value, Mapping):
            self.fault(where, f"must be a mapping, not {kind_of(value)}; `{example}`")
            return {}
        names = tuple(known)
        for key in value:
            if key not in names:
                self.unknown(key, f"{where}.", names)
        return {key: one for key, one in value.items() if key in names}


def name_fault(name: str) -> str | None:
    """Why a text can't be the name of a benchmark or subset."""
    if name.casefold() in _RESERVED:
        return f"{name} is kept for gates; choose another name"
    if name == safe_id(name) and name.strip("."):
        return None
    would = safe_id(name).strip(".")
    return f"{quoted(name)} can't be a name; use letters, digits, '-', '_' and '.'" + (
        f", such as {would}" if would.strip("-") else ""
    )
