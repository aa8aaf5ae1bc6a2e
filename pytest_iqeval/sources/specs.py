"""What a text of ``--iqeval-dataset`` means: a path that exists, or else a name."""

from __future__ import annotations

from pathlib import Path

from pytest_iqeval.core.definition import data_suffix
from pytest_iqeval.core.errors import AbsentData, nearest
from pytest_iqeval.sources.guess_folder import pairs_in
from pytest_iqeval.sources.shipped import DEFINITION, shipped_names

DEFINITION_SUFFIXES = (".yaml", ".yml")


def as_path(spec: str, start: Path) -> tuple[Path | None, str | None]:
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
        if not path.is_dir():
            return path if path.is_file() else None
        if (path / DEFINITION).is_file():
            return path / DEFINITION
        # A folder without a definition may lie there by chance (`iquiz/`, a data folder).
        return path if text not in shipped_names() and pairs_in(path) else None
    except OSError:  # a name too long, a folder that may not be read
        return None


def is_folder(path: Path) -> bool:
    """Whether a path is that of a folder, whatever text it was made of."""
    try:
        return path.is_dir()
    except OSError:  # a name too long
        return False


def looks_like_path(spec: str) -> bool:
    """Whether a text is meant as a path, though there is no such file."""
    return any(mark in spec for mark in "/\\") or _is_readable(spec)


def _is_readable(name: str) -> bool:
    return data_suffix(name) is not None or name.lower().endswith(DEFINITION_SUFFIXES)


def _files_in(folder: Path) -> list[str]:
    """The names of the definitions and data files in a folder, sorted."""
    try:
        return sorted(p.name for p in folder.iterdir() if _is_readable(p.name))
    except OSError:
        return []


def only_a_folder(spec: str, start: Path) -> AbsentData:
    """That a folder is no benchmark, and what in it may be."""
    there = [str(Path(spec) / name) for name in _files_in(start / spec)]
    return AbsentData(
        f"{spec}: is a folder without a {DEFINITION}",
        hint=f"name a file in it: {', '.join(there[:3])}"
        if there
        else "name a definition or a data file",
    )


def no_such_file(spec: str, start: Path) -> AbsentData:
    """That a path is that of no file, and which are near it."""
    folder = (start / spec).parent
    there = _files_in(folder)
    near = [str(Path(spec).parent / name) for name in nearest(Path(spec).name, there)]
    return AbsentData(
        f"{spec}: there is no such file; looked in {folder}",
        hint=f"did you mean {' or '.join(near)}?" if near else None,
    )
