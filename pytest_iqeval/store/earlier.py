"""Earlier runs: their replies again, and which one is to be gone on with."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any, Self

from pytest_iqeval.core.errors import FolderError, NoReply
from pytest_iqeval.core.request import Reply, Request
from pytest_iqeval.store.folder import RunFolder, runs_in
from pytest_iqeval.store.journal import StoredReplies, read_journal

FINGERPRINT = "fingerprint"
"""The name under which a journal's ``meta`` holds the fingerprint of its run."""


def fingerprint(configuration: Mapping[str, object]) -> str:
    """What makes two runs the same run: the sha256 of a configuration, as 64 hex digits.

    :param configuration: plain JSON values; the order of the names does not matter.
    """
    text = json.dumps(configuration, sort_keys=True, ensure_ascii=True, separators=(",", ":"))
    return hashlib.sha256(text.encode("ascii")).hexdigest()


class Replay:
    """Answers requests from a stored run; asks nobody. Used where a broker would be."""

    def __init__(self, folder: RunFolder, replies: StoredReplies) -> None:
        self.folder = folder
        self._replies = replies

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *exc_info: object) -> None:
        self.close()

    @property
    def meta(self) -> dict[str, str]:
        """What the stored run wrote down about itself."""
        return self._replies.meta

    def plan(self, requests: Sequence[Request]) -> None:
        """Nothing needs to run ahead."""

    def submit(self, request: Request, on_done: Callable[[Reply | NoReply], None]) -> None:
        """Give the stored answer to `on_done`, at once."""
        on_done(self._answer(request))

    def ask(self, request: Request) -> Reply:
        """The stored reply.

        :raises NoReply: the failure that was stored, or one of kind ``missing``.
        """
        answer = self._answer(request)
        if isinstance(answer, NoReply):
            raise answer
        return answer

    def close(self) -> None:
        """End reading."""
        self._replies.close()

    def _answer(self, request: Request) -> Reply | NoReply:
        try:
            answer = self._replies.get(request.key)
        except FolderError as exc:
            return NoReply(exc.problem, hint=exc.hint, kind="journal", attempts=0)
        return answer or NoReply(
            "the stored run holds no reply to this question",
            hint="that run did not come to it, or asked other questions: leave --iqeval-replay "
            "away to ask now, or go on with that run (--iqeval-resume)",
            kind="missing",
            attempts=0,
        )


def replay_journal(folder: RunFolder) -> Replay:
    """A source of the replies that a run has stored, for ``--iqeval-replay``.

    :raises FolderError: it has no journal, or one that can't be used.
    """
    return Replay(folder, read_journal(folder.journal))


def unfinished(output: Path, fingerprint: str) -> RunFolder | None:
    """The newest run in `output` with this fingerprint that has questions without a score.

    That is one without a report, or whose report counts some. Runs that are being written now,
    or whose journal can't be read, are not it.
    """
    for folder in reversed(runs_in(output)):
        if _is_finished(folder.report_json):
            continue
        try:
            with read_journal(folder.journal) as journal:
                meta = journal.meta
        except FolderError:
            continue
        if meta.get(FINGERPRINT) == fingerprint:
            return folder
    return None


def _is_finished(report: Path) -> bool:
    """Whether a report is there and every selected question has a score in it."""
    try:
        plain: Any = json.loads(report.read_text(encoding="utf-8"))
        errors = sum(int(b["outcomes"].get("error", 0)) for b in plain["benchmarks"])
        return errors + int(plain["not_asked"]) == 0
    except (OSError, ValueError, TypeError, KeyError, AttributeError):
        return False  # none, or cut off by the end of its run
