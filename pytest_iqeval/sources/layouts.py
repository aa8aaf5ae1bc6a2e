"""Which of a definition's layouts the files in a folder have.

At the folder's top the first layout that fits is read; only where none does, what lies one folder
below or in a zip archive; and only where nothing does, the same files in another format. Never are
two of them mixed.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import NamedTuple

from pytest_iqeval.core.definition import (
    DATA_SUFFIXES,
    EACH,
    NAMED,
    PACKED,
    Definition,
    Layout,
    data_stem,
)
from pytest_iqeval.sources.tree import Archive, BrokenArchive, Folder, Tree

_ZIP = ".zip"


class DataFile(NamedTuple):
    """A file to read: its path in the tree, whose it is, and which name of the layout it has.

    ``subset`` is ``None`` where its rows say it, and `EACH` for examples of every subset.
    """

    path: str
    subset: str | None
    name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """The files of a benchmark: a layout that fits, and where.

    ``where`` is the place below the folder that was looked in: empty, ``native``, ``data.zip`` or
    ``data.zip/data``; ``base`` is the part of it that is inside `tree`.
    """

    tree: Tree
    where: str
    base: str
    layout: Layout
    test: tuple[DataFile, ...]
    dev: tuple[DataFile, ...]


@dataclass(slots=True)
class Search:
    """What was found in a folder, and what stood in the way: archives that can't be read."""

    found: Found | None = None
    broken: list[str] = field(default_factory=list)


def search(definition: Definition, folder: Path, *, below: bool = True) -> Search:
    """Look for a layout that fits.

    :param below: whether the folder is the benchmark's own, so that it may be one folder below, and
        its files in another format than the definition names.
    """
    result = Search()
    layouts = list(definition.data)
    for tried in [layouts, [_in_other_formats(one) for one in layouts]] if below else [layouts]:
        result.broken.clear()
        for where, tree, base in _places(folder, result.broken, below=below):
            for layout in tried:
                fitting = _fitting(layout, tree, base, partly=bool(definition.subsets))
                if fitting is not None:
                    test, dev = fitting
                    result.found = Found(
                        tree=tree, where=where, base=base, layout=layout, test=test, dev=dev
                    )
                    return result
    return result


def _in_other_formats(layout: Layout) -> Layout:
    """The layout of who has the same rows in another format: ``test.tsv`` for ``test.csv``."""
    test, dev = (
        {subset: _with_formats(names) for subset, names in files.items()}
        for files in (layout.test, layout.dev)
    )
    return replace(layout, test=test, dev=dev)


def _with_formats(names: tuple[str, ...]) -> tuple[str, ...]:
    # A pattern would mean files that have nothing to do with it.
    plain = [name for name in names if "*" not in name and NAMED not in name]
    others = [data_stem(name) + suffix for name in plain for suffix in DATA_SUFFIXES]
    return tuple(dict.fromkeys((*names, *others)))


def _places(folder: Path, broken: list[str], *, below: bool) -> Iterator[tuple[str, Tree, str]]:
    """Where files may lie: the name of the place, a tree, and the folder in it."""
    top = Folder(folder)
    yield "", top, ""
    listing = top.listing("")
    if below:
        for name in _in_order(listing.folders):
            yield name, top, name
    for name in _in_order(listing.files):
        if not name.lower().endswith(_ZIP):
            continue
        try:
            archive = Archive(folder / name)
        except BrokenArchive as error:
            broken.append(f"{folder / name}: {error}")
            continue
        yield name, archive, ""
        for inner in _folders_in(archive):
            yield f"{name}/{inner}", archive, inner


def _folders_in(archive: Archive) -> Iterator[str]:
    """The folders at an archive's top; where that is one alone, those in it as well."""
    folders = [""]
    while len(folders) == 1:
        listing = archive.listing(folders[0])
        base = folders[0] and folders[0] + "/"
        folders = [base + name for name in _in_order(listing.folders)]
        yield from folders
        if listing.files:
            return


def _fitting(
    layout: Layout, tree: Tree, base: str, *, partly: bool
) -> tuple[tuple[DataFile, ...], tuple[DataFile, ...]] | None:
    """The files of a layout, if those of the questions are there.

    :param partly: whether those of one subset are enough.
    """
    test: list[DataFile] = []
    for subset, names in layout.test.items():
        files = _first(tree, base, names, subset, layout)
        if not files and not partly:
            return None
        test += files
    if not test:
        return None
    dev = [
        file
        for subset, names in layout.dev.items()
        for file in _first(tree, base, names, subset, layout, shared=True)
    ]
    return tuple(test), tuple(dev)


def _first(
    tree: Tree,
    base: str,
    names: tuple[str, ...],
    subset: str,
    layout: Layout,
    *,
    shared: bool = False,
) -> list[DataFile]:
    """The files of the first of `names` that is there."""
    for name in names:
        files = [
            DataFile(path, _whose(subset, named, layout, shared=shared), name)
            for path, named in matching(tree, base, name)
        ]
        if files:
            return files
    return []


def _whose(subset: str, named: str | None, layout: Layout, *, shared: bool) -> str | None:
    if subset != EACH:
        return subset
    if named is not None:
        return named
    return EACH if shared and layout.subset is None else None


def matching(tree: Tree, base: str, pattern: str) -> Iterator[tuple[str, str | None]]:
    """The files that a name of a layout means, 2 before 10, and the subset that each name says."""
    head, _, rest = pattern.partition("/")
    listing = tree.listing(base)
    there = listing.folders if rest else listing.files
    for name, named in _names(there, head):
        path = f"{base}/{name}" if base else name
        if not rest:
            yield path, named
            continue
        for inner, also_named in matching(tree, path, rest):
            yield inner, also_named if named is None else named


def _names(there: Mapping[str, str] | set[str], pattern: str) -> Iterator[tuple[str, str | None]]:
    if "*" not in pattern and NAMED not in pattern:
        if pattern in there:
            yield pattern, None
        return
    marks = {"*": ".*", NAMED: "(?P<subset>.+)"}
    parts = re.split(rf"(\*|{re.escape(NAMED)})", pattern)
    wanted = re.compile("".join(marks.get(part, re.escape(part)) for part in parts), re.DOTALL)
    for name in _in_order(there):
        found = wanted.fullmatch(name)
        if found is not None and not name.startswith("."):
            yield name, found["subset"] if NAMED in pattern else None


def _in_order(names: Mapping[str, str] | set[str]) -> list[str]:
    """Sorted as people do: 2 before 10."""
    return sorted(names, key=_place)


def _place(name: str) -> tuple[list[tuple[int, str]], str]:
    parts = re.split("([0-9]+)", name)
    return [(int(part) if n % 2 else 0, part) for n, part in enumerate(parts)], name


def wanted(definition: Definition, *, most: int = 4) -> str:
    """The names that its files may have, for a message: those of its first layout."""
    return _listed([names[-1] for names in definition.data[0].test.values()], most)


def looked_for(layout: Layout, *, most: int = 4) -> str:
    """All names of a layout's questions, for a message."""
    return _listed([" or ".join(names) for names in layout.test.values()], most)


def files_read(found: Found, *, most: int = 4) -> str:
    """The questions' files, for a message: by the names that they have there, and by the layout's
    where it means several.
    """
    by_name: dict[str, list[str]] = {}
    for file in found.test:
        by_name.setdefault(file.name, []).append(found.tree.own(file.path))
    return _listed([_named_there(name, own, found) for name, own in by_name.items()], most)


def _named_there(name: str, own: list[str], found: Found) -> str:
    if len(own) == 1 and NAMED not in name:
        return own[0].removeprefix(f"{found.base}/")
    return name + PACKED if all(one.endswith(PACKED) for one in own) else name


def _listed(names: list[str], most: int) -> str:
    return ", ".join(names[:most]) + (", …" if len(names) > most else "")
