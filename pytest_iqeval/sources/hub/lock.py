"""What was fetched, file by file: recorded in the cache, and on request beside a project."""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from pytest_iqeval.core.errors import DefinitionError, FolderError
from pytest_iqeval.core.hub import HUBS, TITLES, HubSource

PROJECT_LOCK = "iqeval-data.lock"
_VERSION = 1
GONE = "is gone"


@dataclass(frozen=True, slots=True, kw_only=True)
class Locked:
    """A file as it was fetched: its content, and when it was last written (ns; 0: not here)."""

    sha256: str
    size: int
    mtime_ns: int = 0
    url: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class DataLock:
    """The files of a source as they were fetched, by path.

    ``asked`` is what the source named (`HubSource.files`); ``commit`` is the revision's, where the
    hub told it.
    """

    hub: str
    repo: str
    revision: str
    commit: str | None
    asked: tuple[str, ...] = ()
    files: Mapping[str, Locked] = field(default_factory=dict)

    @property
    def told(self) -> str:
        """``ModelScope owner/name@master (0123456789ab)``."""
        commit = f" ({self.commit[:12]})" if self.commit else ""
        return f"{TITLES.get(self.hub, self.hub)} {self.repo}@{self.revision}{commit}"

    def is_of(self, source: HubSource) -> bool:
        """Whether it is about the repository and revision of a source."""
        mine = (self.hub, self.repo, self.revision)
        return mine == (source.hub, source.repo, source.revision)

    def to_plain(self, *, local: bool) -> dict[str, Any]:
        """Plain types, sorted; only with `local` what concerns the files in the cache."""
        files = {}
        for path, one in sorted(self.files.items()):
            files[path] = {"sha256": one.sha256, "size": one.size}
            if local:
                files[path] |= {"mtime_ns": one.mtime_ns, "url": one.url}
        asked = {"asked": list(self.asked)} if local else {}
        about = {"repo": self.repo, "revision": self.revision, "commit": self.commit}
        return {"hub": self.hub, **about, **asked, "files": files}

    @classmethod
    def from_plain(cls, plain: Mapping[str, Any]) -> DataLock:
        """The inverse of `to_plain`; raises `KeyError` or `TypeError` for anything else."""
        return cls(
            hub=str(plain["hub"]),
            repo=str(plain["repo"]),
            revision=str(plain["revision"]),
            commit=plain["commit"],
            asked=tuple(plain.get("asked", ())),
            files={path: Locked(**one) for path, one in plain["files"].items()},
        )


def read_record(path: Path) -> DataLock | None:
    """What was recorded in the cache; ``None`` where nothing was, or it can't be read."""
    try:
        return DataLock.from_plain(json.loads(path.read_bytes())["data"])
    except (OSError, ValueError, KeyError, TypeError, AttributeError, RecursionError):
        return None  # it is fetched again, and recorded anew


def record_of(folder: Path) -> Path:
    """Where it is recorded what a folder in the cache holds: beside it."""
    return folder.with_name(f"{folder.name}.json")


def origin_of(folder: Path) -> str | None:
    """From where the data in a folder was fetched; ``None`` where it was not."""
    lock = read_record(record_of(folder))
    return None if lock is None else lock.told


def write_record(path: Path, lock: DataLock) -> None:
    """Record what was fetched."""
    write_whole(path, {"version": _VERSION, "data": lock.to_plain(local=True)})


def damage(lock: DataLock, folder: Path, *, whole: bool) -> dict[str, str]:
    """The recorded files that are not in `folder` as they were fetched: path → what is wrong.

    A file whose size and time of writing are the recorded ones is taken for the same, unless
    `whole` has every byte read; so a run spends microseconds on it.
    """
    wrong: dict[str, str] = {}
    for path, one in lock.files.items():
        file = folder / path
        try:
            found = file.stat()
        except OSError:
            wrong[path] = GONE
            continue
        if found.st_size != one.size:
            wrong[path] = f"has {found.st_size:,} bytes instead of {one.size:,}"
        elif (whole or found.st_mtime_ns != one.mtime_ns) and hash_of(file) != one.sha256:
            wrong[path] = f"has another sha256 than {one.sha256}"
    return wrong


def hash_of(path: Path) -> str:
    """The sha256 of a file's bytes."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def read_project_lock(folder: Path) -> Mapping[str, Mapping[str, DataLock]]:
    """What the project in `folder` pins: benchmark → hub → lock; nothing where there is no file.

    :raises DefinitionError: it is there and can't be read.
    """
    path = folder / PROJECT_LOCK
    try:
        content = path.read_bytes()
    except FileNotFoundError:
        return {}
    except OSError as error:
        raise DefinitionError(f"{path}: can't be read: {error.strerror or error}") from None
    try:
        value = json.loads(content)
        if value["version"] != _VERSION:
            raise DefinitionError(
                f"{path}: is of version {value['version']}, this pytest-iqeval reads {_VERSION}",
                hint="pip install -U pytest-iqeval",
            )
        return {
            name: {hub: DataLock.from_plain(hubs[hub]) for hub in HUBS if hub in hubs}
            for name, hubs in value["benchmarks"].items()
        }
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        raise DefinitionError(
            f"{path}: is no lock of ours, or damaged",
            hint="take it from git again, or delete it and write it anew: iqeval fetch NAME --lock",
        ) from None


def write_project_lock(folder: Path, name: str, lock: DataLock) -> Path:
    """Pin a benchmark's data in the project of `folder`; what else is pinned stays."""
    path = folder / PROJECT_LOCK
    pinned = {name: dict(hubs) for name, hubs in read_project_lock(folder).items()}
    pinned.setdefault(name, {})[lock.hub] = replace(lock, asked=())
    plain = {
        name: {hub: one.to_plain(local=False) for hub, one in sorted(hubs.items())}
        for name, hubs in sorted(pinned.items())
    }
    write_whole(path, {"version": _VERSION, "benchmarks": plain})
    return path


def write_whole(path: Path, value: object) -> None:
    """Write JSON so that no reader ever sees a part of it.

    :raises FolderError: it can't be written.
    """
    text = json.dumps(value, ensure_ascii=False, indent=1) + "\n"
    temporary = path.with_name(f"{path.name}.{os.getpid()}.tmp")
    try:
        temporary.write_text(text, "utf-8")
        temporary.replace(path)
    except OSError as error:
        with contextlib.suppress(OSError):
            temporary.unlink()
        raise FolderError(f"{path}: can't be written: {error.strerror or error}") from None
