"""What the end of a run makes of each reply, made ahead: while other replies are awaited.

A draft counts only if nothing has changed under it; the end makes anew whatever lacks one.
"""

from __future__ import annotations

import json
import threading
from collections import deque
from dataclasses import replace
from typing import NamedTuple

from pytest_iqeval.core.errors import FolderError
from pytest_iqeval.core.ports import Journal
from pytest_iqeval.core.request import Key, Reply
from pytest_iqeval.core.result import Result, result_of
from pytest_iqeval.core.sample import Sample
from pytest_iqeval.core.score import Score, error_score
from pytest_iqeval.reports.page_row import PageRow, PageRows
from pytest_iqeval.reports.reviews import review_line
from pytest_iqeval.run.parts import Parts
from pytest_iqeval.run.prompts import Prompts

# A few at once, and only where no score came for a moment: then replies are awaited. Else this
# would take from what asks and scores, which all has to be done first.
_AT_ONCE = 4
_PAUSE_S = 0.003
# What is held, in characters: drafts save time, and the memory of a long run is to stay flat.
_HELD = 8_000_000
_WAITING = 5_000  # scores, of which the first are passed over where there is no time for them


class Draft(NamedTuple):
    """A result with its review line; it is that of this very score."""

    score: Score
    result: Result
    line: str


class Drafts:
    """Drafts of a run's replies, made in a thread of their own until `stop`."""

    def __init__(self, parts: Parts) -> None:
        self._parts = parts
        self._prompts = Prompts(parts)
        self._page_rows = PageRows(
            run=parts.folder.path.name,
            model=parts.settings.model,
            base_url=parts.source.endpoint.base_url,
            provider=parts.source.endpoint.provider,
            answer=parts.settings.answer,
        )
        self._scored: deque[tuple[Key, Sample, Score]] = deque(maxlen=_WAITING)
        self._made: dict[Key, Draft] = {}
        self._held = 0
        self.page_rows: dict[str, PageRow] = {}
        """By the review line that each was made of."""
        self._some = threading.Event()
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._run, name="iqeval-drafts", daemon=True)
        self._thread.start()

    def scored(self, key: Key, sample: Sample, score: Score) -> None:
        """A reply has its score. Safe to call from any thread."""
        if self._held < _HELD:
            self._scored.append((key, sample, score))
            self._some.set()

    def stop(self) -> None:
        """Make no more; can be called twice."""
        self._over.set()
        self._some.set()
        self._thread.join()

    def _run(self) -> None:
        while not self._over.is_set():
            self._some.wait()
            self._some.clear()
            while self._scored and not self._over.wait(_PAUSE_S):
                if not self._some.is_set():
                    self._make_some()
                self._some.clear()

    def _make_some(self) -> None:
        for _ in range(min(_AT_ONCE, len(self._scored))):
            self._make(*self._scored.popleft())
            if self._held >= _HELD:
                self._scored.clear()  # many may have come at once, from an earlier run's journal
                break

    def of(self, key: Key, score: Score) -> Draft | None:
        """The draft of a reply, if it has this score still."""
        draft = self._made.get(key)
        return draft if draft is not None and draft.score is score else None

    def _make(self, key: Key, sample: Sample, score: Score) -> None:
        if sample.benchmark not in self._parts.questions.benchmarks:
            return  # a marker's, in another worker: the plan that names it is on its way
        result, reply = settled(key, sample, score, self._parts.journal)
        if result.score is not score:
            return  # it can't be read now; the end tries again
        line = review_line(result, reply, redact=self._parts.source.redact)
        page_row = self._page_rows.of(json.loads(line), self._prompts.of(sample))
        self._made[key] = Draft(score, result, line)
        self.page_rows[line] = page_row
        self._held += len(line) + len(page_row.detail) + len(page_row.frame or "")


def settled(
    key: Key, sample: Sample, score: Score, journal: Journal
) -> tuple[Result, Reply | None]:
    """A reply's result and the reply itself; an error where it can't be read again."""
    try:
        answer = journal.get(key)
    except FolderError as fault:
        answer, score = None, error_score(f"its reply can't be read again: {fault.problem}")
    if isinstance(answer, Reply):
        return result_of(sample, score, answer, repeat=key.repeat), answer
    attempts = 0 if answer is None else answer.attempts
    return replace(result_of(sample, score, None, repeat=key.repeat), attempts=attempts), None
