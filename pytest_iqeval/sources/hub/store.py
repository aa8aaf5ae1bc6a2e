"""A source's place in the cache, and whether what is there may be used.

<cache>/<benchmark>/<hub>/<owner>--<name>@<revision>/…      the files, laid out as on the hub
                                          …@<revision>.json     what they are (`lock.DataLock`)
                                          …@<revision>.parts/   what has come of others
                                          …@<revision>.turn     held by the process that fetches
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

from pytest_iqeval.core.definition import Definition
from pytest_iqeval.core.errors import DefinitionError
from pytest_iqeval.core.hub import HubSource
from pytest_iqeval.sources.hub.access import HubAccess
from pytest_iqeval.sources.hub.lock import (
    GONE,
    PROJECT_LOCK,
    DataLock,
    damage,
    read_record,
    record_of,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Fetched:
    """Data that is here now: its folder, and what was recorded of it."""

    source: HubSource
    folder: Path
    lock: DataLock


class Store:
    """Where the data of one benchmark from one source lies.

    :param project: what the project's lock says of it.
    """

    def __init__(
        self,
        definition: Definition,
        source: HubSource,
        access: HubAccess,
        *,
        project: DataLock | None = None,
    ) -> None:
        self.definition = definition
        self.source = source
        self.access = access
        self.project = project
        # The repository stands in it too: two projects may give one name to different sets.
        name = re.sub(r"[^A-Za-z0-9@._-]", "--", f"{source.repo}@{source.revision}")
        base = access.cache / definition.name / source.hub
        self.folder = base / name
        self.record = record_of(self.folder)
        self.parts = base / f"{name}.parts"
        self.turn = base / f"{name}.turn"

    def recorded(self) -> DataLock | None:
        """What was fetched here, all of it or a part."""
        lock = read_record(self.record)
        return lock if lock is not None and lock.is_of(self.source) else None

    def ready(self) -> Fetched | None:
        """What is here, if it is all, and as it was fetched.

        :raises DefinitionError: a file has changed since, or is not what is pinned (unless the
            access says that it is to be mended).
        """
        lock = self.recorded()
        if lock is None or set(lock.asked) != set(self.source.files):
            return None
        wrong = damage(lock, self.folder, whole=self.access.whole)
        changed = [f"{self.folder / path}: {what}" for path, what in wrong.items() if what != GONE]
        name = self.definition.name
        if changed and not self.access.mend:
            raise DefinitionError(
                changed,
                hint=f"changed since it was fetched: `iqeval fetch {name}` gets it again",
            )
        others = self._not_as_pinned(lock)
        if others and not self.access.mend:
            raise DefinitionError(
                others, hint=f"`iqeval fetch {name}` asks the hub for what is pinned"
            )
        if wrong or others:
            return None
        return Fetched(source=self.source, folder=self.folder, lock=lock)

    def pin(self, path: str) -> tuple[str, str] | None:
        """The sha256 that a file must have, and who says so."""
        if path in self.source.pins:
            return self.source.pins[path], self.definition.file
        if self.project is not None and path in self.project.files:
            return self.project.files[path].sha256, PROJECT_LOCK
        return None

    def _not_as_pinned(self, lock: DataLock) -> list[str]:
        told = []
        for path, one in lock.files.items():
            pin = self.pin(path)
            if pin is not None and pin[0] != one.sha256:
                told.append(
                    f"{self.folder / path}: its sha256 is {one.sha256}, but {pin[1]} pins {pin[0]}"
                )
        return told
