"""One run, from its first request to its files."""

from __future__ import annotations

import contextlib
import platform
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from fractions import Fraction
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import NamedTuple

from pytest_iqeval import __version__
from pytest_iqeval.broker.broker import Broker
from pytest_iqeval.core.aggregate import summarise
from pytest_iqeval.core.clean import Redactor
from pytest_iqeval.core.definition import Benchmark
from pytest_iqeval.core.errors import EndpointUnusable, NoReply
from pytest_iqeval.core.gates import Gate
from pytest_iqeval.core.metrics.values import Measure, Metric
from pytest_iqeval.core.plan import Planned
from pytest_iqeval.core.request import Key, Reply, Request
from pytest_iqeval.core.result import Result, result_of
from pytest_iqeval.core.sample import Sample
from pytest_iqeval.core.score import Outcome, Score, error_score
from pytest_iqeval.core.settings import Settings
from pytest_iqeval.core.summary import RunFacts, Selection, Summary
from pytest_iqeval.reports.page import write_page
from pytest_iqeval.reports.report_json import write_report
from pytest_iqeval.reports.reviews import ReviewWriter, read_rows
from pytest_iqeval.run.source import Replayed, Source
from pytest_iqeval.store.folder import RunFolder
from pytest_iqeval.store.journal import SqliteJournal

# How long a run that ends lets requests in flight finish: they are paid for.
DRAIN_S = 10.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Ending:
    """What only the session knows when a run ends: see `summarise` for each."""

    interrupted: bool = False
    ordinary_failures: int = 0
    only_failures: bool = False
    keyword: str | None = None
    mark: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Progress:
    """Where a run stands: questions ``done`` of ``total``, their scores, and the pace.

    ``tokens_per_s`` and ``seconds_left`` are ``None`` where nothing is known yet.
    """

    done: int
    total: int
    accuracy: Metric
    errors: int
    elapsed_s: float
    tokens_per_s: float | None
    seconds_left: float | None


class _Item(NamedTuple):
    """What is kept of a planned item: its question, and what `Planned` says of it."""

    key: Key
    marked: bool
    certain: bool


class Answers:
    """The answers to single requests, without a plan: that one comes in with its samples."""

    def __init__(self, broker: Broker | Replayed) -> None:
        self.submit = broker.submit

    def plan(self, requests: Sequence[Request]) -> None:
        """The run plans by itself, since some requests wait until they are wanted."""


class Run:
    """One evaluation of one model, from the first request to the files.

    It is the items' way to a reply (``plan``, ``ask``, ``report``), in the process that owns
    the run; scores may come in from any thread.
    """

    def __init__(
        self,
        settings: Settings,
        *,
        benchmarks: Mapping[str, Benchmark],
        gates: Sequence[Gate],
        source: Source,
        folder: RunFolder,
        journal: SqliteJournal,
        broker: Broker | Replayed,
        started: datetime,
        goes_on: bool = False,
    ) -> None:
        """See `open_run`; with `goes_on`, `folder` is that of an earlier run."""
        self.settings = settings
        self.folder = folder
        self.summary: Summary | None = None
        self.source = source
        self._benchmarks = benchmarks
        self._gates = gates
        self._journal = journal
        self._broker = broker
        self._started = started
        self._began_s = time.monotonic()
        self._items: dict[str, _Item] = {}
        self._first: Request | None = None
        self._selected: dict[Key, Sample] = {}
        self._scores: dict[Key, Score] = {}
        self._skipped: set[str] = set()
        self._failed_items: set[str] = set()
        self._open = True
        self._goes_on = goes_on
        self._redact = Redactor(s.reveal() for s in source.endpoint.secrets)

    # what items do

    def plan(self, planned: Sequence[Planned]) -> None:
        """Note what was selected, and start asking in that order."""
        for one in planned:
            self._items[one.node_id] = _Item(one.key, one.marked, one.certain)
        # In the plan's order, also where a worker's score came before the plan.
        self._selected = {one.key: one.sample for one in planned} | self._selected
        ahead = [one.request for one in planned if one.ahead]
        self._first = self._first or next(iter(ahead), None)
        self._broker.plan(ahead)

    def ask(self, request: Request) -> Reply:
        """Wait for the reply to `request`.

        :raises NoReply: there is none.
        """
        return self._broker.ask(request)

    def report(self, sample: Sample, score: Score, *, repeat: int = 0) -> None:
        """Take the score of a sample; it counts once, however many items hand it in."""
        key = Key(sample.benchmark, sample.subset, sample.id, repeat)
        self._selected.setdefault(key, sample)
        self._scores[key] = score

    @property
    def answers(self) -> Answers:
        """What a worker's channel draws on."""
        return Answers(self._broker)

    # what the session tells

    def crashed(self, node_id: str, words: str) -> None:
        """A worker died in this item: unless its score is in, it is an error."""
        item = self._items.get(node_id)
        if item is not None:
            self._scores.setdefault(item.key, error_score(words))

    def not_set_up(self, node_id: str, words: str) -> None:
        """A hook raised before this question was asked: unless its score is in, it is an error.

        A user's own test that fails there is an ordinary failing test instead.
        """
        item = self._items.get(node_id)
        if item is not None and not item.marked:
            self._scores.setdefault(item.key, error_score(words))

    def skipped(self, node_id: str) -> None:
        """The user's own mark left this item out: without a score it is not missing."""
        self._skipped.add(node_id)

    def failed(self, node_id: str) -> None:
        """pytest counts this item as failed: wrong, and neither expected nor put up with."""
        self._failed_items.add(node_id)

    def ask_first(self) -> None:
        """Where the preflight decided nothing: wait for the first question, which goes alone."""
        if self.source.decided or self._first is None:
            return
        with contextlib.suppress(NoReply):  # its item will ask again and say so
            self._broker.ask(self._first)

    def hopeless(self) -> EndpointUnusable | None:
        """Why no question can be answered, once the first one has shown it."""
        fatal = self._broker.fatal
        return None if fatal is None else EndpointUnusable(fatal.problem, hint=fatal.hint)

    # what the session asks

    def is_question(self, node_id: str, phase: str) -> bool:
        """Whether a failure of this item is a question's: a wrong answer, or a lost one.

        An item that fails although its answer is correct (a user's hook or fixture raised, a
        strict xfail passed), or a user's own test that fails before it asked, is an ordinary
        failing test.

        :param phase: ``setup``, ``call`` or ``teardown``.
        """
        item = self._items.get(node_id)
        if item is None or phase == "teardown":
            return False
        score = self._scores.get(item.key)
        if score is None:
            return not item.marked
        if phase == "setup" and not item.marked:
            return score.outcome is Outcome.ERROR
        return not score.correct

    def any_selected(self) -> bool:
        """Whether any question was selected."""
        return bool(self._scores) or any(item.certain for item in self._items.values())

    def header(self) -> list[str]:
        """Model, endpoint, questions and gates, for the top of a terminal or a log."""
        endpoint, settings = self.source.endpoint, self.settings
        body = ", ".join(f"{name} {value}" for name, value in endpoint.generation.items())
        lines = [
            f"{settings.model} at {endpoint.base_url}"
            + (f" ({endpoint.provider})" if endpoint.provider else ""),
            f"answer {settings.answer}, {body}, {settings.concurrency} in flight",
            *endpoint.notes,
            *self.source.notes,
        ]
        if self._gates:
            lines.append("gates: " + "; ".join(gate.expression for gate in self._gates))
        return [*lines, f"writes to {self.folder.path}"]

    def progress(self) -> Progress:
        """Where the run stands now."""
        scores = list(self._scores.values())
        errors = sum(s.outcome is Outcome.ERROR for s in scores)
        correct = Fraction(sum(s.correct for s in scores))
        stats = self._broker.stats()
        elapsed = time.monotonic() - self._began_s
        done, total = len(scores), len(self._selected)
        return Progress(
            done=done,
            total=total,
            accuracy=Measure(total=correct, n=done - errors).metric(),
            errors=errors,
            elapsed_s=elapsed,
            tokens_per_s=stats.completion_tokens / elapsed if stats.completion_tokens else None,
            seconds_left=elapsed / done * (total - done) if done else None,
        )

    def files(self) -> list[Path]:
        """What a person opens first."""
        return [self.folder.report_html, self.folder.report_json]

    # the end

    def finish(self, ending: Ending) -> Summary:
        """Let what is in flight end, decide the verdict, and write the run's files."""
        self._broker.close(drain_s=DRAIN_S)
        selected = self._counted()
        with ReviewWriter(self._review_path, redact=self._redact) as reviews:
            results = [
                self._result(key, sample, reviews)
                for key, sample in selected.items()
                if key in self._scores
            ]
        names = dict.fromkeys(sample.benchmark for sample in selected.values())
        self.summary = summarise(
            run=self._facts(),
            selection=Selection(
                limit=self.settings.limit,
                sample=self.settings.sample,
                seed=self.settings.seed if self.settings.sample else None,
                keyword=ending.keyword,
                mark=ending.mark,
            ),
            benchmarks=[self._benchmarks[name] for name in names],
            selected=list(selected.values()),
            results=results,
            gates=self._gates,
            # Questions, or the ordinary tests beside which no question was selected.
            collected=len(self._items) or 1,
            failed=self._failed(results),
            requests=sum(r.attempts for r in results),
            retries=sum(max(0, r.attempts - 1) for r in results),
            ordinary_failures=ending.ordinary_failures,
            interrupted=ending.interrupted,
            only_failures=ending.only_failures,
        )
        write_report(self.folder.report_json, self.summary, redact=self._redact)
        write_page(self.folder.report_html, self.summary.to_plain(), read_rows(reviews.paths))
        self.abandon()
        return self.summary

    def abandon(self, *, discard: bool = False) -> None:
        """Stop asking and let go of everything; safe to call again.

        :param discard: remove the folder too: nothing was asked that is worth keeping. (That of
            an earlier run, which this one goes on with, holds its replies and stays.)
        """
        if not self._open:
            return
        self._open = False
        self._broker.close()
        self._journal.close()
        self.source.close()
        if discard and not self._goes_on:
            self.folder.remove()

    def _failed(self, results: Sequence[Result]) -> int:
        """How many of `results` are failures to pytest: not correct, and not expected to fail."""
        fails = {item.key for node, item in self._items.items() if node in self._failed_items}
        return sum(r.key in fails and not r.score.correct for r in results)

    def _counted(self) -> dict[Key, Sample]:
        """The selected questions, without those that the user's skip marks left out."""
        wanted = {
            item.key
            for node, item in self._items.items()
            if item.certain and node not in self._skipped
        }
        wanted |= self._scores.keys()
        return {key: sample for key, sample in self._selected.items() if key in wanted}

    def _result(self, key: Key, sample: Sample, reviews: ReviewWriter) -> Result:
        answer = self._journal.get(key)
        score = self._scores[key]
        if isinstance(answer, Reply):
            result = result_of(sample, score, answer, repeat=key.repeat)
            reviews.write(result, answer)
            return result
        result = replace(
            result_of(sample, score, None, repeat=key.repeat),
            attempts=0 if answer is None else answer.attempts,
        )
        reviews.write(result, None)
        return result

    def _review_path(self, benchmark: str, subset: str) -> Path:
        return self.folder.review(self.settings.model, benchmark, subset)

    def _facts(self) -> RunFacts:
        endpoint = self.source.endpoint
        return RunFacts(
            id=self.folder.path.name,
            started=self._started.isoformat(timespec="seconds"),
            finished=datetime.now().astimezone().isoformat(timespec="seconds"),
            model=self.settings.model,
            base_url=endpoint.base_url,
            provider=endpoint.provider,
            generation=endpoint.generation,
            answer=self.settings.answer,
            versions=versions(),
        )


def versions() -> dict[str, str]:
    """What made a run: our version, pytest's, Python's, and the system."""
    found = {"pytest-iqeval": __version__}
    for name in ("pytest", "httpcore"):
        with contextlib.suppress(PackageNotFoundError):
            found[name] = version(name)
    return {**found, "python": platform.python_version(), "system": platform.system()}
