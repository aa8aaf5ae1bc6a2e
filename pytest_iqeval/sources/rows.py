"""Rows and a definition → samples, with every fault of the rows."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence

from pytest_iqeval.core.definition import Definition
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
from pytest_iqeval.sources.files import Fault, Table
from pytest_iqeval.sources.row import Draft, Plan, RowReading


def read_samples(
    table: Table, definition: Definition, *, subset: str
) -> tuple[list[Sample], list[Fault]]:
    """The samples of one subset's file, and all faults of the file in the order of its lines.

    Where there is a fault the samples are not to be used: rows are missing from them, and
    that may change the ids of others.
    """
    missing = missing_columns(table, definition)
    faults = [*missing.values(), *missing_group(table, definition), *table.faults]
    plan = Plan(definition, missing)
    drafts: list[Draft] = []
    for row in table.rows:
        reading = RowReading(row, plan)
        draft = reading.draft()
        faults += [Fault(row.line, fault) for fault in reading.faults]
        if draft is not None:
            drafts.append(draft)
    ids, clashes = _ids(drafts, id_column=str(definition.fields.get("id", "id")))
    samples = [
        _sample(draft, definition, id=id, subset=subset, file=str(table.path))
        for draft, id in zip(drafts, ids, strict=True)
    ]
    return samples, sorted(faults + clashes, key=lambda fault: fault.line)


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


def _ids(drafts: Sequence[Draft], *, id_column: str) -> tuple[list[str], list[Fault]]:
    """The id of each draft: its own, else its content's; equal rows get -2, -3 in file order.

    Which suffixes are free is decided by all rows together, so an id depends on the order of
    rows only among equal ones.
    """
    bases = [
        content_id(draft.question, draft.choices) if draft.own_id is None else safe_id(draft.own_id)
        for draft in drafts
    ]
    taken = frozenset(bases)
    first: dict[str, Draft] = {}
    suffixes: dict[str, int] = {}
    ids: list[str] = []
    faults: list[Fault] = []
    for draft, base in zip(drafts, bases, strict=True):
        earlier = first.setdefault(base, draft)
        if earlier is draft:
            ids.append(base)
            continue
        if earlier.content != draft.content:
            faults.append(Fault(draft.line, f"{id_column}: {_clash(earlier, draft, base)}"))
        number = suffixes.get(base, 1) + 1
        while f"{base}-{number}" in taken:
            number += 1
        suffixes[base] = number
        ids.append(f"{base}-{number}")
    return ids, faults


def _clash(earlier: Draft, later: Draft, base: str) -> str:
    if later.own_id is None or earlier.own_id is None:
        what = f"{base}, made from the question's content, is also that of line {earlier.line}"
    elif later.own_id == earlier.own_id:
        what = f"{quoted(later.own_id)} is also that of line {earlier.line}"
    else:
        what = (
            f"{quoted(later.own_id)} becomes {base}, as does {quoted(earlier.own_id)} "
            f"of line {earlier.line}"
        )
    return f"{what}, a different question; give each its own id"
