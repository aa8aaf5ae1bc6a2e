"""What benchmarks there are, and what of them is here: for commands that list and show."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from pytest_iqeval.core.definition import PACKED, Benchmark, Definition
from pytest_iqeval.core.errors import AbsentData, SettingsError, UnknownName, UsageFault
from pytest_iqeval.core.recall import BenchmarkFiles
from pytest_iqeval.sources.catalogue import (
    DEFINITION_SUFFIXES,
    Loaded,
    known_names,
    load,
)
from pytest_iqeval.sources.hub.access import HubAccess
from pytest_iqeval.sources.reading import shown_path
from pytest_iqeval.sources.shipped import DEFINITION, datasets_folder


class Where(StrEnum):
    """Where a benchmark's data was found."""

    DATA_DIR = "data-dir"
    PACKAGE = "package"
    BESIDE = "beside"  # its definition, which is the user's
    CACHE = "cache"


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """A benchmark that can be named.

    ``spec`` is what ``--iqeval-dataset`` takes. ``loaded`` is ``None`` where the data is not here
    or at fault, and ``trouble`` then says what; ``absent`` tells the two apart. ``size`` counts
    bytes of data files. ``definition`` is ``None`` where a data file came alone, or where the
    definition itself is at fault. ``own`` is true where the definition is not the package's.
    """

    spec: str
    definition: Definition | None = None
    loaded: Loaded | None = None
    where: Where | None = None
    size: int = 0
    trouble: UsageFault | None = None
    own: bool = False

    @property
    def benchmark(self) -> Benchmark | None:
        """The benchmark with its questions, where they are here."""
        return None if self.loaded is None else self.loaded.benchmark

    @property
    def name(self) -> str:
        """The benchmark's name; the spec where none could be read."""
        if self.benchmark is not None:
            return self.benchmark.name
        return self.spec if self.definition is None else self.definition.name

    @property
    def absent(self) -> bool:
        """Whether its data is not here, rather than at fault."""
        return isinstance(self.trouble, AbsentData)


def inventory(
    *, data_dir: Path | None, start: Path, scorers: Iterable[str], hub: HubAccess | None = None
) -> Iterator[Entry]:
    """The benchmarks with names of their own, then those that are defined in `start` itself.

    :param data_dir: where local copies of named benchmarks lie.
    :param hub: how the cache of fetched data is reached; ``None``: it is not looked into.
    :raises SettingsError: `data_dir` is no folder.
    """
    known = tuple(scorers)
    here = [start / DEFINITION, *start.glob(f"*/{DEFINITION}")]
    own = sorted(shown_path(path, start) for path in here if path.is_file())
    for spec in (*known_names(), *own):
        yield entry_of(spec, data_dir=data_dir, start=start, scorers=known, hub=hub)


def entry_of(
    spec: str,
    *,
    data_dir: Path | None,
    start: Path,
    scorers: Iterable[str],
    hub: HubAccess | None = None,
) -> Entry:
    """What is here of the benchmark that a spec names.

    :raises UnknownName: no such benchmark or subset.
    :raises SettingsError: `data_dir` is no folder.
    :raises DefinitionError: no such file, or a data file that came alone is at fault.
    """
    known = tuple(scorers)
    path = _definition_path(spec, start)
    definition = None
    try:
        if path is not None:
            from pytest_iqeval.sources.definitions import read_definition  # brings yaml

            definition = read_definition(path, shown=shown_path(path, start), scorers=known)
        loaded = load(spec, data_dir=data_dir, start=start, scorers=known, hub=hub)
    except (UnknownName, SettingsError):  # a subset, the folder of local copies
        raise
    except UsageFault as trouble:
        if path is None:
            raise
        own = not path.is_relative_to(datasets_folder())
        return Entry(spec=spec, definition=definition, trouble=trouble, own=own)
    folder = loaded.files.folder
    return Entry(
        spec=spec,
        definition=None if path is None else loaded.benchmark.definition,
        loaded=loaded,
        where=_where(folder, loaded, data_dir=data_dir, start=start),
        own=path is None or not path.is_relative_to(datasets_folder()),
        size=_size(loaded.files),
    )


def _definition_path(spec: str, start: Path) -> Path | None:
    """The definition that a spec means; ``None`` where it means a data file, or nothing."""
    before, colon, _ = spec.rpartition(":")
    for name in (spec, before) if colon and before else (spec,):
        path = start / name
        if path.is_dir():
            path = path / DEFINITION
        if path.is_file():
            return path if path.suffix.lower() in DEFINITION_SUFFIXES else None
    name = spec.partition(":")[0]
    return datasets_folder() / name / DEFINITION if name in known_names() else None


def _where(folder: Path, loaded: Loaded, *, data_dir: Path | None, start: Path) -> Where:
    if data_dir is not None and folder.is_relative_to(start / data_dir):
        return Where.DATA_DIR
    if folder.is_relative_to(datasets_folder()):
        return Where.PACKAGE
    path = loaded.files.definition
    beside = path is None or folder.is_relative_to(path.parent)
    return Where.BESIDE if beside else Where.CACHE


def _size(files: BenchmarkFiles) -> int:
    """Bytes on the disk: packed files and archives as they are."""
    top = files.folder / files.where
    packed = [[top / name, top / f"{name}{PACKED}", top] for name in files.sha256]
    there = {path for paths in packed for path in paths if path.is_file()}
    return sum(path.stat().st_size for path in there)
