"""What drafts may hold; that the files are the same with them is shown in tests/plugin."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from types import SimpleNamespace
from typing import Any

import pytest

from pytest_iqeval.core.request import Key, Message, Reply
from pytest_iqeval.core.sample import Sample
from pytest_iqeval.core.score import Outcome, Score
from pytest_iqeval.run import drafts
from pytest_iqeval.run.drafts import Drafts
from pytest_iqeval.run.prompts import Prompts
from tests.support.fakes import MemoryJournal

COUNT = 10


@pytest.fixture
def make(monkeypatch: pytest.MonkeyPatch) -> Callable[[int], Drafts]:
    """All drafts of ten replies that are scored at once, where so many characters may be held."""

    def examples(_self: Prompts, _sample: Sample) -> Sequence[Message]:
        return [Message(role="user", content="an example " * 100)]

    def made(held: int) -> Drafts:
        monkeypatch.setattr(Prompts, "of", examples)
        monkeypatch.setattr(drafts, "_HELD", held)
        endpoint = SimpleNamespace(base_url="http://h/v1", provider=None)
        journal = MemoryJournal()
        parts: Any = SimpleNamespace(
            folder=SimpleNamespace(path=SimpleNamespace(name="r")),
            settings=SimpleNamespace(model="m", answer="free"),
            source=SimpleNamespace(endpoint=endpoint, redact=lambda text: text),
            journal=journal,
            questions=SimpleNamespace(benchmarks={"b": None}),
        )
        made = Drafts(parts)
        for number in range(COUNT):
            sample = Sample(benchmark="b", subset="s", id=f"q{number}", input="1 + 1?", target="2")
            key = Key("b", "s", sample.id, 0)
            journal.put(key, Reply(text="2"))
            made.scored(key, sample, Score(outcome=Outcome.CORRECT))
        end = time.monotonic() + 60
        while made._scored and time.monotonic() < end:
            time.sleep(0.001)
        made.stop()
        return made

    return made


def test_all_are_made_where_there_is_room(make: Callable[[int], Drafts]) -> None:
    assert len(make(10_000_000).page_rows) == COUNT


def test_what_came_at_once_is_not_made_beyond_what_may_be_held(
    make: Callable[[int], Drafts],
) -> None:
    """A run that goes on scores thousands of stored replies before it waits for one."""
    assert len(make(1).page_rows) == 1


def test_the_frame_of_a_prompt_counts_too(make: Callable[[int], Drafts]) -> None:
    """Few-shot examples are longer than the question, and each draft has its own."""
    assert 1 < len(make(4_000).page_rows) <= 4
