"""Opens a run: endpoint, folder, journal and broker, or what stands for them in a replay."""

from __future__ import annotations

import contextlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path

from pytest_iqeval.broker.broker import Broker
from pytest_iqeval.broker.limits import Limits
from pytest_iqeval.core.comparison import Baseline
from pytest_iqeval.core.definition import Benchmark
from pytest_iqeval.core.errors import SettingsError
from pytest_iqeval.core.gates import Gate
from pytest_iqeval.core.language import language
from pytest_iqeval.core.metrics.own import OwnMetrics
from pytest_iqeval.core.phrases import header
from pytest_iqeval.core.recall import Chosen
from pytest_iqeval.core.settings import Settings
from pytest_iqeval.run.caching import CachedBroker
from pytest_iqeval.run.code import confinement_of, told
from pytest_iqeval.run.parts import Parts
from pytest_iqeval.run.recalling import STORED, Questions, notes_on, remembered
from pytest_iqeval.run.resuming import configuration_of, to_go_on_with
from pytest_iqeval.run.run import Run
from pytest_iqeval.run.source import Replayed, Source, ask_endpoint, replay, stored_facts
from pytest_iqeval.store.attempt_log import AttemptLogFile
from pytest_iqeval.store.baseline import write_baseline
from pytest_iqeval.store.earlier import (
    ASKED_IN,
    CONFIGURATION,
    STARTED,
    Unfinished,
    asked_in,
    fingerprint,
)
from pytest_iqeval.store.folder import RunFolder, default_output, new_run_folder
from pytest_iqeval.store.journal import FINGERPRINT, SqliteJournal

DEFAULT_CONCURRENCY = 8


@dataclass(frozen=True, slots=True, kw_only=True)
class Surroundings:
    """What a run must know of the session around it.

    Relative paths start from the folder ``start``. ``workers`` is how many processes score; at
    least as many requests are in flight. With ``stops_early`` the session may end before all is
    asked (``-x``): then the broker runs no further ahead than the concurrency.
    """

    environ: Mapping[str, str]
    start: Path
    workers: int = 0
    stops_early: bool = False


def open_run(
    settings: Settings,
    *,
    questions: Questions,
    chosen: Chosen,
    gates: Sequence[Gate],
    own: OwnMetrics | None = None,
    around: Surroundings,
    baseline: Baseline | None = None,
) -> Run:
    """Everything up to the first request.

    :param questions: the benchmarks known so far; further ones may come before their questions
        are planned.
    :param chosen: what chose the questions beside the settings, to be remembered.
    :param own: the user's own metrics, by name.
    :param baseline: an earlier run that this one is compared with; its folder keeps it.
    :raises UsageFault: a setting, an endpoint or a folder that can't be used.
    """
    started = datetime.now().astimezone()
    replays = settings.replay is not None  # and makes no attempt
    log = None if settings.log is None or replays else AttemptLogFile(around.start / settings.log)
    gate_lock = None
    if settings.gate_lock is not None:
        from pytest_iqeval.run.gate_lock import open_gate_lock  # most runs have none

        gate_lock = open_gate_lock(settings.gate_lock, around.start)
    with contextlib.ExitStack() as undo:  # where the rest fails, or Ctrl-C comes
        if log is not None:
            undo.callback(log.close)
        source = _source(settings, questions, around)
        undo.callback(source.close)
        confinement = confinement_of(settings, questions.benchmarks.values())
        if confinement is not None:
            source.notes += told(confinement)
        settings = source.as_stored(settings)
        configuration = configuration_of(settings, source.endpoint, questions.benchmarks)
        output = around.start / (settings.output or default_output(settings.model))
        earlier = _earlier(settings, source, output, questions.benchmarks)
        _check_not_itself(baseline, earlier)
        started = started if earlier is None else earlier.started or started
        meta = _meta(settings, source, chosen, configuration, started)
        folder, journal = _folder(source, output, started, meta, earlier)
        if earlier is None:
            undo.callback(folder.remove)
        undo.callback(journal.close)
        if baseline is not None:
            write_baseline(folder.baseline, baseline)
        if log is not None:
            log.begin(run=folder.path.name, redact=source.redact)
        limits = _limits(settings, source, around)
        run = Run(
            Parts(
                settings=replace(settings, concurrency=limits.concurrency),
                questions=questions,
                gates=gates,
                own=own or {},
                source=source,
                folder=folder,
                journal=journal,
                broker=_broker(source, journal, limits, questions, folder, log),
                started=started,
                goes_on=earlier is not None,
                log=log,
                baseline=baseline,
                gate_lock=gate_lock,
                lang=language(settings.lang, around.environ),
            )
        )
        undo.pop_all()
    return run


def _source(settings: Settings, questions: Questions, around: Surroundings) -> Source:
    """The endpoint, or the stored run that is replayed."""
    if settings.replay is None:
        return ask_endpoint(settings, around.environ, around.start)
    run = RunFolder(Path(settings.replay))  # `recall_run` has found it
    source = replay(run)
    source.notes += notes_on(questions, run)
    return source


def _meta(
    settings: Settings,
    source: Source,
    chosen: Chosen,
    configuration: Mapping[str, object],
    started: datetime,
) -> dict[str, str]:
    """What the journal keeps of the run beside its replies."""
    facts = stored_facts(settings, source.endpoint) | {"asked": remembered(settings, chosen)}
    return {
        FINGERPRINT: fingerprint(configuration),
        CONFIGURATION: json.dumps(configuration, ensure_ascii=True),
        STORED: json.dumps(facts),
        STARTED: started.isoformat(timespec="seconds"),
    }


def _broker(
    source: Source,
    journal: SqliteJournal,
    limits: Limits,
    questions: Questions,
    folder: RunFolder,
    log: AttemptLogFile | None,
) -> Broker | Replayed:
    """What answers the run's requests."""
    if source.transports is None:
        return Replayed(source.stored_in or folder, journal, questions)
    kind = Broker if source.cache is None else CachedBroker
    broker = kind(source.transports, journal, limits, first_alone=not source.decided, log=log)
    if source.cache is not None and isinstance(broker, CachedBroker):
        source.cache.begin(journal)
        broker.cache = source.cache
    return broker


def _limits(settings: Settings, source: Source, around: Surroundings) -> Limits:
    least = max(DEFAULT_CONCURRENCY, around.workers)
    concurrency = settings.concurrency or source.endpoint.concurrency or least
    return Limits(
        concurrency=concurrency,
        retries=settings.retries,
        patience_s=settings.patience,
        rpm=settings.rpm,
        tpm=settings.tpm,
        token_budget=settings.token_budget,
        time_budget_s=settings.time_budget,
        ahead=concurrency if around.stops_early else None,
    )


def _earlier(
    settings: Settings, source: Source, output: Path, benchmarks: Mapping[str, Benchmark]
) -> Unfinished | None:
    """The unfinished run that this one goes on with; the header says which, or why there is none.

    :raises FolderInUse: another process goes on with it already.
    :raises FolderError: it may be one whose journal can't be read.
    """
    if not settings.resume:
        return None
    earlier = to_go_on_with(settings, source.endpoint, benchmarks, output)
    if earlier is not None and not earlier.differs:
        source.notes.append(header.GOES_ON(path=earlier.folder.path))
        return earlier
    source.notes.append(header.NEW_RUN)
    if earlier is not None:
        differs = "; ".join(earlier.differs)
        source.notes.append(header.OTHERWISE(path=earlier.folder.path, differs=differs))
    return None


def _check_not_itself(baseline: Baseline | None, earlier: Unfinished | None) -> None:
    """Refuse a baseline that is an earlier part of this very run: its replies are the same."""
    if baseline is None or earlier is None or baseline.run != earlier.folder.name:
        return
    raise SettingsError(
        f"--iqeval-baseline {baseline.run}: --iqeval-resume goes on with that very run, and would "
        "compare it with itself",
        hint="name another baseline, or leave --iqeval-resume away for a new run",
    )


def _folder(
    source: Source,
    output: Path,
    started: datetime,
    meta: Mapping[str, str],
    earlier: Unfinished | None,
) -> tuple[RunFolder, SqliteJournal]:
    """The run's folder and its journal: a new one, or that of `earlier`, which goes on."""
    if earlier is not None:
        return earlier.folder, SqliteJournal(earlier.folder.journal, meta)
    folder = new_run_folder(output, started)
    try:
        if source.stored is not None and source.stored_in is not None:
            source.stored.copy_to(folder.journal)
            # Its fingerprint stays that of the run which asked.
            kept = {STORED: meta[STORED], ASKED_IN: asked_in(source.stored_in)}
            return folder, SqliteJournal(folder.journal, kept)
        return folder, SqliteJournal(folder.journal, meta)
    except BaseException:
        folder.remove()
        raise
