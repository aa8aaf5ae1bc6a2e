"""What ``--iqeval-dataset`` names → a benchmark with its samples."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from pytest_iqeval.core.definition import DATA_SUFFIXES, Benchmark, Definition
from pytest_iqeval.core.errors import AbsentData, DefinitionError, UnknownName, nearest
from pytest_iqeval.core.plain import any_of
from pytest_iqeval.core.recall import BenchmarkFiles, Kept
from pytest_iqeval.core.sample import Sample, safe_id
from pytest_iqeval.sources.files import Table, read_table
from pytest_iqeval.sources.guess import guess_definition
from pytest_iqeval.sources.hub.access import HubAccess
from pytest_iqeval.sources.local import data_files, folder_of
from pytest_iqeval.sources.rows import read_samples
from pytest_iqeval.sources.shipped import DEFINITION, datasets_folder, shipped_names

DEFINITION_SUFFIXES = (".yaml", ".yml")
_SUFFIXES = (*DEFINITION_SUFFIXES, *DATA_SUFFIXES)


@dataclass(frozen=True, slots=True, kw_only=True)
class Loaded:
    """What one spec names: a whole benchmark, and the subset that was asked for (``None``: all).

    Specs of one benchmark (``x:IQ``, ``x:EQ``) give the same benchmark, to be joined by its name.
    ``spec`` is without the subset; ``files`` are those that were read.
    """

    benchmark: Benchmark
    subset: str | None
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
) -> Loaded:
    """The benchmark that a spec names.

    :param spec: ``NAME``, ``NAME:SUBSET``, or the path of a definition, of the folder of a
        ``benchmark.yaml``, or of a JSONL or CSV file; ``:SUBSET`` may follow a path too. What
        exists as a path is a path, else it is a name.
    :param data_dir: where local copies of named benchmarks lie.
    :param start: the folder that relative paths start from.
    :param scorers: the names of the scorers there are.
    :param hub: how data that is not here may be fetched; ``None``: it may not.
    :raises UnknownName: no such benchmark, subset or file.
    :raises DefinitionError: all faults of the definition, or of the data files.
    :raises SettingsError: `data_dir` is no folder.
    """
    known = tuple(scorers)
    path, subset = _as_path(spec, start)
    if path is not None:
        name = spec if subset is None else spec.rpartition(":")[0]
        benchmark, files = _from_path(path, start=start, scorers=known, hub=hub)
    else:
        name, colon, after = spec.partition(":")
        subset = after if colon else None
        if name not in known_names() and _is_folder(start / spec):
            raise _only_a_folder(spec, start)
        if _looks_like_path(spec) or _looks_like_path(name):
            raise _no_such_file(spec, start)
        if name not in known_names():
            raise UnknownName("benchmark", name, known_names())
        local = None if data_dir is None else start / data_dir
        benchmark, files = _from_name(name, data_dir=local, start=start, scorers=known, hub=hub)
    _check_subset(benchmark, subset)
    return Loaded(benchmark=benchmark, subset=subset, spec=name, files=files)


def split_spec(spec: str) -> tuple[tuple[str, str | None], ...]:
    """What a spec may mean where no file tells: all of it, or a benchmark and its subset."""
    before, colon, subset = spec.rpartition(":")
    return ((spec, None), (before, subset)) if colon and before else ((spec, None),)


def load_kept(
    kept: Kept, files: BenchmarkFiles, *, subset: str | None, start: Path, scorers: Iterable[str]
) -> Loaded:
    """The benchmark whose files a run has kept.

    :raises UnknownName: it has no such subset.
    :raises DefinitionError: a file is damaged or gone, or the scorer is not known here.
    """
    known = tuple(scorers)
    if kept.scorer not in known:
        raise DefinitionError(
            f"{kept.name}: its scorer {kept.scorer!r} is not known here",
            hint="a conftest.py or a package of that run registered it: bring it along",
        )
    if files.definition is not None:
        definition = _defined(files.definition, start, known)
        benchmark = _read(definition, {name: files.file(name) for name in files.data}, start=start)
    else:
        benchmark = _guessed(
            files.folder / next(iter(files.data.values())), kept.name, start, known
        )
    _check_subset(benchmark, subset)
    return Loaded(benchmark=benchmark, subset=subset, spec=kept.name, files=files)


def _check_subset(benchmark: Benchmark, subset: str | None) -> None:
    if subset is not None and subset not in benchmark.subsets:
        raise UnknownName(
            "subset", subset, benchmark.subsets, where=f"benchmark {benchmark.name}: "
        )


def _as_path(spec: str, start: Path) -> tuple[Path | None, str | None]:
    """The existing file that a spec means, and the subset after it."""
    path = _existing(start, spec)
    if path is not None:
        return path, None
    before, colon, subset = spec.rpartition(":")
    path = _existing(start, before) if colon and before else None
    return (path, subset) if path is not None else (None, None)


def _existing(start: Path, text: str) -> Path | None:
    path = start / text
    try:
        # A folder without a definition may lie there by chance (`iquiz/`, a data folder).
        if path.is_dir():
            path = path / DEFINITION
        return path if path.is_file() else None
    except OSError:  # a name too long, a folder that may not be read
        return None


def _is_folder(path: Path) -> bool:
    try:
        return path.is_dir()
    except OSError:  # a name too long
        return False


def _looks_like_path(spec: str) -> bool:
    return any(mark in spec for mark in "/\\") or spec.lower().endswith(_SUFFIXES)


def _files_in(folder: Path) -> list[str]:
    """The names of the definitions and data files in a folder, sorted."""
    try:
        return sorted(p.name for p in folder.iterdir() if p.suffix.lower() in _SUFFIXES)
    except OSError:
        return []


def _only_a_folder(spec: str, start: Path) -> AbsentData:
    there = [str(Path(spec) / name) for name in _files_in(start / spec)]
    return AbsentData(
        f"{spec}: is a folder without a {DEFINITION}",
        hint=f"name a file in it: {', '.join(there[:3])}"
        if there
        else "name a definition or a JSONL or CSV file",
    )


def _no_such_file(spec: str, start: Path) -> AbsentData:
    folder = (start / spec).parent
    there = _files_in(folder)
    near = [str(Path(spec).parent / name) for name in nearest(Path(spec).name, there)]
    return AbsentData(
        f"{spec}: there is no such file; looked in {folder}",
        hint=f"did you mean {' or '.join(near)}?" if near else None,
    )


def _from_path(
    path: Path, *, start: Path, scorers: tuple[str, ...], hub: HubAccess | None
) -> tuple[Benchmark, BenchmarkFiles]:
    shown = shown_path(path, start)
    suffix = path.suffix.lower()
    if suffix in DEFINITION_SUFFIXES:
        definition = _defined(path, start, scorers)
        folder = path.parent
        if definition.hub:
            folder = folder_of(definition, shipped=folder, data_dir=None, hub=hub)
        return _from_files(path, definition, folder, start=start)
    if suffix not in DATA_SUFFIXES:
        raise DefinitionError(
            f"{shown}: is neither a definition nor data",
            hint=f"a definition ends in {any_of(DEFINITION_SUFFIXES)}, "
            f"data in {any_of(DATA_SUFFIXES)}",
        )
    benchmark = _guessed(path, path.stem, start, scorers)
    files = dict.fromkeys(benchmark.definition.data[0].test, path.name)
    return benchmark, BenchmarkFiles(definition=None, folder=path.parent, data=files)


def _defined(path: Path, start: Path, scorers: tuple[str, ...]) -> Definition:
    # Imported here: a data file that comes alone needs no yaml, whose import takes 15 ms.
    from pytest_iqeval.sources.definitions import read_definition

    return read_definition(path, shown=shown_path(path, start), scorers=scorers)


def _guessed(path: Path, stem: str, start: Path, scorers: tuple[str, ...]) -> Benchmark:
    """The benchmark of a data file that comes alone; `stem` gives its name."""
    shown = shown_path(path, start)
    table = read_table(path, shown=shown)
    broken = [fault.told(shown) for fault in table.faults]
    if not table.rows:
        raise DefinitionError(broken)
    try:
        definition = guess_definition(table, scorers=scorers)
    except DefinitionError as error:
        raise DefinitionError(broken + error.problems, hint=error.hint) from None
    definition = replace(definition, name=safe_id(stem))
    return assemble(definition, dict.fromkeys(definition.data[0].test, table))


def _from_name(
    name: str,
    *,
    data_dir: Path | None,
    start: Path,
    scorers: tuple[str, ...],
    hub: HubAccess | None,
) -> tuple[Benchmark, BenchmarkFiles]:
    path = datasets_folder() / name / DEFINITION
    definition = _defined(path, start, scorers)
    folder = folder_of(definition, shipped=path.parent, data_dir=data_dir, hub=hub)
    return _from_files(path, definition, folder, start=start)


def _from_files(
    path: Path, definition: Definition, folder: Path, *, start: Path
) -> tuple[Benchmark, BenchmarkFiles]:
    """The benchmark of the definition at `path`, its data in `folder`."""
    files = data_files(definition, folder)
    names = {subset: file.relative_to(folder).as_posix() for subset, file in files.items()}
    kept = BenchmarkFiles(definition=path, folder=folder, data=names)
    return _read(definition, files, start=start), kept


def _read(definition: Definition, files: Mapping[str, Path], *, start: Path) -> Benchmark:
    tables = {
        subset: read_table(path, shown=shown_path(path, start)) for subset, path in files.items()
    }
    return assemble(definition, tables)


def assemble(definition: Definition, tables: Mapping[str, Table]) -> Benchmark:
    """The benchmark of a definition and the table of each subset.

    :raises DefinitionError: all faults of all tables.
    """
    samples: list[Sample] = []
    faults: list[str] = []
    digest = hashlib.sha256()
    for subset, table in tables.items():
        good, wrong = read_samples(table, definition, subset=subset)
        samples += good
        faults += [fault.told(table.shown) for fault in wrong]
        digest.update(table.content)
    if faults:
        raise DefinitionError(faults)
    sha256 = digest.hexdigest()
    return Benchmark(
        definition=definition,
        samples=tuple(samples),
        data_sha256=sha256,
        revision=definition.revision or sha256[:12],
    )


def shown_path(path: Path, start: Path) -> str:
    """The path as short as it can be said from where the user is."""
    return str(path.relative_to(start)) if path.is_relative_to(start) else str(path)
