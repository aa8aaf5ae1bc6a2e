"""The cache of replies across runs (``--iqeval-cache``): above the broker, which it spares."""

from __future__ import annotations

import hashlib
import json
import threading
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path

from pytest_iqeval.broker.answers import unkept
from pytest_iqeval.broker.broker import Broker
from pytest_iqeval.broker.plan import Answer, OnDone
from pytest_iqeval.core.errors import IqevalError, NoReply, SettingsError
from pytest_iqeval.core.ports import Journal
from pytest_iqeval.core.request import Key, Reply, Request
from pytest_iqeval.core.score import Outcome, Score
from pytest_iqeval.core.settings import Settings
from pytest_iqeval.store.cache import SqliteCache

# Part of each digest: raise it when replies mean something else than before.
_KIND = "pytest-iqeval reply 1"
# How servers say that a reply came to its own end. Any other word (or a new one) is not kept:
# asking again costs a little, and a cut reply would stay for ever.
_WHOLE = ("", "stop", "eos", "eos_token", "end_turn", "stop_sequence")
_KEPT = (Outcome.CORRECT, Outcome.INCORRECT, Outcome.UNPARSED)
# Looked up before the first of them is asked; the next ones while those are under way.
_AT_ONCE = 256


def check_cache(settings: Settings, generation: Mapping[str, object]) -> None:
    """Refuse a cache of replies that are drawn at random, unless that is meant.

    :param generation: the fields of every request's body.
    :raises SettingsError: it would give the same draw for ever.
    """
    if settings.cache is None or settings.cache_sampled:
        return
    temperature = generation.get("temperature")
    seeded = generation.get("seed") is not None or settings.reply_seed(0) is not None
    if temperature == 0 or seeded:
        return
    what = "no temperature" if temperature is None else f"temperature {temperature}"
    raise SettingsError(
        f"--iqeval-cache with {what} and no seed: replies are drawn at random, and the cache "
        "would give the first draw again and again",
        hint="set --iqeval-temperature 0 or a seed (--iqeval-gen seed=1), or say that it is meant: "
        "--iqeval-cache-sampled",
    )


class RunCache:
    """What a run takes from the cache, and gives to it. Safe to call from any thread.

    A hit is journalled like any reply, before anybody sees it, so that resume and replay work.
    A reply is kept once its score is known: what the scorer takes for refused or cut is not.

    :param where: what the same request means the same at: a base URL, or a model file.
    :param body: a request as it is sent.
    """

    def __init__(self, store: SqliteCache, *, where: str, body: Callable[[Request], bytes]) -> None:
        self._store = store
        self._where = where
        self._body = body
        self._journal: Journal | None = None
        self._lock = threading.Lock()
        self._hits: set[Key] = set()
        self._asked: set[Key] = set()
        self._digests: dict[Key, bytes] = {}  # of what was asked and has no score yet

    @property
    def trouble(self) -> str | None:
        """Why the cache was given up, if it was."""
        return self._store.trouble

    def begin(self, journal: Journal) -> None:
        """Serve the run of this journal; what it holds already needs no cache."""
        self._journal = journal
        self._asked.update(journal.keys())

    def answers(self, request: Request) -> bool:
        """Whether the cache has the reply, which is in the journal by then."""
        key = request.key
        with self._lock:
            if key in self._hits:
                return True
            if key in self._asked or self._journal is None:
                return False
            digest = self._digest(request)
            reply = self._store.get(digest)
            if reply is not None:
                try:
                    self._journal.put(key, replace(reply, cached=True, attempts=0))
                except IqevalError:  # a full disk: asking shows it, and says what to do
                    reply = None
            if reply is None:
                self._asked.add(key)
                self._digests[key] = digest
                return False
            self._hits.add(key)
            return True

    def answer(self, key: Key) -> Answer:
        """What the journal holds for a key that the cache answers."""
        assert self._journal is not None
        try:
            answer = self._journal.get(key)
        except IqevalError as exc:
            return unkept(exc)
        return answer or NoReply(f"{key}: its reply is gone from the journal", kind="missing")

    def scored(self, key: Key, score: Score) -> None:
        """The score of `key` is known: its reply is worth keeping, or not."""
        with self._lock:
            digest = self._digests.pop(key, None)
        if digest is None or score.outcome not in _KEPT or self._journal is None:
            return
        try:
            reply = self._journal.get(key)
        except IqevalError:
            return
        if isinstance(reply, Reply) and is_whole(reply):
            self._store.put(digest, reply)

    def close(self) -> None:
        """Let go of the file."""
        self._store.close()

    def _digest(self, request: Request) -> bytes:
        about = json.dumps([_KIND, self._where, request.key.repeat])
        return hashlib.sha256(about.encode("ascii") + b"\n" + self._body(request)).digest()


class CachedBroker(Broker):
    """A broker that never hears of what the cache answers: no limit or budget counts it.

    ``cache`` is set before anything is planned.
    """

    cache: RunCache

    def plan(self, requests: Sequence[Request]) -> None:
        """Queue what the cache does not answer."""
        for start in range(0, len(requests), _AT_ONCE):
            portion = requests[start : start + _AT_ONCE]
            super().plan([one for one in portion if not self.cache.answers(one)])

    def submit(self, request: Request, on_done: OnDone) -> None:
        """Answer from the cache at once, or ask."""
        if self.cache.answers(request):
            on_done(self.cache.answer(request.key))
        else:
            super().submit(request, on_done)


def is_whole(reply: Reply) -> bool:
    """Whether a reply is one to keep: it has a text, came to its own end, and refuses nothing."""
    ended = (reply.finish_reason or "").casefold() in _WHOLE
    return ended and not reply.refusal and bool(reply.text.strip())


def open_cache(folder: Path, *, where: str, body: Callable[[Request], bytes]) -> RunCache:
    """The cache in `folder`.

    :raises FolderError: it can't be used.
    """
    return RunCache(SqliteCache(folder), where=where, body=body)
