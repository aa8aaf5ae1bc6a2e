"""The account of a session's questions: what was planned, and how each of them ended."""

from __future__ import annotations

import threading
from collections.abc import Mapping, Sequence, Set
from typing import NamedTuple

from pytest_iqeval.core.plan import Planned
from pytest_iqeval.core.policy import Passes, majority
from pytest_iqeval.core.request import Key
from pytest_iqeval.core.sample import Sample
from pytest_iqeval.core.score import Outcome, Score, error_score
from pytest_iqeval.run.standing import Standing


class _Item(NamedTuple):
    """What is kept of a planned item: its question, and what `Planned` says of it."""

    question: Key
    marked: bool
    certain: bool


class Ledger:
    """Joins what items hand in by question with what pytest reports by node id.

    The two come in any order: xdist sends plan, scores and reports on ways of their own, and
    each may come from any thread. A question stands for all its repeats under the key of the first.
    """

    def __init__(self, repeats: int = 1, passes: Passes = majority) -> None:
        """:param repeats: how many replies each question is to have.
        :param passes: what makes it pass with them.
        """
        self.repeats = repeats
        self.standing = Standing()
        self._scoring = threading.Lock()
        self._passes = passes
        self.why_not_asked: str | None = None
        self._items: dict[str, _Item] = {}
        self._planned: dict[Key, Sample] = {}
        self._selected: dict[Key, Sample] = {}
        self._scores: dict[Key, Score] = {}  # of each repeat
        self._skipped: set[str] = set()
        self._failed_items: set[str] = set()
        self._crashes: dict[str, str] = {}  # what is said of each, by node id
        self._crashed: set[Key] = set()
        self._not_set_up: dict[str, str] = {}  # by node id, too

    # what items hand in

    def plan(self, planned: Sequence[Planned]) -> None:
        """Note what was selected, or the next piece of it."""
        for one in planned:
            self._items[one.node_id] = _Item(one.key, one.marked, one.certain)
            self._note_crash(one.node_id)
            self._note_not_set_up(one.node_id)
        # In the plan's order, which comes in pieces, also where a worker's score came before it.
        self._planned |= {one.key: one.sample for one in planned}
        self._selected = self._planned | self._selected

    def score(self, key: Key, sample: Sample, score: Score) -> bool:
        """Take a score; it counts once, however many items hand it in.

        :returns: whether it counts: not where a worker died in the item.
        """
        question = key.question
        self._selected.setdefault(question, sample)
        if question in self._crashed:
            return False
        self._put(question, {key: score})
        return True

    def _put(self, question: Key, scores: Mapping[Key, Score]) -> None:
        with self._scoring:
            before = self._of(question)
            self._scores |= scores
            now = self._of(question)
            self.standing = self.standing.changed(before, now, repeats=self.repeats)

    def _of(self, question: Key) -> list[Score]:
        return [self._scores[key] for key in self.keys(question) if key in self._scores]

    # what pytest reports

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
        if item is not None and words is not None and item.question not in self._crashed:
            self._crashed.add(item.question)
            self._put(item.question, dict.fromkeys(self.keys(item.question), error_score(words)))

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
            errors = dict.fromkeys(self.keys(item.question), error_score(words))
            missing = {key: e for key, e in errors.items() if key not in self._scores}
            self._put(item.question, missing)

    def skipped(self, node_id: str) -> None:
        """The user's own mark left this item out: without a score it is not missing."""
        self._skipped.add(node_id)

    def not_asked(self, why: str) -> None:
        """The run itself left a question out: a budget is spent. `why` may end with a hint."""
        self.why_not_asked = why

    def failed(self, node_id: str) -> None:
        """pytest counts this item as failed: wrong, and neither expected nor put up with."""
        self._failed_items.add(node_id)

    # what is asked of it

    @property
    def scores(self) -> Mapping[Key, Score]:
        """The score of each reply that has one."""
        return self._scores

    @property
    def selected(self) -> Mapping[Key, Sample]:
        """What was planned or scored, in order, also what the user's skip marks left out."""
        return self._selected

    @property
    def items(self) -> int:
        """How many items ask."""
        return len(self._items)

    def planned(self, node_id: str) -> bool:
        """Whether this item asks a question, as far as the plan has come."""
        return node_id in self._items

    def any_selected(self) -> bool:
        """Whether any question was selected."""
        return bool(self._scores) or any(item.certain for item in self._items.values())

    def is_question(self, node_id: str, phase: str) -> bool:
        """Whether a failure of this item is a question's: a wrong answer, or a lost one.

        An item that fails although its question passes (a user's hook or fixture raised, a
        strict xfail passed), or a user's own test that fails before it asked, is an ordinary
        failing test.

        :param phase: ``setup``, ``call`` or ``teardown``.
        """
        item = self._items.get(node_id)
        if item is None or phase == "teardown":
            return False
        scores = self._of(item.question)
        if not scores:
            return not item.marked
        judged = [score for score in scores if score.outcome is not Outcome.ERROR]
        if phase == "setup" and not item.marked:
            return not judged
        return not self._passes(judged)

    def counted(self) -> dict[Key, Sample]:
        """The selected questions, without those that the user's skip marks left out."""
        wanted = {
            item.question
            for node, item in self._items.items()
            if item.certain and node not in self._skipped
        }
        wanted |= {key.question for key in self._scores}
        return {key: sample for key, sample in self._selected.items() if key in wanted}

    def failing(self) -> Set[Key]:
        """The questions of which pytest counts an item as failed."""
        return {item.question for node, item in self._items.items() if node in self._failed_items}

    def lacking(self) -> Mapping[Key, Set[Key]]:
        """The questions that count and lack a score, or have an error for one: of which replies."""
        found = {}
        for question in self.counted():
            lacking = [key for key in self.keys(question) if self._lacks(key)]
            if lacking:
                found[question] = set(lacking)
        return found

    def _lacks(self, key: Key) -> bool:
        score = self._scores.get(key)
        return score is None or score.outcome is Outcome.ERROR

    def keys(self, question: Key) -> list[Key]:
        """The keys of all replies that a question is to have."""
        if self.repeats == 1:
            return [question]
        return [question._replace(repeat=n) for n in range(self.repeats)]
