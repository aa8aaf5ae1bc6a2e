"""Finished runs side by side: for `iqeval compare` and `iqeval history`."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from pytest_iqeval.core.against import facts_of
from pytest_iqeval.core.errors import FolderError, SettingsError, UnknownName
from pytest_iqeval.core.facts import Facts, changes
from pytest_iqeval.core.pairwise import METRICS, Contender, Standings, standings
from pytest_iqeval.core.summary import Summary
from pytest_iqeval.core.trend import Point, Trend, trends
from pytest_iqeval.run.baseline import baseline_of
from pytest_iqeval.run.stored import StoredRun, read_summary
from pytest_iqeval.store.folder import RunFolder, runs_below


@dataclass(frozen=True, slots=True, kw_only=True)
class History:
    """The runs of folders as trends. ``unfinished`` counts those without `report.json`;
    ``damaged`` says what is wrong with reports that can't be read."""

    trends: tuple[Trend, ...]
    unfinished: int
    damaged: tuple[str, ...]


def compare_stored(runs: Sequence[StoredRun], *, metric: str) -> Standings:
    """Finished runs against each other.

    :raises SettingsError: fewer than two runs, or one is given twice.
    :raises UnknownName: there is no such metric, or none of the runs has it.
    """
    paths = [run.folder.path.resolve() for run in runs]
    for place, path in enumerate(paths):
        if path in paths[:place]:
            raise SettingsError(f"{runs[place].folder.path}: the run is given twice")
    if len(runs) < 2:
        raise SettingsError("one run is given, and a comparison takes two or more")
    known = {name for run in runs for b in run.summary.benchmarks for name in b.metrics}
    if metric not in known or metric not in METRICS:
        raise UnknownName("metric of these runs", metric, [m for m in METRICS if m in known])
    contenders = [
        Contender(summary=run.summary, reviewed=run.reviewed, found=baseline_of(run))
        for run in runs
    ]
    return standings(contenders, metric=metric)


def history_of(folders: Iterable[Path], *, also: Iterable[RunFolder] = ()) -> History:
    """What the runs below folders reached; a folder's own runs, and those of the folders in it.

    :param also: further runs, which may lie there too.
    """
    below = [run for path in folders for run in runs_below(path)]
    runs = {run.path.resolve(): run for run in (*below, *also)}
    unfinished, damaged, read = 0, [], []
    for run in runs.values():
        if not run.report_json.is_file():
            unfinished += 1
            continue
        try:
            summary = read_summary(run)
            started = datetime.fromisoformat(summary.run.started).astimezone()
        except FolderError as fault:
            damaged.append(fault.problem)
        except ValueError:
            said = f"{run.report_json}: began at {summary.run.started!r}, which is no time"
            damaged.append(said)
        else:
            read.append((started, run, summary))
    read.sort(key=lambda one: (one[0], one[1].name))
    points = _points((run, summary) for _, run, summary in read)
    return History(trends=trends(points), unfinished=unfinished, damaged=tuple(damaged))


def _points(read: Iterable[tuple[RunFolder, Summary]]) -> Iterable[Point]:
    before: dict[tuple[str, str], Facts] = {}
    for run, summary in read:
        facts = facts_of(summary, repeats=summary.run.repeats)
        for benchmark in summary.benchmarks:
            accuracy = benchmark.metrics.get("accuracy")
            if accuracy is None:
                continue
            key = (summary.run.model, benchmark.name)
            here = Facts(
                settings=facts.settings,
                benchmarks={benchmark.name: facts.benchmarks[benchmark.name]},
            )
            was = before.get(key, here)
            before[key] = here
            yield Point(
                run=run.name,
                model=summary.run.model,
                benchmark=benchmark.name,
                started=summary.run.started,
                accuracy=accuracy,
                verdict=summary.verdict,
                changed=tuple(change.said for change in changes(was, here)),
            )
