"""What a run is put together from, and the one place where all of it is let go."""

from __future__ import annotations

from collections.abc import Iterable, Sequence, Set
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from pytest_iqeval.broker.broker import Broker
from pytest_iqeval.core.comparison import Baseline
from pytest_iqeval.core.definition import Benchmark
from pytest_iqeval.core.errors import FolderError
from pytest_iqeval.core.gates import Gate
from pytest_iqeval.core.gates.origins import definition_gates, origin_lines
from pytest_iqeval.core.language import Lang
from pytest_iqeval.core.metrics.own import OwnMetrics
from pytest_iqeval.core.phrases import guess, header
from pytest_iqeval.core.phrases.signs import COMMA
from pytest_iqeval.core.request import Key
from pytest_iqeval.core.settings import Settings
from pytest_iqeval.core.told import joined
from pytest_iqeval.run.data_notes import data_notes
from pytest_iqeval.run.pace import repeats_noted
from pytest_iqeval.run.recalling import Questions
from pytest_iqeval.run.source import Replayed, Source
from pytest_iqeval.store.attempt_log import AttemptLogFile
from pytest_iqeval.store.folder import RunFolder
from pytest_iqeval.store.journal import SqliteJournal

if TYPE_CHECKING:
    from pytest_iqeval.run.gate_lock import GateLock


@dataclass(frozen=True, slots=True, kw_only=True)
class Parts:
    """What `open_run` has opened for a run.

    ``settings`` have the concurrency filled in. With ``goes_on``, ``folder`` and ``started`` are
    those of an earlier run, which this one goes on with. ``gates`` are the user's own, and ``own``
    the user's own metrics, by name. ``log`` is there where the user wants one, ``baseline`` is an
    earlier run to compare with, and ``gate_lock`` what the gates are held against. ``lang`` is
    that of terminal and page.
    """

    settings: Settings
    questions: Questions
    gates: Sequence[Gate]
    own: OwnMetrics
    source: Source
    folder: RunFolder
    journal: SqliteJournal
    broker: Broker | Replayed
    started: datetime
    goes_on: bool = False
    log: AttemptLogFile | None = None
    baseline: Baseline | None = None
    gate_lock: GateLock | None = None
    lang: Lang = "en"

    def judged(self, benchmarks: Iterable[Benchmark]) -> tuple[Gate, ...]:
        """All gates of a run over these benchmarks: the user's, and those of the definitions."""
        return (*self.gates, *definition_gates(b.definition for b in benchmarks))

    def header(self) -> list[str]:
        """Model, endpoint, questions and gates, for the top of a terminal or a log."""
        endpoint, settings = self.source.endpoint, self.settings
        body = joined((f"{name} {value}" for name, value in endpoint.generation.items()), COMMA)
        at = header.MODEL_AT_PROVIDER if endpoint.provider else header.MODEL_AT
        lines: list[str] = [
            at(model=settings.model, url=endpoint.base_url, provider=endpoint.provider),
            header.ASKED_AS(answer=settings.answer, body=body, concurrency=settings.concurrency),
            *repeats_noted(settings, endpoint.generation),
            *endpoint.notes,
            *self.source.notes,
        ]
        lines += data_notes(self.questions)
        shown = (b for b in self.questions.benchmarks.values() if b.definition.few_shot.count)
        lines += [header.EXAMPLES(name=b.name, count=b.definition.few_shot.count) for b in shown]
        lines += self.guesses()
        lines += origin_lines(self.judged(self.questions.benchmarks.values()))
        if self.baseline is not None:
            count = len(self.baseline.scores)
            told = header.BASELINE(told=self.baseline.told, count=count)
            over = self.baseline.passed_over
            lines.append(told if over is None else header.PASSED_OVER(told=told, what=over))
        return [*lines, header.WRITES_TO(path=self.folder.path)]

    def guesses(self) -> list[str]:
        """What was guessed of data files that came alone, a line each."""
        benchmarks = self.questions.benchmarks
        return [
            guess.OF_BENCHMARK(name=name, guessed=benchmarks[name].definition.description)
            for name, files in self.questions.origins.items()
            if files.definition is None
        ]

    def kept(self) -> Set[Key] | None:
        """What the journal has a reply to; ``None`` where it can't be read."""
        try:
            return frozenset(self.journal.keys())
        except FolderError:
            return None

    def close(self, *, discard: bool) -> None:
        """Stop asking and let go of everything.

        :param discard: remove the folder too, unless it is that of an earlier run or may hold a
            reply.
        """
        self.broker.close()
        discard = discard and not self.goes_on and self.kept() == frozenset()
        self.journal.close()
        if self.log is not None:
            self.log.close()
        self.source.close()
        if discard:
            self.folder.remove()
