"""Where a run's replies come from: an endpoint, the embedded server, or an earlier run."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path
from typing import Any

from pytest_iqeval.broker.stats import BrokerStats
from pytest_iqeval.core.clean import Redactor
from pytest_iqeval.core.errors import NoReply
from pytest_iqeval.core.facts import prompt_sha256
from pytest_iqeval.core.phrases import header
from pytest_iqeval.core.ports import Transport
from pytest_iqeval.core.request import Reply, Request
from pytest_iqeval.core.settings import Settings
from pytest_iqeval.endpoint import local_server
from pytest_iqeval.endpoint.chat import request_body
from pytest_iqeval.endpoint.client import Connector
from pytest_iqeval.endpoint.preflight import check
from pytest_iqeval.endpoint.providers import Endpoint, resolve
from pytest_iqeval.endpoint.watch import Limits
from pytest_iqeval.run.caching import RunCache, check_cache, open_cache
from pytest_iqeval.run.recalling import STORED, Questions, change_of
from pytest_iqeval.store.earlier import CONFIGURATION, Replay
from pytest_iqeval.store.folder import RunFolder
from pytest_iqeval.store.journal import SqliteJournal, StoredReplies, read_journal


@dataclass(kw_only=True)
class Source:
    """What the broker draws on, and what the report says of it.

    ``decided`` is false where the preflight could not tell whether the model is there: then the
    first question goes alone. ``notes`` are sentences for the header. A replay has ``stored``
    replies, read in ``stored_in``, and the ``facts`` of their run instead of ``transports``.
    ``configuration`` is what a replayed run wrote down of how it asked, if anything. ``cache`` is
    there where the user wants one.
    """

    endpoint: Endpoint
    transports: Callable[[], Transport] | None = None
    stored: StoredReplies | None = None
    stored_in: RunFolder | None = None
    facts: Mapping[str, Any] = field(default_factory=dict)
    configuration: Mapping[str, Any] = field(default_factory=dict)
    decided: bool = True
    notes: list[str] = field(default_factory=list)
    closing: Callable[[], None] | None = None
    cache: RunCache | None = None

    def as_stored(self, settings: Settings) -> Settings:
        """The settings, with model and answer mode as the stored run had them."""
        return replace(
            settings,
            model=self.facts.get("model", settings.model),
            answer=self.facts.get("answer", settings.answer),
        )

    def prompts(self, questions: Questions, *, answer: str) -> dict[str, str]:
        """A hash of the prompt that each benchmark was asked with.

        In a replay that is what its run wrote down, or else what the copies say that it kept.

        :param answer: the answer mode.
        """
        found = {}
        for name, now in questions.benchmarks.items():
            wrote = self.configuration.get(f"the prompt of {name}")
            then = questions.earlier(name) if self.stored is not None and not wrote else None
            found[name] = wrote or prompt_sha256(then or now, answer)
        return found

    @property
    def redact(self) -> Redactor:
        """What every text that leaves the run goes through.

        Words like `none` or `ollama`, which local servers get as a key, are kept: replacing them
        would garble names and texts, and move the spans in a reply.
        """
        return Redactor((s.reveal() for s in self.endpoint.secrets), shortest=8)

    def close(self) -> None:
        """End what was started for the run."""
        if self.cache is not None:
            self.cache.close()
        if self.closing is not None:
            self.closing()
            self.closing = None


def ask_endpoint(settings: Settings, environ: Mapping[str, str], start: Path) -> Source:
    """Resolve the endpoint, start it where it is ours to start, and see that it is there.

    :param start: the folder that relative paths start from.
    :raises UsageFault: a setting that can't be, or an endpoint that can't answer.
    """
    endpoint = resolve(settings, environ)
    check_cache(settings, endpoint.generation)
    # The embedded server has another port each time.
    model, closing, where = settings.model, None, endpoint.base_url
    if endpoint.embedded:
        most = endpoint.generation.get(endpoint.token_field)
        limit = most if isinstance(most, int) else settings.max_tokens
        server = local_server.start(settings.model, max_tokens=limit)
        endpoint = replace(endpoint, base_url=server.base_url)
        model, closing, where = server.model_id, server.close, server.identity
    source = Source(
        endpoint=endpoint,
        transports=Connector(
            endpoint, model, limits_of(settings), stream=settings.stream
        ).transport,
        closing=closing,
    )
    try:
        if settings.cache is not None:
            body = partial(request_body, endpoint, model, stream=settings.stream)
            source.cache = open_cache(start / settings.cache, where=where, body=body)
        checked = check(endpoint, model)
    except BaseException:
        source.close()
        raise
    source.decided = checked.decided
    source.endpoint = replace(endpoint, model_digest=checked.digest)
    if checked.why:
        source.notes.append(header.FIRST_ALONE(why=checked.why))
    return source


def limits_of(settings: Settings) -> Limits:
    """What one attempt may take."""
    return Limits(
        timeout_s=settings.timeout,
        connect_timeout_s=settings.connect_timeout,
        first_byte_timeout_s=settings.first_byte_timeout,
        max_reply_bytes=settings.max_reply_bytes,
    )


def stored_facts(settings: Settings, endpoint: Endpoint) -> dict[str, object]:
    """Model, endpoint, generation and answer mode as plain values, for the journal."""
    return {
        "model": settings.model,
        "base_url": endpoint.base_url,
        "provider": endpoint.provider,
        "generation": dict(endpoint.generation),
        "answer": settings.answer,
        "model_digest": endpoint.model_digest,
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
        model_digest=facts.get("model_digest"),
    )
    return Source(
        endpoint=endpoint,
        stored=stored,
        stored_in=folder,
        facts=facts,
        configuration=json.loads(stored.meta.get(CONFIGURATION, "{}")),
        notes=[header.REPLAYS(path=folder.path)],
        closing=stored.close,
    )


class Replayed(Replay):
    """A stored run where a broker would be.

    A reply whose question has another text by now answers another question: in `journal`, which
    is the replay's own copy, a failure that says so takes its place, before the first question
    of its benchmark is answered.
    """

    over: NoReply | None = None
    fatal: NoReply | None = None

    def __init__(self, folder: RunFolder, journal: SqliteJournal, questions: Questions) -> None:
        super().__init__(folder, journal)
        self._journal = journal
        self._questions = questions
        self._checked: set[str] = set()
        self._checking = threading.Lock()

    def _answer(self, request: Request) -> Reply | NoReply:
        name = request.key.benchmark
        with self._checking:
            if name not in self._checked:
                self._checked.add(name)
                self._drop_unfit(name)
        return super()._answer(request)

    def _drop_unfit(self, name: str) -> None:
        change = change_of(self._questions, name)
        if change is None or not change.other:
            return
        for key in list(self._journal.keys()):
            if key.benchmark == name and (key.subset, key.id) in change.other:
                self._journal.put(key, _another_text(self.folder, name))

    def stats(self) -> BrokerStats:
        """Nothing was sent."""
        return BrokerStats()

    def send_no_more(self) -> int:
        """Nothing is."""
        return 0

    def close(self, *, drain_s: float = 0.0) -> None:
        """Nothing is under way, and the journal is the run's to close."""


def _another_text(folder: RunFolder, name: str) -> NoReply:
    return NoReply(
        "the question has another text now: the stored reply answers the earlier one",
        hint="leave --iqeval-replay away to ask it, or replay the data as it was: "
        f"--iqeval-dataset with {name} in {folder.copies}",
        kind="missing",
        attempts=0,
    )
