"""Adds a run's summary to the page of a step on GitHub Actions.

"Workflow commands for GitHub Actions", step isolation and limits
(docs.github.com/actions/reference/workflows-and-actions/workflow-commands): the file named by
``GITHUB_STEP_SUMMARY`` may hold 1 MiB a step; with more, all of it is left out.
"""

from __future__ import annotations

from pathlib import Path

MOST_BYTES = 1 << 20
_CUT = "\n\n… cut: a step's summary holds 1 MiB; report.html has the rest\n"


def append_summary(path: Path, text: str, *, most: int = MOST_BYTES) -> str | None:
    """Add `text` to what earlier commands of the step have written; what has no room is left out.

    :returns: why nothing could be added, for people; ``None`` when it was.
    """
    try:
        with path.open("ab") as file:
            there = file.tell()
            before = b"\n\n" if there else b""
            added = _within(text, most - there - len(before))
            if not added:
                return f"the step's summary is full ({there:,} bytes): nothing was added"
            file.write(before + added)
    except OSError as error:
        return f"the step's summary {path} can't be written: {error.strerror or error}"
    return None


def _within(text: str, room: int) -> bytes:
    """`text` in at most `room` bytes, cut at the end of a line; empty where there is no room."""
    whole = text.encode("utf-8", "replace")
    if len(whole) <= room:
        return whole
    kept = whole[: max(0, room - len(_CUT.encode()))].rpartition(b"\n")[0]
    return kept + _CUT.encode() if kept else b""
