"""What ``--iqeval-dataset`` names → a benchmark with its samples."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from pytest_iqeval.core.definition import (
    DATA_SUFFIXES,
    DEFAULT_SUBSET,
    PACKED,
    Benchmark,
    Definition,
    data_stem,
    data_suffix,
)
from pytest_iqeval.core.errors import DefinitionError, UnknownName
from pytest_iqeval.core.plain import any_of
from pytest_iqeval.core.recall import BenchmarkFiles, Kept
from pytest_iqeval.core.sample import safe_id
from pytest_iqeval.core.selection import subsets_like
from pytest_iqeval.sources.files import read_content, read_table
from pytest_iqeval.sources.guess import guess_definition
from pytest_iqeval.sources.guess_folder import guess_folder, pairs_in, with_examples_beside
from pytest_iqeval.sources.hub.access import HubAccess
from pytest_iqeval.sources.layouts import files_read
from pytest_iqeval.sources.local import find_data, folder_beside, folder_of
from pytest_iqeval.sources.reading import contents_of, read_alone, read_found, shown_path
from pytest_iqeval.sources.records import Fault
from pytest_iqeval.sources.shipped import DEFINITION, datasets_folder, shipped_names
from pytest_iqeval.sources.specs import (
    DEFINITION_SUFFIXES,
    as_path,
    is_folder,
    looks_like_path,
    no_such_file,
    only_a_folder,
)

Wanted = Callable[[Definition], int | None]


def _all_examples(_: Definition) -> None:
    """All examples that there are."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Loaded:
    """What one spec names: a whole benchmark, and the subset that was asked for (``None``: all).

    Specs of one benchmark (``x:IQ``, ``x:EQ``) give the same benchmark, to be joined by its name.
    ``subset`` may be a pattern (``college_*``); ``subsets`` are those that it means. ``spec`` is
    without the subset; ``files`` are those that were read.
    """

    benchmark: Benchmark
    subset: str | None
    subsets: tuple[str, ...] | None
    spec: str
    files: BenchmarkFiles


def known_names() -> list[str]:
    """The names that need no path, sorted."""
    return shipped_names()


def load(
    spec: str,
    *,
    data_dir: Path | None,
    start: Path,
    scorers: Iterable[str],
    hub: HubAccess | None = None,
    examples: Wanted = _all_examples,
) -> Loaded:
    """The benchmark that a spec names.

    :param spec: ``NAME``, ``NAME:SUBSET``, or the path of a definition, of the folder of a
        ``benchmark.yaml``, or of a data file; ``:SUBSET`` may follow a path too, and may be a
        pattern. What exists as a path is a path, else it is a name.
    :param data_dir: where local copies of named benchmarks lie.
    :param start: the folder that relative paths start from.
    :param scorers: the names of the scorers there are.
    :param hub: how data that is not here may be fetched; ``None``: it may not.
    :param examples: how many few-shot examples a definition's questions are shown, ``None`` for
        as many as there are; no more are read.
    :raises UnknownName: no such benchmark, subset or file.
    :raises DefinitionError: all faults of the definition, or of the data files.
    :raises SettingsError: `data_dir` is no folder.
    """
    known = tuple(scorers)
    path, subset = as_path(spec, start)
    if path is not None:
        name = spec if subset is None else spec.rpartition(":")[0]
        benchmark, files = _from_path(path, start=start, scorers=known, hub=hub, examples=examples)
    else:
        name, colon, after = spec.partition(":")
        subset = after if colon else None
        if name not in known_names() and is_folder(start / spec):
            raise only_a_folder(spec, start)
        if looks_like_path(spec) or looks_like_path(name):
            raise no_such_file(spec, start)
        if name not in known_names():
            raise UnknownName("benchmark", name, known_names())
        local = None if data_dir is None else start / data_dir
        benchmark, files = _from_name(
            name, data_dir=local, start=start, scorers=known, hub=hub, examples=examples
        )
    return _loaded(benchmark, subset, spec=name, files=files)


def split_spec(spec: str) -> tuple[tuple[str, str | None], ...]:
    """What a spec may mean where no file tells: all of it, or a benchmark and its subset."""
    before, colon, subset = spec.rpartition(":")
    return ((spec, None), (before, subset)) if colon and before else ((spec, None),)


def load_kept(
    kept: Kept,
    folder: Path,
    *,
    subset: str | None,
    start: Path,
    scorers: Iterable[str],
    examples: Wanted = _all_examples,
) -> Loaded:
    """The benchmark whose files a run has kept in `folder`.

    :raises UnknownName: it has no such subset.
    :raises DefinitionError: a file is damaged or gone, or the scorer is not known here.
    """
    known = tuple(scorers)
    if kept.scorer not in known:
        raise DefinitionError(
            f"{kept.name}: its scorer {kept.scorer!r} is not known here",
            hint="a conftest.py or a package of that run registered it: bring it along",
        )
    if kept.definition is not None:
        definition = _defined(folder / kept.definition, start, known)
        if kept.data:
            test = {name: (file,) for name, file in kept.data.items()}
            definition = replace(definition, data=(replace(definition.data[0], test=test),))
        path = folder / kept.definition
        benchmark, files = _from_files(path, definition, folder, start=start, examples=examples)
    elif set(kept.data) == {DEFAULT_SUBSET}:
        path = folder / next(iter(kept.data.values()))
        benchmark, files = _alone(path, kept.name, start, known)
    else:
        benchmark, files = _of_folder(folder, kept.name, start, known)
    return _loaded(benchmark, subset, spec=kept.name, files=files)


def _loaded(
    benchmark: Benchmark, subset: str | None, *, spec: str, files: BenchmarkFiles
) -> Loaded:
    """:raises UsageFault: the benchmark has no such subset, or it can't be had."""
    subsets = None
    if subset is not None:
        where = f"benchmark {benchmark.name}: "
        subsets = subsets_like(
            subset,
            benchmark.subsets,
            unavailable=benchmark.definition.unavailable,
            facts=benchmark.definition.subsets,
            where=where,
        )
    return Loaded(benchmark=benchmark, subset=subset, subsets=subsets, spec=spec, files=files)


def _from_path(
    path: Path,
    *,
    start: Path,
    scorers: tuple[str, ...],
    hub: HubAccess | None,
    examples: Wanted,
) -> tuple[Benchmark, BenchmarkFiles]:
    shown = shown_path(path, start)
    if path.is_dir():
        return _of_folder(path, path.resolve().name, start, scorers)
    suffix = path.suffix.lower()
    if suffix in DEFINITION_SUFFIXES:
        definition = _defined(path, start, scorers)
        folder = folder_beside(definition, path.parent, below=path.name == DEFINITION, hub=hub)
        return _from_files(path, definition, folder, start=start, examples=examples)
    if data_suffix(path.name) is None:
        raise DefinitionError(
            f"{shown}: is neither a definition nor data",
            hint=f"a definition ends in {any_of(DEFINITION_SUFFIXES)}, "
            f"data in {any_of(DATA_SUFFIXES)}",
        )
    return _alone(path, data_stem(path.name), start, scorers)


def _defined(path: Path, start: Path, scorers: tuple[str, ...]) -> Definition:
    # Imported here: a data file that comes alone needs no yaml, whose import takes 15 ms.
    from pytest_iqeval.sources.definitions import read_definition

    return read_definition(path, shown=shown_path(path, start), scorers=scorers)


def _alone(
    path: Path, stem: str, start: Path, scorers: tuple[str, ...]
) -> tuple[Benchmark, BenchmarkFiles]:
    """The benchmark of a data file that comes alone; `stem` gives its name."""
    shown = shown_path(path, start)
    table = read_table(path, shown=shown)
    broken = [table.told(fault) for fault in table.faults]
    if not table.rows:
        raise DefinitionError(broken)
    try:
        definition = guess_definition(table, scorers=scorers)
    except DefinitionError as error:
        raise DefinitionError(broken + error.problems, hint=error.hint) from None
    definition = with_examples_beside(replace(definition, name=safe_id(stem)), path)
    if definition.data[0].dev:
        return _guessed(definition, path.parent, start)
    benchmark = read_alone(definition, table)
    name = path.name.removesuffix(PACKED)
    return benchmark, BenchmarkFiles(
        definition=None,
        folder=path.parent,
        sha256={name: benchmark.data_sha256},
        contents=lambda: _again(path, name),
    )


def _of_folder(
    folder: Path, name: str, start: Path, scorers: tuple[str, ...]
) -> tuple[Benchmark, BenchmarkFiles]:
    """The benchmark of all pairs of questions and examples in a folder."""
    shown = shown_path(folder, start)
    definition = guess_folder(folder, pairs_in(folder), shown=shown, scorers=scorers)
    return _guessed(replace(definition, name=safe_id(name)), folder, start)


def _guessed(definition: Definition, folder: Path, start: Path) -> tuple[Benchmark, BenchmarkFiles]:
    """The benchmark of a guess that is of several files."""
    found = find_data(definition, folder, below=False)
    benchmark, sha256 = read_found(definition, found, start=start)
    return benchmark, BenchmarkFiles(
        definition=None,
        folder=folder,
        sha256=sha256,
        contents=lambda: contents_of(found, sha256),
    )


def _again(path: Path, name: str) -> Iterator[tuple[str, bytes]]:
    content = read_content(path)
    if isinstance(content, Fault):
        raise OSError(content.what)
    yield name, content


def _from_name(
    name: str,
    *,
    data_dir: Path | None,
    start: Path,
    scorers: tuple[str, ...],
    hub: HubAccess | None,
    examples: Wanted,
) -> tuple[Benchmark, BenchmarkFiles]:
    path = datasets_folder() / name / DEFINITION
    definition = _defined(path, start, scorers)
    folder = folder_of(definition, shipped=path.parent, data_dir=data_dir, hub=hub)
    return _from_files(path, definition, folder, start=start, examples=examples)


def _from_files(
    path: Path, definition: Definition, folder: Path, *, start: Path, examples: Wanted
) -> tuple[Benchmark, BenchmarkFiles]:
    """The benchmark of the definition at `path`, its data in `folder`."""
    # A folder of its own: that of a `benchmark.yaml`, under `--iqeval-data-dir`, or in the cache.
    below = path.name == DEFINITION or folder != path.parent
    found = find_data(definition, folder, below=below)
    benchmark, sha256 = read_found(definition, found, start=start, examples=examples(definition))
    cut = len(found.base) + 1 if found.base else 0
    several = len(definition.data) > 1 or found.where or found.layout not in definition.data
    return benchmark, BenchmarkFiles(
        definition=path,
        folder=folder,
        sha256={file[cut:]: digest for file, digest in sha256.items()},
        contents=lambda: contents_of(found, sha256),
        layout=files_read(found) if several else None,
        where=found.where,
        fetched=_origin_of(folder) if definition.hub else None,
    )


def _origin_of(folder: Path) -> str | None:
    from pytest_iqeval.sources.hub.lock import origin_of  # few benchmarks come from a hub

    return origin_of(folder)
