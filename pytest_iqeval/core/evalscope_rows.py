"""What becomes of the keys of EvalScope's task configuration, one by one, with words for each."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from pytest_iqeval.core.errors import nearest
from pytest_iqeval.core.plain import kind_of, quoted, unstorable

_ORDER = ("taken", "absent", "not taken", "unknown")


@dataclass
class TaskRows:
    """Options so far, rows (key, what became of it, how) and faults of one reading."""

    file: str
    faults: list[str] = field(default_factory=list)
    rows: list[tuple[str, str, str]] = field(default_factory=list)
    options: dict[str, object] = field(default_factory=dict)

    # what became of a key

    def took(self, key: str, option: str, value: object) -> None:
        self.rows.append((key, "taken", f"--iqeval-{option} {value}".rstrip()))

    def ignored(self, key: str, why: str) -> None:
        self.rows.append((key, "not taken", why))

    def fault(self, where: str, what: str) -> None:
        self.faults.append(f"{self.file}: {where}: {what}")

    def others(
        self,
        prefix: str,
        raw: Mapping[object, object],
        taken: tuple[str, ...],
        ignored: Mapping[str, str],
    ) -> None:
        """Every key that nobody took."""
        for key in raw:
            if key in taken:
                continue
            if isinstance(key, str) and key in ignored:
                self.ignored(f"{prefix}{key}", ignored[key])
                continue
            near = nearest(str(key), [*taken, *ignored])
            hint = f"; did you mean {' or '.join(near)}?" if near else ""
            self.rows.append((f"{prefix}{key}", "unknown", f"EvalScope has no such key{hint}"))

    def table(self) -> tuple[str, ...]:
        """The rows as lines, those that were taken first."""
        rows = sorted(self.rows, key=lambda row: _ORDER.index(row[1]))
        return tuple(f"{word}: {key}: {how}" for key, word, how in rows)

    # kinds of values

    def mapping(self, where: str, value: object) -> Mapping[object, object]:
        if value is None:
            return {}
        if not isinstance(value, Mapping):
            self.fault(where, f"must be a mapping, not {kind_of(value)}")
            return {}
        return value

    def text(self, where: str, value: object) -> str | None:
        if not isinstance(value, str) or not value.strip():
            what = "is empty" if isinstance(value, str) else f"must be text, not {kind_of(value)}"
            self.fault(where, what)
            return None
        if found := unstorable(value):
            self.fault(where, f"holds {found}; take that out")
            return None
        return value.strip()

    def text_option(self, raw: Mapping[object, object], key: str, option: str) -> None:
        if raw.get(key) is not None and (text := self.text(key, raw[key])) is not None:
            self.options[option] = text
            self.took(key, option, text)

    def number(self, key: str, value: object, option: str, *, whole: bool = True) -> None:
        if value is None:
            return
        kinds = (int,) if whole else (int, float)
        if isinstance(value, bool) or not isinstance(value, kinds) or not value > 0:
            what = "a whole number" if whole else "a number"
            self.fault(key, f"must be {what} above 0, not {shown(value)}")
            return
        self.options[option] = value
        self.took(key, option, value)

    def flag(self, key: str, value: object) -> None:
        if value is None or value is False:
            if value is False:
                self.ignored(key, "replies are not streamed unless asked for")
        elif value is True:
            self.options["stream"] = True
            self.took(key, "stream", "")
        else:
            self.fault(key, f"must be true or false, not {kind_of(value)}")


def shown(value: object) -> str:
    """A value for a message, where it is short."""
    return quoted(value) if isinstance(value, str | int | float) else kind_of(value)
