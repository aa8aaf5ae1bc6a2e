"""The data set that another tool's questions are of, where it is at hand.

Questions are found in it by their text and options, so they have the ids, and the run the data
and the examples, that a run of ours has.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from pytest_iqeval.core.definition import Benchmark
from pytest_iqeval.core.errors import UsageFault
from pytest_iqeval.core.facts import prompt_sha256
from pytest_iqeval.core.imported import RECORDED
from pytest_iqeval.core.ports import Scorer
from pytest_iqeval.core.sample import Sample, normalised
from pytest_iqeval.core.scorers.code import CodeScorer
from pytest_iqeval.core.scoring import check_targets
from pytest_iqeval.core.tasks.chat import chat_request
from pytest_iqeval.core.tasks.few_shot import Examples, with_examples
from pytest_iqeval.run.scorers import known_scorer, scorer_names
from pytest_iqeval.sources.catalogue import Loaded, load
from pytest_iqeval.sources.evalscope.rebuild import Question, recorded_in
from pytest_iqeval.sources.evalscope.values import Record
from pytest_iqeval.sources.hub.access import HubAccess

FREE = "free"
Pairs = Sequence[tuple[Sample, Record]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Matched:
    """A benchmark as it was read, each record with its sample.

    ``prompt`` is a hash of how it was asked, and ``few_shot`` how many examples were shown.
    ``rebuilt`` says that its data was made of the records; of those, ``left_out`` tells which no
    reply could meet.
    """

    loaded: Loaded
    pairs: tuple[tuple[Sample, Record], ...]
    prompt: str
    few_shot: int
    rebuilt: bool
    left_out: tuple[str, ...] = ()

    @property
    def benchmark(self) -> Benchmark:
        """With its samples."""
        return self.loaded.benchmark


@dataclass(frozen=True, slots=True, kw_only=True)
class DataAtHand:
    """Where data sets are looked for, as a run looks for them; nothing is fetched."""

    data_dir: Path | None
    start: Path
    cache: HubAccess

    def of(self, name: str, questions: Sequence[Question]) -> Matched | None:
        """A benchmark with its data; ``None`` where that is not here, or lacks a question.

        :raises UsageFault: `data_dir` is no folder.
        """
        if not questions:
            return None
        try:
            loaded = load(
                name,
                data_dir=self.data_dir,
                start=self.start,
                scorers=scorer_names(),
                hub=self.cache,
            )
        except UsageFault:
            return None
        samples: dict[tuple[str, ...], list[Sample]] = {}
        for one in reversed(loaded.benchmark.samples):  # the first of equal ones is taken first
            samples.setdefault(_content(one.input, one.choices, one.subset), []).append(one)
        pairs = []
        for question in questions:
            content = question.content
            same = samples.get(_content(content.question, content.choices, question.subset))
            if not same:
                return None
            sample = same.pop()
            kept = {**sample.metadata, RECORDED: recorded_in(question)}
            judged = replace(sample, metadata=kept)
            pairs += [(judged, record) for record in question.records]
        return _as_asked(loaded, pairs, most=max(q.content.examples for q in questions))


def _as_asked(loaded: Loaded, pairs: Pairs, *, most: int) -> Matched:
    """With as many examples as were shown, where the questions are then asked as they were.

    :param most: how many that seem to be.
    """
    usual = loaded.benchmark.definition.few_shot.count
    for count in dict.fromkeys((most, usual)):
        benchmark = with_examples(loaded.benchmark, count)
        if asks_so(benchmark, pairs):
            return Matched(
                loaded=replace(loaded, benchmark=benchmark),
                pairs=tuple(pairs),
                prompt=prompt_sha256(benchmark, FREE),
                few_shot=count,
                rebuilt=False,
            )
    return Matched(
        loaded=loaded, pairs=tuple(pairs), prompt=prompt_of(pairs), few_shot=most, rebuilt=False
    )


def asks_so(benchmark: Benchmark, pairs: Pairs) -> bool:
    """Whether every record was asked as the benchmark asks its sample."""
    examples = Examples(benchmark, FREE)
    definition = examples.definition
    return all(
        chat_request(definition, sample, FREE, examples=examples.of(sample)).messages
        == record.asked
        for sample, record in pairs
    )


def unmeetable(benchmark: Benchmark) -> dict[tuple[str, int], str]:
    """The questions whose right answer no reply could meet, by subset and line, and why.

    :raises UsageFault: the scorer can't be had.
    """
    definition = benchmark.definition
    scorer = known_scorer(definition.scorer, definition.scorer_options)
    ask = getattr(scorer, "target_fault", None)
    if ask is None:
        return {}
    faults = {(s.subset, s.line): ask(s) for s in benchmark.samples}
    return {place: str(fault) for place, fault in faults.items() if fault}


def scorer_of(benchmark: Benchmark, *, allow_code: bool = False) -> Scorer:
    """Its scorer, which has looked at every target.

    :param allow_code: whether it may run code that a model wrote.
    :raises UsageFault: it can't be had, or no reply could meet some target.
    """
    definition = benchmark.definition
    scorer = known_scorer(definition.scorer, definition.scorer_options)
    check_targets(scorer, benchmark, shown=lambda file: Path(file).name)
    if allow_code and isinstance(scorer, CodeScorer):
        scorer.allow()
    return scorer


def _content(question: str, choices: Iterable[str], subset: str) -> tuple[str, ...]:
    """What makes two questions the same."""
    return (subset, *(normalised(text) for text in (question, *choices)))


def prompt_of(pairs: Pairs) -> str:
    """A hash of prompts that no definition makes: of what they have around the questions."""
    frames = {
        tuple((m.role, _without(m.content, sample)) for m in record.asked)
        for sample, record in pairs
    }
    text = json.dumps(sorted(frames), ensure_ascii=True)
    return hashlib.sha256(text.encode("ascii")).hexdigest()


def _without(content: str, sample: Sample) -> str:
    for text in (sample.input, *sample.choices):
        before, found, after = content.rpartition(text)
        content = before + after if found else content
    return content
