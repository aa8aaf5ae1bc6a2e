"""Why a hub did not give what was asked of it."""

from __future__ import annotations

from pytest_iqeval.core.errors import IqevalError


class Unavailable(IqevalError):
    """This hub does not give it: it can't be reached, lacks it, or keeps it closed."""


class Passing(Unavailable):
    """The same, but asking again may help.

    ``wait_s`` is what the server asked for; ``unreached`` says that nobody answered at all.
    """

    def __init__(
        self,
        problem: str,
        *,
        hint: str | None = None,
        wait_s: float = 0.0,
        unreached: bool = False,
    ) -> None:
        super().__init__(problem, hint=hint)
        self.wait_s = wait_s
        self.unreached = unreached
