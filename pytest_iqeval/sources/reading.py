"""The files that were found for a benchmark → the benchmark, or all that is wrong with them."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import tee
from pathlib import Path

from pytest_iqeval.core.definition import EACH, Benchmark, Definition
from pytest_iqeval.core.errors import DefinitionError
from pytest_iqeval.core.sample import Sample
from pytest_iqeval.sources.files import Table, broken_table, parse_table
from pytest_iqeval.sources.layouts import DataFile, Found
from pytest_iqeval.sources.records import Fault
from pytest_iqeval.sources.rows import SampleReader

_SPARE = 10
"""Examples beyond those that are shown: a question that is among them is shown another."""


def read_found(
    definition: Definition, found: Found, *, start: Path, examples: int | None = None
) -> tuple[Benchmark, Mapping[str, str]]:
    """The benchmark whose files were found, and the sha256 of each by its path in the tree.

    :param start: where the user is, for the files' names in messages.
    :param examples: how many few-shot examples are shown before a question: of thousands no more
        are read than may be needed, and none for 0; ``None``: all are read.
    :raises DefinitionError: all faults of all files.
    """
    digests: dict[str, str] = {}
    whole = hashlib.sha256()
    test = SampleReader(definition, found.layout)
    for file, table in _tables(found, found.test, start):
        whole.update(table.content)
        digests[file.path] = _sha256(table.content)
        test.add(table, file.subset)
    most = examples and examples + _SPARE
    dev = SampleReader(definition, found.layout, examples=True, most=most)
    wanted = (file for file in found.dev if not dev.is_full(file.subset))
    for file, table in _tables(found, wanted if examples != 0 else (), start):
        digests[file.path] = _sha256(table.content)
        dev.add(table, file.subset)
    samples, shown = test.samples(), dev.samples()
    if faults := test.faults() + dev.faults():
        raise DefinitionError(faults)
    shared = shown.pop(EACH, [])
    by_subset = {name: (*shared, *shown.get(name, ())) for name in samples}
    benchmark = _benchmark(definition, samples, dev=by_subset, data_sha256=whole.hexdigest())
    return benchmark, digests


def read_alone(definition: Definition, table: Table) -> Benchmark:
    """The benchmark of a file that comes alone.

    :raises DefinitionError: all its faults.
    """
    layout = definition.data[0]
    reader = SampleReader(definition, layout)
    reader.add(table, next(iter(layout.test)))
    samples = reader.samples()
    if faults := reader.faults():
        raise DefinitionError(faults)
    return _benchmark(definition, samples, dev={}, data_sha256=_sha256(table.content))


def contents_of(found: Found, paths: Iterable[str]) -> Iterator[tuple[str, bytes]]:
    """Files that were read, again: each by its name in the layout.

    :raises OSError: one can't be read any more.
    """
    cut = len(found.base) + 1 if found.base else 0
    wanted = list(paths)
    for path, content in zip(wanted, found.tree.read(wanted), strict=False):
        if isinstance(content, Fault):
            raise OSError(content.what)
        yield path[cut:], content


def shown_path(path: Path, start: Path) -> str:
    """The path as short as it can be said from where the user is."""
    return str(path.relative_to(start)) if path.is_relative_to(start) else str(path)


def _tables(
    found: Found, files: Iterable[DataFile], start: Path
) -> Iterator[tuple[DataFile, Table]]:
    # In step: whether a file is wanted may depend on those before it.
    files, again = tee(files)
    # Once for all of them: pathlib takes longer than reading a small file.
    root = shown_path(found.tree.path, start)
    root = "" if root == "." else root
    contents = found.tree.read(file.path for file in again)
    for file, content in zip(files, contents, strict=False):
        own = found.tree.own(file.path)
        path = found.tree.path if found.tree.is_archive else found.tree.path / own
        shown = f"{root}/{own}" if root else own
        if isinstance(content, Fault):
            yield file, broken_table(content, path=path, shown=shown)
        else:
            columns = found.layout.columns
            yield (
                file,
                parse_table(content, path=path, shown=shown, columns=columns, name=file.path),
            )


def _benchmark(
    definition: Definition,
    samples: Mapping[str, Sequence[Sample]],
    *,
    dev: Mapping[str, tuple[Sample, ...]],
    data_sha256: str,
) -> Benchmark:
    return Benchmark(
        definition=definition,
        samples=tuple(sample for subset in samples.values() for sample in subset),
        dev={name: examples for name, examples in dev.items() if examples},
        data_sha256=data_sha256,
        revision=definition.revision or data_sha256[:12],
    )


def _sha256(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()
