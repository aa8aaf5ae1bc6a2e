"""The messages that a run's questions were asked with, for its page."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from pytest_iqeval.core.definition import Benchmark
from pytest_iqeval.core.facts import prompt_sha256
from pytest_iqeval.core.request import Message
from pytest_iqeval.core.sample import Sample
from pytest_iqeval.core.tasks.chat import chat_request
from pytest_iqeval.core.tasks.few_shot import Examples
from pytest_iqeval.run.parts import Parts
from pytest_iqeval.run.recalling import change_of


class Prompts:
    """Makes the messages of a review row again, as its run sent them."""

    def __init__(self, parts: Parts, selected: Iterable[Sample] = ()) -> None:
        """:param selected: whose review rows will be shown."""
        self._parts = parts
        self._samples = {(s.benchmark, s.subset, s.id): s for s in selected}
        self._asked: dict[str, Examples | None] = {}
        self._other: dict[str, frozenset[tuple[str, str]]] = {}

    def __call__(self, row: Mapping[str, Any]) -> Sequence[Message] | None:
        """The messages of a review row; see `of`."""
        return self.of(self._samples[row["benchmark"], row["subset"], row["id"]])

    def of(self, sample: Sample) -> Sequence[Message] | None:
        """The messages, without secrets; ``None``: what was sent is not known any more."""
        name, question = sample.benchmark, (sample.subset, sample.id)
        answer = self._parts.settings.answer
        if name not in self._asked:
            benchmark = self._asked_with(name)
            self._asked[name] = None if benchmark is None else Examples(benchmark, answer)
        examples = self._asked[name]
        if examples is None or question in self._other.get(name, ()):
            return None
        source = self._parts.source
        asked = chat_request(examples.definition, sample, answer, examples=examples.of(sample))
        return [Message(role=m.role, content=source.redact(m.content)) for m in asked.messages]

    def _asked_with(self, name: str) -> Benchmark | None:
        """The benchmark of then: today's, in a replay the run's own copy if it differs."""
        questions, source = self._parts.questions, self._parts.source
        now = questions.benchmarks[name]
        if source.stored is None:
            return now
        then = questions.earlier(name)
        wrote = source.configuration.get(f"the prompt of {name}")
        if then is not None:
            if wrote not in (None, prompt_sha256(then, self._parts.settings.answer)):
                return None  # an imported run was asked in a way that no definition has
            change = change_of(questions, name)
            self._other[name] = frozenset() if change is None else change.other
            return then
        # Without a copy that differs, or a readable one: the hash tells whether it is the same.
        return now if wrote in (None, prompt_sha256(now, self._parts.settings.answer)) else None
