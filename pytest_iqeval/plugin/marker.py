"""Questions in a user's own test functions: the marker and its fixtures."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from pytest_iqeval.core.errors import IqevalError, SettingsError
from pytest_iqeval.core.replies import Answers
from pytest_iqeval.core.request import Reply
from pytest_iqeval.core.sample import Sample
from pytest_iqeval.core.score import Score
from pytest_iqeval.core.selection import select
from pytest_iqeval.plugin.evaluation import EVALUATION, Evaluation
from pytest_iqeval.plugin.items import ANSWERS, answer_question, question_mark

FIXTURES = ("iqeval_sample", "iqeval_reply", "iqeval_score", "iqeval_scores")


class MarkedQuestions:
    """``@pytest.mark.iqeval("NAME[:SUBSET]", limit=…, where=…)`` on a test function."""

    evaluation: Evaluation

    @pytest.hookimpl
    def pytest_generate_tests(self, metafunc: pytest.Metafunc) -> None:
        """Parametrize a marked function over the samples that its marker chooses."""
        marks = [mark for mark in metafunc.definition.iter_markers("iqeval") if mark.args]
        if not marks:
            if any(metafunc.definition.iter_markers("iqeval")):
                raise _collect_error(
                    metafunc,
                    SettingsError(
                        "the marker names no benchmark", hint='@pytest.mark.iqeval("NAME")'
                    ),
                )
            return
        if "iqeval_sample" not in metafunc.fixturenames:
            raise _collect_error(
                metafunc,
                SettingsError(
                    "carries the iqeval marker and uses none of its fixtures",
                    hint=f"add an argument: {', '.join(FIXTURES)}",
                ),
            )
        samples: dict[str, Sample] = {}
        for mark in reversed(marks):
            try:
                for sample in self._samples(mark, Path(metafunc.definition.path).parent):
                    samples[sample.node_id] = sample
            except IqevalError as error:
                raise _collect_error(metafunc, error) from None
        metafunc.parametrize(
            "iqeval_sample",
            [
                pytest.param(
                    sample,
                    id=f"{sample.benchmark}:{sample.subset}:{sample.id}",
                    marks=question_mark(sample),
                )
                for sample in samples.values()
            ],
        )

    def _samples(self, mark: pytest.Mark, folder: Path) -> tuple[Sample, ...]:
        name, limit, where = _arguments(*mark.args, **mark.kwargs)
        # A path starts at the test file, as its author sees it; else where pytest was started.
        path = name.rpartition(":")[0] or name
        near = (folder / name).exists() or (folder / path).exists()
        loaded = self.evaluation.load(name, folder if near else None)
        samples = loaded.benchmark.samples
        if loaded.subsets is not None:
            samples = tuple(s for s in samples if s.subset in loaded.subsets)
        chosen = select(samples, limit=limit, where=where)
        if where and not chosen:
            raise SettingsError(
                f"no question of {name} has {dict(where)}",
                hint="where={FIELD: VALUE} or {FIELD: [VALUE, …]}",
            )
        return tuple(self.evaluation.select(chosen))

    @pytest.fixture
    def iqeval_sample(self, request: pytest.FixtureRequest) -> Sample:
        """The question: id, subset, input, choices, target, metadata (a frozen `Sample`)."""
        sample = getattr(request, "param", None)
        if not isinstance(sample, Sample):
            raise pytest.fail.Exception(
                f"iqeval: {request.node.nodeid} uses iqeval_sample without the marker\n"
                '  hint: @pytest.mark.iqeval("NAME")',
                pytrace=False,
            )
        return sample

    @pytest.fixture
    def iqeval_reply(self, request: pytest.FixtureRequest, iqeval_sample: Sample) -> Reply:
        """The model's reply: text, reasoning, usage, latency_s, … (a frozen `Reply`)."""
        reply = _answers(request, iqeval_sample).shown.reply
        assert reply is not None  # an outage has raised already
        return reply

    @pytest.fixture
    def iqeval_score(self, request: pytest.FixtureRequest, iqeval_sample: Sample) -> Score:
        """The judgement: outcome, correct, extracted, rule, span (a frozen `Score`).

        Of several replies, this and `iqeval_reply` are of the first that shows the result: a
        right one where the question passes by ``--iqeval-pass``, else a wrong one.
        """
        return _answers(request, iqeval_sample).shown.score

    @pytest.fixture
    def iqeval_scores(
        self, request: pytest.FixtureRequest, iqeval_sample: Sample
    ) -> tuple[Score, ...]:
        """The judgements of all replies, in order of repeats; of a lost one an ``error``."""
        return tuple(one.score for one in _answers(request, iqeval_sample).judged)


def sample_of(item: pytest.Item) -> Sample | None:
    """The sample of a marked function; ``None`` for any other test."""
    callspec = getattr(item, "callspec", None)
    sample = None if callspec is None else callspec.params.get("iqeval_sample")
    return sample if isinstance(sample, Sample) else None


def surely_asks(item: pytest.Item) -> bool:
    """Whether a marked function names a reply or score, or may only ask for one by request."""
    names = getattr(item, "fixturenames", ())
    return not {"iqeval_reply", "iqeval_score", "iqeval_scores"}.isdisjoint(names)


def _answers(request: pytest.FixtureRequest, sample: Sample) -> Answers:
    item: pytest.Item = request.node
    if item.config.stash[EVALUATION].home is None:
        pytest.skip("nothing is asked in this session")
    if ANSWERS not in item.stash:
        answer_question(item, sample)
    return item.stash[ANSWERS]


def _arguments(
    name: object = None, *rest: object, limit: object = None, where: object = None, **unknown: Any
) -> tuple[str, int | None, Mapping[str, object] | None]:
    """The marker's arguments, checked: pytest hands them over as they were written."""
    if rest or unknown:
        extra = [*map(repr, rest), *unknown]
        raise SettingsError(
            f"the marker does not know {', '.join(extra)}",
            hint='@pytest.mark.iqeval("NAME[:SUBSET]", limit=N, where={FIELD: VALUE})',
        )
    if not isinstance(name, str):
        raise SettingsError(f"the marker's benchmark is {name!r}", hint="give its name as text")
    if limit is not None and (not isinstance(limit, int) or isinstance(limit, bool) or limit < 1):
        raise SettingsError(f"the marker's limit is {limit!r}", hint="give a whole number from 1")
    if where is not None and not isinstance(where, Mapping):
        raise SettingsError(
            f"the marker's where is {where!r}", hint="give a mapping from field to value(s)"
        )
    return name, limit, where


def _collect_error(metafunc: pytest.Metafunc, error: IqevalError) -> Exception:
    """An error that pytest prints without a traceback, at the function it concerns."""
    return pytest.Collector.CollectError(f"iqeval: {metafunc.definition.nodeid}: {error}")
