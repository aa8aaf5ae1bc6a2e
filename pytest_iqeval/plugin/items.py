"""A question as a pytest item: setup gets and scores the reply, call raises if it is not correct.

So an outage is an ``error`` and a wrong answer a ``failure``, for every tool that reads them.
"""

from __future__ import annotations

import time
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import pytest

from pytest_iqeval.core.clean import inert, visible
from pytest_iqeval.core.errors import NoReply
from pytest_iqeval.core.failure_text import failure_text
from pytest_iqeval.core.request import Reply
from pytest_iqeval.core.sample import Sample
from pytest_iqeval.core.score import Outcome, Score, error_score
from pytest_iqeval.core.scoring import judge
from pytest_iqeval.plugin.evaluation import EVALUATION, question_hooks


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What became of one item's question. ``waited_s`` is how long the item stood waiting."""

    sample: Sample
    score: Score
    reply: Reply | None
    waited_s: float


ANSWER = pytest.StashKey[Answer]()
NOT_ASKED = pytest.StashKey[str]()
"""Why the run did not ask an item's question: a budget is spent. The item is skipped."""


class QuestionItem(pytest.Item):
    """One question: ``iqeval/<benchmark>::<subset>::<id>``."""

    sample: Sample

    def __init__(self, *, sample: Sample, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.sample = sample
        self.add_marker(question_mark(sample))

    @property
    def ihook(self) -> Any:
        """The hooks of questions."""
        return question_hooks(self.config)

    @cached_property
    def location(self) -> tuple[str, int | None, str]:
        """The node id in pytest's three parts: no file, so that ``-v`` shows the id alone."""
        path, _, domain = self.nodeid.partition("::")
        return path, None, domain

    def reportinfo(self) -> tuple[Path, int, str]:
        """The data file and line (from 0) that the question was read from."""
        return Path(self.sample.file or self.path), self.sample.line - 1, self.name

    def setup(self) -> None:
        """Get the reply and score it; nothing under ``--setup-plan`` and ``--setup-only``."""
        if self.config.stash[EVALUATION].home is not None:
            answer_question(self, self.sample)

    def runtest(self) -> None:
        """Fail unless the answer is correct."""
        answer = self.stash[ANSWER]
        if not answer.score.correct:
            raise pytest.fail.Exception(_why_wrong(self, answer), pytrace=False)

    def repr_failure(self, excinfo: pytest.ExceptionInfo[BaseException], style: Any = None) -> Any:
        """Our own words as they are, anything else as pytest shows it."""
        if isinstance(excinfo.value, pytest.fail.Exception) and not excinfo.value.pytrace:
            return str(excinfo.value)
        return super().repr_failure(excinfo, style)


def question_mark(sample: Sample) -> pytest.MarkDecorator:
    """The one marker of a question, with its fields as values: ``iqeval(subset='IQ', level=1)``.

    Text, numbers and truth values only; ``-m`` can compare nothing else.
    """
    fields = {
        name: value
        for name, value in sample.metadata.items()
        if isinstance(value, (str, int, float, bool))
    }
    fields |= {"benchmark": sample.benchmark, "subset": sample.subset, "id": sample.id}
    return pytest.mark.iqeval(**fields)


def answer_question(item: pytest.Item, sample: Sample) -> Answer:
    """Get the reply to `sample`, score it, hand the score in, and call the score hook.

    :raises pytest.fail.Exception: there is no reply, or the scorer crashed. (Raised without a
        cause: pytest takes 138 ms to format a deep chain, 0.7 ms for this.)
    :raises pytest.skip.Exception: a budget is spent, and the question was not asked.
    """
    evaluation = item.config.stash[EVALUATION]
    home = evaluation.home
    assert home is not None, "nothing is asked in this session"
    started = time.perf_counter()
    trouble: NoReply | None = None
    reply: Reply | None = None
    try:
        reply = home.ask(evaluation.take_request(sample))
    except NoReply as none:
        trouble = none
    if trouble is not None and trouble.kind == "budget":
        item.stash[NOT_ASKED] = str(trouble)
        raise pytest.skip.Exception(visible(f"not asked: {trouble.problem}")) from None
    waited = time.perf_counter() - started
    score = (
        error_score(str(trouble))
        if reply is None
        else judge(evaluation.scorer(sample), sample, reply)
    )
    if trouble is None or trouble.kind != "cancelled":  # else the run ended before it was asked
        home.report(sample, score)
    answer = Answer(sample=sample, score=score, reply=reply, waited_s=waited)
    item.stash[ANSWER] = answer
    if score.outcome is Outcome.ERROR:
        raise pytest.fail.Exception(inert(visible(f"error: {score.note}")), pytrace=False) from None
    assert reply is not None
    item.config.hook.pytest_iqeval_score(item=item, sample=sample, reply=reply, score=score)
    return answer


def shown_on_report(
    item: pytest.Item, call: pytest.CallInfo[None], report: pytest.TestReport
) -> None:
    """Put the reply's latency and the verdict on an item's report.

    The wait for a prefetched reply is near zero, so the time that dashboards and
    ``--durations`` show becomes what the endpoint took. ``report.iqeval`` (plain types; it
    crosses xdist with the report) is what the terminal and pytest-html show of a question, and
    ``report.iqeval_not_asked`` tells a spent budget from a user's own skip mark.
    """
    if call.when == "setup" and NOT_ASKED in item.stash:
        report.iqeval_not_asked = item.stash[NOT_ASKED]  # type: ignore[attr-defined]
    answer = item.stash.get(ANSWER, None)
    if answer is None:
        return
    if call.when == "teardown":
        del item.stash[ANSWER]  # the item stays to the end, and its reply would with it
    score = answer.score
    latency = None if answer.reply is None else answer.reply.latency_s
    if call.when == "setup" and latency is not None:
        report.duration = max(0.0, report.duration - answer.waited_s) + latency
    report.iqeval = {  # type: ignore[attr-defined]
        "subset": answer.sample.subset,
        "outcome": score.outcome.value,
        "cut": score.cut,
        "expected": answer.sample.target,
        "extracted": score.extracted,
        "latency_s": latency,
    }
    if call.when == "call" and report.failed and not isinstance(item, QuestionItem):
        report.sections.append(("iqeval", _why_wrong(item, answer)))


def _why_wrong(item: pytest.Item, answer: Answer) -> str:
    baseline = item.config.stash[EVALUATION].baseline_of(answer.sample)
    return failure_text(answer.sample, answer.score, answer.reply, baseline=baseline)
