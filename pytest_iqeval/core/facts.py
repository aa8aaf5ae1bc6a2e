"""By which means a run's scores came about, and what of it is not as it was in another run."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

from pytest_iqeval.core.definition import Benchmark, Definition
from pytest_iqeval.core.phrases import changes as phrases
from pytest_iqeval.core.tasks.few_shot import Examples
from pytest_iqeval.core.tasks.options import OPTION

ALL = "all"
OF_A_BENCHMARK = ("data", "few_shot", "prompt", "generation", "scorer", "group")
OF_EVERY_RUN = ("answer", "repeats", "temperature", "max_tokens")
GROUP = "group"
_ANSWER, _PROMPT, _FEW_SHOT, _GENERATION = "answer", "prompt", "few_shot", "generation"
_UNSAID: Mapping[str, str] = {_FEW_SHOT: "0", _GENERATION: ""}
"""What holds where a benchmark's facts say nothing, as those of earlier versions do."""
# Presets name one and the same limit in two ways.
_CALLED = {"max_completion_tokens": "max_tokens"}
_DIGITS = 12


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """What a comparison of two runs takes to be alike; the model is what it compares.

    ``settings`` are the run's: the answer mode, how often a question was asked, and every field
    of the request body; one that is missing was not set. ``benchmarks`` holds, by name, the
    ``data``, ``prompt``, ``scorer`` and ``group`` of each, as far as they are known, ``few_shot``
    where examples were shown, and its ``generation`` where it has one of its own; a group that is
    empty was not set. Values are for
    people.
    """

    settings: Mapping[str, str] = field(default_factory=dict)
    benchmarks: Mapping[str, Mapping[str, str]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """A fact that differs: its name as ``--iqeval-baseline-allow`` takes it, and a sentence.

    ``benchmark`` is the one whose fact it is; ``None``: it is one of the whole run.
    """

    name: str
    said: str
    benchmark: str | None = None

    def concerns(self, benchmark: str | None) -> bool:
        """Whether scores of a benchmark (``None``: of the run) may differ by it."""
        return self.benchmark is None or benchmark in (None, self.benchmark)

    def allowed(self, names: Collection[str]) -> bool:
        """Whether the user said that it does not matter."""
        return self.name in names or ALL in names


def run_settings(
    *, answer: str, repeats: int, generation: Mapping[str, object]
) -> Mapping[str, str]:
    """The settings of a run as `Facts` holds them.

    :param repeats: how often each question was asked.
    :param generation: the fields of the request body.
    """
    body = {_CALLED.get(name, name): _shown(value) for name, value in generation.items()}
    return {**body, _ANSWER: answer, "repeats": str(repeats)}


def benchmark_facts(
    *,
    revision: str,
    data_sha256: str | None,
    prompt: str | None,
    scorer: Mapping[str, object],
    group: str | None,
    few_shot: int = 0,
    generation: Mapping[str, object] = MappingProxyType({}),
) -> Mapping[str, str]:
    """The facts of one benchmark.

    :param data_sha256: ``None`` where the data itself is not known, but its questions alone.
    :param prompt: its `prompt_sha256`; ``None`` where it is not known.
    :param scorer: ``name`` and ``options``.
    :param group: the field by which its questions go together, empty where none is set; ``None``
        where it is not known.
    :param few_shot: how many examples were shown before a question.
    :param generation: fields of the request body for its questions alone.
    """
    options = scorer.get("options")
    named = str(scorer.get("name"))
    facts = {"scorer": f"{named} {_shown(options)}" if options else named}
    if data_sha256 is not None:
        by_hash = f"sha256 {data_sha256[:_DIGITS]}"
        # Data without a revision of its own is called by its hash.
        facts["data"] = by_hash if data_sha256.startswith(revision) else f"{revision} ({by_hash})"
    if few_shot:
        facts[_FEW_SHOT] = str(few_shot)
    if generation:
        facts[_GENERATION] = fields_shown(generation)
    if prompt is not None:
        facts[_PROMPT] = f"sha256 {prompt[:_DIGITS]}"
    return facts if group is None else {**facts, GROUP: group}


def facts_of_benchmark(benchmark: Benchmark, prompt: str | None) -> Mapping[str, str]:
    """The facts of a benchmark that a run asks.

    :param prompt: its `prompt_sha256`; ``None`` where it is not known.
    """
    definition = benchmark.definition
    return benchmark_facts(
        revision=benchmark.revision,
        data_sha256=benchmark.data_sha256,
        prompt=prompt,
        scorer={"name": definition.scorer, "options": definition.scorer_options},
        group=definition.group or "",
        few_shot=definition.few_shot.count,
        generation=definition.generation,
    )


def prompt_sha256(benchmark: Benchmark, answer: str) -> str:
    """What tells two ways of asking a benchmark's questions apart, as 64 hex digits.

    The examples that are shown before them are part of it, word for word.

    :param answer: the answer mode; in others than ``free`` a general prompt of the benchmark's
        language is used.
    """
    definition = benchmark.definition
    how: list[object] = [
        definition.fields,
        definition.labels,
        definition.system,
        definition.prompt,
    ]
    if answer != "free":
        how += [definition.language, definition.asks.value]
    else:
        how += _further(definition)
    if definition.few_shot.count:
        how += [definition.few_shot.prompt, Examples(benchmark, answer).texts()]
    text = json.dumps({"how": how}, sort_keys=True, ensure_ascii=True, separators=(",", ":"))
    return hashlib.sha256(text.encode("ascii")).hexdigest()


def _further(definition: Definition) -> list[object]:
    """What else a definition's own prompt may hold; nothing in those of earlier versions."""
    titles = {
        name: facts["title"] for name, facts in definition.subsets.items() if "title" in facts
    }
    templates = (
        definition.prompt,
        definition.few_shot.example or "",
        definition.few_shot.prompt or "",
    )
    further: list[object] = []
    if definition.option != OPTION:
        further.append({"option": definition.option})
    if titles and any("{subset}" in template for template in templates):
        further.append({"titles": titles})
    return further


def changes(before: Facts, now: Facts) -> tuple[Change, ...]:
    """What differs between two runs.

    A benchmark counts where both have it, and a fact of it where both know it.
    """
    found = [
        Change(name=name, said=phrases.is_and_was(name, now=is_now, was=was))
        for name in sorted({*before.settings, *now.settings})
        if (was := before.settings.get(name)) != (is_now := now.settings.get(name))
    ]
    # Another answer mode asks with another prompt: that is one change, not two.
    asked_otherwise = any(change.name == _ANSWER for change in found)
    for benchmark in sorted(before.benchmarks.keys() & now.benchmarks.keys()):
        then, today = ({**_UNSAID, **one.benchmarks[benchmark]} for one in (before, now))
        # And so do more or fewer examples.
        one_change = asked_otherwise or then[_FEW_SHOT] != today[_FEW_SHOT]
        found += [
            Change(
                name=name,
                benchmark=benchmark,
                said=phrases.is_and_was(
                    phrases.OF_A_BENCHMARK(name=name, benchmark=benchmark),
                    now=today[name] or None,
                    was=then[name] or None,
                ),
            )
            for name in OF_A_BENCHMARK
            if name in then and name in today and then[name] != today[name]
            if not (name == _PROMPT and one_change)
        ]
    return tuple(found)


def fields_shown(generation: Mapping[str, object]) -> str:
    """Fields of the request body in one line: ``max_tokens 64, temperature 0``."""
    return ", ".join(f"{name} {_shown(value)}" for name, value in sorted(generation.items()))


def _shown(value: object) -> str:
    """A value as text: equal for equal numbers, whether or not they were written with a point."""
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    if isinstance(value, str):
        return value
    return json.dumps(value, ensure_ascii=False, sort_keys=True)
