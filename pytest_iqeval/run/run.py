"""One run, from its first request to its files."""

from __future__ import annotations

import contextlib
import threading
import time
from collections.abc import Iterable, Sequence
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING

from pytest_iqeval.broker.broker import Broker
from pytest_iqeval.broker.refusals import ENOUGH
from pytest_iqeval.core.errors import EndpointUnusable, NoReply
from pytest_iqeval.core.phrases.ending import REFUSALS
from pytest_iqeval.core.plan import Planned
from pytest_iqeval.core.request import Key, Reply, Request
from pytest_iqeval.core.sample import Sample
from pytest_iqeval.core.score import Score
from pytest_iqeval.run.ending import DRAIN_S, INTERRUPTED_DRAIN_S, Ending, Left
from pytest_iqeval.run.ledger import Ledger
from pytest_iqeval.run.pace import Progress, progress_of
from pytest_iqeval.run.parts import Parts
from pytest_iqeval.run.recalling import keepable
from pytest_iqeval.run.source import Replayed
from pytest_iqeval.store.copies import keep_copies

if TYPE_CHECKING:  # not needed before the first request
    from pytest_iqeval.core.summary import Summary
    from pytest_iqeval.run.drafts import Drafts


class Answers:
    """The answers to single requests, without a plan: that one comes in with its samples."""

    def __init__(self, broker: Broker | Replayed) -> None:
        self.submit = broker.submit

    def plan(self, requests: Sequence[Request]) -> None:
        """The run plans by itself, since some requests wait until they are wanted."""


class Run:
    """One evaluation of one model, from the first request to the files.

    It is the items' way to a reply (``plan``, ``ask``, ``report``), in the process that owns
    the run; scores may come in from any thread. What became of the items is in its ``ledger``.
    """

    def __init__(self, parts: Parts) -> None:
        self.parts = parts
        self.settings = parts.settings
        self.folder = parts.folder
        self.redact = parts.source.redact
        self.ledger = Ledger(parts.settings.repeats, parts.settings.passes)
        self.summary: Summary | None = None
        self.left: Left | None = None
        self.replies_kept = 0
        self._broker = parts.broker
        self._began_s = time.monotonic()
        self._first: Request | None = None
        self._drafts: Drafts | None = None
        self._open = True
        self._copying = threading.Lock()  # a worker's plan comes in a thread of its own
        self._ended = False

    # what items do

    def plan(self, planned: Sequence[Planned], *, ask: bool = True) -> None:
        """Note what was selected, and start asking in that order, unless the run is at its end."""
        self.ledger.plan(planned)
        questions = self.parts.questions
        if ask:
            ahead = [questions.requests(one.sample) for one in planned if one.ahead]
            self.ask_ahead([request for requests in ahead for request in requests])
        # By now requests are on their way, and a run that is killed later has them.
        names = dict.fromkeys(one.sample.benchmark for one in planned)
        with self._copying:
            if self._open:  # else it would make a folder anew that was taken away
                keep_copies(self.folder, keepable(questions, names))

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
        cache = self.parts.source.cache
        if not self.ledger.score(key, sample, score):
            return
        if cache is not None:
            cache.scored(key, score)
        if self._drafts is not None:
            self._drafts.scored(key, sample, score)

    @property
    def answers(self) -> Answers:
        """What a worker's channel draws on."""
        return Answers(self._broker)

    # what the session asks

    def ask_first(self) -> None:
        """Where the preflight decided nothing: wait for the first question, which goes alone."""
        if self.parts.source.decided or self._first is None:
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

    def had(self, samples: Iterable[Sample]) -> int:
        """How many replies to `samples` the run had that this one goes on with."""
        broker, repeats = self._broker, range(self.settings.repeats)
        if not self.parts.goes_on or isinstance(broker, Replayed):
            return 0
        return sum(
            broker.had(Key(s.benchmark, s.subset, s.id, r)) for s in samples for r in repeats
        )

    def progress(self) -> Progress:
        """Where the run stands now."""
        stats = self._broker.stats()
        return progress_of(self.ledger, stats, elapsed_s=time.monotonic() - self._began_s)

    def files(self) -> list[Path]:
        """What a person opens first, then its neighbours, as far as they could be written."""
        folder = self.folder
        files = (folder.report_html, folder.card, folder.report_json)
        return [path for path in files if path.is_file()]

    def send_no_more(self) -> int:
        """Ask nothing further; how many requests are still being answered."""
        return self._broker.send_no_more()

    def troubles(self) -> list[str]:
        """What went wrong beside the questions, a line each, for the end of the run."""
        beside = (self.parts.log, self.parts.source.cache)
        troubles = [one.trouble for one in beside if one is not None and one.trouble is not None]
        if self._broker.stats().refused:
            troubles.append(REFUSALS(count=ENOUGH))
        return troubles

    # the end

    def begin_rest(self) -> None:
        """Import what the end needs, and begin with it, at a time when requests are under way."""
        import_module("pytest_iqeval.run.closing")
        from pytest_iqeval.run.drafts import Drafts

        if not isinstance(self._broker, Replayed):  # nobody waits for that one
            self._drafts = Drafts(self.parts)

    def finish(self, ending: Ending) -> Summary:
        """Let what is in flight end, decide the verdict, and write the run's files.

        The journal stays open until `abandon`, at the end of the session: a process that is killed
        before that, while pytest writes its own files, has not ended its run.
        """
        self._broker.close(drain_s=INTERRUPTED_DRAIN_S if ending.interrupted else DRAIN_S)
        self._ended = True
        self.left = self._count_left()
        if self._drafts is not None:
            self._drafts.stop()
        from pytest_iqeval.run.closing import conclude  # slow: see `begin_rest`

        elapsed_s = time.monotonic() - self._began_s
        self.summary = conclude(self.parts, self.ledger, ending, self._drafts, elapsed_s=elapsed_s)
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
                self.replies_kept = len(self.parts.kept() or ())
            self.abandon(discard=True)
        return self.replies_kept

    def stop(self) -> Left:
        """End now, with no report; what is in the journal is there to go on with."""
        self._ended = True
        left = self._count_left()
        self.abandon()
        return left

    def _count_left(self) -> Left:
        lacking = self.ledger.lacking()
        stored = (self.parts.kept() or frozenset()) if lacking else frozenset()
        return Left(
            selected=len(self.ledger.counted()),
            questions=len(lacking),
            kept=sum(keys <= stored for keys in lacking.values()),
        )

    def abandon(self, *, discard: bool = False) -> None:
        """Stop asking and let go of everything; safe to call again.

        :param discard: remove the folder too, unless it is that of an earlier run, which this
            one goes on with, or holds a reply.
        """
        if not self._open:
            return
        if self._drafts is not None:
            self._drafts.stop()
        with self._copying:
            self._open = False
        self.parts.close(discard=discard)
