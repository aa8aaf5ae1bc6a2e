"""`report.json`: the aggregate as a file. Its schema is `report.schema.json` beside this module."""

from __future__ import annotations

import contextlib
import os
from pathlib import Path

from pytest_iqeval.core.summary import Summary
from pytest_iqeval.reports.faults import unwritable
from pytest_iqeval.reports.jsontext import Redact, json_text


def write_report(path: Path, summary: Summary, *, redact: Redact | None = None) -> None:
    """Write the aggregate; a reader meets the old file or the whole new one, never a part.

    :raises FolderError: it can't be written.
    """
    text = json_text(summary.to_plain(), indent=2, redact=redact) + "\n"
    try:
        _replace(path, text)
    except OSError as error:
        raise unwritable(path, error) from error


def _replace(path: Path, text: str) -> None:
    """Write beside `path`, then rename: atomic within one folder on every system."""
    part = path.with_name(f".{path.name}.{os.getpid()}.part")
    try:
        with part.open("w", encoding="utf-8", newline="\n") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        part.replace(path)
    except BaseException:
        with contextlib.suppress(OSError):
            part.unlink()
        raise
