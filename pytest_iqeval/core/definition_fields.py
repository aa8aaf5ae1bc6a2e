"""Reads a definition out of a plain mapping (YAML already read), and says all that is wrong."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import PureWindowsPath

from pytest_iqeval.core.definition import DATA_SUFFIXES, Definition
from pytest_iqeval.core.errors import DefinitionError, nearest_hint
from pytest_iqeval.core.hub import parse_hub
from pytest_iqeval.core.kinds import (
    ANSWER_KINDS,
    Ask,
    answer_kind_fault,
    default_answer_kind,
    kind_of_scorer,
    what_is_asked,
)
from pytest_iqeval.core.plain import kind_of, quoted, unstorable
from pytest_iqeval.core.sample import LABELS, safe_id
from pytest_iqeval.core.tasks.general import LANGUAGES, general_prompt
from pytest_iqeval.core.tasks.prompts import template_faults

DEFAULT_SUBSET = "default"
# Ours, as the definition's `fields` may name them; the last four are kept as metadata.
FIELDS = ("question", "choices", "answer", "id", "level", "category", "explanation", "system")
LABEL_KINDS = ("letters", "digits")
# Classes of gate rows in JUnit: a benchmark of that name would mix with them.
_RESERVED = ("run", "gate")
_TEXTS = (
    "title",
    "description",
    "licence",
    "licence_url",
    "homepage",
    "revision",
    "system",
    "group",
)
_KEYS = (
    "name",
    *_TEXTS,
    "language",
    "prompt",
    "scorer",
    "data",
    "fields",
    "answer_kind",
    "labels",
    "gates",
    "hub",
)


def parse_definition(raw: object, *, file: str, scorers: Iterable[str]) -> Definition:
    """The definition that a plain value (YAML already read) describes.

    :param file: where it was read, for messages.
    :param scorers: the names of the scorers there are.
    :raises DefinitionError: all that is wrong with it, a line each:
        ``file: field: what; what to do``.
    """
    if not isinstance(raw, Mapping):
        raise DefinitionError(
            f"{file}: holds {kind_of(raw)}, but a definition is a mapping",
            hint="name:, language: and data: are the fields that every definition has",
        )
    reading = _Reading(raw, file)
    definition = reading.definition(list(scorers))
    if definition is None:
        raise DefinitionError(reading.faults)
    return definition


class _Reading:
    """Takes the fields out of a mapping and collects what is wrong with them."""

    def __init__(self, raw: Mapping[object, object], file: str) -> None:
        self._raw = raw
        self._file = file
        self.faults: list[str] = []

    def definition(self, scorers: list[str]) -> Definition | None:
        """All of it, or ``None`` and `faults`."""
        for key in self._raw:
            if key not in _KEYS:
                self._unknown(key, "", _KEYS)
        name = self._name("name", self._text("name", required=True))
        language = self._one_of("language", LANGUAGES, required=True)
        scorer, scorer_options = self._scorer(scorers)
        fields = self._fields(scorer)
        options = "choices" in fields
        answer_kind = self._answer_kind(scorer, options=options)
        labels = self._labels(options=options)
        data = self._data()
        ask = what_is_asked(scorer, answer_kind, options=options)
        prompt = self._prompt(language, ask, numbered=labels == "digits")
        texts = {key: self._text(key) for key in _TEXTS}
        gates = self._gates()
        hub = parse_hub(self._raw.get("hub"), self._fault)
        if self.faults:
            return None
        return Definition(
            name=name,
            language=language,
            prompt=prompt,
            system=texts["system"],
            scorer=scorer,
            scorer_options=scorer_options,
            data=data,
            fields=fields,
            answer_kind=answer_kind,
            labels=labels,
            title=texts["title"] or "",
            description=texts["description"] or "",
            licence=texts["licence"],
            licence_url=texts["licence_url"],
            homepage=texts["homepage"],
            revision=texts["revision"],
            group=texts["group"],
            gates=gates,
            hub=hub,
            file=self._file,
        )

    def _fault(self, where: str, what: str) -> None:
        self.faults.append(f"{self._file}: {where}: {what}")

    def _unknown(self, key: object, prefix: str, known: Iterable[str]) -> None:
        if isinstance(key, str):
            self._fault(f"{prefix}{key}", f"there is no such field; {nearest_hint(key, known)}")
        else:
            self._fault(f"{prefix}{key}", f"a field's name is text, not {kind_of(key)}")

    def _text(self, key: str, *, required: bool = False) -> str | None:
        return self._checked_text(key, self._raw.get(key), required=required)

    def _checked_text(
        self, where: str, value: object, *, required: bool, mend: str = "write text"
    ) -> str | None:
        if value is None:
            if required:
                self._fault(where, "is missing; add it")
            return None
        if not isinstance(value, str):
            if isinstance(value, bool | int | float):
                mend = "put it in quotes"
            self._fault(where, f"must be text, not {kind_of(value)}; {mend}")
            return None
        if not value.strip():
            self._fault(where, "is empty; fill it in" + ("" if required else ", or take it out"))
            return None
        if unstorable(value):
            self._fault(where, f"holds {unstorable(value)}; take that out")
            return None
        return value

    def _name(self, where: str, name: str | None) -> str:
        if name is None:
            return ""
        if name.casefold() in _RESERVED:
            self._fault(where, f"{name} is kept for gates; choose another name")
        elif name != safe_id(name) or not name.strip("."):
            would = safe_id(name).strip(".")
            self._fault(
                where,
                f"{quoted(name)} can't be a name; use letters, digits, '-', '_' and '.'"
                + (f", such as {would}" if would.strip("-") else ""),
            )
        return name

    def _one_of(self, key: str, known: tuple[str, ...], *, required: bool = False) -> str:
        value = self._text(key, required=required)
        if value is not None and value not in known:
            names = f"{', '.join(known[:-1])} or {known[-1]}"
            self._fault(key, f"{quoted(value)} is unknown; write {names}")
        return value or ""

    def _scorer(self, scorers: list[str]) -> tuple[str, Mapping[str, object]]:
        value = self._raw.get("scorer")
        options: dict[str, object] = {}
        where = "scorer"
        if isinstance(value, Mapping):
            options = {str(k): v for k, v in value.items() if k != "name"}
            where, value = "scorer.name", value.get("name")
            name = self._checked_text(where, value, required=True)
        else:
            name = self._checked_text(
                where,
                "choice" if value is None else value,
                required=True,
                mend="write a name, or a mapping: {name: NAME, OPTION: VALUE}",
            )
        if name is not None and name not in scorers:
            self._fault(where, f"unknown scorer {quoted(name)}; {nearest_hint(name, scorers)}")
        return name or "", options

    def _data(self) -> Mapping[str, tuple[str, ...]]:
        value = self._raw.get("data")
        if isinstance(value, str | list):
            value = {DEFAULT_SUBSET: value}
        if not isinstance(value, Mapping) or not value:
            what = "is missing" if not value else f"must be a mapping, not {kind_of(value)}"
            self._fault("data", f"{what}; name the file of each subset: `data: {{IQ: IQ.jsonl}}`")
            return {}
        data: dict[str, tuple[str, ...]] = {}
        for subset, files in value.items():
            where = f"data.{subset}"
            if not isinstance(subset, str):
                self._fault(where, f"a subset's name is text, not {kind_of(subset)}; quote it")
                continue
            self._name(where, subset)
            data[subset] = self._file_names(where, files)
        return data

    def _file_names(self, where: str, value: object) -> tuple[str, ...]:
        names = value if isinstance(value, list) else [value]
        if not names:
            self._fault(where, "names no file; add one")
        good = []
        for value in names:
            name = self._checked_text(where, value, required=True)
            if name is None:
                continue
            # Windows' rules know both separators and drives, whatever system this runs on.
            path = PureWindowsPath(name)
            if path.anchor or ".." in path.parts:
                self._fault(
                    where, f"{quoted(name)} leads elsewhere; data lies beside the definition"
                )
            elif path.suffix.lower() not in DATA_SUFFIXES:
                self._fault(where, f"{quoted(name)} is neither {' nor '.join(DATA_SUFFIXES)}")
            good.append(name)
        return tuple(good)

    def _fields(self, scorer: str) -> Mapping[str, str | tuple[str, ...]]:
        value = self._raw.get("fields")
        given: Mapping[object, object] = {}
        if isinstance(value, Mapping):
            given = value
        elif value is not None:
            self._fault("fields", f"must be a mapping, not {kind_of(value)}; `question: query`")
        fields: dict[str, str | tuple[str, ...]] = {}
        for name, column in given.items():
            if not isinstance(name, str) or name not in FIELDS:
                self._unknown(name, "fields.", FIELDS)
            elif name == "choices" and isinstance(column, list):
                fields[name] = self._columns(column)
            else:
                fields[name] = self._checked_text(f"fields.{name}", column, required=True) or name
        return self._with_defaults(fields, choices=kind_of_scorer(scorer).options)

    def _with_defaults(
        self, fields: dict[str, str | tuple[str, ...]], *, choices: bool
    ) -> Mapping[str, str | tuple[str, ...]]:
        """Our own names for the columns that nobody named, unless they serve as another field."""
        for name in ("question", "answer", *(["choices"] if choices else [])):
            fields.setdefault(name, name)
        used: dict[str, str] = {}
        for name, columns in fields.items():
            for column in (columns,) if isinstance(columns, str) else columns:
                other = used.setdefault(column, name)
                if other != name:
                    self._fault("fields", f"{other} and {name} are both the column {column}")
        # A column `system` need not be a message to the model: it must be named.
        optional = [n for n in FIELDS if n not in ("question", "answer", "choices", "system")]
        return fields | {name: name for name in optional if name not in fields | used}

    def _columns(self, value: list[object]) -> tuple[str, ...]:
        where = "fields.choices"
        columns = [self._checked_text(where, v, required=True) for v in value]
        if not 2 <= len(columns) <= len(LABELS) or len(set(columns)) < len(columns):
            self._fault(where, f"must be 2 to {len(LABELS)} different columns, an option each")
        return tuple(c for c in columns if c is not None)

    def _answer_kind(self, scorer: str, *, options: bool) -> str:
        kind = self._one_of("answer_kind", ANSWER_KINDS)
        if kind in ANSWER_KINDS and (fault := answer_kind_fault(kind, scorer, options=options)):
            self._fault("answer_kind", fault)
        return kind or default_answer_kind(scorer, options=options)

    def _labels(self, *, options: bool) -> str:
        labels = self._one_of("labels", LABEL_KINDS)
        if labels and not options:
            self._fault(
                "labels",
                "is for questions with options; say under `fields:` where choices are, or take "
                "it out",
            )
        return labels or LABEL_KINDS[0]

    def _gates(self) -> tuple[str, ...]:
        """Whether each can be read is for who knows its line."""
        value = self._raw.get("gates")
        if value is not None and not isinstance(value, list):
            self._fault("gates", f"must be a list, not {kind_of(value)}; `gates: [accuracy > 0.6]`")
            return ()
        found = [
            self._checked_text(f"gates[{number}]", gate, required=True, mend="write a gate")
            for number, gate in enumerate(value or [], start=1)
        ]
        return tuple(gate for gate in found if gate is not None)

    def _prompt(self, language: str, ask: Ask, *, numbered: bool) -> str:
        value = self._text("prompt")
        if value is None:
            known = language if language in LANGUAGES else LANGUAGES[0]
            return general_prompt(known, "free", ask, numbered=numbered)
        for fault in template_faults(value):
            self._fault("prompt", fault)
        return value
