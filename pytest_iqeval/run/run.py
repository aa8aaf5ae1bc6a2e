"""One run, from its first request to its files."""

from __future__ import annotations

import contextlib
import threading
import time
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from fractions import Fraction
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from pytest_iqeval.broker.broker import Broker
from pytest_iqeval.broker.refusals import ENOUGH
from pytest_iqeval.core.comparison import Baseline
from pytest_iqeval.core.errors import EndpointUnusable, FolderError, NoReply
from pytest_iqeval.core.gates import Gate
from pytest_iqeval.core.gates.origins import definition_gates, origin_lines
from pytest_iqeval.core.metrics.values import Measure, Metric
from pytest_iqeval.core.plain import counted
from pytest_iqeval.core.plan import Planned
from pytest_iqeval.core.request import Key, Reply, Request
from pytest_iqeval.core.sample import Sample
from pytest_iqeval.core.score import Outcome, Score, error_score
from pytest_iqeval.core.settings import Settings
from pytest_iqeval.run.gate_lock import GateLock
from pytest_iqeval.run.pace import held_up
from pytest_iqeval.run.recalling import Questions, keepable
from pytest_iqeval.run.source import Replayed, Source
from pytest_iqeval.store.attempt_log import AttemptLogFile
from pytest_iqeval.store.copies import keep_copies
from pytest_iqeval.store.folder import RunFolder
from pytest_iqeval.store.journal import SqliteJournal

if TYPE_CHECKING:  # needed at the end alone
    from pytest_iqeval.core.summary import Summary

# How long a run that ends lets requests in flight finish: they are paid for. After Ctrl-C
# somebody is there who can press it again.
DRAIN_S = 10.0
INTERRUPTED_DRAIN_S = 60.0


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

    ``tokens_per_s`` and ``seconds_left`` are ``None`` where nothing is known yet. ``notes`` say
    what holds it up.
    """

    done: int
    total: int
    accuracy: Metric
    errors: int
    elapsed_s: float
    tokens_per_s: float | None
    seconds_left: float | None
    notes: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Left:
    """What a run that ended early leaves: questions without a score, of ``selected``.

    ``kept`` of them have their reply in the journal: they are scored without a request.
    """

    selected: int
    questions: int
    kept: int


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
        questions: Questions,
        gates: Sequence[Gate],
        source: Source,
        folder: RunFolder,
        journal: SqliteJournal,
        broker: Broker | Replayed,
        started: datetime,
        goes_on: bool = False,
        log: AttemptLogFile | None = None,
        baseline: Baseline | None = None,
        gate_lock: GateLock | None = None,
    ) -> None:
        """See `open_run`; with `goes_on`, `folder` is that of an earlier run."""
        self.settings = settings
        self.folder = folder
        self.summary: Summary | None = None
        self.source = source
        self._questions = questions
        self._gates = gates
        self._journal = journal
        self._broker = broker
        self._started = started
        self._began_s = time.monotonic()
        self._items: dict[str, _Item] = {}
        self._first: Request | None = None
        self._planned: dict[Key, Sample] = {}
        self._selected: dict[Key, Sample] = {}
        self._scores: dict[Key, Score] = {}
        self._skipped: set[str] = set()
        self._failed_items: set[str] = set()
        self._why_not_asked: str | None = None
        self._crashes: dict[str, str] = {}  # what is said of each, by node id
        self._crashed: set[Key] = set()
        self._not_set_up: dict[str, str] = {}  # by node id, too
        self._open = True
        self._copying = threading.Lock()  # a worker's plan comes in a thread of its own
        self._ended = False
        self.left: Left | None = None
        self.replies_kept = 0
        self._goes_on = goes_on
        self.redact = source.redact
        self._log = log
        self._baseline = baseline
        self._gate_lock = gate_lock

    # what items do

    def plan(self, planned: Sequence[Planned], *, ask: bool = True) -> None:
        """Note what was selected, and start asking in that order, unless the run is at its end."""
        for one in planned:
            self._items[one.node_id] = _Item(one.key, one.marked, one.certain)
            self._note_crash(one.node_id)
            self._note_not_set_up(one.node_id)
        # In the plan's order, which comes in pieces, also where a worker's score came before it.
        self._planned |= {one.key: one.sample for one in planned}
        self._selected = self._planned | self._selected
        if ask:
            self.ask_ahead([self._questions.request(one.sample) for one in planned if one.ahead])
        # By now requests are on their way, and a run that is killed later has them.
        names = dict.fromkeys(one.sample.benchmark for one in planned)
        with self._copying:
            if self._open:  # else it would make a folder anew that was taken away
                keep_copies(self.folder, keepable(self._questions, names))

    def ask_ahead(self, requests: Sequence[Request]) -> None:
        """Start asking in that order; what is asked and never planned counts nowhere."""
        self._first = self._first or next(iter(requests), None)
        self._broker.plan(requests)

    def ask(self, request: Request) -> Reply:
        """Wait for the reply to `request`.

        :raises NoReply: there is none.
        """
        return self._broker.ask(request)

    def report(self, sample: Sample, score: Score, *, repeat: int = 0) -> None:
        """Take the score of a sample; it counts once, however many items hand it in."""
        if self._ended:  # the report is being written: it stays as it is
            return
        key = Key(sample.benchmark, sample.subset, sample.id, repeat)
        self._selected.setdefault(key, sample)
        if key in self._crashed:
            return
        self._scores[key] = score
        if self.source.cache is not None:
            self.source.cache.scored(key, score)

    @property
    def answers(self) -> Answers:
        """What a worker's channel draws on."""
        return Answers(self._broker)

    # what the session tells

    def crashed(self, node_id: str, words: str) -> None:
        """A worker died in this item: it is an error, also if it had just been scored.

        pytest counts it as one, and whatever was to follow the score did not happen. Where
        several workers die in it, the first counts.
        """
        self._crashes.setdefault(node_id, words)
        self._note_crash(node_id)

    def _note_crash(self, node_id: str) -> None:
        """Where the planner died in it, the crash is known before the plan that names it."""
        item, words = self._items.get(node_id), self._crashes.get(node_id)
        if item is not None and words is not None and item.key not in self._crashed:
            self._crashed.add(item.key)
            self._scores[item.key] = error_score(words)

    def not_set_up(self, node_id: str, words: str) -> None:
        """A hook raised before this question was asked: unless its score is in, it is an error.

        A user's own test that fails there is an ordinary failing test instead.
        """
        self._not_set_up.setdefault(node_id, words)
        self._note_not_set_up(node_id)

    def _note_not_set_up(self, node_id: str) -> None:
        """A worker may run an item before the one that plans has sent the plan."""
        item, words = self._items.get(node_id), self._not_set_up.get(node_id)
        if item is not None and words is not None and not item.marked:
            self._scores.setdefault(item.key, error_score(words))

    def skipped(self, node_id: str) -> None:
        """The user's own mark left this item out: without a score it is not missing."""
        self._skipped.add(node_id)

    def not_asked(self, why: str) -> None:
        """The run itself left a question out: a budget is spent. `why` may end with a hint."""
        self._why_not_asked = why

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
        """Why no question can be answered, once the first one has shown it.

        A journal that can't be written (a full disk) is no such reason: what was kept until then
        is scored and reported, and the rest are errors.
        """
        fatal = self._broker.fatal
        if fatal is None or fatal.kind == "journal":
            return None
        return EndpointUnusable(fatal.problem, hint=fatal.hint)

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

    def planned(self, node_id: str) -> bool:
        """Whether this item asks a question, as far as the plan has come."""
        return node_id in self._items

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
        definitions = (b.definition for b in self._questions.benchmarks.values())
        lines += origin_lines([*self._gates, *definition_gates(definitions)])
        if self._baseline is not None:
            asked = counted(len(self._baseline.scores), "question")
            lines.append(f"baseline: {self._baseline.told}, {asked}")
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
            notes=held_up(stats),
        )

    def files(self) -> list[Path]:
        """What a person opens first, as far as it could be written."""
        return [p for p in (self.folder.report_html, self.folder.report_json) if p.is_file()]

    def send_no_more(self) -> int:
        """Ask nothing further; how many requests are still being answered."""
        return self._broker.send_no_more()

    def troubles(self) -> list[str]:
        """What went wrong beside the questions, a line each, for the end of the run."""
        beside = (self._log, self.source.cache)
        troubles = [one.trouble for one in beside if one is not None and one.trouble is not None]
        if self._broker.stats().refused:
            troubles.append(f"nothing more was sent after {ENOUGH} equal refusals in a row")
        return troubles

    # the end

    @staticmethod
    def load_rest() -> None:
        """Import what only the end of a run needs, at a time when requests are under way."""
        import_module("pytest_iqeval.run.closing")

    def finish(self, ending: Ending) -> Summary:
        """Let what is in flight end, decide the verdict, and write the run's files."""
        self._broker.close(drain_s=INTERRUPTED_DRAIN_S if ending.interrupted else DRAIN_S)
        self._ended = True
        self.left = self._count_left()
        from pytest_iqeval.run.closing import conclude  # slow: see `load_rest`

        self.summary = conclude(
            settings=self.settings,
            endpoint=self.source.endpoint,
            started=self._started,
            folder=self.folder,
            journal=self._journal,
            benchmarks=self._questions.benchmarks,
            gates=self._gates,
            selected=self._counted(),
            scores=self._scores,
            collected=len(self._items),
            failing={item.key for node, item in self._items.items() if node in self._failed_items},
            ending=ending,
            why_not_asked=self._why_not_asked,
            stats=self._broker.stats(),
            elapsed_s=time.monotonic() - self._began_s,
            redact=self.redact,
            baseline=self._baseline,
            gate_lock=self._gate_lock,
            prompts=self.source.prompts(self._questions, answer=self.settings.answer),
        )
        self.abandon()
        assert self.summary is not None
        return self.summary

    def end_unplanned(self, *, drain: bool) -> int:
        """End a run that was interrupted before it was known what is selected.

        :param drain: let what is in flight end: it is paid for.
        :returns: how many replies are kept; without any, the folder is gone. After a second
            Ctrl-C, which this lets through, `replies_kept` has it.
        """
        self._ended = True
        try:
            if drain and self._open:
                self._broker.close(drain_s=INTERRUPTED_DRAIN_S)
        finally:
            if self._open:
                self.replies_kept = self._count_replies()
            self.abandon(discard=True)
        return self.replies_kept

    def _count_replies(self) -> int:
        try:
            return len(list(self._journal.keys()))
        except FolderError:
            return 0

    def stop(self) -> Left:
        """End now, with no report; what is in the journal is there to go on with."""
        self._ended = True
        left = self._count_left()
        self.abandon()
        return left

    def _count_left(self) -> Left:
        selected = self._counted().keys()
        left = {
            key
            for key in selected
            if key not in self._scores or self._scores[key].outcome is Outcome.ERROR
        }
        try:
            kept = len(left.intersection(self._journal.keys()))
        except FolderError:
            kept = 0
        return Left(selected=len(selected), questions=len(left), kept=kept)

    def abandon(self, *, discard: bool = False) -> None:
        """Stop asking and let go of everything; safe to call again.

        :param discard: remove the folder too, unless it is that of an earlier run, which this
            one goes on with, or holds a reply.
        """
        if not self._open:
            return
        with self._copying:
            self._open = False
        self._broker.close()
        discard = discard and not self._goes_on and not self._holds_replies()
        self._journal.close()
        if self._log is not None:
            self._log.close()
        self.source.close()
        if discard:
            self.folder.remove()

    def _holds_replies(self) -> bool:
        try:
            return bool(list(self._journal.keys()))
        except FolderError:
            return True  # who knows

    def _counted(self) -> dict[Key, Sample]:
        """The selected questions, without those that the user's skip marks left out."""
        wanted = {
            item.key
            for node, item in self._items.items()
            if item.certain and node not in self._skipped
        }
        wanted |= self._scores.keys()
        return {key: sample for key, sample in self._selected.items() if key in wanted}
