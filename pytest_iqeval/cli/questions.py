"""What users write for a run and a question of it, and what they get to read of a question."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from pytest_iqeval.core.clean import visible
from pytest_iqeval.core.errors import FolderError, SettingsError, nearest
from pytest_iqeval.core.result import Reviewed
from pytest_iqeval.core.sample import safe_id
from pytest_iqeval.run.stored import StoredRun, read_run
from pytest_iqeval.store.folder import RunFolder, locate_run

RUN_HELP = (
    "a run's folder, or report.html in it; a folder of runs, for the newest; a run's name below "
    "outputs/; or `last`, the newest below outputs/"
)
_LISTED = 20
_NAMED = 8


def open_run(text: str, start: Path) -> StoredRun:
    """The run that a user means, read.

    :param start: the folder that ``outputs`` lies in.
    :raises FolderError: there is no such run, or it can't be read.
    """
    return read_run(find_folder(text, start))


def find_folder(text: str, start: Path) -> RunFolder:
    """The folder of the run that a user means, whether finished or not.

    :raises FolderError: there is no such run.
    """
    # Relative, so that messages and headings show the path as the user knows it.
    outputs = Path("outputs") if start == Path.cwd() else start / "outputs"
    return locate_run(text, outputs)


def find_question(run: StoredRun, text: str, reply: int) -> Reviewed:
    """The one question that `text` names.

    :param text: a node id, with or without ``iqeval/``; ``SUBSET::ID``; an id; or any part of a
        node id that names one question.
    :param reply: which of its replies, from 1.
    :raises SettingsError: there is none, or there are several, or it has no such reply.
    :raises FolderError: it was never asked.
    """
    by_node: dict[str, list[Reviewed]] = {}
    for one in run.reviewed:
        by_node.setdefault(one.result.sample.node_id, []).append(one)
    node_id = _the_one(run, list(by_node), text.strip())
    for one in by_node[node_id]:
        if one.result.repeat + 1 == reply:
            return one
    count = len(by_node[node_id])
    raise SettingsError(
        f"{node_id} has no reply {reply}",
        hint=f"it has {count}: --repeat 1" + (f" to {count}" if count > 1 else ""),
    )


def _the_one(run: StoredRun, node_ids: Sequence[str], text: str) -> str:
    """The most exact reading of `text` that names anything decides."""
    if not text:
        raise SettingsError("no question is named", hint="give its node id, or a part of it")
    whole = text.removeprefix("iqeval/")
    ends = {f"/{whole}", f"::{whole}", f"::{safe_id(whole)}"}
    exact = [n for n in node_ids if any(n.endswith(end) for end in ends)]
    part = [n for n in node_ids if whole.casefold() in n.casefold()]
    found = exact or part
    if len(found) == 1:
        return found[0]
    if found:
        listed = "\n    ".join(found[:_LISTED])
        more = len(found) - _LISTED
        listed += f"\n    and {more} more" if more > 0 else ""
        raise SettingsError(
            f"{text!r} names {len(found)} questions", hint=f"give one of\n    {listed}"
        )
    for lost in run.summary.lost:  # selected, but never reached: it has no row
        if lost.id.endswith(tuple(ends)):
            raise FolderError(f"{lost.id}: {visible(lost.reason)}", hint="--iqeval-resume asks it")
    names = node_ids if "::" in text else [n.rpartition("::")[2] for n in node_ids]
    near = nearest(text, names)
    raise SettingsError(
        f"{text!r} is no question of {run.folder.path}",
        hint=f"did you mean {' or '.join(dict.fromkeys(near))}?"
        if near
        else f"it has {len(names)}: {', '.join(names[:_NAMED])}{', ...' * (len(names) > _NAMED)}",
    )
