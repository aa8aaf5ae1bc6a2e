"""Opens a run: endpoint, folder, journal and broker, or what stands for them in a replay."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from pathlib import Path

from pytest_iqeval.broker.broker import Broker
from pytest_iqeval.core.definition import Benchmark
from pytest_iqeval.core.gates import Gate
from pytest_iqeval.core.recall import Chosen
from pytest_iqeval.core.settings import Settings
from pytest_iqeval.endpoint.providers import Endpoint
from pytest_iqeval.run.caching import CachedBroker
from pytest_iqeval.run.recalling import STORED, Questions, notes_on, remembered
from pytest_iqeval.run.run import Run
from pytest_iqeval.run.source import Replayed, Source, ask_endpoint, replay, stored_facts
from pytest_iqeval.store.earlier import FINGERPRINT, fingerprint, unfinished
from pytest_iqeval.store.folder import RunFolder, default_output, new_run_folder
from pytest_iqeval.store.journal import SqliteJournal

DEFAULT_CONCURRENCY = 8


def open_run(
    settings: Settings,
    *,
    questions: Questions,
    chosen: Chosen,
    gates: Sequence[Gate],
    environ: Mapping[str, str],
    start: Path,
    workers: int = 0,
    stops_early: bool = False,
) -> Run:
    """Everything up to the first request.

    :param questions: the benchmarks known so far; further ones may come before their questions
        are planned.
    :param chosen: what chose the questions beside the settings, to be remembered.
    :param start: the folder that relative paths start from.
    :param workers: how many processes score; at least as many requests are in flight.
    :param stops_early: the session may end before all is asked (``-x``): then the broker runs
        no further ahead than the concurrency.
    :raises UsageFault: a setting, an endpoint or a folder that can't be used.
    """
    started = datetime.now().astimezone()
    if settings.replay is not None:
        run = RunFolder(Path(settings.replay))  # `recall_run` has found it
        source = replay(run)
        source.notes += notes_on(questions, run)
        settings = source.as_stored(settings)
    else:
        source = ask_endpoint(settings, environ, start)
    try:
        concurrency = (
            settings.concurrency or source.endpoint.concurrency or max(DEFAULT_CONCURRENCY, workers)
        )
        configuration = fingerprint(_configuration(settings, source.endpoint, questions.benchmarks))
        facts = json.dumps(
            stored_facts(settings, source.endpoint) | {"asked": remembered(settings, chosen)}
        )
        output = _output(settings, start)
        earlier = unfinished(output, configuration) if settings.resume else None
        folder, journal = _folder(
            settings, source, output, started, {FINGERPRINT: configuration, STORED: facts}, earlier
        )
        broker = (
            Replayed(source.stored_in or folder, journal, questions)
            if source.transports is None
            else (Broker if source.cache is None else CachedBroker)(
                source.transports,
                journal,
                concurrency=concurrency,
                retries=settings.retries,
                patience_s=settings.patience,
                ahead=concurrency if stops_early else None,
                first_alone=not source.decided,
            )
        )
        if source.cache is not None and isinstance(broker, CachedBroker):
            source.cache.begin(journal)
            broker.cache = source.cache
    except BaseException:
        source.close()
        raise
    return Run(
        replace(settings, concurrency=concurrency),
        questions=questions,
        gates=gates,
        source=source,
        folder=folder,
        journal=journal,
        broker=broker,
        started=started,
        goes_on=earlier is not None,
    )


def _output(settings: Settings, start: Path) -> Path:
    return start / (settings.output or default_output(settings.model))


def _configuration(
    settings: Settings, endpoint: Endpoint, benchmarks: Mapping[str, Benchmark]
) -> dict[str, object]:
    """What makes two runs one: model, endpoint, generation, and the questions as they are asked.

    Which of the questions are selected is no part of it: going on asks what has no reply.
    """
    return {
        "model": settings.model,
        # The embedded server has another port each time.
        "base_url": "" if endpoint.embedded else endpoint.base_url,
        "provider": endpoint.provider,
        "generation": dict(endpoint.generation),
        "removed": sorted(endpoint.removed),
        "answer": settings.answer,
        "benchmarks": [
            [b.name, b.data_sha256, b.definition.system, b.definition.prompt]
            for b in sorted(benchmarks.values(), key=lambda b: b.name)
        ],
    }


def _folder(
    settings: Settings,
    source: Source,
    output: Path,
    started: datetime,
    meta: Mapping[str, str],
    earlier: RunFolder | None,
) -> tuple[RunFolder, SqliteJournal]:
    """The run's folder and its journal: a new one, or the unfinished `earlier` that goes on."""
    if earlier is not None:
        source.notes.append(f"goes on with {earlier.path}")
        return earlier, SqliteJournal(earlier.journal, meta)
    if settings.resume:
        source.notes.append("no unfinished run of this configuration: a new run starts")
    folder = new_run_folder(output, started)
    try:
        if source.stored is not None:
            source.stored.copy_to(folder.journal)
            # Its fingerprint stays that of the run which asked.
            return folder, SqliteJournal(folder.journal, {STORED: meta[STORED]})
        return folder, SqliteJournal(folder.journal, meta)
    except BaseException:
        folder.remove()
        raise
