"""The file of `--iqeval-gate-lock`."""

from __future__ import annotations

import json
from pathlib import Path

from pytest_iqeval.core.errors import FolderError, GateError
from pytest_iqeval.core.gates.lock import Lock


def read_lock(path: Path) -> Lock | None:
    """The lock in a file; ``None`` where there is none yet.

    :raises FolderError: it can't be read, or is no lock.
    """
    try:
        content = path.read_bytes()
    except FileNotFoundError:
        if not path.parent.is_dir():
            raise FolderError(
                f"--iqeval-gate-lock {path}: there is no folder {path.parent}",
                hint="make it; the first run writes the file there",
            ) from None
        return None
    except OSError as error:
        raise FolderError(
            f"--iqeval-gate-lock {path}: can't be read: {error.strerror or error}"
        ) from None
    try:
        return Lock.from_plain(json.loads(content))
    except GateError as fault:
        said = fault.problem
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        said = f"{type(error).__name__}: {error}"
    raise FolderError(
        f"--iqeval-gate-lock {path}: is no gate lock ({said})",
        hint="restore it; or delete it, and the next run writes it anew",
    )


def write_lock(path: Path, lock: Lock) -> None:
    """Write the file, unless another run has written it by now.

    :raises FolderError: it can't be written.
    """
    text = json.dumps(lock.to_plain(), ensure_ascii=False, indent=1) + "\n"
    try:
        with path.open("x", encoding="utf-8", newline="\n") as file:
            file.write(text)
    except FileExistsError:
        return
    except OSError as error:
        raise FolderError(f"{path}: can't be written: {error.strerror or error}") from None
