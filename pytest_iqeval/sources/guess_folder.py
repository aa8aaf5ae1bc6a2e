"""Questions with examples beside them and no definition, as EvalScope's `general_mcq` has them.

``NAME_val.*`` holds questions, ``NAME_dev.*`` examples for them; a folder may hold several such
pairs, which are the subsets of one benchmark.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import NamedTuple

from pytest_iqeval.core.definition import (
    DATA_SUFFIXES,
    EACH,
    PACKED,
    Definition,
    data_stem,
    data_suffix,
)
from pytest_iqeval.core.errors import DefinitionError
from pytest_iqeval.core.phrases import guess as phrases
from pytest_iqeval.core.phrases.signs import LIST
from pytest_iqeval.core.sample import safe_id
from pytest_iqeval.core.told import joined
from pytest_iqeval.sources.files import Table, read_table
from pytest_iqeval.sources.guess import guess_definition

_QUESTIONS, _EXAMPLES = "_val", "_dev"


class Pair(NamedTuple):
    """The names of two files of one folder: questions, and examples if there are any."""

    questions: str
    examples: str | None


def pairs_in(folder: Path) -> Mapping[str, Pair]:
    """The pairs of a folder by their name, sorted; none where it holds no ``NAME_val.*``."""
    questions: dict[str, str] = {}
    for path in _data_files(folder):
        stem = data_stem(path.name)
        if stem.endswith(_QUESTIONS) and stem != _QUESTIONS:
            questions.setdefault(stem.removesuffix(_QUESTIONS), path.name)
    return {
        name: Pair(file, _examples_of(folder, name)) for name, file in sorted(questions.items())
    }


def with_examples_beside(definition: Definition, path: Path) -> Definition:
    """The guess of a file that came alone, with the examples that lie beside it, if any."""
    stem = data_stem(path.name)
    if not stem.endswith(_QUESTIONS):
        return definition
    examples = _examples_of(path.parent, stem.removesuffix(_QUESTIONS))
    return definition if examples is None else _with(definition, {EACH: (_plain(examples),)})


def guess_folder(
    folder: Path, pairs: Mapping[str, Pair], *, shown: str, scorers: Iterable[str]
) -> Definition:
    """One definition for all pairs of a folder, called like the folder.

    :param shown: the folder's name in messages.
    :raises DefinitionError: as `guess_definition`, of all rows together.
    """
    tables = [
        read_table(folder / pair.questions, shown=f"{shown}/{pair.questions}")
        for pair in pairs.values()
    ]
    broken = [table.told(fault) for table in tables for fault in table.faults]
    together = Table(
        path=folder / f"{folder.name}{DATA_SUFFIXES[0]}",
        shown=shown,
        content=b"",
        rows=tuple(row for table in tables for row in table.rows),
        faults=(),
    )
    if not together.rows:
        raise DefinitionError(broken)
    try:
        definition = guess_definition(together, scorers=scorers)
    except DefinitionError as error:
        raise DefinitionError(broken + error.problems, hint=error.hint) from None
    names = {name: safe_id(name) for name in pairs}
    test = {names[name]: (_plain(pair.questions),) for name, pair in pairs.items()}
    definition = replace(definition, data=(replace(definition.data[0], test=test),))
    dev = {names[n]: (_plain(p.examples),) for n, p in pairs.items() if p.examples is not None}
    return _with(definition, dev) if dev else definition


def _with(definition: Definition, dev: Mapping[str, tuple[str, ...]]) -> Definition:
    told = phrases.WITH_EXAMPLES(
        guessed=definition.description,
        files=joined((name for names in dev.values() for name in names), LIST),
    )
    layout = replace(definition.data[0], dev=dev)
    return replace(definition, data=(layout,), description=told)


def _examples_of(folder: Path, name: str) -> str | None:
    wanted = f"{name}{_EXAMPLES}"
    return next((p.name for p in _data_files(folder) if data_stem(p.name) == wanted), None)


def _data_files(folder: Path) -> list[Path]:
    """In the order in which EvalScope prefers what they are: JSONL, CSV, TSV, …"""
    try:
        there = [path for path in folder.iterdir() if data_suffix(path.name) and path.is_file()]
    except OSError:
        return []
    return sorted(there, key=lambda p: (DATA_SUFFIXES.index(data_suffix(p.name) or ""), p.name))


def _plain(name: str) -> str:
    """As a layout names a file, which may be packed."""
    return name.removesuffix(PACKED)
