"""What a run takes from the cache and gives to it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path

import pytest

from pytest_iqeval.core.errors import SettingsError
from pytest_iqeval.core.request import Reply, Request
from pytest_iqeval.core.score import Outcome, Score, error_score
from pytest_iqeval.core.settings import make_settings
from pytest_iqeval.run.caching import RunCache, check_cache
from pytest_iqeval.store.cache import SqliteCache
from tests.support.fakes import MemoryJournal, key_of, request_of

GOOD = Reply(text="Answer: B", finish_reason="stop", attempts=3, latency_s=2.0)
RIGHT = Score(outcome=Outcome.CORRECT)


def body(request: Request) -> bytes:
    return request.messages[0].content.encode()


class Runs:
    """One run after another with the cache in a folder."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.open: list[RunCache] = []

    def begin(self, journal: MemoryJournal | None = None, where: str = "http://h/v1") -> RunCache:
        cache = RunCache(SqliteCache(self.folder), where=where, body=body)
        cache.begin(journal or MemoryJournal())
        self.open.append(cache)
        return cache

    def ask(self, request: Request, reply: Reply, score: Score = RIGHT) -> RunCache:
        """A run that asks `request`, gets `reply`, and judges it."""
        journal = MemoryJournal()
        cache = self.begin(journal)
        assert not cache.answers(request)
        journal.put(request.key, reply)
        cache.scored(request.key, score)
        return cache


@pytest.fixture
def runs(tmp_path: Path) -> Iterator[Runs]:
    runs = Runs(tmp_path)
    yield runs
    for cache in runs.open:
        assert cache.trouble is None
        cache.close()


def test_a_hit_is_journalled_before_it_is_given_and_counts_no_attempt(runs: Runs) -> None:
    runs.ask(request_of("a"), GOOD)
    journal = MemoryJournal()
    later = runs.begin(journal)
    assert later.answers(request_of("a"))
    assert later.answers(request_of("a"))
    assert journal.answers == {key_of("a"): replace(GOOD, cached=True, attempts=0)}
    assert later.answer(key_of("a")) == journal.answers[key_of("a")]
    later.scored(key_of("a"), RIGHT)  # is in the cache already


def test_what_is_sent_where_and_which_repeat_make_the_key(runs: Runs) -> None:
    """The same body under another benchmark's key is the same question."""
    asked = request_of("a")
    runs.ask(asked, GOOD)
    assert not runs.begin().answers(request_of("b"))
    assert not runs.begin(where="http://other/v1").answers(asked)
    assert not runs.begin().answers(replace(asked, key=asked.key._replace(repeat=1)))
    assert runs.begin().answers(replace(asked, key=asked.key._replace(benchmark="other")))


@pytest.mark.parametrize(
    ("reply", "score"),
    [
        (replace(GOOD, finish_reason="length"), RIGHT),
        (replace(GOOD, finish_reason="content_filter"), RIGHT),
        (replace(GOOD, finish_reason="some_new_word"), RIGHT),
        (replace(GOOD, refusal="I can't"), RIGHT),
        (replace(GOOD, text=" \n"), Score(outcome=Outcome.UNPARSED)),
        (GOOD, Score(outcome=Outcome.REFUSED)),
        (GOOD, Score(outcome=Outcome.TRUNCATED)),
        (GOOD, error_score("the scorer crashed")),
    ],
)
def test_no_cut_or_refused_reply_is_kept_whoever_sees_that_it_is_one(
    runs: Runs, reply: Reply, score: Score
) -> None:
    runs.ask(request_of("a"), reply, score)
    assert not runs.begin().answers(request_of("a"))


@pytest.mark.parametrize("reason", [None, "STOP", "eos"])
def test_a_wrong_answer_that_came_to_its_end_is_kept(runs: Runs, reason: str | None) -> None:
    runs.ask(request_of("a"), replace(GOOD, finish_reason=reason), Score(outcome=Outcome.INCORRECT))
    assert runs.begin().answers(request_of("a"))


def test_what_the_journal_of_a_resumed_run_holds_is_not_looked_up(runs: Runs) -> None:
    runs.ask(request_of("a"), GOOD)
    other = replace(GOOD, text="Answer: C")
    journal = MemoryJournal({key_of("a"): other})
    resumed = runs.begin(journal)
    assert not resumed.answers(request_of("a"))
    assert journal.answers[key_of("a")] == other


@pytest.mark.parametrize(
    ("generation", "words"),
    [
        ({"temperature": 0.0}, None),
        ({"temperature": 0.8, "seed": 0}, None),
        ({"temperature": 0.8}, "temperature 0.8 and no seed"),
        ({}, "no temperature and no seed"),
    ],
)
def test_a_cache_of_random_draws_is_refused_unless_it_is_meant(
    generation: Mapping[str, object], words: str | None
) -> None:
    """A field that was taken out leaves the server's own temperature."""
    check_cache(make_settings({"model": "m"}), generation)
    check_cache(make_settings({"model": "m", "cache": "c", "cache-sampled": True}), generation)
    settings = make_settings({"model": "m", "cache": "c"})
    if words is None:
        check_cache(settings, generation)
        return
    with pytest.raises(SettingsError, match=words) as caught:
        check_cache(settings, generation)
    assert "--iqeval-cache-sampled" in str(caught.value.hint)
