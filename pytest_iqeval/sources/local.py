"""Where a benchmark's data lies: under ``--iqeval-data-dir``, beside its definition, or fetched."""

from __future__ import annotations

from pathlib import Path

from pytest_iqeval.core.definition import EACH, Definition
from pytest_iqeval.core.errors import AbsentData, SettingsError
from pytest_iqeval.sources.hub.access import HubAccess
from pytest_iqeval.sources.layouts import Found, looked_for, matching, search, wanted
from pytest_iqeval.sources.tree import Folder

_PACKED = (".tar", ".tar.gz", ".tgz", ".tar.bz2", ".tar.xz", ".7z", ".rar")


def find_data(definition: Definition, folder: Path, *, below: bool = True) -> Found:
    """The benchmark's files in `folder`, in the first layout that fits.

    :param below: whether the folder is the benchmark's own, so that it may be one folder below.
    :raises AbsentData: none fits; it says what was looked for.
    """
    result = search(definition, folder, below=below)
    if result.found is not None:
        return result.found
    faults = list(result.broken)
    if len(definition.data) > 1 or EACH in definition.data[0].test:
        names = "; ".join(looked_for(layout) for layout in definition.data)
        faults.append(f"{definition.file}: data: no such files in {folder}: looked for {names}")
    else:
        faults += _missing(definition, folder)
    raise AbsentData(faults, hint=_unpack(folder))


def _unpack(folder: Path) -> str | None:
    """What to do with archives that are not looked into."""
    files = Folder(folder).listing("").files.values()
    packed = sorted(name for name in files if name.lower().endswith(_PACKED))
    return (
        f"only zip archives are looked into: unpack {', '.join(packed)} there" if packed else None
    )


def _missing(definition: Definition, folder: Path) -> list[str]:
    tree = Folder(folder)
    return [
        f"{definition.file}: data.{subset}: no such file in {folder}: "
        f"looked for {' and '.join(names)}"
        for subset, names in definition.data[0].test.items()
        if not any(next(matching(tree, "", name), None) for name in names)
    ]


def has_data(definition: Definition, folder: Path, *, below: bool = True) -> bool:
    """Whether any of the benchmark's files is at the top of `folder`, or all are elsewhere."""
    tree = Folder(folder)
    return search(definition, folder, below=below).found is not None or any(
        next(matching(tree, "", name), None)
        for layout in definition.data
        for names in layout.test.values()
        for name in names
    )


def folder_beside(
    definition: Definition, folder: Path, *, below: bool, hub: HubAccess | None
) -> Path:
    """Where the data of a definition is that users name by its path: in its own `folder`, else
    where it was fetched to.

    :raises AbsentData: it can't be fetched.
    """
    if hub is None or not definition.hub or has_data(definition, folder, below=below):
        return folder
    return _fetched(definition, hub)


def folder_of(
    definition: Definition, *, shipped: Path, data_dir: Path | None, hub: HubAccess | None = None
) -> Path:
    """Where a named benchmark's data is: a local copy in ``data_dir/<name>/`` wins.

    :param shipped: the folder of its definition.
    :param hub: how to fetch what is neither; ``None``: it is not.
    :raises SettingsError: `data_dir` is no folder.
    :raises AbsentData: the data is not shipped, and not in `data_dir` either.
    """
    local = None
    if data_dir is not None:
        if not data_dir.is_dir():
            raise SettingsError(
                f"--iqeval-data-dir {data_dir}: there is no such folder",
                hint=f"name the folder that holds {definition.name}/",
            )
        local = data_dir / definition.name
        if local.is_dir():
            return local
    if has_data(definition, shipped):
        return shipped
    if hub is not None and definition.hub:
        return _fetched(definition, hub)
    files = wanted(definition)
    page = f" (from {definition.homepage})" if definition.homepage else ""
    if local is None or data_dir is None:
        raise AbsentData(
            f"{definition.name}: its data does not come with pytest-iqeval; "
            f"licence: {definition.licence or 'not stated'}",
            hint=f"put {files}{page} into DIR/{definition.name}/ and add --iqeval-data-dir=DIR",
        )
    if has_data(definition, data_dir, below=False):
        hint = f"{data_dir} itself holds such files: move them into {local}"
        if data_dir.name == definition.name:
            hint = f"{data_dir} itself holds such files: give --iqeval-data-dir={data_dir.parent}"
    else:
        hint = f"put {files}{page} there"
    raise AbsentData(
        f"{definition.name}: --iqeval-data-dir {data_dir} has no folder {definition.name}: "
        f"looked for {local}",
        hint=hint,
    )


def _fetched(definition: Definition, hub: HubAccess) -> Path:
    # Imported here: most runs need neither the cache nor a hub.
    from pytest_iqeval.sources.hub.fetch import fetched_folder

    return fetched_folder(definition, hub)
