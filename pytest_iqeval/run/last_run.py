"""Which run ``last`` means as a baseline: the newest that passed, and never the run itself.

A run that failed is none. Else a bad release would only have to be run twice: the second time it
would be compared with itself, and pass.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence, Set
from pathlib import Path

from pytest_iqeval.core.errors import FolderError
from pytest_iqeval.core.phrases import header
from pytest_iqeval.core.phrases.signs import COMMA
from pytest_iqeval.core.told import Phrase, Told, joined
from pytest_iqeval.run.stored import StoredRun, read_run, read_summary
from pytest_iqeval.store.earlier import asked_in, is_finished
from pytest_iqeval.store.folder import RunFolder, runs_in

LAST = "last"
_NO_BASELINE = {"failed": header.FAILED, "inconclusive": header.INCONCLUSIVE}
# Of the only run there is, in a whole sentence.
_ALONE = {
    header.FAILED: "it failed",
    header.INCONCLUSIVE: "it was inconclusive",
    header.SAME_REPLIES: "its replies are the same",
    header.REPLAYED: "it replays a run that is no baseline",
    header.GOES_ON_ITSELF: "--iqeval-resume goes on with it",
}


def last_run(
    output: Path,
    *,
    command: str = "--iqeval-baseline",
    goes_on: RunFolder | None = None,
    replayed: RunFolder | None = None,
) -> tuple[StoredRun, Told | None]:
    """The newest run of an output folder that can be a baseline; which newer ones are not, and why.

    :param command: what the user wrote ``last`` after, for messages.
    :param goes_on: the run that ``--iqeval-resume`` goes on with.
    :param replayed: the run whose replies are judged again.
    :raises FolderError: there is none.
    """
    runs = runs_in(output)
    own = {asked_in(run) for run in (goes_on, replayed) if run is not None}
    passed_over: Counter[Phrase] = Counter()
    for run in reversed(runs):
        why = _why_not(run, goes_on, own)
        if why is None:
            return read_run(run), _told(passed_over) if passed_over else None
        passed_over[why] += 1
    raise _none(output, runs, passed_over, goes_on, command)


def _why_not(run: RunFolder, goes_on: RunFolder | None, own: Set[str]) -> Phrase | None:
    """Why a run is no baseline; ``None`` where it is one.

    :param own: which runs asked the replies that are judged now.
    """
    if not is_finished(run.report_json):
        return header.UNFINISHED
    if run == goes_on:
        return header.GOES_ON_ITSELF
    asked = asked_in(run)
    if asked in own:
        return header.SAME_REPLIES
    verdict = read_summary(run).verdict
    if verdict in _NO_BASELINE or asked == run.name:
        return _NO_BASELINE.get(verdict)
    # A weaker gate must not make a baseline of a run that failed.
    asker = RunFolder(run.path.parent / asked)
    return header.REPLAYED if _why_not(asker, goes_on, own) else None


def _none(
    output: Path,
    runs: Sequence[RunFolder],
    why: Counter[Phrase],
    goes_on: RunFolder | None,
    command: str,
) -> FolderError:
    """What is said where no run is left."""
    finished = [run for run in runs if is_finished(run.report_json)]
    if not finished:
        return FolderError(
            f"{command} {LAST}: {output} holds no finished run to compare with",
            hint=f"name another run ({command} RUN), or do without until one is finished",
        )
    if len(runs) > 1:
        problem = f"none of the {len(runs)} runs in {output} can be the baseline: {_told(why)}"
    else:
        (reason,) = why
        problem = f"the only run in {output} can't be the baseline: {_ALONE[reason]}"
    nameable = [run for run in finished if run != goes_on]
    return FolderError(
        f"{command} {LAST}: {problem}",
        hint=f"name one all the same: {command} {nameable[-1].name}; or do without"
        if nameable
        else "leave --iqeval-resume away for a new run, or do without a baseline",
    )


def _told(passed_over: Counter[Phrase]) -> Told:
    """How many, and why; those first that the newest is of."""
    return joined([why(count=count) for why, count in passed_over.items()], COMMA)
