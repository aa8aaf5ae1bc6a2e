"""Earlier runs: their replies again, and which one is to be gone on with."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, Self

from pytest_iqeval.core.errors import FolderError, FolderInUse, NoReply
from pytest_iqeval.core.request import Reply, Request
from pytest_iqeval.store.folder import RunFolder, runs_in
from pytest_iqeval.store.journal import FINGERPRINT, StoredReplies, read_journal
from pytest_iqeval.store.schema import in_use
from pytest_iqeval.store.writer import writer_of

_LONGEST_SHOWN = 60

CONFIGURATION = "configuration"
"""The name under which a journal's ``meta`` holds what its fingerprint was made of, as JSON."""
IMPORTED_FROM = "imported from"
"""The name of the tool in the configuration of a run that another tool has asked."""
STARTED = "started"
"""The name under which a journal's ``meta`` holds when its run began, ISO 8601 with offset."""
ASKED_IN = "asked in"
"""The name under which a replay's journal says which run asked: the name of its folder."""


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


@dataclass(frozen=True, slots=True, kw_only=True)
class Unfinished:
    """An earlier run that some questions of have no score, and how it differs from this one.

    ``differs`` is empty for the run to go on with.
    """

    folder: RunFolder
    started: datetime | None = None
    differs: tuple[str, ...] = ()


def unfinished(
    output: Path,
    configuration: Mapping[str, object],
    *,
    as_before: Sequence[str] = (),
    repeats: int = 1,
) -> Unfinished | None:
    """The newest run in `output` of this configuration that has questions without a score.

    That is one without a report, or whose report counts some, or fewer repeats than are wanted
    now; or one that was killed while it wrote its files. Where none is of this configuration, it
    is the newest of another, which says in what they differ.

    :param as_before: fingerprints that earlier versions gave this configuration.
    :param repeats: how often each question is to be asked.
    :raises FolderInUse: another process goes on with it already.
    :raises FolderError: a newer one has a journal that can't be read: passed over, what it holds
        would be paid for again.
    """
    wanted = fingerprint(configuration)
    other: Unfinished | None = None
    unreadable: tuple[RunFolder, FolderError] | None = None
    for folder in reversed(runs_in(output)):
        # One that ends lets its journal go last, when all its files are there.
        ended = is_finished(folder.report_json, repeats) and writer_of(folder.journal) is None
        if ended or not folder.journal.is_file():
            continue
        try:
            with read_journal(folder.journal) as journal:
                meta = journal.meta
        except FolderInUse:
            writer = writer_of(folder.journal)
            if writer is not None and writer.fingerprint == wanted:
                raise in_use(folder.journal) from None
            continue
        except FolderError as exc:
            unreadable = unreadable or (folder, exc)
            continue
        if IMPORTED_FROM in _configuration(meta):
            continue  # what it lacks is that tool's to ask
        was = meta.get(FINGERPRINT)
        if was == wanted or (CONFIGURATION not in meta and was in as_before):
            if unreadable is not None:
                raise _in_the_way(*unreadable, f"{folder.path} goes on")
            return Unfinished(folder=folder, started=_started(meta, folder))
        if other is None:
            differs = differences(_configuration(meta), configuration)
            other = Unfinished(folder=folder, differs=differs)
    if unreadable is not None:
        raise _in_the_way(*unreadable, "a new run starts")
    return other


def _in_the_way(folder: RunFolder, why: FolderError, instead: str) -> FolderError:
    """Nothing goes on or starts while `folder` lies there; `instead` is what would without it."""
    away = f"move {folder.path} away: then {instead}"
    return FolderError(why.problem, hint=f"{why.hint}, or {away}" if why.hint else away)


def differences(before: Mapping[str, Any], now: Mapping[str, Any]) -> tuple[str, ...]:
    """What is set in another way, in words."""
    if not before:
        return ("configuration, which it did not write down",)
    said = []
    for name in dict.fromkeys((*before, *now)):
        was, is_ = before.get(name), now.get(name)
        if was == is_:
            continue
        if isinstance(was, Mapping) and isinstance(is_, Mapping):
            inner = dict.fromkeys((*was, *is_))
            said += [
                _difference(one, was.get(one), is_.get(one))
                for one in inner
                if was.get(one) != is_.get(one)
            ]
        else:
            said.append(_difference(name, was, is_))
    return tuple(said)


def _difference(name: str, was: object, is_: object) -> str:
    shown = [_shown(was), _shown(is_)]
    if any(len(text) > _LONGEST_SHOWN for text in shown):
        return name
    return f"{name} ({shown[0]}, now {shown[1]})"


def _shown(value: object) -> str:
    if value is None:
        return "not set"
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)


def _configuration(meta: Mapping[str, str]) -> Mapping[str, Any]:
    try:
        plain: Any = json.loads(meta.get(CONFIGURATION, "{}"))
    except ValueError:
        plain = {}
    return plain if isinstance(plain, Mapping) else {}


def _started(meta: Mapping[str, str], folder: RunFolder) -> datetime:
    """When the run began: as it wrote down, or (before version 2) as its folder is named."""
    try:
        return datetime.fromisoformat(meta[STARTED])
    except (KeyError, ValueError):
        return datetime.strptime(folder.name[:15], "%Y%m%d_%H%M%S").astimezone()


def asked_in(run: RunFolder) -> str:
    """The name of the run that got a run's replies: its own, unless it is a replay."""
    try:
        with read_journal(run.journal) as journal:
            return journal.meta.get(ASKED_IN, run.name)
    except FolderError:
        return run.name


def is_finished(report: Path, repeats: int = 1) -> bool:
    """Whether a report is there, and every selected question has that many scores in it."""
    try:
        plain: Any = json.loads(report.read_text(encoding="utf-8"))
        errors = sum(int(b["outcomes"].get("error", 0)) for b in plain["benchmarks"])
        asked = int(plain.get("run", {}).get("repeats", 1))
        return errors + int(plain["not_asked"]) == 0 and asked >= repeats
    except (OSError, ValueError, TypeError, KeyError, AttributeError):
        return False  # none, or cut off by the end of its run
