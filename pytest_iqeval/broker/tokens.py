"""What requests cost in tokens: guessed before they are sent, counted when they are answered."""

from __future__ import annotations

from pytest_iqeval.core.errors import NoReply
from pytest_iqeval.core.request import Reply, Request

# Tokens of a reply before the first one is known. Not the most that may come (max_tokens):
# with its usual thousands hardly anything would be in flight under a rate.
GUESS = 256
_PER_MESSAGE = 4  # role and separators, as chat templates write them
# Failures before which the model may have worked, and been paid.
_WORKED = frozenset({"timeout", "body"})


def text_tokens(text: str) -> int:
    """About how many tokens `text` has: a CJK character at most one, others four to a token."""
    # The length in UTF-8 tells how many are wide (3 bytes), at a hundredth of the cost of looking.
    wide = (len(text.encode("utf-8", "surrogatepass")) - len(text)) // 2
    return wide + -(-max(0, len(text) - wide) // 4)


def prompt_tokens(request: Request) -> int:
    """About how many tokens the prompt of `request` has."""
    return sum(_PER_MESSAGE + text_tokens(m.content) for m in request.messages)


class Tokens:
    """The run's tokens: ``spent`` by what has ended, ``pending`` by estimate in flight."""

    def __init__(self) -> None:
        self.spent = 0
        self.pending = 0
        self._replies = 1  # the guess counts as one
        self._completion = GUESS

    def estimate(self, request: Request) -> int:
        """What `request` will cost: its prompt, and as much reply as others had on average."""
        return prompt_tokens(request) + self._completion // self._replies

    def sent(self, estimate: int) -> None:
        """A request of that estimate goes out."""
        self.pending += estimate

    def landed(self, request: Request, answer: Reply | NoReply, estimate: int) -> int:
        """It has ended; returns what it cost."""
        self.pending -= estimate
        cost = self._cost(request, answer, estimate)
        self.spent += cost
        return cost

    def _cost(self, request: Request, answer: Reply | NoReply, estimate: int) -> int:
        if isinstance(answer, NoReply):
            return estimate if answer.kind in _WORKED else 0
        if answer.cached:
            return 0
        prompt, completion = answer.usage.prompt_tokens, answer.usage.completion_tokens
        if completion is None:
            completion = text_tokens(answer.text) + text_tokens(answer.reasoning or "")
        self._replies += 1
        self._completion += completion
        return (prompt_tokens(request) if prompt is None else prompt) + completion
