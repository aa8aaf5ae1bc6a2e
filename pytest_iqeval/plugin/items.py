"""A question as a pytest item: setup gets and scores the reply, call raises if it is not correct.

So an outage is an ``error`` and a wrong answer a ``failure``, for every tool that reads them.
"""

from __future__ import annotations

import time
from functools import cached_property
from pathlib import Path
from typing import Any

import pytest

from pytest_iqeval.core.clean import inert, visible
from pytest_iqeval.core.errors import NoReply
from pytest_iqeval.core.failure_text import failure_text, headline
from pytest_iqeval.core.replies import Answers, Judged
from pytest_iqeval.core.request import Reply
from pytest_iqeval.core.sample import Sample
from pytest_iqeval.core.score import error_score
from pytest_iqeval.core.scoring import judge
from pytest_iqeval.plugin.evaluation import EVALUATION, question_hooks

ANSWERS = pytest.StashKey[Answers]()
WAITED_S = pytest.StashKey[float]()
"""How long an item stood waiting for its replies."""
NOT_ASKED = pytest.StashKey[str]()
"""Why the run did not ask an item's question, or did not go on asking it: a budget is spent.
Without any reply the item is skipped."""


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
        answers = self.stash[ANSWERS]
        if not answers.passed:
            raise pytest.fail.Exception(_why_wrong(self, answers), pytrace=False)

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


def answer_question(item: pytest.Item, sample: Sample) -> Answers:
    """Get all replies to `sample`, and score each, hand it in and call the score hook as it comes.

    :raises pytest.fail.Exception: no reply has a score: there is none, or the scorer crashed.
        (Raised without a cause: pytest takes 138 ms to format a deep chain, 0.7 ms for this.)
    :raises pytest.skip.Exception: a budget is spent, and the question was not asked.
    """
    settings = item.config.stash[EVALUATION].settings
    item.stash[WAITED_S] = 0.0
    came = [_judged(item, sample, repeat) for repeat in range(settings.repeats)]
    judged = tuple(one for one in came if one is not None)
    if not judged:
        why = visible(item.stash[NOT_ASKED].partition("\n")[0])
        raise pytest.skip.Exception(f"not asked: {why}") from None
    answers = Answers(sample=sample, judged=judged, wanted=settings.repeats, rule=settings.pass_)
    item.stash[ANSWERS] = answers
    if not answers.scored:
        note = judged[0].score.note
        raise pytest.fail.Exception(inert(visible(f"error: {note}")), pytrace=False) from None
    for one in judged:
        if not one.lost:
            item.config.hook.pytest_iqeval_score(
                item=item, sample=sample, reply=one.reply, score=one.score, repeat=one.repeat
            )
    return answers


def _judged(item: pytest.Item, sample: Sample, repeat: int) -> Judged | None:
    """One reply, its score handed in; ``None`` where a budget left it out."""
    evaluation = item.config.stash[EVALUATION]
    home = evaluation.home
    assert home is not None, "nothing is asked in this session"
    started = time.perf_counter()
    trouble: NoReply | None = None
    reply: Reply | None = None
    try:
        reply = home.ask(evaluation.take_request(sample, repeat))
    except NoReply as none:
        trouble = none
    if trouble is not None and trouble.kind == "budget" and not trouble.attempts:
        item.stash[NOT_ASKED] = str(trouble)
        return None
    item.stash[WAITED_S] += time.perf_counter() - started
    score = (
        error_score(str(trouble))
        if reply is None
        else judge(evaluation.scorer(sample), sample, reply)
    )
    if trouble is None or trouble.kind != "cancelled":  # else the run ended before it was asked
        home.report(sample, score, repeat=repeat)
    return Judged(repeat=repeat, score=score, reply=reply)


def shown_on_report(
    item: pytest.Item, call: pytest.CallInfo[None], report: pytest.TestReport
) -> None:
    """Put the replies' latency and the verdict on an item's report.

    The wait for a prefetched reply is near zero, so the time that dashboards and
    ``--durations`` show becomes what the endpoint took. ``report.iqeval`` (plain types; it
    crosses xdist with the report) is what the terminal, JUnit and pytest-html show of a question,
    and ``report.iqeval_not_asked`` tells a spent budget from a user's own skip mark.
    """
    if call.when == "setup" and NOT_ASKED in item.stash:
        report.iqeval_not_asked = item.stash[NOT_ASKED]  # type: ignore[attr-defined]
    answers = item.stash.get(ANSWERS, None)
    if answers is None:
        return
    if call.when == "teardown":
        forget_answers(item)
    latencies = [one.reply.latency_s for one in answers.judged if one.reply is not None]
    latency = sum(latencies) if latencies else None
    if call.when == "setup" and latency is not None:
        report.duration = max(0.0, report.duration - item.stash[WAITED_S]) + latency
    if call.when != "call" and report.passed:
        return  # nothing is shown of it, and it crosses xdist as well
    shown = answers.shown
    report.iqeval = {  # type: ignore[attr-defined]
        "subset": answers.sample.subset,
        "outcome": shown.score.outcome.value,
        "cut": shown.score.cut,
        "expected": answers.sample.target,
        "extracted": shown.score.extracted,
        "latency_s": latency,
    }
    if answers.wanted > 1:
        report.iqeval["count"] = answers.count
        if call.when == "call":
            report.iqeval["missed"] = _missed(answers)
    if call.when == "call" and report.failed and not isinstance(item, QuestionItem):
        report.sections.append(("iqeval", _why_wrong(item, answers)))


def forget_answers(item: pytest.Item) -> None:
    """Let go of an item's replies: the item itself stays to the end."""
    if ANSWERS in item.stash:
        del item.stash[ANSWERS]


def _missed(answers: Answers) -> list[dict[str, Any]]:
    """The replies that are not correct, in plain types, for JUnit."""
    return [
        {
            "repeat": one.repeat,
            "outcome": one.score.outcome.value,
            "headline": headline(answers.sample, one.score),
            "text": failure_text(answers.sample, one.score, one.reply),
        }
        for one in answers.judged
        if not one.score.correct
    ]


def _why_wrong(item: pytest.Item, answers: Answers) -> str:
    baseline = item.config.stash[EVALUATION].baseline_of(answers.sample)
    return answers.failure_text(baseline=baseline)
