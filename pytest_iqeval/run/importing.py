"""Writes what EvalScope left as a run of ours, by the writers that every run has."""

from __future__ import annotations

import json
import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import Any

from pytest_iqeval.core.aggregate import Session, Traffic, summarise
from pytest_iqeval.core.clean import Redactor
from pytest_iqeval.core.errors import FolderError, NoReply
from pytest_iqeval.core.imported import Imported
from pytest_iqeval.core.kinds import Ask
from pytest_iqeval.core.language import Lang
from pytest_iqeval.core.recall import Chosen
from pytest_iqeval.core.request import Message
from pytest_iqeval.core.result import Reviewed
from pytest_iqeval.core.settings import Settings
from pytest_iqeval.core.summary import RunFacts, Selection, Summary
from pytest_iqeval.endpoint.address import without_secrets
from pytest_iqeval.reports.reviews import ReviewWriter
from pytest_iqeval.run.closing import versions, write_files
from pytest_iqeval.run.data_at_hand import FREE, DataAtHand
from pytest_iqeval.run.rebuilding import Differing, RebuiltBenchmark, rebuild
from pytest_iqeval.run.recalling import STORED, remembered
from pytest_iqeval.run.when import asked_between
from pytest_iqeval.sandbox.confinement import Confinement, find_confinement
from pytest_iqeval.sources.evalscope.folder import Outputs, find_outputs
from pytest_iqeval.sources.evalscope.records import read_records
from pytest_iqeval.sources.evalscope.values import Record
from pytest_iqeval.sources.hub.access import HubAccess
from pytest_iqeval.store.copies import Keepable, keep_copies
from pytest_iqeval.store.earlier import CONFIGURATION, IMPORTED_FROM, STARTED, fingerprint
from pytest_iqeval.store.folder import RunFolder, default_output, new_run_folder
from pytest_iqeval.store.journal import FINGERPRINT, SqliteJournal

TOOL = "EvalScope"
_COPY = "-imported"
"""Behind a benchmark's name: what a replay takes for the kept copy, and never for another."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportedRun:
    """A run that was written, and what it found."""

    folder: RunFolder
    summary: Summary
    differing: tuple[Differing, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Read:
    """What a folder holds of one model, read and judged."""

    outputs: Outputs
    model: str
    benchmarks: tuple[RebuiltBenchmark, ...]
    records: tuple[Record, ...]
    generation: int
    left_out: tuple[str, ...]
    confinement: Confinement | None = None

    @property
    def base_url(self) -> str:
        return without_secrets(self.outputs.config.url or "")

    @property
    def repeats(self) -> int:
        return max(one.result.repeat + 1 for b in self.benchmarks for one in b.reviewed)

    @property
    def prompts(self) -> Mapping[str, str]:
        return {b.benchmark.name: b.prompt for b in self.benchmarks}

    @property
    def settings(self) -> Settings:
        names = tuple(map(_spec, self.benchmarks))
        return Settings(
            model=self.model, dataset=names, answer=FREE, repeats=self.repeats, pass_="majority"
        )

    @property
    def reviewed(self) -> Iterator[Reviewed]:
        for benchmark in self.benchmarks:
            yield from benchmark.reviewed


def _spec(rebuilt: RebuiltBenchmark) -> str:
    """What a replay is to load: the data set itself, or the copy of what was rebuilt."""
    name = rebuilt.benchmark.name
    return f"{name}{_COPY}" if rebuilt.told.rebuilt else name


def import_folder(
    folder: Path,
    *,
    output: Path | None,
    data_dir: Path | None = None,
    allow_code: bool = False,
    start: Path,
    environ: Mapping[str, str],
    lang: Lang,
) -> list[ImportedRun]:
    """Write a run for each model that EvalScope has asked.

    :param output: the folder that the run's folder is made in; else that of the model's runs.
    :param data_dir: where local copies of data sets lie.
    :param allow_code: whether scorers may run what a model wrote, in a sandbox.
    :param start: the folder that ``outputs`` lies in.
    :raises FolderError: it is no folder of EvalScope's, or nothing in it can be used.
    :raises UsageFault: code can't be run here.
    """
    confinement = find_confinement() if allow_code else None  # or say at once that it can't be
    cache = HubAccess(offline="an import fetches nothing", environ=environ, start=start)
    at_hand = DataAtHand(data_dir=data_dir, start=start, cache=cache)
    runs = []
    for outputs in find_outputs(folder):
        with tempfile.TemporaryDirectory(prefix="iqeval-import-") as work:
            read = _read(outputs, Path(work), at_hand, allow_code=allow_code)
            where = output or start / default_output(read.model)
            if any(b.benchmark.definition.asks is Ask.CODE for b in read.benchmarks):
                read = replace(read, confinement=confinement)
            runs.append(_write(read, where, lang))
    return runs


def _read(outputs: Outputs, work: Path, at_hand: DataAtHand, *, allow_code: bool) -> _Read:
    left_out = list(outputs.notes)
    by_name: dict[str, dict[str, Sequence[Record]]] = {}
    generation = 1
    for files in outputs.subsets:
        found = read_records(files.predictions, files.reviews, shown=outputs.folder)
        left_out += found.left_out
        if found.records:
            generation = max(generation, found.generation)
            by_name.setdefault(files.benchmark, {})[files.subset] = found.records
    reports = {report.benchmark: report for report in outputs.reports}
    benchmarks = []
    for number, (name, subsets) in enumerate(by_name.items()):
        place = work / str(number)
        place.mkdir()
        rebuilt = rebuild(
            name, subsets, reports.get(name), work=place, at_hand=at_hand, allow_code=allow_code
        )
        if isinstance(rebuilt, RebuiltBenchmark):
            benchmarks.append(rebuilt)
            left_out += rebuilt.left_out
        else:
            left_out += rebuilt
    left_out += [
        f"{name}: the folder has its report, and no row" for name in reports if name not in by_name
    ]
    if not benchmarks:
        raise FolderError(
            f"{outputs.folder}: none of its questions can be used",
            hint="; ".join(left_out[:3]) or None,
        )
    records = tuple(
        one for subsets in by_name.values() for same in subsets.values() for one in same
    )
    told = (r.reply.model for r in records if r.reply is not None and r.reply.model)
    return _Read(
        outputs=outputs,
        model=outputs.model or outputs.config.model or next(told, "unknown"),
        benchmarks=tuple(benchmarks),
        records=records,
        generation=generation,
        left_out=tuple(left_out),
    )


def _write(read: _Read, output: Path, lang: Lang) -> ImportedRun:
    """Write the run's folder, whole or not at all."""
    started, finished = asked_between(read.outputs, read.records)
    secret = read.outputs.config.secret
    redact = Redactor([secret] if secret else [], shortest=8)
    folder = new_run_folder(output, started)
    try:
        with SqliteJournal(folder.journal, _meta(read, started)) as journal:
            for one in read.reviewed:
                journal.put(one.result.key, one.reply or _no_reply(one))
        keep_copies(folder, map(_keepable, read.benchmarks))
        reviews = ReviewWriter(partial(folder.review, read.model), redact=redact)
        for one in read.reviewed:
            reviews.write(one.result, one.reply)
        summary = _summary(read, folder, started, finished)
        sent = _Asked(read.benchmarks, redact)
        summary = write_files(folder, summary, reviews, redact, sent, lang)
    except BaseException:
        folder.remove()
        raise
    differing = tuple(one for b in read.benchmarks for one in b.differing)
    return ImportedRun(folder=folder, summary=summary, differing=differing)


def _parts(rebuilt: RebuiltBenchmark) -> Iterator[tuple[str, ...]]:
    """What chooses its questions: the benchmark, or each of them by its name."""
    selected = rebuilt.selected
    if len(selected) == len(rebuilt.benchmark.samples):
        yield (rebuilt.benchmark.name,)
    else:
        yield from ((s.benchmark, s.subset, s.id) for s in selected)


def _keepable(rebuilt: RebuiltBenchmark) -> Keepable:
    name = _spec(rebuilt)
    return Keepable(benchmark=rebuilt.benchmark, files=rebuilt.loaded.files, specs=[name])


def _no_reply(one: Reviewed) -> NoReply:
    return NoReply(one.result.score.note or "no reply is recorded", kind="missing")


def _meta(read: _Read, started: datetime) -> dict[str, str]:
    """What the journal says of the run, as `run.opening` has it."""
    facts: dict[str, object] = {
        "model": read.model,
        "base_url": read.base_url,
        "provider": None,
        "generation": dict(read.outputs.config.generation),
        "answer": FREE,
        "model_digest": None,
    }
    parts = tuple(part for b in read.benchmarks for part in _parts(b))
    configuration = {
        IMPORTED_FROM: TOOL,
        **facts,
        **{f"the data of {b.benchmark.name}": b.benchmark.data_sha256 for b in read.benchmarks},
        **{f"the prompt of {name}": prompt for name, prompt in read.prompts.items()},
    }
    asked = remembered(read.settings, Chosen(parts=parts))
    return {
        FINGERPRINT: fingerprint(configuration),
        CONFIGURATION: json.dumps(configuration, ensure_ascii=True),
        STORED: json.dumps(facts | {"asked": asked}),
        STARTED: started.isoformat(timespec="seconds"),
    }


def _summary(read: _Read, folder: RunFolder, started: datetime, finished: datetime) -> Summary:
    benchmarks = [b.benchmark for b in read.benchmarks]
    results = [one.result for one in read.reviewed]
    config = read.outputs.config
    imported = Imported(
        tool=TOOL,
        version=config.version,
        generation=read.generation,
        folder=read.outputs.folder.resolve().name,
        benchmarks={b.benchmark.name: b.told for b in read.benchmarks},
        left_out=read.left_out,
    )
    summary = summarise(
        run=RunFacts(
            id=folder.path.name,
            started=started.isoformat(timespec="seconds"),
            finished=finished.isoformat(timespec="seconds"),
            model=read.model,
            base_url=read.base_url,
            provider=None,
            generation=config.generation,
            answer=FREE,
            versions=versions(),
            repeats=read.repeats,
            imported=imported,
            sandbox=None if read.confinement is None else read.confinement.to_plain(),
        ),
        selection=Selection(limit=config.limit, sample=None, seed=None, keyword=None, mark=None),
        benchmarks=benchmarks,
        selected=[sample for b in read.benchmarks for sample in b.selected],
        results=results,
        traffic=Traffic(requests=sum(result.attempts for result in results)),
        session=Session(failed=0),  # nobody waits for an exit code
        prompts=read.prompts,
    )
    few_shot = {b.benchmark.name: b.few_shot for b in read.benchmarks}
    told = (replace(b, few_shot=few_shot[b.name]) for b in summary.benchmarks)
    return replace(summary, benchmarks=tuple(told))


class _Asked:
    """The messages that a review row's question was really asked with."""

    def __init__(
        self, benchmarks: Sequence[RebuiltBenchmark], redact: Callable[[str], str]
    ) -> None:
        self._asked = {b.benchmark.name: b.asked for b in benchmarks}
        self._redact = redact

    def __call__(self, row: Mapping[str, Any]) -> Sequence[Message] | None:
        """None where no file has them."""
        asked = self._asked[row["benchmark"]].get((row["subset"], row["id"]))
        if asked is None:
            return None
        return [Message(role=m.role, content=self._redact(m.content)) for m in asked]
