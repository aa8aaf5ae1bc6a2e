"""A scorer's options as a definition gives them: taken one by one, all faults told at once."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from pytest_iqeval.core.errors import DefinitionError, nearest_hint
from pytest_iqeval.core.plain import kind_of, quoted


class Options:
    """Takes options out of a mapping; `done` raises for what was wrong or never asked for."""

    def __init__(self, scorer: str, given: Mapping[str, object], where: str) -> None:
        """:param where: the definition's file, as a prefix of messages (``my.yaml: ``)."""
        self._scorer = scorer
        self._given = given
        self._where = where
        self._known: list[str] = []
        self.faults: list[str] = []

    def fault(self, name: str, what: str) -> None:
        """Note what is wrong with an option."""
        self.faults.append(f"{self._where}scorer: {self._scorer}: {name}: {what}")

    def one_of(self, name: str, known: Sequence[str], default: str) -> str:
        """One word of `known`."""
        value = self._take(name, default)
        if not isinstance(value, str):
            self.fault(name, f"must be {' or '.join(known)}, not {kind_of(value)}")
        elif value not in known:
            self.fault(name, f"{quoted(value)} is unknown; {nearest_hint(value, known)}")
        else:
            return value
        return default

    def flag(self, name: str, default: bool) -> bool:
        """True or false."""
        value = self._take(name, default)
        if isinstance(value, bool):
            return value
        self.fault(name, f"must be true or false, not {kind_of(value)}")
        return default

    def share(self, name: str, default: float) -> float:
        """A number above 0, and at most 1."""
        value = self._take(name, default)
        if isinstance(value, bool) or not isinstance(value, int | float):
            self.fault(name, f"must be a number above 0 and at most 1, not {kind_of(value)}")
        elif not 0 < value <= 1:
            self.fault(name, f"{quoted(value)} can't be; it must be above 0 and at most 1")
        else:
            return float(value)
        return default

    def number(self, name: str, default: float, *, least: float, most: float) -> float:
        """A number within bounds."""
        value = self._take(name, default)
        meant = f"a number from {least:g} to {most:g}"
        if isinstance(value, bool) or not isinstance(value, int | float):
            self.fault(name, f"must be {meant}, not {kind_of(value)}")
        elif not least <= value <= most:
            self.fault(name, f"{quoted(value)} can't be; it must be {meant}")
        else:
            return float(value)
        return default

    def text(self, name: str) -> str | None:
        """A text that is not empty, or ``None`` where it is not given."""
        value = self._take(name, None)
        if value is None or (isinstance(value, str) and value):
            return value
        what = "is empty" if isinstance(value, str) else f"must be text, not {kind_of(value)}"
        self.fault(name, f"{what}; fill it in, or take it out")
        return None

    def names(self, name: str, known: Iterable[str], default: Sequence[str]) -> tuple[str, ...]:
        """A list of words of `known`, which may be empty."""
        value = self._take(name, list(default))
        if not isinstance(value, list):
            listed = f"`{name}: [{', '.join(known)}]`"
            self.fault(name, f"must be a list, not {kind_of(value)}: {listed}")
            return tuple(default)
        for one in value:
            if not isinstance(one, str):
                self.fault(name, f"holds {kind_of(one)}, but should hold words")
            elif one not in known:
                self.fault(name, f"{quoted(one)} is unknown; {nearest_hint(one, known)}")
        return tuple(str(one) for one in value)

    def done(self) -> None:
        """All options were asked for.

        :raises DefinitionError: for every option that is unknown, and all noted faults.
        """
        for name in self._given:
            if name not in self._known:
                near = nearest_hint(name, self._known) or f"write `scorer: {self._scorer}`"
                self.faults.append(
                    f"{self._where}scorer: {self._scorer} has no option {quoted(name)}; {near}"
                )
        if self.faults:
            raise DefinitionError(self.faults)

    def _take(self, name: str, default: object) -> object:
        self._known.append(name)
        return self._given.get(name, default)
