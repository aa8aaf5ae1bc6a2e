"""Files in a folder or in a zip archive, looked at in one way.

A file with ``.gz`` behind its name stands there under the name without it, and is unpacked as it
is read. What desktops leave behind (``._x``, ``__MACOSX``) is not seen.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path, PureWindowsPath
from typing import TYPE_CHECKING, Protocol

from pytest_iqeval.core.definition import PACKED
from pytest_iqeval.sources.files import read_content
from pytest_iqeval.sources.packed import LARGEST, TOO_LARGE, unpacked
from pytest_iqeval.sources.records import Fault

if TYPE_CHECKING:
    from zipfile import ZipFile, ZipInfo

_LEFT_BEHIND = ("._", ".DS_Store", "__MACOSX")


@dataclass(slots=True)
class Listing:
    """What a folder holds: ``files`` maps names to those they have there, ``folders`` are names."""

    files: dict[str, str] = field(default_factory=dict)
    folders: set[str] = field(default_factory=set)

    def add(self, name: str) -> None:
        """A file; a plain one comes before its packed twin."""
        plain = name.removesuffix(PACKED) if name.endswith(PACKED) else name
        if plain == name or plain not in self.files:
            self.files[plain] = name


class Tree(Protocol):
    """A folder or an archive. Paths in it are relative, with ``/``, and without ``.gz``."""

    path: Path
    is_archive: bool

    def listing(self, folder: str) -> Listing:
        """What a folder holds (``""`` is the top); nothing where there is no such folder."""
        ...

    def read(self, paths: Iterable[str]) -> Iterator[bytes | Fault]:
        """The contents of files, unpacked, or why they can't be read."""
        ...

    def own(self, path: str) -> str:
        """The path as it stands there, with ``.gz`` if it has one."""
        ...


class Folder:
    """A folder of the file system."""

    is_archive = False

    def __init__(self, path: Path) -> None:
        self.path = path
        self._listings: dict[str, Listing] = {}

    def listing(self, folder: str) -> Listing:
        """See `Tree`. A folder is read once."""
        if folder not in self._listings:
            found = Listing()
            try:
                with os.scandir(self.path / folder) as entries:
                    for entry in entries:
                        if entry.name.startswith(_LEFT_BEHIND):
                            continue
                        if entry.is_dir():
                            found.folders.add(entry.name)
                        else:
                            found.add(entry.name)
            except OSError:  # there is none, or it may not be read
                pass
            self._listings[folder] = found
        return self._listings[folder]

    def read(self, paths: Iterable[str]) -> Iterator[bytes | Fault]:
        """See `Tree`."""
        for path in paths:
            yield read_content(self.path / self.own(path))

    def own(self, path: str) -> str:
        """See `Tree`."""
        return _own(self, path)


class BrokenArchive(Exception):
    """A zip archive that can't be looked into; its text says why, and what to do."""


class Archive:
    """A zip archive. Nothing of it is ever unpacked to the file system.

    :raises BrokenArchive: it is none, or is one that nobody should unpack.
    """

    is_archive = True

    def __init__(self, path: Path) -> None:
        self.path = path
        self._listings: dict[str, Listing] = {}
        self._members: dict[str, ZipInfo] = {}
        with _opened(path) as archive:
            for info in archive.infolist():
                self._add(info)

    def _add(self, info: ZipInfo) -> None:
        name = info.filename.replace("\\", "/")
        parts = PureWindowsPath(name)
        if parts.anchor or ".." in parts.parts:
            raise BrokenArchive(f"holds {name!r}, which leads out of it; fetch it from elsewhere")
        # A folder's name ends in a backslash where Windows packed it.
        if name.endswith("/") or any(part.startswith(_LEFT_BEHIND) for part in parts.parts):
            return
        folder, _, last = parts.as_posix().rpartition("/")
        listing = self._listings.setdefault(folder, Listing())
        listing.add(last)
        self._members[parts.as_posix()] = info
        while folder:
            folder, _, last = folder.rpartition("/")
            self._listings.setdefault(folder, Listing()).folders.add(last)

    def listing(self, folder: str) -> Listing:
        """See `Tree`."""
        return self._listings.get(folder, Listing())

    def read(self, paths: Iterable[str]) -> Iterator[bytes | Fault]:
        """See `Tree`. The archive is opened once."""
        try:
            with _opened(self.path) as archive:
                for path in paths:
                    yield self._content(archive, path)
        except BrokenArchive as broken:
            yield Fault(0, str(broken))

    def _content(self, archive: ZipFile, path: str) -> bytes | Fault:
        import zlib
        from zipfile import BadZipFile

        name = self.own(path)
        info = self._members[name]
        if info.flag_bits & 1:
            return Fault(0, "is encrypted; unpack the archive beside it with its password")
        if info.file_size > LARGEST:
            return Fault(0, TOO_LARGE)
        try:
            content = archive.read(info)
        except (BadZipFile, zlib.error, OSError, EOFError, NotImplementedError) as error:
            return Fault(0, f"broken zip: {error}; fetch the archive again")
        return unpacked(content) if name.endswith(PACKED) else content

    def own(self, path: str) -> str:
        """See `Tree`."""
        return _own(self, path)


def _own(tree: Tree, path: str) -> str:
    folder, _, name = path.rpartition("/")
    own = tree.listing(folder).files.get(name, name)
    return f"{folder}/{own}" if folder else own


def _opened(path: Path) -> ZipFile:
    """:raises BrokenArchive: it can't be opened."""
    # Imported here: most data is in no archive.
    from zipfile import BadZipFile, ZipFile

    try:
        return ZipFile(path)
    except BadZipFile as error:
        what = f"broken zip: {error}; fetch the archive again"
    except (OSError, ValueError, NotImplementedError) as error:
        what = f"can't be read: {getattr(error, 'strerror', None) or error}"
    raise BrokenArchive(what) from None
