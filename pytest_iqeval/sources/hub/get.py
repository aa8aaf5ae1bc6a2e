"""Gets what a store lacks from its hub."""

from __future__ import annotations

import shutil
from collections.abc import Mapping, Sequence
from dataclasses import replace

from pytest_iqeval.core.errors import DefinitionError, FolderError
from pytest_iqeval.core.hub import HubSource
from pytest_iqeval.sources.hub.download import Download, Wanted, part_name
from pytest_iqeval.sources.hub.listing import Remote, list_files
from pytest_iqeval.sources.hub.lock import PROJECT_LOCK, DataLock, Locked, damage, write_record
from pytest_iqeval.sources.hub.places import Place, place_of
from pytest_iqeval.sources.hub.store import Fetched, Store
from pytest_iqeval.sources.hub.web import Web


def get(store: Store) -> Fetched:
    """Have all files of a store; the caller holds its turn.

    :raises Unavailable: this hub does not give them.
    :raises DefinitionError: they are not what is pinned.
    :raises FolderError: the cache can't be written, or has no room.
    """
    place = place_of(store.source.hub, store.access.environ)
    web = Web(place)
    try:
        asked = _at_commit(store)
        listing = list_files(web, place, asked)
        remotes = listing.wanted(asked, place)
        _check_project(store, remotes)
        return _Getting(store, web, place, asked, listing.commit).all_of(remotes)
    finally:
        web.close()


def _at_commit(store: Store) -> HubSource:
    """What to ask for: the commit that the project pins, where files can be had by commit."""
    project = store.project
    if project is None or project.commit is None or store.source.hub != "huggingface":
        return store.source
    return replace(store.source, revision=project.commit)


def _check_project(store: Store, remotes: Sequence[Remote]) -> None:
    """Refuse files beside those that the project pins: they would be questions beside them."""
    if store.project is None:
        return
    new = [remote.path for remote in remotes if remote.path not in store.project.files]
    if new:
        raise DefinitionError(
            f"{PROJECT_LOCK} pins {store.definition.name} without {', '.join(new[:3])}, which the "
            "definition names",
            hint=f"iqeval fetch {store.definition.name} --lock pins it anew",
        )


class _Getting:
    """One round: what is kept, what comes, and what is recorded."""

    def __init__(
        self, store: Store, web: Web, place: Place, asked: HubSource, commit: str | None
    ) -> None:
        self._store = store
        self._web = web
        self._place = place
        self._asked = asked
        self._commit = commit
        self._before = store.recorded()

    def all_of(self, remotes: Sequence[Remote]) -> Fetched:
        """Fetch the missing ones of these files, one after another."""
        store, source, listener = self._store, self._store.source, self._store.access.listener
        kept = self._kept(remotes)
        missing = [remote for remote in remotes if remote.path not in kept]
        sizes = [remote.size for remote in missing if remote.size is not None]
        size = sum(sizes) if len(sizes) == len(missing) else None
        self._check_space(sum(sizes))
        lock = DataLock(
            hub=source.hub,
            repo=source.repo,
            revision=source.revision,
            commit=self._commit,
            files=kept,
        )
        listener.begin(f"{store.definition.name} ({self._asked.told})", len(missing), size)
        try:
            for remote in missing:
                got = self._one(remote)
                lock = replace(lock, files={**lock.files, remote.path: got})
                # Without `asked` it is not taken for all: who is cut goes on with the next file.
                write_record(store.record, lock)
                listener.file()
        finally:
            listener.end()
        self._drop_others(lock.files)
        lock = replace(lock, asked=source.files)
        write_record(store.record, lock)
        shutil.rmtree(store.parts, ignore_errors=True)
        return Fetched(source=source, folder=store.folder, lock=lock)

    def _one(self, remote: Remote) -> Locked:
        store = self._store
        wanted = Wanted(
            source=self._asked,
            remote=remote,
            url=self._place.file_url(self._asked, remote.path, self._commit),
            pin=store.pin(remote.path) or self._as_before(remote.path),
        )
        part = store.parts / part_name(wanted)
        target = store.folder / remote.path
        heard = store.access.listener
        return Download(
            self._web, self._place, wanted, target=target, part=part, heard=heard
        ).fetch()

    def _kept(self, remotes: Sequence[Remote]) -> dict[str, Locked]:
        """The files that were fetched before and still are what is wanted."""
        if self._before is None:
            return {}
        wrong = damage(self._before, self._store.folder, whole=True)
        kept = {}
        for remote in remotes:
            one = self._before.files.get(remote.path)
            if one is None or remote.path in wrong:
                continue
            pin = self._store.pin(remote.path)
            said = {remote.sha256 or one.sha256, pin[0] if pin else one.sha256}
            if said == {one.sha256} and remote.size in (None, one.size):
                kept[remote.path] = one
        return kept

    def _as_before(self, path: str) -> tuple[str, str] | None:
        """A file that is gone comes back as it was, unless the user asked to have it anew."""
        before = self._before
        if before is None or not before.asked or self._store.access.mend:
            return None
        one = before.files.get(path)
        return None if one is None else (one.sha256, str(self._store.record))

    def _check_space(self, need: int) -> None:
        try:
            free = shutil.disk_usage(self._store.folder).free
        except OSError:
            return
        if free < need:
            raise FolderError(
                f"{self._store.folder}: the disk has room for {free:,} bytes, and {need:,} are "
                "to be fetched",
                hint="make room, or name another folder: IQEVAL_CACHE=DIR",
            )

    def _drop_others(self, files: Mapping[str, Locked]) -> None:
        """Delete what an earlier definition named: it would be read as a part of this one."""
        for path in self._before.files if self._before else ():
            if path not in files:
                (self._store.folder / path).unlink(missing_ok=True)
