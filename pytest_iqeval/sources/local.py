"""Where a benchmark's data files lie: beside its definition, or under ``--iqeval-data-dir``."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from pytest_iqeval.core.definition import Definition
from pytest_iqeval.core.errors import AbsentData, SettingsError
from pytest_iqeval.sources.hub.access import HubAccess


def data_files(definition: Definition, folder: Path) -> Mapping[str, Path]:
    """The file of each subset in `folder`: the first of its names that exists.

    :raises AbsentData: subsets without a file; it says what was looked for.
    """
    found: dict[str, Path] = {}
    faults = []
    for subset, names in definition.data[0].test.items():
        path = next((p for p in (folder / n for n in names) if p.is_file()), None)
        if path is None:
            looked = " and ".join(names)
            faults.append(
                f"{definition.file}: data.{subset}: no such file in {folder}: looked for {looked}"
            )
        else:
            found[subset] = path
    if faults:
        raise AbsentData(faults)
    return found


def has_data(definition: Definition, folder: Path) -> bool:
    """Whether any of the benchmark's files is in `folder`."""
    return any((folder / n).is_file() for names in definition.data[0].test.values() for n in names)


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
        # Imported here: most runs need neither the cache nor a hub.
        from pytest_iqeval.sources.hub.fetch import fetched_folder

        return fetched_folder(definition, hub)
    files = ", ".join(names[-1] for names in definition.data[0].test.values())
    page = f" (from {definition.homepage})" if definition.homepage else ""
    if local is None or data_dir is None:
        raise AbsentData(
            f"{definition.name}: its data does not come with pytest-iqeval; "
            f"licence: {definition.licence or 'not stated'}",
            hint=f"put {files}{page} into DIR/{definition.name}/ and add --iqeval-data-dir DIR",
        )
    if has_data(definition, data_dir):
        hint = f"{data_dir} itself holds such files: move them into {local}"
        if data_dir.name == definition.name:
            hint = f"{data_dir} itself holds such files: give --iqeval-data-dir {data_dir.parent}"
    else:
        hint = f"put {files}{page} there"
    raise AbsentData(
        f"{definition.name}: --iqeval-data-dir {data_dir} has no folder {definition.name}: "
        f"looked for {local}",
        hint=hint,
    )
