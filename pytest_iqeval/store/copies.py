"""Byte copies of the benchmarks' files in a run's folder, so that it replays anywhere.

benchmarks/index.json                   what was kept, and under which names
benchmarks/<name>/benchmark.yaml        the definition, whatever its own file is called
benchmarks/<name>/data.zip              its data files, as a layout of the definition names them
benchmarks/<name>/<data file>           or the files that came without a definition
"""

from __future__ import annotations

import contextlib
import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path, PureWindowsPath

from pytest_iqeval.core.definition import Benchmark
from pytest_iqeval.core.recall import BenchmarkFiles, Kept
from pytest_iqeval.store.folder import RunFolder, safe_name

DEFINITION = "benchmark.yaml"
DATA = "data.zip"


@dataclass(frozen=True, slots=True, kw_only=True)
class Keepable:
    """A benchmark, the files it was read from, and what users wrote for it."""

    benchmark: Benchmark
    files: BenchmarkFiles
    specs: Sequence[str] = field(default=())


def keep_copies(folder: RunFolder, keepable: Iterable[Keepable]) -> None:
    """Copy what is not kept yet into a run's folder, and write it down there.

    A benchmark whose files can't be read any more, or hold other questions than those that were
    read before, is left out: the run itself needs no copy.
    """
    kept = {one.name: one for one in kept_in(folder)}
    new = {
        one.benchmark.name: one
        for one in keepable
        if one.benchmark.name not in kept
        or kept[one.benchmark.name].data_sha256 != one.benchmark.data_sha256
        or kept[one.benchmark.name].definition is not None  # it is small, and may have changed
    }
    if not new:
        return
    with contextlib.suppress(OSError):  # a full disk is told by the journal, which matters more
        for name, one in new.items():
            others = [other.folder for other in kept.values() if other.name != name]
            copy = _copy(folder, one, _free(safe_name(name), others))
            if copy is not None:
                kept[name] = copy
        _write_index(folder, list(kept.values()))


def kept_in(folder: RunFolder) -> tuple[Kept, ...]:
    """What a run's folder keeps; nothing where there is no index, or a damaged one."""
    try:
        plain = json.loads(folder.copies_index.read_text("utf-8"))
        kept = tuple(Kept.from_plain(one) for one in plain["benchmarks"])
        return tuple(one for one in kept if _is_inside(one))
    except (OSError, ValueError, TypeError, KeyError, AttributeError):
        return ()


def _is_inside(kept: Kept) -> bool:
    """Whether no name leads out of the run's folder: that may come from anywhere."""
    names = (kept.folder, kept.definition or DEFINITION, *kept.data.values())
    paths = [PureWindowsPath(name) for name in names]
    return not any(path.anchor or ".." in path.parts for path in paths)


def _copy(folder: RunFolder, one: Keepable, into: str) -> Kept | None:
    benchmark, files = one.benchmark, one.files
    target = folder.copies / into
    data: dict[str, str] = {}
    try:
        contents = list(files.contents())
        definition = None if files.definition is None else files.definition.read_bytes()
    except OSError:
        return None
    if {name: hashlib.sha256(content).hexdigest() for name, content in contents} != files.sha256:
        return None
    target.mkdir(parents=True, exist_ok=True)
    if definition is None:
        data = dict.fromkeys(benchmark.subsets, safe_name(contents[0][0]))
        if len(contents) > 1:
            questions = benchmark.definition.data[0].test
            data = {subset: safe_name(names[0]) for subset, names in questions.items()}
        for name, content in contents:
            (target / safe_name(name)).write_bytes(content)
    else:
        (target / DEFINITION).write_bytes(definition)
        _pack(target / DATA, contents)
    return Kept(
        name=benchmark.name,
        specs=tuple(dict.fromkeys(one.specs)),
        folder=into,
        definition=None if definition is None else DEFINITION,
        data=data,
        scorer=benchmark.definition.scorer,
        data_sha256=benchmark.data_sha256,
    )


def _pack(path: Path, contents: Iterable[tuple[str, bytes]]) -> None:
    """One archive: any system has it, whatever names are in it and however many."""
    # Imported here: a process that asks nothing packs nothing.
    from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

    with ZipFile(path, "w") as archive:
        for name, content in contents:
            # Level 1: MMLU takes 0.1 s and 2.7 MB, level 6 0.3 s and 2.3 MB.
            archive.writestr(ZipInfo(name), content, ZIP_DEFLATED, compresslevel=1)


def _write_index(folder: RunFolder, kept: Sequence[Kept]) -> None:
    """Whole or not at all: a run may be killed at any moment."""
    plain: Mapping[str, object] = {"benchmarks": [one.to_plain() for one in kept]}
    text = json.dumps(plain, ensure_ascii=True, indent=1)
    folder.copies.mkdir(exist_ok=True)
    draft = folder.copies_index.with_suffix(".tmp")
    draft.write_text(text, "utf-8")
    draft.replace(folder.copies_index)


def _free(name: str, taken: Iterable[str]) -> str:
    """`name`, or with ``-2``, ``-3`` … where a file system that ignores case has it."""
    used = {other.casefold() for other in taken}
    path = PureWindowsPath(name)
    number, free = 2, name
    while free.casefold() in used:
        free = path.with_name(f"{path.stem}-{number}{path.suffix}").as_posix()
        number += 1
    return free
