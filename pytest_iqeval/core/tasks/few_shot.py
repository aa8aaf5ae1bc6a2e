"""The few-shot examples of a benchmark, as its prompts show them."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import NamedTuple

from pytest_iqeval.core.definition import Benchmark, Definition
from pytest_iqeval.core.errors import AbsentData, SettingsError
from pytest_iqeval.core.kinds import Ask
from pytest_iqeval.core.sample import Sample, labels_in, normalised
from pytest_iqeval.core.tasks.general import general_example
from pytest_iqeval.core.tasks.options import OPTION, options_shown
from pytest_iqeval.core.tasks.prompts import fill

EVERY_SUBSET = "default"
"""Under this name lie the examples of a set whose examples are in no subsets."""
_BETWEEN = "\n\n"
_WORKED = "####"  # GSM8K writes the solution and, behind this, its result in one text


class _Shown(NamedTuple):
    """The text of a subset's first examples, and the questions in it, normalised."""

    text: str
    questions: frozenset[str]


class Examples:
    """The first examples of a question's subset, as many as its definition says.

    A subset's text is made once.

    A question is never shown among its own examples: the next one takes its place.
    """

    def __init__(self, benchmark: Benchmark, answer_mode: str) -> None:
        self.definition = benchmark.definition
        self.count = self.definition.few_shot.count
        self._benchmark = benchmark
        self._mode = answer_mode
        self._shown: dict[str, _Shown] = {}

    def of(self, sample: Sample) -> str:
        """The text before a question; empty where no example is shown."""
        if not self.count:
            return ""
        shown = self._of_subset(sample.subset)
        if not shown.text or normalised(sample.input) not in shown.questions:
            return shown.text
        there = examples_there(self._benchmark, sample.subset)
        others = [one for one in there if not _same(one, sample)]
        return self._text(others[: self.count])

    def texts(self) -> dict[str, str]:
        """The text of each subset, by name: what tells two sets of examples apart."""
        if not self.count:
            return {}
        return {subset: self._of_subset(subset).text for subset in self._benchmark.subsets}

    def _of_subset(self, subset: str) -> _Shown:
        if subset not in self._shown:
            first = examples_there(self._benchmark, subset)[: self.count]
            questions = frozenset(normalised(one.input) for one in first)
            self._shown[subset] = _Shown(self._text(first), questions)
        return self._shown[subset]

    def _text(self, examples: Sequence[Sample]) -> str:
        return _BETWEEN.join(example_text(self.definition, one, self._mode) for one in examples)


def examples_there(benchmark: Benchmark, subset: str) -> Sequence[Sample]:
    """All the examples that a subset's questions can have, in file order."""
    return benchmark.dev.get(subset, benchmark.dev.get(EVERY_SUBSET, ()))


def with_examples(benchmark: Benchmark, count: int | None) -> Benchmark:
    """The benchmark with so many examples before each question; ``None``: as it says itself."""
    definition = benchmark.definition
    if count is None or count == definition.few_shot.count:
        return benchmark
    few_shot = replace(definition.few_shot, count=count)
    return replace(benchmark, definition=replace(definition, few_shot=few_shot))


def check_examples(benchmark: Benchmark, subsets: Iterable[str]) -> None:
    """See that there are as many examples as are to be shown before questions of `subsets`.

    :raises SettingsError: there are fewer, or the benchmark has none.
    :raises AbsentData: the file that holds them is not there.
    """
    name, count = benchmark.name, benchmark.definition.few_shot.count
    if not count:
        return
    there = {subset: len(examples_there(benchmark, subset)) for subset in subsets}
    subset, fewest = min(there.items(), key=lambda one: one[1], default=("", count))
    if fewest >= count:
        return
    wanted = f"{count} example{'s are' if count > 1 else ' is'} to be shown before each question"
    files = benchmark.definition.dev_files
    if fewest:
        raise SettingsError(
            f"{name}: {wanted}, and the dev split has {fewest} for {subset}",
            hint=f"--iqeval-few-shot {name}={fewest}, or less",
        )
    without = f"--iqeval-few-shot {name}=0 asks without examples"
    if not files:
        raise SettingsError(
            f"{name}: {wanted}, and its definition names no file with examples (dev)", hint=without
        )
    for_subset = f" for {subset}" if benchmark.dev else ""
    raise AbsentData(
        f"{name}: {wanted}, and there are none{for_subset}: looked for {' or '.join(files)}",
        hint=f"put that file beside the questions; {without}",
    )


def example_text(definition: Definition, sample: Sample, answer_mode: str) -> str:
    """One example: its question with the answer in the form in which answers are asked for."""
    answer, explanation = _solved(sample)
    template, form = definition.few_shot.example, definition.option
    if answer_mode != "free" or template is None:
        template = general_example(
            definition.language, answer_mode, definition.asks, explained=bool(explanation)
        )
        answer, form = _answered(definition, sample, answer, answer_mode), OPTION
        explanation = explanation.strip()
    return fill(
        template,
        {
            "question": sample.input,
            "options": options_shown(sample, form),
            "letters": ",".join(sample.labels),
            "subset": definition.shown_subset(sample.subset),
            "answer": answer,
            "explanation": explanation,
        },
    )


def _same(one: Sample, other: Sample) -> bool:
    """Whether two samples ask the same, in whatever order their options stand."""
    return normalised(one.input) == normalised(other.input) and sorted(
        map(normalised, one.choices)
    ) == sorted(map(normalised, other.choices))


def _solved(sample: Sample) -> tuple[str, str]:
    """The answer of a sample, and how it is found, as it stands in the data."""
    explanation = sample.metadata.get("explanation")
    told = explanation if isinstance(explanation, str) and explanation.strip() else ""
    if not sample.choices and _WORKED in sample.target:
        solution, _, answer = sample.target.rpartition(_WORKED)
        return answer.strip(), told or solution.strip()
    return sample.target, told


def _answered(definition: Definition, sample: Sample, answer: str, answer_mode: str) -> str:
    """The answer as the general prompt of a mode wants it."""
    ask = definition.asks
    if answer_mode == "json":
        return json.dumps({"answer": _json_value(ask, sample, answer)}, ensure_ascii=False)
    return rf"\boxed{{{answer}}}" if ask is Ask.MATHS and r"\boxed" not in answer else answer


def _json_value(ask: Ask, sample: Sample, answer: str) -> object:
    if ask is Ask.OPTIONS:
        return list(labels_in(answer, sample.labels))
    if ask is Ask.NUMBER:
        try:
            return json.loads(answer)
        except ValueError:
            return answer
    return answer
