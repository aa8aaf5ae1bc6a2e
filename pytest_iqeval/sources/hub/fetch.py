"""A benchmark's data from a hub, or from the cache of what was fetched before."""

from __future__ import annotations

from pathlib import Path

from pytest_iqeval.core.definition import Definition
from pytest_iqeval.core.errors import AbsentData, DefinitionError, FolderError
from pytest_iqeval.core.hub import TITLES, HubSource
from pytest_iqeval.core.phrases import fetching
from pytest_iqeval.sources.hub.access import HubAccess
from pytest_iqeval.sources.hub.faults import Unavailable
from pytest_iqeval.sources.hub.lock import PROJECT_LOCK, DataLock, read_project_lock
from pytest_iqeval.sources.hub.store import Fetched, Store
from pytest_iqeval.sources.hub.turn import turn


def fetched_folder(definition: Definition, access: HubAccess) -> Path:
    """The folder of a definition's data: from the cache, else from the first hub that has it.

    :raises AbsentData: it is not in the cache, and no hub gives it or none may be asked.
    :raises DefinitionError: what there is is not what was fetched, or pinned.
    :raises FolderError: the cache can't be written.
    """
    return fetched(definition, access).folder


def fetched(definition: Definition, access: HubAccess) -> Fetched:
    """The same, with what was recorded of it; raises as `fetched_folder`."""
    stores = _stores(definition, access)
    for store in stores:
        if here := store.ready():
            return here
    if access.offline is not None:
        raise _offline(definition, access, stores[0].source)
    troubles = []
    for store, following in zip(stores, [*stores[1:], None], strict=True):
        try:
            return _fetch(store)
        except Unavailable as trouble:
            troubles.append(trouble)
            if following is not None:
                title = following.source.title
                access.listener.say(fetching.NEXT(problem=trouble.problem, title=title))
    raise AbsentData(
        [f"{definition.name}: its data can't be fetched", *map(_told, troubles)],
        hint=_by_hand(definition, stores[0].source),
    )


def _fetch(store: Store) -> Fetched:
    try:
        store.folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise FolderError(
            f"{store.folder}: can't be made: {error.strerror or error}",
            hint="IQEVAL_CACHE=DIR names another folder for fetched data",
        ) from None
    told = fetching.WAITS(what=store.definition.name)
    with turn(store.turn, waits=lambda: store.access.listener.say(told)):
        if here := store.ready():  # another process had the turn before
            return here
        # Imported here: httpx takes 0.1 s, and most runs fetch nothing.
        from pytest_iqeval.sources.hub.get import get

        return get(store)


def _stores(definition: Definition, access: HubAccess) -> list[Store]:
    """Where the data may be, in the order to look: on the hubs asked for, and on none beside
    those that the project pins."""
    named = {source.hub: source for source in definition.hub}
    sources = [named[hub] for hub in access.hubs if hub in named]
    if not sources:
        only = " and ".join(source.title for source in definition.hub)
        raise AbsentData(
            f"{definition.name}: its definition names no data on {TITLES[access.hubs[0]]}, only "
            f"on {only}",
            hint="leave --iqeval-hub out, or name another",
        )
    pinned = read_project_lock(access.start).get(definition.name) if access.pinned else None
    if not pinned:
        return [Store(definition, source, access) for source in sources]
    lock_file = access.start / PROJECT_LOCK
    left = [source for source in sources if source.hub in pinned]
    if not left:
        on = " and ".join(TITLES[hub] for hub in pinned)
        raise DefinitionError(
            f"{lock_file}: pins {definition.name} to what is on {on}, not on {sources[0].title}",
            hint=f"iqeval fetch {definition.name} --hub {sources[0].hub} --lock pins that as well",
        )
    for source in left:
        _check_same(pinned[source.hub], source, definition, lock_file)
    return [Store(definition, source, access, project=pinned[source.hub]) for source in left]


def _check_same(lock: DataLock, source: HubSource, definition: Definition, lock_file: Path) -> None:
    if not lock.is_of(source):
        raise DefinitionError(
            f"{lock_file}: pins {definition.name} to {lock.repo}@{lock.revision}, but "
            f"{definition.file} names {source.repo}@{source.revision}",
            hint=f"iqeval fetch {definition.name} --lock pins it anew",
        )


def _told(trouble: Unavailable) -> str:
    return f"  {trouble.problem}" + (f"\n    {trouble.hint}" if trouble.hint else "")


def _offline(definition: Definition, access: HubAccess, source: HubSource) -> AbsentData:
    where = " or ".join(one.told for one in definition.hub)
    by_hand = _by_hand(definition, source)
    return AbsentData(
        f"{definition.name}: its data ({_files(definition.hub[0])} of {where}) is not in the cache "
        f"{access.cache}, and not to be fetched ({access.offline})",
        hint=f"with a network: iqeval fetch {definition.name}; without: {by_hand}",
    )


def _files(source: HubSource) -> str:
    names = source.files
    return ", ".join(names[:3]) + (f" and {len(names) - 3} more" if len(names) > 3 else "")


def _by_hand(definition: Definition, source: HubSource) -> str:
    # The makers' own page often has other files than the hub.
    return (
        f"put {_files(source)} (of {source.told}) into DIR/{definition.name}/ and add "
        "--iqeval-data-dir=DIR"
    )
