"""What the broker keeps of answers and attempts: the journal and the log as it uses them."""

from __future__ import annotations

from typing import NamedTuple

from pytest_iqeval.broker.answers import unkept
from pytest_iqeval.broker.plan import Answer, Entry
from pytest_iqeval.core.attempt import Attempt
from pytest_iqeval.core.errors import IqevalError, NoReply
from pytest_iqeval.core.ports import AttemptLog, Journal
from pytest_iqeval.core.request import Key


class Unkept(NamedTuple):
    """An answer that the journal did not take: what its request ends with instead.

    ``for_all`` says that there is no point in going on.
    """

    instead: NoReply
    for_all: bool


class Records:
    """Keeps answers in the journal, and tells the log, where there is one, of each attempt.

    Called without the broker's lock, but for `holds`.
    """

    def __init__(self, journal: Journal, log: AttemptLog | None) -> None:
        self._journal = journal
        self._log = log
        self._stored = set(journal.keys())

    def holds(self, key: Key) -> bool:
        """Whether the journal had its reply when the broker began."""
        return key in self._stored

    def note(self, entry: Entry, answer: Answer, *, again_in_s: float | None) -> None:
        """An attempt of `entry` is over, and in so many seconds (or never) comes the next."""
        if self._log is not None:
            attempt = Attempt(
                key=entry.key, number=answer.attempts, answer=answer, again_in_s=again_in_s
            )
            self._log.write(attempt)

    def keep(self, entry: Entry, answer: Answer) -> Unkept | None:
        """Commit what `entry` ended with; what can't be kept must not be seen."""
        try:
            self._journal.put(entry.key, answer)
        except Exception as exc:  # a border: whatever it is, the request ends with it
            # A full disk is everybody's; a bug with one row is that row's.
            return Unkept(unkept(exc), for_all=isinstance(exc, IqevalError))
        return None

    def read(self, entry: Entry) -> Answer:
        """What the journal holds of `entry`, which has a reply."""
        try:
            answer = self._journal.get(entry.key)
        except IqevalError as exc:
            return unkept(exc)
        return answer or NoReply(f"{entry.key}: its reply is gone from the journal", kind="missing")
