"""Reads a suite out of a plain mapping (YAML already read), and says all that is wrong.

The tables name every field once, with the option that it stands for: the parser, the schema and
the faults' "did you mean" come from them.
"""

from __future__ import annotations

import json
import math
from collections.abc import Callable, Iterable, Mapping
from fractions import Fraction

from pytest_iqeval.core.definition import DATA_SUFFIXES
from pytest_iqeval.core.errors import DefinitionError, SettingsError, UnknownName, nearest_hint
from pytest_iqeval.core.metrics import INDEX, MACRO, is_share
from pytest_iqeval.core.options import OPTIONS, Option
from pytest_iqeval.core.plain import kind_of, quoted, unstorable
from pytest_iqeval.core.settings import BODY_OF_THE_RUN, SECRET_WORDS, checked_value
from pytest_iqeval.core.suite import Suite, SuiteSet

_BY_NAME = {option.name: option for option in OPTIONS}
ENDPOINT = ("provider", "base-url", "api-key-env", "header", "stream")
GENERATION = ("temperature", "max-tokens")
LIMITS = (
    *("concurrency", "timeout", "connect-timeout", "first-byte-timeout", "retries", "patience"),
    *("rpm", "tpm", "token-budget", "time-budget", "max-reply-bytes"),
)
SECTIONS: Mapping[str, tuple[str, ...]] = {
    "endpoint": ENDPOINT,
    "generation": GENERATION,
    "limits": LIMITS,
}
# Said in a way of their own, or about one run alone.
_ELSEWHERE = {"dataset": "benchmarks", "gate": "gates", "gen": "generation"}
_ONE_RUN = (*(o.name for o in OPTIONS if not o.ini), "suite")
TOP = tuple(
    o.name
    for o in OPTIONS
    if o.name not in (*ENDPOINT, *GENERATION, *LIMITS, *_ELSEWHERE, *_ONE_RUN)
)
# Read or kept with the suite; what a run writes starts where pytest does, as everywhere.
_PATHS = ("data-dir", "gate-lock")
_SUFFIXES = (*DATA_SUFFIXES, ".yaml", ".yml", ".json")
_OWN_KEYS = ("name", "benchmarks", "gates", *SECTIONS)
OF_A_SET: Mapping[str, str] = {
    "name": "A benchmark's name, as --iqeval-dataset takes it.",
    "path": "Instead of a name: a definition or a data file, from the suite's folder.",
    "subsets": "Its subsets that are asked; all, if left out.",
    "limit": "Only the first N questions of each subset, or a share of each: 10%.",
    "sample": "N questions of each subset, drawn by the run's seed.",
    "few_shot": "So many examples before each of its questions; 0 for none.",
    "weight": "Its weight in the index, 1 if left out; 0 keeps it out.",
    "metric": "What of it goes into the index: accuracy, accuracy.macro, credit, pass@5, ...; "
    "what its makers report, if left out.",
    "system": "A system message in place of the definition's.",
    "generation": "temperature, max_tokens and further body fields, for its questions alone.",
}


def key_of(option: str) -> str:
    """An option's name as a suite writes it: ``base_url``."""
    return option.replace("-", "_")


def parse_suite(raw: object, *, file: str, place: Callable[[str], str] = str) -> Suite:
    """The suite that a plain value (YAML already read) describes.

    :param file: where it was read, for messages.
    :param place: from a path as the suite has it, beside itself, to one from where pytest starts.
    :raises DefinitionError: all that is wrong with it, a line each:
        ``file: field: what; what to do``.
    """
    if not isinstance(raw, Mapping):
        raise DefinitionError(
            f"{file}: holds {kind_of(raw)}, but a suite is a mapping",
            hint="model:, benchmarks: and gates: are what most suites have",
        )
    reading = _Reading(file, place)
    suite = reading.suite(raw)
    if reading.faults:
        raise DefinitionError(reading.faults)
    return suite


class _Reading:
    """Takes the fields out of a mapping and collects what is wrong with them."""

    def __init__(self, file: str, place: Callable[[str], str]) -> None:
        self._file = file
        self._place = place
        self.faults: list[str] = []

    def suite(self, raw: Mapping[object, object]) -> Suite:
        """All of it, as far as it can be read."""
        known = (*_OWN_KEYS, *map(key_of, TOP))
        self._refuse_unknown("", raw, known)
        if raw.get("name") is not None:  # for people alone
            self._text("name", raw["name"])
        options: dict[str, object] = self._options("", raw, TOP)
        for section, names in SECTIONS.items():
            inside = self._mapping(section, raw.get(section))
            if section != "generation":
                self._refuse_unknown(f"{section}.", inside, map(key_of, names))
            options |= self._options(f"{section}.", inside, names)
            if section == "generation" and (body := self._body("generation.", inside)):
                options["gen"] = tuple(_as_option(name, value) for name, value in body.items())
        sets = self._sets(raw.get("benchmarks"))
        if sets:
            options["dataset"] = tuple(spec for one in sets for spec in one.specs)
        gates = self._gates(raw.get("gates"))
        if gates:
            options["gate"] = gates
        if "limit" in options and "sample" in options:
            self._fault("sample", "excludes limit: the first N in file order, or N drawn; keep one")
        return Suite(file=self._file, options=options, sets=sets)

    def _fault(self, where: str, what: str) -> None:
        self.faults.append(f"{self._file}: {where}: {what}")

    def _refuse_unknown(
        self, prefix: str, raw: Mapping[object, object], known: Iterable[str]
    ) -> None:
        names = list(known)
        for key in raw:
            if not isinstance(key, str):
                self._fault(f"{prefix}{key}", f"a field's name is text, not {kind_of(key)}")
            elif key not in names and not self._refused(prefix, key):
                self._fault(f"{prefix}{key}", f"there is no such field; {self._mend(key, names)}")

    def _refused(self, prefix: str, key: str) -> bool:
        """Whether it is a field that no suite has for a reason, which is told."""
        plain = key.lower().replace("-", "_")
        if plain in SECRET_WORDS:
            self._fault(
                f"{prefix}{key}",
                "a key never stands in a file (it is not repeated here); put it into an "
                "environment variable and name that: `endpoint: {api_key_env: VAR}`",
            )
        elif plain in map(key_of, _ONE_RUN) and not prefix:
            flag = f"--iqeval-{plain.replace('_', '-')}"
            self._fault(key, f"is about one run alone; give it as {flag}")
        else:
            return False
        return True

    @staticmethod
    def _mend(key: str, known: Iterable[str]) -> str:
        """Where a field belongs that stands elsewhere, else the nearest names."""
        plain = key.replace("-", "_")
        for option, field in _ELSEWHERE.items():
            if plain in (option, f"{option}s"):
                return f"it is called {field}"
        for section, names in SECTIONS.items():
            if plain in map(key_of, names):
                return f"it belongs under `{section}:`"
        if plain in map(key_of, TOP):
            return f"it belongs at the top, as `{plain}:`"
        return nearest_hint(key, known) or ""

    def _mapping(self, where: str, value: object) -> Mapping[object, object]:
        if value is None:
            return {}
        if not isinstance(value, Mapping):
            self._fault(where, f"must be a mapping, not {kind_of(value)}; `{where}: {{…: …}}`")
            return {}
        return value

    def _text(self, where: str, value: object) -> str | None:
        if not isinstance(value, str):
            mend = "put it in quotes" if isinstance(value, bool | int | float) else "write text"
            self._fault(where, f"must be text, not {kind_of(value)}; {mend}")
        elif not value.strip():
            self._fault(where, "is empty; fill it in, or take it out")
        elif unstorable(value):
            self._fault(where, f"holds {unstorable(value)}; take that out")
        else:
            return value.strip()
        return None

    def _options(
        self, prefix: str, raw: Mapping[object, object], names: Iterable[str]
    ) -> dict[str, object]:
        """The values of those options that are there, checked as the command line's are."""
        found: dict[str, object] = {}
        for name in names:
            value = raw.get(key_of(name))
            if value is not None:
                checked = self._value(f"{prefix}{key_of(name)}", _BY_NAME[name], value)
                if checked is not None:
                    found[name] = checked
        return found

    def _value(self, where: str, option: Option, value: object) -> object:
        """As `make_settings` takes it; ``None`` and a fault where it can't be."""
        if option.name == "header":
            value = self._headers(where, value)
        elif option.kind == "list":
            texts = [
                self._text(where, one) for one in (value if isinstance(value, list) else [value])
            ]
            value = None if None in texts else texts
        elif option.kind == "text":
            value = self._text(where, value)
        elif option.kind == "flag":
            if not isinstance(value, bool):
                self._fault(where, f"must be true or false, not {kind_of(value)}")
                return None
        elif isinstance(value, bool) or not isinstance(value, int | float):
            self._fault(where, f"must be a number, not {kind_of(value)}")
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
            self._fault(where, "; ".join(filter(None, (problem, fault.hint))))
            return None
        if isinstance(value, str) and (
            option.name in _PATHS or (option.name == "baseline" and _looks_like_path(value))
        ):
            return self._place(value)
        return value

    def _without_login(self, where: str, name: str, value: str) -> str | None:
        """Refuse what looks like a secret, and don't repeat it."""
        if name == "base-url" and "@" in value.partition("://")[2].partition("/")[0]:
            self._fault(
                where,
                "holds a login, and no suite does; take it out, and send it with "
                "`header: {Authorization: VAR}`",
            )
        elif name == "api-key-env" and not _is_variable(value):
            self._fault(
                where,
                "is no name of an environment variable (it is not repeated here); put the key "
                "into one, and write its name",
            )
        else:
            return value
        return None

    def _headers(self, where: str, value: object) -> list[str] | None:
        pairs = []
        for name, variable in self._mapping(where, value).items():
            if (
                not isinstance(name, str)
                or not isinstance(variable, str)
                or not _is_variable(variable)
            ):
                self._fault(
                    f"{where}.{name}",
                    "must be the name of an environment variable that holds its value (what "
                    "stands here is not repeated)",
                )
            else:
                pairs.append(f"{name}={variable}")
        return pairs or None

    def _body(self, prefix: str, raw: Mapping[object, object]) -> dict[str, object]:
        """Further fields of the request body."""
        found: dict[str, object] = {}
        for key, value in raw.items():
            if not isinstance(key, str) or not key.strip():
                self._fault(f"{prefix}{key}", f"a field's name is text, not {kind_of(key)}")
            elif key in map(key_of, GENERATION) or self._refused(prefix, key):
                continue
            elif (fault := body_fault(key, value)) is not None:
                self._fault(f"{prefix}{key}", fault)
            else:
                found[key] = value
        return found

    def _sets(self, value: object) -> tuple[SuiteSet, ...]:
        if not isinstance(value, list) or not value:
            what = "names none" if value in (None, []) else f"must be a list, not {kind_of(value)}"
            self._fault("benchmarks", f"{what}; write one a line: `- name: mmlu`, or `- mmlu`")
            return ()
        sets = [self._set(f"benchmarks[{n}]", one) for n, one in enumerate(value, start=1)]
        seen: set[str] = set()
        for n, one in enumerate(sets, start=1):
            if one.spec in seen:
                self._fault(
                    f"benchmarks[{n}]", f"{one.spec} stands twice; put its subsets into one entry"
                )
            seen.add(one.spec)
        if not any(one.weight for one in sets):
            self._fault("benchmarks", "every weight is 0; give one of them more")
        return tuple(one for one in sets if one.spec)

    def _set(self, where: str, value: object) -> SuiteSet:
        raw = {"name": value} if isinstance(value, str) else value
        if not isinstance(raw, Mapping):
            self._fault(where, f"must be a name or a mapping, not {kind_of(raw)}; `name: mmlu`")
            return SuiteSet(spec="")
        self._refuse_unknown(f"{where}.", raw, OF_A_SET)
        given = [key for key in ("name", "path") if raw.get(key) is not None]
        if len(given) != 1:
            both = "has both a name and a path; keep one" if given else "has neither name nor path"
            self._fault(where, both)
        spec = self._text(f"{where}.{given[0]}", raw[given[0]]) if given else None
        if spec is not None and "," in spec:
            self._fault(f"{where}.{given[0]}", "holds a comma; one benchmark an entry")
        if spec is not None and (given == ["path"] or _looks_like_path(spec)):
            spec = self._place(spec)
        inside = self._mapping(f"{where}.generation", raw.get("generation"))
        own = self._options(f"{where}.generation.", inside, GENERATION)
        body = {key_of(name): value for name, value in own.items()}
        body |= self._body(f"{where}.generation.", inside)
        if "seed" in body:  # the repeats of every question count on from it
            self._fault(f"{where}.generation.seed", "is the run's; put it under `generation:`")
        if raw.get("limit") is not None and raw.get("sample") is not None:
            self._fault(f"{where}.sample", "excludes limit; keep one")
        system, metric = raw.get("system"), raw.get("metric")
        return SuiteSet(
            spec=spec or "",
            subsets=self._subsets(f"{where}.subsets", raw.get("subsets")),
            limit=self._how_many(where, "limit", raw.get("limit")),
            share=self._share(f"{where}.limit", raw.get("limit")),
            sample=self._how_many(where, "sample", raw.get("sample")),
            few_shot=self._count(f"{where}.few_shot", raw.get("few_shot")),
            weight=self._weight(f"{where}.weight", raw.get("weight")),
            metric=None if metric is None else self._metric(f"{where}.metric", metric),
            system=None if system is None else self._text(f"{where}.system", system),
            generation=body,
        )

    def _subsets(self, where: str, value: object) -> tuple[str, ...]:
        names = [] if value is None else value if isinstance(value, list) else [value]
        texts = [self._text(where, name) for name in names]
        if value == []:
            self._fault(where, "names none; take it out for all of them")
        for text in texts:
            if text is not None and "," in text:
                self._fault(where, f"{quoted(text)} holds a comma; one subset an entry")
        return tuple(dict.fromkeys(text for text in texts if text is not None))

    def _how_many(self, where: str, name: str, value: object) -> int | None:
        if value is None or _is_share(value):
            return None
        found = self._value(f"{where}.{name}", _BY_NAME[name], value)
        return found if isinstance(found, int) else None

    def _share(self, where: str, value: object) -> float | None:
        if not _is_share(value):
            return None
        try:
            share = float(str(value).strip().removesuffix("%")) / 100
        except ValueError:
            share = math.nan
        if not 0 < share < 1:
            self._fault(where, f"{quoted(str(value))} is no share; write 10%, or leave it out")
            return None
        return share

    def _count(self, where: str, value: object) -> int | None:
        if value is None:
            return None
        if isinstance(value, bool) or not isinstance(value, int) or value < 0:
            said = quoted(value) if isinstance(value, str | int | float) else kind_of(value)
            self._fault(where, f"must be a whole number, not {said}; write 5, or 0 for none")
            return None
        return value

    def _weight(self, where: str, value: object) -> Fraction:
        if value is None:
            return Fraction(1)
        if isinstance(value, bool) or not isinstance(value, int | float):
            self._fault(where, f"must be a number, not {kind_of(value)}; 2, or 0.5")
        elif not math.isfinite(value) or value < 0:
            self._fault(where, f"{value} is no weight; give 0 or more")
        else:
            return Fraction(str(value))
        return Fraction(1)

    def _metric(self, where: str, value: object) -> str | None:
        name = self._text(where, value)
        if name is not None and (not is_share(name) or name == INDEX):
            known = ("accuracy", "credit", MACRO)
            self._fault(
                where,
                f"{quoted(name)} is no share; "
                + (nearest_hint(name, known) or "write accuracy, credit, or pass@5 and its like"),
            )
            return None
        return name

    def _gates(self, value: object) -> tuple[str, ...]:
        """Whether each can be read is for who knows its line."""
        if value is None:
            return ()
        if not isinstance(value, list):
            self._fault("gates", f"must be a list, not {kind_of(value)}; `- accuracy >= 0.6`")
            return ()
        texts = [self._gate(f"gates[{n}]", one) for n, one in enumerate(value, start=1)]
        for n, text in enumerate(texts, start=1):
            if text is not None and text in texts[: n - 1]:
                self._fault(f"gates[{n}]", "stands twice; take one out")
        return tuple(text for text in texts if text is not None)

    def _gate(self, where: str, value: object) -> str | None:
        if isinstance(value, Mapping) and len(value) == 1:  # what YAML makes of a scope
            scope, rest = next(iter(value.items()))
            text = f"{scope}: {rest}"
            self._fault(where, f"holds a colon, so it needs quotes: - {json.dumps(text)}")
            return None
        return self._text(where, value)


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


def _is_share(value: object) -> bool:
    return isinstance(value, str) and value.strip().endswith("%")


def _looks_like_path(text: str) -> bool:
    return any(mark in text for mark in "/\\") or text.lower().endswith(_SUFFIXES)


def _is_variable(text: str) -> bool:
    return text.strip().isidentifier()


def _as_option(name: str, value: object) -> str:
    """A body field as ``--iqeval-gen`` takes it; nothing behind ``=`` leaves it out."""
    return f"{name}={'' if value is None else json.dumps(value)}"
