"""Everything that can go wrong and has a name.

IqevalError                 what is wrong, and what to do (`hint`)
├── UsageFault              the user's to mend before a run: exit code 4, no traceback
│   ├── UnknownName         a benchmark, subset, provider, … that does not exist
│   ├── SettingsError       an option value that can't be
│   ├── DefinitionError     a benchmark's definition or data; carries all faults of a file
│   │   └── AbsentData      a file or folder of it is not there
│   ├── GateError           a gate that does not parse
│   ├── FolderError         a run folder that can't be written, read or used
│   │   └── FolderInUse     another process writes it now
│   ├── HookUnusable        a user's hook that fails before a run, or gives what can't be
│   ├── ScorerUnusable      a user's scorer that can't be registered or loaded
│   ├── ExtraMissing        a package of an extra is not installed
│   └── EndpointUnusable    the preflight found that asking is pointless
├── NoReply                 one request ended without a reply: outcome `error`
├── ScorerCrash             a scorer raised: outcome `error`
└── Undecided               two expressions could not be compared within the limits
"""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:  # the values know the errors, not the other way round
    from pytest_iqeval.core.request import Timing


class IqevalError(Exception):
    """Root of the family: a problem in the user's words, and a hint that says what to do.

    :param problem: one sentence (or a few lines) that tells what is wrong and where.
    :param hint: what to do next; ``None`` where there is nothing sensible to say.
    """

    def __init__(self, problem: str, *, hint: str | None = None) -> None:
        super().__init__(problem)
        self.problem = problem
        self.hint = hint

    def __str__(self) -> str:
        return self.problem if self.hint is None else f"{self.problem}\n  hint: {self.hint}"


class UsageFault(IqevalError):
    """The user's to mend before anything runs; a surface ends with exit code 4."""


class UnknownName(UsageFault):
    """A name that does not exist; the hint holds the nearest ones that do."""

    def __init__(
        self,
        kind: str,
        name: str,
        known: Iterable[str],
        *,
        where: str = "",
        hint: str | None = None,
    ) -> None:
        """:param kind: what the name is for, as the user would say it (``benchmark``).
        :param known: all valid names; the nearest are offered, else all of them.
        :param where: where the name was read, as a prefix (``gates.yaml: ``).
        :param hint: what helps more than the nearest names.
        """
        hint = hint or nearest_hint(name, list(known))
        super().__init__(f"{where}unknown {kind} {name!r}", hint=hint)
        self.name = name


class SettingsError(UsageFault):
    """An option has a value that can't be."""


class DefinitionError(UsageFault):
    """A benchmark's definition or data is at fault; all faults of a file are told at once."""

    def __init__(self, problems: str | Sequence[str], *, hint: str | None = None) -> None:
        """:param problems: one, or several, each with file, line and field; 20 are shown."""
        self.problems = [problems] if isinstance(problems, str) else list(problems)
        shown = self.problems[:20]
        more = len(self.problems) - len(shown)
        text = "\n".join(shown) + (f"\n… and {more} more faults" if more else "")
        super().__init__(text, hint=hint)


class AbsentData(DefinitionError):
    """A file or folder of a benchmark is not there (what is there may still be at fault)."""


class GateError(UsageFault):
    """A gate's expression does not parse."""


class FolderError(UsageFault):
    """A run folder can't be written, read or used."""


class FolderInUse(FolderError):
    """Another process writes this run folder now."""


class HookUnusable(UsageFault):
    """A user's hook fails before anything is asked, or gives what can't be used."""


class ScorerUnusable(UsageFault):
    """A user's scorer can't be registered under that name or in that way, or can't be loaded."""


class ExtraMissing(UsageFault):
    """What was asked for needs a package of an extra, which is not installed."""


class EndpointUnusable(UsageFault):
    """The preflight found that no question can be answered: nobody there, no such model, no key."""


class NoReply(IqevalError):
    """One request ended without a reply.

    ``kind`` is one word for counting: ``connect``, ``timeout``, ``tls``, ``status``, ``body``,
    ``context`` (longer than the model reads), ``cancelled``, ``missing`` (a replay without that
    reply), ``journal`` (a reply could not be kept), ``crash`` (a worker died, or a fault of
    ours), ``outage`` (the endpoint is gone or refuses everything: not sent), ``budget`` (tokens
    or time are spent: not sent, and its item is skipped).
    """

    def __init__(
        self,
        problem: str,
        *,
        hint: str | None = None,
        kind: str = "status",
        status: int | None = None,
        retryable: bool = False,
        retry_after_s: float | None = None,
        attempts: int = 1,
        latency_s: float | None = None,
        timing: Timing | None = None,
        throttled: bool = False,
    ) -> None:
        """:param status: the HTTP status, where there was one.
        :param retryable: whether the same request may succeed when sent again.
        :param retry_after_s: seconds the server asked to wait.
        :param attempts: how often it was sent in all.
        :param latency_s: seconds of the last attempt.
        :param timing: where they went.
        :param throttled: the endpoint says that a quota of this minute or day is used up, which
            concerns every request and not this one alone.
        """
        super().__init__(problem, hint=hint)
        self.kind = kind
        self.status = status
        self.retryable = retryable
        self.retry_after_s = retry_after_s
        self.attempts = attempts
        self.latency_s = latency_s
        self.timing = timing
        self.throttled = throttled

    def to_plain(self) -> dict[str, object]:
        """Only str, int, float, bool and None: for the journal and the workers' channel."""
        return {
            "problem": self.problem,
            "hint": self.hint,
            "kind": self.kind,
            "status": self.status,
            "attempts": self.attempts,
            "latency_s": self.latency_s,
        }

    @classmethod
    def from_plain(cls, plain: Mapping[str, Any]) -> NoReply:
        """The inverse of `to_plain`; what came back is final, so never retryable."""
        return cls(**plain)


class ScorerCrash(IqevalError):
    """A scorer raised instead of judging: trouble of ours or of the user's scorer, no verdict."""


class Undecided(IqevalError):
    """Whether two expressions are equal could not be shown within the limits of time and memory."""


def nearest(name: str, known: Iterable[str], *, count: int = 3) -> list[str]:
    """The valid names most like `name`, best first; empty when none is near."""
    names = list(known)
    by_folded = {n.casefold(): n for n in names}
    hits = difflib.get_close_matches(name.casefold(), list(by_folded), n=count, cutoff=0.5)
    return [by_folded[h] for h in hits]


def nearest_hint(name: str, known: Iterable[str]) -> str | None:
    """`did you mean …?` with the nearest names, else the list of what there is."""
    names = sorted(known)
    near = nearest(name, names)
    if near:
        return f"did you mean {' or '.join(near)}?"
    return f"there is: {', '.join(names)}" if names else None
