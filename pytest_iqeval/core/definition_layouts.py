"""``data:`` and ``subsets:`` of a definition: how its files may lie, and the parts it has.

data: questions.jsonl                       # one subset, or a list: the first that is there
data: {easy: easy.jsonl, hard: [hard_test.jsonl, hard.csv]}
data:                                       # layouts: the first that fits is read
  - test: set_test.csv                      # a file, a list of them, or one for each subset
    dev: set_dev.csv                        # few-shot examples, if there are any
    subset: subject                         # the column that says a row's subset,
                                            # or a template: "Level-{level}"
  - test: "test/{subset}_test.csv"          # a file for each subset; `*` is any text
    dev: "dev/{subset}_dev.csv"
    columns: [question, A, B, C, D, answer] # the files have no header
    fields: {question: prompt}              # what is otherwise than the definition says
    answer_kind: index
subsets: [algebra, anatomy]                 # in their order; or with what is known of each:
subsets: {algebra: STEM, anatomy: {category: medicine}}
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from pathlib import PureWindowsPath

from pytest_iqeval.core.definition import (
    DATA_SUFFIXES,
    DEFAULT_SUBSET,
    EACH,
    NAMED,
    PACKED,
    Fields,
    Layout,
    data_suffix,
)
from pytest_iqeval.core.definition_checks import Checks
from pytest_iqeval.core.definition_columns import all_columns, named_columns
from pytest_iqeval.core.errors import nearest_hint
from pytest_iqeval.core.kinds import ANSWER_KINDS, answer_kind_fault
from pytest_iqeval.core.plain import any_of, kind_of, quoted
from pytest_iqeval.core.row_rules import RowRules, edits, separator

Facts = Mapping[str, Mapping[str, object]]

_KEYS = ("test", "dev", "subset", "columns", "fields", "answer_kind", "replace", "separator")
# Of a layout, what names no file: a subset called so would have to.
_NO_FILES = frozenset(_KEYS) - {"test", "dev"}
CATEGORY = "category"


def subset_facts(value: object, checks: Checks) -> Facts:
    """The names under ``subsets:``, in their order, with what is known of each."""
    if isinstance(value, list) and all(isinstance(name, str) for name in value):
        value = dict.fromkeys(value)
    if value is None:
        return {}
    if not isinstance(value, Mapping):
        what = f"must be names, or a mapping from names to categories, not {kind_of(value)}"
        checks.fault("subsets", f"{what}; `subsets: {{algebra: STEM}}`")
        return {}
    facts: dict[str, Mapping[str, object]] = {}
    for name, known in value.items():
        where = f"subsets.{name}"
        if not isinstance(name, str):
            checks.fault(where, f"a subset's name is text, not {kind_of(name)}; quote it")
            continue
        facts[checks.name(where, name)] = _facts(where, known, checks)
    return facts


def _facts(where: str, value: object, checks: Checks) -> Mapping[str, object]:
    if isinstance(value, str):
        value = {CATEGORY: value}
    elif value is None:
        value = {}
    if not isinstance(value, Mapping):
        checks.fault(where, f"must be a category, not {kind_of(value)}; `{where}: STEM`")
        return {}
    for name, fact in value.items():
        if not isinstance(name, str):
            checks.fault(f"{where}.{name}", f"a field's name is text, not {kind_of(name)}")
        elif not isinstance(fact, bool | int | float):
            checks.text(f"{where}.{name}", fact, required=True)
    return {str(name): fact for name, fact in value.items()}


def layouts(
    value: object,
    checks: Checks,
    *,
    named: Fields,
    fields: Fields,
    kind: str,
    rows: RowRules,
    scorer: str,
    subsets: Facts,
) -> tuple[Layout, ...]:
    """The layouts under ``data:``; the forms without any are one of them.

    :param named: what the definition's own ``fields:`` says; ``fields`` is with all the rest.
    :param kind: the definition's ``answer_kind``.
    """
    usual = Layout(test={}, fields=fields, answer_kind=kind, rows=rows)
    reading = _Reading(checks, usual, named=named, scorer=scorer, subsets=subsets)
    if isinstance(value, list) and any(isinstance(one, Mapping) for one in value):
        found = []
        for number, one in enumerate(value, start=1):
            if isinstance(one, Mapping):
                found.append(reading.layout(f"data[{number}]", one))
            else:
                what = f"is {kind_of(one)} among layouts; write `- test: FILE`"
                checks.fault(f"data[{number}]", what)
        return tuple(found)
    if not isinstance(value, str | list | Mapping) or not value:
        what = "is missing" if not value else f"must be a mapping, not {kind_of(value)}"
        checks.fault("data", f"{what}; name the file of each subset: `data: {{IQ: IQ.jsonl}}`")
        return ()
    if isinstance(value, Mapping) and "test" in value and set(value) & _NO_FILES:
        checks.fault("data", "is a layout; layouts stand in a list: `data: [{test: FILE, …}]`")
        return ()
    return (replace(usual, test=reading.files("data", value, alone=DEFAULT_SUBSET)),)


class _Reading:
    """Reads layouts.

    :param usual: one with all that holds where a layout says nothing.
    :param subsets: the names there are; empty where the data alone tells them.
    """

    def __init__(
        self, checks: Checks, usual: Layout, *, named: Fields, scorer: str, subsets: Facts
    ) -> None:
        self._checks = checks
        self._usual = usual
        self._named = named
        self._scorer = scorer
        self._subsets = subsets

    def layout(self, where: str, value: Mapping[object, object]) -> Layout:
        """One of a list."""
        given = self._checks.mapping(where, value, _KEYS, example="test: test.jsonl")
        subset = self._subset(f"{where}.subset", given.get("subset"))
        alone = DEFAULT_SUBSET if subset is None else EACH
        test, dev = given.get("test"), given.get("dev")
        if test is None:
            self._checks.fault(f"{where}.test", "is missing; name the file of the questions")
        fields = self._fields(f"{where}.fields", given)
        return Layout(
            test={} if test is None else self.files(f"{where}.test", test, alone=alone),
            dev={} if dev is None else self.files(f"{where}.dev", dev, alone=EACH),
            subset=subset,
            columns=self._columns(f"{where}.columns", given.get("columns")),
            fields=fields,
            answer_kind=self._kind(f"{where}.answer_kind", given, fields),
            rows=self._rows(where, given),
        )

    def _fields(self, where: str, given: Mapping[str, object]) -> Fields:
        usual = self._usual.fields
        if given.get("fields") is None:
            return usual
        own = {**self._named, **named_columns(given["fields"], self._checks, where)}
        marks = given.get("answer_kind", self._usual.answer_kind) == "marks"
        return all_columns(own, self._checks, where, choices="choices" in usual, marks=marks)

    def _kind(self, where: str, given: Mapping[str, object], fields: Fields) -> str:
        kind = self._checks.one_of(where, given.get("answer_kind"), ANSWER_KINDS)
        options = "choices" in fields
        if kind in ANSWER_KINDS and (
            fault := answer_kind_fault(kind, self._scorer, options=options)
        ):
            self._checks.fault(where, fault)
        return kind or self._usual.answer_kind

    def _rows(self, where: str, given: Mapping[str, object]) -> RowRules:
        rows, fault = self._usual.rows, self._checks.fault
        if "replace" in given:
            rows = replace(rows, edits=edits(given["replace"], fault, where=f"{where}.replace"))
        if "separator" in given:
            own = separator(given["separator"], fault, where=f"{where}.separator")
            rows = replace(rows, separator=own)
        return rows

    def files(self, where: str, value: object, *, alone: str) -> Mapping[str, tuple[str, ...]]:
        """The files of each subset.

        :param alone: the subset of a name that stands without one.
        """
        if not isinstance(value, Mapping):
            names = self._file_names(where, value)
            return {EACH if any(NAMED in name for name in names) else alone: names}
        data: dict[str, tuple[str, ...]] = {}
        for subset, files in value.items():
            at = f"{where}.{subset}"
            if not isinstance(subset, str):
                what = f"a subset's name is text, not {kind_of(subset)}; quote it"
                self._checks.fault(at, what)
                continue
            if self._subsets and subset not in self._subsets:
                near = nearest_hint(subset, self._subsets)
                self._checks.fault(at, f"is none of the names under `subsets:`; {near}")
            self._checks.name(at, subset)
            data[subset] = self._file_names(at, files)
        return data

    def _file_names(self, where: str, value: object) -> tuple[str, ...]:
        names = value if isinstance(value, list) else [value]
        if not names:
            self._checks.fault(where, "names no file; add one")
        good = []
        for value in names:
            name = self._checks.text(where, value, required=True)
            if name is None:
                continue
            # Windows' rules know both separators and drives, whatever system this runs on.
            path = PureWindowsPath(name)
            if path.anchor or ".." in path.parts:
                told = f"{quoted(name)} leads elsewhere; data lies beside the definition"
                self._checks.fault(where, told)
            elif data_suffix(name) is None:
                known = any_of(DATA_SUFFIXES, "nor")
                self._checks.fault(where, f"{quoted(name)} is neither {known}")
            elif name.count(NAMED) > 1:
                self._checks.fault(where, f"{quoted(name)} names {NAMED} twice; once is enough")
            good.append(path.as_posix().removesuffix(PACKED))
        return tuple(good)

    def _subset(self, where: str, value: object) -> str | None:
        subset = self._checks.text(where, value)
        if subset is not None and set("{}") & set(re.sub(r"\{[^{}]+\}", "", subset)):
            self._checks.fault(where, f"{quoted(subset)} has a lone brace; write `Level-{{level}}`")
        return subset

    def _columns(self, where: str, value: object) -> tuple[str, ...]:
        if value is None:
            return ()
        if not isinstance(value, list) or not value:
            what = f"must be a list, not {kind_of(value)}" if value else "is empty"
            self._checks.fault(where, f"{what}; `columns: [question, A, B, answer]`")
            return ()
        names = [
            "" if one is None else self._checks.text(where, one, required=True) or ""
            for one in value
        ]
        twice = next((one for one in names if one and names.count(one) > 1), None)
        if twice is not None:
            self._checks.fault(where, f"names {quoted(twice)} twice; rename one")
        return tuple(names)
