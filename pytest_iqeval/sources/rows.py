"""Rows and a definition → samples, with every fault of the rows."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import NamedTuple

from pytest_iqeval.core.definition import EACH, Definition, Layout
from pytest_iqeval.core.plain import quoted
from pytest_iqeval.core.sample import (
    Sample,
    content_id,
    joined_labels,
    labels_in,
    labels_of,
    safe_id,
)
from pytest_iqeval.sources.columns import missing_columns, missing_group
from pytest_iqeval.sources.files import Table
from pytest_iqeval.sources.records import Fault
from pytest_iqeval.sources.row import Draft, Plan, RowReading
from pytest_iqeval.sources.subsets import Subsets, in_order


class SampleReader:
    """Reads the files of a benchmark, one after the other; the samples are there at the end.

    Where there is a fault the samples are not to be used: rows are missing from them, and
    that may change the ids of others.
    """

    def __init__(
        self,
        definition: Definition,
        layout: Layout,
        *,
        examples: bool = False,
        most: int | None = None,
    ) -> None:
        """:param examples: whether the rows are few-shot examples.
        :param most: how many of a subset are wanted; ``None``: all.
        """
        self._definition = replace(
            definition, fields=layout.fields, answer_kind=layout.answer_kind, rows=layout.rows
        )
        self._subsets = Subsets(definition, layout, examples=examples)
        self._files: list[Table] = []
        self._faults: list[tuple[int, Fault]] = []
        self._drafts: dict[str, list[_Placed]] = {}
        self._plans: dict[frozenset[str], Plan] = {}
        self._most = most

    def is_full(self, subset: str | None) -> bool:
        """Whether there are as many of a subset as are wanted; ``None``: of all that there are."""
        if self._most is None:
            return False
        named = self._definition.subsets if subset is None else (subset,)
        there = (len(self._drafts.get(name, ())) for name in named)
        return bool(named) and all(count >= self._most for count in there)

    def add(self, table: Table, subset: str | None) -> None:
        """Take in a file; its rows can be forgotten then.

        :param subset: whose it is; ``None`` where its rows say it.
        """
        missing = missing_columns(table, self._definition)
        faults = [*missing.values(), *missing_group(table, self._definition), *table.faults]
        unnamed = self._subsets.fault_of_file(table.rows, subset)
        faults += [] if unnamed is None else [Fault(0, unnamed)]
        whole = subset if subset in (None, EACH) else safe_id(str(subset))
        number = len(self._files)
        plan = self._plan(missing)
        for row in table.rows:
            own, fault = whole, None
            if subset is None and unnamed is None:
                own, fault = self._subsets.of_row(row)
            if own is not None and self.is_full(own):
                continue
            reading = RowReading(row, plan)
            draft = reading.draft()
            told = [*reading.faults, *([] if fault is None else [fault])]
            faults += [Fault(row.line, one) for one in told]
            if draft is not None and own is not None and unnamed is None:
                self._subsets.complete(draft.metadata, own)
                self._drafts.setdefault(own, []).append(_Placed(number, draft))
        self._files.append(replace(table, content=b"", rows=()))
        self._faults += [(number, fault) for fault in faults]

    def samples(self) -> dict[str, list[Sample]]:
        """The samples of each subset, in the order in which they were read."""
        found: dict[str, list[Sample]] = {}
        for subset in in_order(self._definition, self._drafts):
            drafts = self._drafts.pop(subset)
            ids, clashes = self._ids(drafts)
            self._faults += clashes
            found[subset] = [
                _sample(
                    draft,
                    self._definition,
                    id=id,
                    subset=subset,
                    file=str(self._files[number].path),
                )
                for (number, draft), id in zip(drafts, ids, strict=True)
            ]
        return found

    def faults(self) -> list[str]:
        """All that is wrong, file by file in the order of its lines; once the samples are made."""
        ordered = sorted(self._faults, key=lambda one: (one[0], one[1].line))
        return [self._files[number].told(fault) for number, fault in ordered]

    def _plan(self, missing: Mapping[str, object]) -> Plan:
        known = frozenset(missing)
        if known not in self._plans:
            self._plans[known] = Plan(self._definition, missing)
        return self._plans[known]

    def _ids(self, drafts: Sequence[_Placed]) -> tuple[list[str], list[tuple[int, Fault]]]:
        """The id of each draft: its own, else its content's; equal rows get -2, -3 in their order.

        Which suffixes are free is decided by all rows together, so an id depends on the order of
        rows only among equal ones.
        """
        bases = [_base(draft) for _, draft in drafts]
        taken = frozenset(bases)
        first: dict[str, _Placed] = {}
        suffixes: dict[str, int] = {}
        ids: list[str] = []
        faults: list[tuple[int, Fault]] = []
        for placed, base in zip(drafts, bases, strict=True):
            earlier = first.setdefault(base, placed)
            if earlier is placed:
                ids.append(base)
                continue
            if earlier.draft.content != placed.draft.content:
                told = f"{self._id_column}: {self._clash(earlier, placed, base)}"
                faults.append((placed.file, Fault(placed.draft.line, told)))
            number = suffixes.get(base, 1) + 1
            while f"{base}-{number}" in taken:
                number += 1
            suffixes[base] = number
            ids.append(f"{base}-{number}")
        return ids, faults

    @property
    def _id_column(self) -> str:
        return str(self._definition.fields.get("id", "id"))

    def _clash(self, earlier: _Placed, later: _Placed, base: str) -> str:
        where = f"line {earlier.draft.line}"
        if earlier.file != later.file:
            where = f"{self._files[earlier.file].shown}:{earlier.draft.line}"
        own, other = later.draft.own_id, earlier.draft.own_id
        if own is None or other is None:
            what = f"{base}, made from the question's content, is also that of {where}"
        elif own == other:
            what = f"{quoted(own)} is also that of {where}"
        else:
            what = f"{quoted(own)} becomes {base}, as does {quoted(other)} of {where}"
        return f"{what}, a different question; give each its own id"


class _Placed(NamedTuple):
    """A draft, and the number of its file."""

    file: int
    draft: Draft


def _base(draft: Draft) -> str:
    """A question's id before equal ones are told apart."""
    if draft.own_id is None:
        return content_id(draft.question, draft.choices)
    return safe_id(draft.own_id)


def _sample(draft: Draft, definition: Definition, *, id: str, subset: str, file: str) -> Sample:
    numbered = definition.labels == "digits"
    choices, target = draft.choices, draft.answer.target
    if definition.rows.shuffle and choices:
        choices, target = shuffled(id, choices, target, numbered=numbered)
    return Sample(
        benchmark=definition.name,
        subset=subset,
        id=id,
        input=draft.question,
        choices=choices,
        target=target,
        also=draft.answer.also,
        numbered=numbered,
        system=draft.system,
        metadata=draft.metadata,
        group=draft.group,
        file=file,
        line=draft.line,
    )


def shuffled(
    id: str, choices: tuple[str, ...], target: str, *, numbered: bool = False
) -> tuple[tuple[str, ...], str]:
    """The options in the order that the id draws, and the label of the right one there.

    They are sorted by the sha256 of ``ID:N``, N being their place in the file from 0. So the
    order depends on nothing but the id, and never changes: not with Python's random numbers,
    not with the other questions.
    """
    order = sorted(
        range(len(choices)),
        key=lambda n: hashlib.sha256(f"{id}:{n}".encode("utf-8", "surrogatepass")).digest(),
    )
    labels = labels_of(len(choices), numbered=numbered)
    right = [order.index(labels.index(label)) for label in labels_in(target, labels)]
    return (
        tuple(choices[n] for n in order),
        joined_labels((labels[n] for n in sorted(right)), numbered=numbered),
    )
