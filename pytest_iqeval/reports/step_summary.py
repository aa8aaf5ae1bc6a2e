"""Adds a run's summary to the page of a step on GitHub Actions.

"Workflow commands for GitHub Actions", step isolation and limits
(docs.github.com/actions/reference/workflows-and-actions/workflow-commands): the file named by
``GITHUB_STEP_SUMMARY`` may hold 1 MiB a step; with more, all of it is left out.
"""

from __future__ import annotations

from pathlib import Path

from pytest_iqeval.core.language import Lang
from pytest_iqeval.core.phrases import ending
from pytest_iqeval.core.told import Told, said_in

MOST_BYTES = 1 << 20


def append_summary(
    path: Path, text: str, *, lang: Lang = "en", most: int = MOST_BYTES
) -> Told | None:
    """Add `text` to what earlier commands of the step have written; what has no room is left out.

    :param lang: of what says so.
    :returns: why nothing could be added, for people; ``None`` when it was.
    """
    try:
        with path.open("ab") as file:
            there = file.tell()
            before = b"\n\n" if there else b""
            added = _within(text, most - there - len(before), said_in(ending.STEP_CUT, lang))
            if not added:
                return ending.STEP_FULL(there=there)
            file.write(before + added)
    except OSError as error:
        return ending.STEP_UNWRITTEN(path=path, why=error.strerror or error)
    return None


def _within(text: str, room: int, cut: str) -> bytes:
    """`text` in at most `room` bytes, cut at the end of a line; empty where there is no room."""
    end = f"\n\n{cut}\n".encode()
    whole = text.encode("utf-8", "replace")
    if len(whole) <= room:
        return whole
    kept = whole[: max(0, room - len(end))].rpartition(b"\n")[0]
    return kept + end if kept else b""
