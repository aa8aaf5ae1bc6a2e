"""What the domain needs of the outside, as protocols; the adapters fulfil them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Protocol

from pytest_iqeval.core.attempt import Attempt
from pytest_iqeval.core.errors import NoReply
from pytest_iqeval.core.request import Key, Reply, Request
from pytest_iqeval.core.sample import Sample
from pytest_iqeval.core.score import Score

if TYPE_CHECKING:  # few sessions run code
    from pytest_iqeval.core.program import Program, ProgramVerdict


class Transport(Protocol):
    """One connection to the endpoint; used by one thread at a time."""

    def send(self, request: Request) -> Reply:
        """Make one attempt; raise `NoReply` (``retryable`` set) when it brought no reply."""
        ...

    def close(self) -> None:
        """End the connection; a `send` that is under way may fail."""
        ...


class Journal(Protocol):
    """Every reply of a run, kept before anybody sees it. Safe to call from several threads."""

    def get(self, key: Key) -> Reply | NoReply | None:
        """What is kept for `key`."""
        ...

    def put(self, key: Key, answer: Reply | NoReply) -> None:
        """Keep `answer`, replacing an earlier one; returns when it is committed."""
        ...

    def keys(self) -> Iterable[Key]:
        """The keys that have a reply (errors left out)."""
        ...

    def close(self) -> None:
        """Commit and end."""
        ...


class AttemptLog(Protocol):
    """Every attempt, as it ends. Safe to call from several threads; must not raise."""

    def write(self, attempt: Attempt) -> None:
        """Note one attempt."""
        ...


class Asker(Protocol):
    """How an item gets its reply and hands in its score, wherever it runs."""

    def plan(self, requests: Sequence[Request]) -> None:
        """Say what will be asked, in order, so that asking can run ahead of the items."""
        ...

    def ask(self, request: Request) -> Reply:
        """Wait for the reply to `request`; raise `NoReply` when there is none."""
        ...

    def report(self, sample: Sample, score: Score, *, repeat: int = 0) -> None:
        """Hand in the score of a sample."""
        ...


class Scorer(Protocol):
    """Judges a reply. Must not raise for any text; what it raises counts as `error`."""

    def score(self, sample: Sample, reply: Reply) -> Score:
        """The judgement of `reply` as an answer to `sample`."""
        ...


class Equality(Protocol):
    """Tells whether two mathematical expressions are equal, by algebra."""

    def equal(self, answer: str, target: str) -> bool:
        """Whether `answer` means the same as `target`; both LaTeX, as `latex.tidy` leaves them.

        :raises Undecided: the comparison was given up; why, in the rest of a sentence.
        """
        ...


class Sandbox(Protocol):
    """Runs what a model wrote where it can do no harm."""

    def run(self, program: Program) -> ProgramVerdict:
        """Whether the program passes its test.

        :raises ScorerCrash: that can't be told, and the program is not to blame.
        """
        ...


class Clock(Protocol):
    """Time and waiting, so that tests need neither."""

    def now(self) -> float:
        """Seconds of a clock that never goes back."""
        ...

    def sleep(self, seconds: float) -> None:
        """Wait."""
        ...
