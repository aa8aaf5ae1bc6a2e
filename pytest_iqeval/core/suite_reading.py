"""How values are taken out of a suite: checked as the command line's are, faults collected."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping

from pytest_iqeval.core.errors import SettingsError, UnknownName, nearest_hint
from pytest_iqeval.core.options import Option
from pytest_iqeval.core.plain import kind_of, unstorable
from pytest_iqeval.core.settings import BODY_OF_THE_RUN, SECRET_WORDS, checked_value
from pytest_iqeval.core.suite_table import (
    BY_NAME,
    ELSEWHERE,
    GENERATION,
    ONE_RUN,
    PATHS,
    SECTIONS,
    SUFFIXES,
    TOP,
    key_of,
)


class Reading:
    """One reading of a suite.

    ``place`` makes of a path beside the suite one from where pytest starts; `faults` is what is
    wrong so far, a line each.
    """

    def __init__(self, file: str, place: Callable[[str], str]) -> None:
        self.file = file
        self.place = place
        self.faults: list[str] = []

    def fault(self, where: str, what: str) -> None:
        self.faults.append(f"{self.file}: {where}: {what}")

    def refuse_unknown(
        self, prefix: str, raw: Mapping[object, object], known: Iterable[str]
    ) -> None:
        names = list(known)
        for key in raw:
            if not isinstance(key, str):
                self.fault(f"{prefix}{key}", f"a field's name is text, not {kind_of(key)}")
            elif key not in names and not self.refused(prefix, key):
                self.fault(f"{prefix}{key}", f"there is no such field; {self._mend(key, names)}")

    def refused(self, prefix: str, key: str) -> bool:
        """Whether it is a field that no suite has for a reason, which is told."""
        plain = key.lower().replace("-", "_")
        if plain in SECRET_WORDS:
            self.fault(
                f"{prefix}{key}",
                "a key never stands in a file (it is not repeated here); put it into an "
                "environment variable and name that: `endpoint: {api_key_env: VAR}`",
            )
        elif plain in map(key_of, ONE_RUN) and not prefix:
            flag = f"--iqeval-{plain.replace('_', '-')}"
            self.fault(key, f"is about one run alone; give it as {flag}")
        else:
            return False
        return True

    @staticmethod
    def _mend(key: str, known: Iterable[str]) -> str:
        """Where a field belongs that stands elsewhere, else the nearest names."""
        plain = key.replace("-", "_")
        for option, field in ELSEWHERE.items():
            if plain in (option, f"{option}s"):
                return f"it is called {field}"
        for section, names in SECTIONS.items():
            if plain in map(key_of, names):
                return f"it belongs under `{section}:`"
        if plain in map(key_of, TOP):
            return f"it belongs at the top, as `{plain}:`"
        return nearest_hint(key, known) or ""

    def mapping(self, where: str, value: object) -> Mapping[object, object]:
        if value is None:
            return {}
        if not isinstance(value, Mapping):
            self.fault(where, f"must be a mapping, not {kind_of(value)}; `{where}: {{…: …}}`")
            return {}
        return value

    def text(self, where: str, value: object) -> str | None:
        if not isinstance(value, str):
            mend = "put it in quotes" if isinstance(value, bool | int | float) else "write text"
            self.fault(where, f"must be text, not {kind_of(value)}; {mend}")
        elif not value.strip():
            self.fault(where, "is empty; fill it in, or take it out")
        elif unstorable(value):
            self.fault(where, f"holds {unstorable(value)}; take that out")
        else:
            return value.strip()
        return None

    def options(
        self, prefix: str, raw: Mapping[object, object], names: Iterable[str]
    ) -> dict[str, object]:
        """The values of those options that are there, checked as the command line's are."""
        found: dict[str, object] = {}
        for name in names:
            value = raw.get(key_of(name))
            if value is not None:
                checked = self.value(f"{prefix}{key_of(name)}", BY_NAME[name], value)
                if checked is not None:
                    found[name] = checked
        return found

    def value(self, where: str, option: Option, value: object) -> object:
        """As `make_settings` takes it; ``None`` and a fault where it can't be."""
        if option.name == "header":
            value = self._headers(where, value)
        elif option.kind == "list":
            several = value if isinstance(value, list) else [value]
            whole = [type(one) is int for one in several]  # few_shot: 5
            texts = [
                str(one) if number else self.text(where, one)
                for one, number in zip(several, whole, strict=True)
            ]
            value = None if None in texts else texts
        elif option.kind == "text":
            value = self.text(where, value)
        elif option.kind == "flag":
            if not isinstance(value, bool):
                self.fault(where, f"must be true or false, not {kind_of(value)}")
                return None
        elif isinstance(value, bool) or not isinstance(value, int | float):
            self.fault(where, f"must be a number, not {kind_of(value)}")
            return None
        if option.name in ("base-url", "api-key-env") and isinstance(value, str):
            value = self._without_login(where, option.name, value)
        if value is None:
            return None
        try:
            checked_value(option, value)
        except (SettingsError, UnknownName) as fault:
            problem = fault.problem.removeprefix(option.flag).replace(f" of {option.flag}", "")
            problem = problem.strip()
            self.fault(where, "; ".join(filter(None, (problem, fault.hint))))
            return None
        if isinstance(value, str) and (
            option.name in PATHS or (option.name == "baseline" and looks_like_path(value))
        ):
            return self.place(value)
        return value

    def _without_login(self, where: str, name: str, value: str) -> str | None:
        """Refuse what looks like a secret, and don't repeat it."""
        if name == "base-url" and "@" in value.partition("://")[2].partition("/")[0]:
            self.fault(
                where,
                "holds a login, and no suite does; take it out, and send it with "
                "`header: {Authorization: VAR}`",
            )
        elif name == "api-key-env" and not _is_variable(value):
            self.fault(
                where,
                "is no name of an environment variable (it is not repeated here); put the key "
                "into one, and write its name",
            )
        else:
            return value
        return None

    def _headers(self, where: str, value: object) -> list[str] | None:
        pairs = []
        for name, variable in self.mapping(where, value).items():
            if (
                not isinstance(name, str)
                or not isinstance(variable, str)
                or not _is_variable(variable)
            ):
                self.fault(
                    f"{where}.{name}",
                    "must be the name of an environment variable that holds its value (what "
                    "stands here is not repeated)",
                )
            else:
                pairs.append(f"{name}={variable}")
        return pairs or None

    def body(self, prefix: str, raw: Mapping[object, object]) -> dict[str, object]:
        """Further fields of the request body."""
        found: dict[str, object] = {}
        for key, value in raw.items():
            if not isinstance(key, str) or not key.strip():
                self.fault(f"{prefix}{key}", f"a field's name is text, not {kind_of(key)}")
            elif key in map(key_of, GENERATION) or self.refused(prefix, key):
                continue
            elif (fault := body_fault(key, value)) is not None:
                self.fault(f"{prefix}{key}", fault)
            else:
                found[key] = value
        return found


def body_fault(key: str, value: object) -> str | None:
    """Why a field can't stand in the bodies of requests, and what to do."""
    if key in BODY_OF_THE_RUN:
        hint = "; `endpoint: {stream: true}` has replies streamed" if key == "stream" else ""
        return f"the run itself decides it{hint}"
    if key.lower().replace("-", "_") in SECRET_WORDS:
        return "a key never stands in a file; put it into an environment variable"
    if "=" in key or not key.strip():
        return "is no name of a field"
    if found := unstorable(value):
        return f"holds {found}; take that out"
    try:
        json.dumps(value, allow_nan=False)
    except (ValueError, TypeError, RecursionError):
        return f"can't be sent as JSON ({kind_of(value)}); write text or a number"
    return None


def looks_like_path(text: str) -> bool:
    """Whether a text is meant as a path, and not as a name."""
    return any(mark in text for mark in "/\\") or text.lower().endswith(SUFFIXES)


def _is_variable(text: str) -> bool:
    return text.strip().isidentifier()
