"""Where a run's replies come from: an endpoint, the embedded server, or an earlier run."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from pytest_iqeval.broker.broker import BrokerStats
from pytest_iqeval.core.errors import NoReply
from pytest_iqeval.core.ports import Transport
from pytest_iqeval.core.settings import Settings
from pytest_iqeval.endpoint import local_server
from pytest_iqeval.endpoint.client import Connector
from pytest_iqeval.endpoint.preflight import check
from pytest_iqeval.endpoint.providers import Endpoint, resolve
from pytest_iqeval.endpoint.watch import Limits
from pytest_iqeval.store.earlier import Replay
from pytest_iqeval.store.folder import RunFolder
from pytest_iqeval.store.journal import StoredReplies, read_journal


@dataclass(kw_only=True)
class Source:
    """What the broker draws on, and what the report says of it.

    ``decided`` is false where the preflight could not tell whether the model is there: then the
    first question goes alone. ``notes`` are sentences for the header. A replay has ``stored``
    replies, read in ``stored_in``, and the ``facts`` of their run instead of ``transports``.
    """

    endpoint: Endpoint
    transports: Callable[[], Transport] | None = None
    stored: StoredReplies | None = None
    stored_in: RunFolder | None = None
    facts: Mapping[str, Any] = field(default_factory=dict)
    decided: bool = True
    notes: list[str] = field(default_factory=list)
    closing: Callable[[], None] | None = None

    def as_stored(self, settings: Settings) -> Settings:
        """The settings, with model and answer mode as the stored run had them."""
        return replace(
            settings,
            model=self.facts.get("model", settings.model),
            answer=self.facts.get("answer", settings.answer),
        )

    def close(self) -> None:
        """End what was started for the run."""
        if self.closing is not None:
            self.closing()
            self.closing = None


def ask_endpoint(settings: Settings, environ: Mapping[str, str]) -> Source:
    """Resolve the endpoint, start it where it is ours to start, and see that it is there.

    :raises UsageFault: a setting that can't be, or an endpoint that can't answer.
    """
    endpoint = resolve(settings, environ)
    model, closing = settings.model, None
    if endpoint.embedded:
        most = endpoint.generation.get(endpoint.token_field)
        limit = most if isinstance(most, int) else settings.max_tokens
        server = local_server.start(settings.model, max_tokens=limit)
        endpoint = replace(endpoint, base_url=server.base_url)
        model, closing = server.model_id, server.close
    source = Source(
        endpoint=endpoint,
        transports=Connector(
            endpoint, model, limits_of(settings), stream=settings.stream
        ).transport,
        closing=closing,
    )
    try:
        checked = check(endpoint, model)
    except BaseException:
        source.close()
        raise
    source.decided = checked.decided
    if checked.why:
        source.notes.append(f"{checked.why}: the first question goes alone")
    return source


def limits_of(settings: Settings) -> Limits:
    """What one attempt may take."""
    return Limits(
        timeout_s=settings.timeout,
        connect_timeout_s=settings.connect_timeout,
        first_byte_timeout_s=settings.first_byte_timeout,
        max_reply_bytes=settings.max_reply_bytes,
    )


STORED = "run"
"""The name under which a journal's ``meta`` holds what a replay must say of its run."""


def stored_facts(settings: Settings, endpoint: Endpoint) -> dict[str, object]:
    """Model, endpoint, generation and answer mode as plain values, for the journal."""
    return {
        "model": settings.model,
        "base_url": endpoint.base_url,
        "provider": endpoint.provider,
        "generation": dict(endpoint.generation),
        "answer": settings.answer,
    }


def replay(folder: RunFolder) -> Source:
    """Draw on an earlier run; nothing is sent, and no key is needed.

    :raises FolderError: it has no journal, or one that can't be used.
    """
    stored = read_journal(folder.journal)
    facts = json.loads(stored.meta.get(STORED, "{}"))
    endpoint = Endpoint(
        provider=facts.get("provider"),
        base_url=facts.get("base_url", ""),
        generation=facts.get("generation", {}),
    )
    return Source(
        endpoint=endpoint,
        stored=stored,
        stored_in=folder,
        facts=facts,
        notes=[f"replays {folder.path}: nothing is sent"],
        closing=stored.close,
    )


class Replayed(Replay):
    """A stored run where a broker would be."""

    fatal: NoReply | None = None

    def stats(self) -> BrokerStats:
        """Nothing was sent."""
        return BrokerStats()

    def close(self, *, drain_s: float = 0.0) -> None:
        """Nothing is under way, and the journal is the run's to close."""
