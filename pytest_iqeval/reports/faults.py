"""The error of a file that can't be written."""

from __future__ import annotations

from pathlib import Path

from pytest_iqeval.core.errors import FolderError


def unwritable(path: Path | None, error: OSError) -> FolderError:
    """What the system said about `path`, and the option that chooses another folder."""
    return FolderError(
        f"{path}: can't be written: {error.strerror or error}",
        hint="choose another folder with --iqeval-output",
    )
