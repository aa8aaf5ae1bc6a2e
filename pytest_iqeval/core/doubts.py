"""What may be amiss with a benchmark that can be asked, for whoever writes one.

None of it is a fault: a set may have one answer twice as often as another for good reasons.
"""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence

from pytest_iqeval.core.definition import Benchmark
from pytest_iqeval.core.phrases import doubts as phrases
from pytest_iqeval.core.phrases.signs import LIST
from pytest_iqeval.core.sample import Sample, content_id, labels_in, normalised
from pytest_iqeval.core.tasks.prompts import fill
from pytest_iqeval.core.told import Told, joined

LONGEST_OPTION = 1000  # characters
_SKEWED_Z = 4.0  # standard deviations: by chance in one of 30,000 sets
_SHOWN = 3
_MADE_ID = re.compile(r"[0-9a-f]{8}(-[0-9]+)?")
_FEW = 30

Shown = Callable[[str], str]
"""A data file's name as messages have it."""


def doubts(benchmark: Benchmark, *, shown: Shown = str) -> list[Told]:
    """A sentence for each, the gravest first.

    :param shown: a data file's name as messages have it.
    """
    return [
        *_contradicted(benchmark, shown),
        *_leaked(benchmark, shown),
        *_hidden_options(benchmark),
        *_skewed(benchmark.samples),
        *_repeated(benchmark, shown),
        *_long_options(benchmark.samples, shown),
        *_without_ids(benchmark),
        *_few(benchmark.samples),
    ]


def _content(sample: Sample) -> tuple[str, ...]:
    """What makes two samples one question, in whatever order its options stand."""
    return (normalised(sample.input), *sorted(map(normalised, sample.choices)))


def _by_content(samples: Iterable[Sample]) -> dict[tuple[str, ...], list[Sample]]:
    found: dict[tuple[str, ...], list[Sample]] = {}
    for one in samples:
        found.setdefault(_content(one), []).append(one)
    return found


def _right(sample: Sample) -> tuple[str, ...]:
    """The texts that are right, whichever labels they have."""
    if not sample.choices:
        return tuple(sorted(map(normalised, sample.targets)))
    right = labels_in(sample.target, sample.labels)
    return tuple(
        sorted(
            normalised(text)
            for label, text in zip(sample.labels, sample.choices, strict=True)
            if label in right
        )
    )


def _contradicted(benchmark: Benchmark, shown: Shown) -> Iterator[Told]:
    several = [group for group in _by_content(benchmark.samples).values() if len(group) > 1]
    found = [group[0] for group in several if len(set(map(_right, group))) > 1]
    if found:
        yield phrases.CONTRADICTED(count=len(found), examples=_places(found, shown))


def _repeated(benchmark: Benchmark, shown: Shown) -> Iterator[Told]:
    several = [group for group in _by_content(benchmark.samples).values() if len(group) > 1]
    found = [group[1] for group in several if len(set(map(_right, group))) == 1]
    if found:
        yield phrases.REPEATED(count=len(found), examples=_places(found, shown))


def _leaked(benchmark: Benchmark, shown: Shown) -> Iterator[Told]:
    asked = set(map(_content, benchmark.samples))
    # An example may be that of several subsets.
    examples = {_content(one): one for group in benchmark.dev.values() for one in group}
    found = [one for content, one in examples.items() if content in asked]
    if found:
        yield phrases.LEAKED(count=len(found), examples=_places(found, shown))


def _hidden_options(benchmark: Benchmark) -> Iterator[Told]:
    mark = "\0"  # no text that is read holds one
    shows = mark in fill(benchmark.definition.prompt, {"options": mark})
    if not shows and any(one.choices for one in benchmark.samples):
        yield phrases.NO_OPTIONS


def _skewed(samples: Sequence[Sample]) -> Iterator[Told]:
    single = [one for one in samples if one.choices and one.target in one.labels]
    counts = Counter(one.target for one in single)
    for label, count in counts.most_common(1):
        chances = [1 / len(one.choices) for one in single if label in one.labels]
        spread = math.sqrt(sum(p * (1 - p) for p in chances))
        if (count - sum(chances)) > _SKEWED_Z * spread:
            share = f"{count / len(single):.0%}"
            yield phrases.SKEWED(share=share, label=label, count=count, of=len(single))


def _long_options(samples: Iterable[Sample], shown: Shown) -> Iterator[Told]:
    found = [one for one in samples if any(len(c) > LONGEST_OPTION for c in one.choices)]
    if found:
        yield phrases.LONG_OPTIONS(
            count=len(found), most=LONGEST_OPTION, examples=_places(found, shown)
        )


def _without_ids(benchmark: Benchmark) -> Iterator[Told]:
    samples = benchmark.samples
    if benchmark.definition.rows.shuffle:  # the order of which they were made is not known here
        count = sum(_MADE_ID.fullmatch(one.id) is not None for one in samples)
    else:
        count = sum(one.id.startswith(content_id(one.input, one.choices)) for one in samples)
    if count:
        yield phrases.NO_IDS(count=count, of=len(samples))


def _few(samples: Sequence[Sample]) -> Iterator[Told]:
    count = len(samples)
    if 0 < count < _FEW:
        # Half of a 95 % interval around 80 %.
        width = round(100 * 1.96 * math.sqrt(0.8 * 0.2 / count))
        yield phrases.FEW(count=count, width=width)


def _places(samples: Sequence[Sample], shown: Shown) -> str:
    """Where the first of them stand."""
    told = joined((f"{shown(one.file)}:{one.line}" for one in samples[:_SHOWN]), LIST)
    more = len(samples) - _SHOWN
    return phrases.MORE(examples=told, count=more) if more > 0 else told
