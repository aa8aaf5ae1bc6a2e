"""Reads a definition out of a plain mapping (YAML already read), and says all that is wrong."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from pytest_iqeval.core.definition import Definition
from pytest_iqeval.core.definition_checks import Checks
from pytest_iqeval.core.definition_columns import all_columns, named_columns
from pytest_iqeval.core.definition_layouts import layouts, subset_facts
from pytest_iqeval.core.definition_metrics import metric_names
from pytest_iqeval.core.definition_table import AVERAGES, FIELDS_TABLE, LABEL_KINDS
from pytest_iqeval.core.errors import DefinitionError, nearest_hint
from pytest_iqeval.core.few_shot import few_shot
from pytest_iqeval.core.hub import parse_hub
from pytest_iqeval.core.kinds import (
    ANSWER_KINDS,
    Ask,
    answer_kind_fault,
    default_answer_kind,
    kind_of_scorer,
    what_is_asked,
)
from pytest_iqeval.core.plain import kind_of, quoted
from pytest_iqeval.core.row_rules import row_rules
from pytest_iqeval.core.row_rules import unavailable as unavailable_names
from pytest_iqeval.core.tasks.general import LANGUAGES, general_prompt
from pytest_iqeval.core.tasks.options import option_form
from pytest_iqeval.core.tasks.prompts import template_faults

_TEXTS = (
    "title",
    "description",
    "licence",
    "licence_url",
    "homepage",
    "revision",
    "source",
    "system",
    "group",
)
# Fields that stand for themselves, each read in a module of its own: its value (``None`` where it
# is left out) and the checks go in, what `Definition` has under that name comes out.
_OWN: Mapping[str, Callable[[object, Checks], Any]] = {
    "hub": lambda value, checks: parse_hub(value, checks.fault),
    "subsets": subset_facts,
    "option": option_form,
    "few_shot": few_shot,
    "average": lambda value, checks: checks.one_of("average", value, AVERAGES) or AVERAGES[0],
    "metrics": metric_names,
    "unavailable": lambda value, checks: unavailable_names(value, checks.fault),
}


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
    checks = Checks(file)
    definition = _Reading(raw, file, checks).definition(list(scorers))
    if checks.faults:
        raise DefinitionError(checks.faults)
    return definition


class _Reading:
    """Takes the fields out of a mapping."""

    def __init__(self, raw: Mapping[object, object], file: str, checks: Checks) -> None:
        self._raw = raw
        self._file = file
        self._checks = checks

    def definition(self, scorers: list[str]) -> Definition:
        """All of it; not to be used where there are faults."""
        checks = self._checks
        for key in self._raw:
            if key not in FIELDS_TABLE:
                checks.unknown(key, "", FIELDS_TABLE)
        name = checks.name("name", self._text("name", required=True))
        language = checks.one_of("language", self._raw.get("language"), LANGUAGES, required=True)
        scorer, scorer_options = self._scorer(scorers)
        named = named_columns(self._raw.get("fields"), checks)
        marks = self._raw.get("answer_kind") == "marks"
        fields = all_columns(named, checks, choices=kind_of_scorer(scorer).options, marks=marks)
        options = "choices" in fields
        answer_kind = self._answer_kind(scorer, options=options)
        labels = self._labels(options=options)
        rows = row_rules(self._raw, checks.fault)
        own = {key: read(self._raw.get(key), checks) for key, read in _OWN.items()}
        data = layouts(
            self._raw.get("data"),
            checks,
            named=named,
            fields=fields,
            kind=answer_kind,
            rows=rows,
            scorer=scorer,
            subsets=own["subsets"],
        )
        ask = what_is_asked(scorer, answer_kind, options=options)
        prompt = self._prompt(language, ask, numbered=labels == "digits")
        texts = {key: self._text(key) for key in _TEXTS}
        gates = self._gates()
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
            source=texts["source"],
            group=texts["group"],
            gates=gates,
            rows=rows,
            file=self._file,
            **own,
        )

    def _text(self, key: str, *, required: bool = False) -> str | None:
        return self._checks.text(key, self._raw.get(key), required=required)

    def _scorer(self, scorers: list[str]) -> tuple[str, Mapping[str, object]]:
        value = self._raw.get("scorer")
        options: dict[str, object] = {}
        where = "scorer"
        if isinstance(value, Mapping):
            options = {str(k): v for k, v in value.items() if k != "name"}
            where, value = "scorer.name", value.get("name")
            name = self._checks.text(where, value, required=True)
        else:
            name = self._checks.text(
                where,
                "choice" if value is None else value,
                required=True,
                mend="write a name, or a mapping: {name: NAME, OPTION: VALUE}",
            )
        if name is not None and name not in scorers:
            self._checks.fault(
                where, f"unknown scorer {quoted(name)}; {nearest_hint(name, scorers)}"
            )
        return name or "", options

    def _answer_kind(self, scorer: str, *, options: bool) -> str:
        kind = self._checks.one_of("answer_kind", self._raw.get("answer_kind"), ANSWER_KINDS)
        if kind in ANSWER_KINDS and (fault := answer_kind_fault(kind, scorer, options=options)):
            self._checks.fault("answer_kind", fault)
        return kind or default_answer_kind(scorer, options=options)

    def _labels(self, *, options: bool) -> str:
        labels = self._checks.one_of("labels", self._raw.get("labels"), LABEL_KINDS)
        if labels and not options:
            self._checks.fault(
                "labels",
                "is for questions with options; say under `fields:` where choices are, or take "
                "it out",
            )
        return labels or LABEL_KINDS[0]

    def _gates(self) -> tuple[str, ...]:
        """Whether each can be read is for who knows its line."""
        value = self._raw.get("gates")
        if value is not None and not isinstance(value, list):
            self._checks.fault(
                "gates", f"must be a list, not {kind_of(value)}; `gates: [accuracy > 0.6]`"
            )
            return ()
        found = [
            self._checks.text(f"gates[{number}]", gate, required=True, mend="write a gate")
            for number, gate in enumerate(value or [], start=1)
        ]
        return tuple(gate for gate in found if gate is not None)

    def _prompt(self, language: str, ask: Ask, *, numbered: bool) -> str:
        value = self._text("prompt")
        if value is None:
            known = language if language in LANGUAGES else LANGUAGES[0]
            return general_prompt(known, "free", ask, numbered=numbered)
        for fault in template_faults(value):
            self._checks.fault("prompt", fault)
        return value
