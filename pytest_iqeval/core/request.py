"""What is asked for one sample, and what came back."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from typing import Any, NamedTuple


def reply_number(repeat: int) -> str:
    """Which of the replies to a question, as people count: ``#1`` is repeat 0 of keys and files."""
    return f"#{repeat + 1}"


class Key(NamedTuple):
    """What a request is for: each key is asked once in a run."""

    benchmark: str
    subset: str
    id: str
    repeat: int = 0

    @property
    def question(self) -> Key:
        """The key of the first repeat, which stands for all of them."""
        return self if self.repeat == 0 else self._replace(repeat=0)

    def __str__(self) -> str:
        suffix = reply_number(self.repeat) if self.repeat else ""
        return f"{self.benchmark}::{self.subset}::{self.id}{suffix}"


class Message:
    """One chat message; ``role`` is ``system``, ``user`` or ``assistant``. Not to be changed.

    A content in pieces is put together when it is asked for, and not kept: thousands of prompts
    that wait to be sent then hold the examples which they share once.
    """

    __slots__ = ("_pieces", "role")

    def __init__(self, *, role: str, content: str | tuple[str, ...]) -> None:
        self.role = role
        self._pieces = (content,) if isinstance(content, str) else content

    @property
    def content(self) -> str:
        """Its text."""
        return "".join(self._pieces)

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Message):
            return NotImplemented
        return (self.role, self.content) == (other.role, other.content)

    def __hash__(self) -> int:
        return hash((self.role, self.content))

    def __repr__(self) -> str:
        return f"Message(role={self.role!r}, content={self.content!r})"


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """One chat request, free of endpoint and model: those are the run's.

    ``body`` holds further JSON fields of this request alone (``response_format``).
    """

    key: Key
    messages: tuple[Message, ...]
    body: Mapping[str, object] = field(default_factory=dict)

    def to_plain(self) -> dict[str, object]:
        """Plain types only, for the workers' channel."""
        return {
            "key": list(self.key),
            "messages": [[m.role, m.content] for m in self.messages],
            "body": dict(self.body),
        }

    @classmethod
    def from_plain(cls, plain: Mapping[str, Any]) -> Request:
        """The inverse of `to_plain`."""
        return cls(
            key=Key(*plain["key"]),
            messages=tuple(
                Message(role=role, content=content) for role, content in plain["messages"]
            ),
            body=plain["body"],
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Usage:
    """Tokens of one reply as the endpoint counted them; ``None`` where it sent none (not zero)."""

    prompt_tokens: int | None = None
    completion_tokens: int | None = None  # reasoning included, where the server includes it

    def to_plain(self) -> dict[str, int | None]:
        """As in a review row."""
        return {
            "prompt_tokens": self.prompt_tokens,
            "completion_tokens": self.completion_tokens,
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class Timing:
    """Where the seconds of one attempt went, by the monotonic clock; ``None``: not measured.

    ``queued_s`` passed before it was sent, from the moment at which it was ready to be sent.
    ``connect_s`` are name lookup, connection and TLS, ``None`` on a connection that stood.
    ``first_byte_s`` and, where the reply is streamed, ``first_token_s`` (of text or reasoning)
    count from the start of the attempt, as `Reply.latency_s` does.
    """

    queued_s: float | None = None
    connect_s: float | None = None
    first_byte_s: float | None = None
    first_token_s: float | None = None

    def to_plain(self) -> dict[str, float | None]:
        """Plain types only."""
        return {
            "queued_s": self.queued_s,
            "connect_s": self.connect_s,
            "first_byte_s": self.first_byte_s,
            "first_token_s": self.first_token_s,
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class Reply:
    """What came back for one request.

    ``text`` is cleaned once, before anything else sees it (no NUL, no lone surrogate);
    ``cleaned`` says what was replaced. ``reasoning`` is what the server sent apart from the
    answer (``reasoning_content``); blocks inside the text are the reader's affair.
    ``latency_s`` is the seconds of the attempt that succeeded (``None``: another tool asked, and
    measured none), ``timing`` tells where they went;
    ``attempts`` counts all of them. ``cached`` replies come from an earlier run's cache: nothing
    was sent, ``attempts`` is 0, and times and tokens are those of the run that asked.
    """

    text: str
    reasoning: str | None = None
    finish_reason: str | None = None
    refusal: str | None = None
    usage: Usage = field(default_factory=Usage)
    latency_s: float | None = 0.0
    timing: Timing = field(default_factory=Timing)
    attempts: int = 1
    cached: bool = False
    model: str | None = None
    cleaned: str | None = None

    @property
    def cut(self) -> bool:
        """Whether the length limit ended it."""
        return self.finish_reason == "length"

    def to_plain(self) -> dict[str, object]:
        """Plain types only, for the journal and the workers' channel."""
        plain = {f.name: getattr(self, f.name) for f in fields(self)}
        plain["usage"] = self.usage.to_plain()
        plain["timing"] = self.timing.to_plain()
        return plain

    @classmethod
    def from_plain(cls, plain: Mapping[str, Any]) -> Reply:
        """The inverse of `to_plain`."""
        values = dict(plain)
        values["usage"] = Usage(**values["usage"])
        values["timing"] = Timing(**values.get("timing", {}))
        return cls(**values)
