"""The end of a run: results, aggregate, verdict, and the files.

A module of its own, since none of what it imports is needed before the first request.
"""

from __future__ import annotations

import contextlib
import platform
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from functools import cache
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from types import MappingProxyType

from pytest_iqeval import __version__
from pytest_iqeval.broker.stats import BrokerStats
from pytest_iqeval.core.aggregate import Session, Traffic, summarise, summary_unwritten
from pytest_iqeval.core.comparison import scored
from pytest_iqeval.core.errors import FolderError, NoReply
from pytest_iqeval.core.index import parts_of
from pytest_iqeval.core.language import Lang
from pytest_iqeval.core.metrics.effort import known_sum
from pytest_iqeval.core.phrases.live import AND_HINT
from pytest_iqeval.core.policy import Passes
from pytest_iqeval.core.ports import Journal
from pytest_iqeval.core.request import Key, Reply
from pytest_iqeval.core.result import Result
from pytest_iqeval.core.sample import Sample
from pytest_iqeval.core.score import Score
from pytest_iqeval.core.settings import Settings
from pytest_iqeval.core.summary import RunFacts, Selection, Summary
from pytest_iqeval.reports.card import write_card
from pytest_iqeval.reports.page import write_page
from pytest_iqeval.reports.page_row import PageRow, page_rows
from pytest_iqeval.reports.report_json import write_report
from pytest_iqeval.reports.reviews import ReviewWriter
from pytest_iqeval.reports.sent import Sent
from pytest_iqeval.run.baseline import compared
from pytest_iqeval.run.code import confinement_of
from pytest_iqeval.run.drafts import Drafts, settled
from pytest_iqeval.run.ending import Ending
from pytest_iqeval.run.ledger import Ledger
from pytest_iqeval.run.parts import Parts
from pytest_iqeval.run.prompts import Prompts
from pytest_iqeval.store.folder import RunFolder


def conclude(
    parts: Parts,
    ledger: Ledger,
    ending: Ending,
    drafts: Drafts | None = None,
    *,
    elapsed_s: float,
) -> Summary:
    """Decide the verdict and write reviews, ``report.json``, ``card.md`` and ``report.html``.

    Replies to questions that count which have no score were not reached.

    :param drafts: what has been made of some replies.
    """
    settings, stats = parts.settings, parts.broker.stats()
    reviews = _review_writer(parts)
    selected = ledger.counted()
    results = [
        _result(key, sample, ledger.scores[key], parts.journal, reviews, drafts)
        for question, sample in selected.items()
        for key in ledger.keys(question)
        if key in ledger.scores
    ]
    samples = list(selected.values())
    names = dict.fromkeys(sample.benchmark for sample in samples)
    benchmarks = [parts.questions.benchmarks[name] for name in names]
    run = replace(_facts(parts), pace=_pace(stats, elapsed_s), command=ending.command)
    prompts = parts.source.prompts(parts.questions, answer=settings.answer)
    gates = parts.judged(benchmarks)
    lock = None
    if parts.gate_lock is not None:
        whole = not (ending.interrupted or ending.only_failures)
        lock = parts.gate_lock.report(
            gates, benchmarks, samples, settings, prompts=prompts, whole=whole
        )
    comparison = None
    if parts.baseline is not None:
        comparison = compared(
            parts.baseline,
            settings=settings,
            run=run,
            benchmarks=benchmarks,
            prompts=prompts,
            selected=samples,
            results=results,
            passes=settings.passes,
        )
    summary = summarise(
        run=run,
        selection=_selection(settings, ending),
        benchmarks=benchmarks,
        selected=samples,
        results=results,
        gates=gates,
        own=parts.own,
        traffic=_traffic(stats, results, _unreached(parts, ledger)),
        session=_session(
            ledger, ending, results, settings.passes, why_not_asked=_why_not_asked(parts, ledger)
        ),
        comparison=comparison,
        gate_lock=lock,
        foresight=ending.foresight,
        prompts=prompts,
        index=parts_of(settings.sets, parts.questions.benchmarks, parts.questions.written),
    )
    ready = {} if drafts is None else drafts.page_rows
    sent, redact = Prompts(parts, samples), parts.source.redact
    return write_files(parts.folder, summary, reviews, redact, sent, parts.lang, ready)


def _review_writer(parts: Parts) -> ReviewWriter:
    @cache  # asked for each row
    def path_for(benchmark: str, subset: str) -> Path:
        return parts.folder.review(parts.settings.model, benchmark, subset)

    return ReviewWriter(path_for, redact=parts.source.redact)


def _selection(settings: Settings, ending: Ending) -> Selection:
    return Selection(
        limit=settings.limit,
        sample=settings.sample,
        seed=settings.seed if settings.sample else None,
        keyword=ending.keyword,
        mark=ending.mark,
    )


def _unreached(parts: Parts, ledger: Ledger) -> list[Reply | NoReply]:
    """What came for questions that no item came to: it was paid for, and is kept."""
    keys = (key for question in ledger.counted() for key in ledger.keys(question))
    found = []
    with contextlib.suppress(FolderError):  # what can't be read has been told
        for key in keys:
            if key not in ledger.scores and (answer := parts.journal.get(key)) is not None:
                found.append(answer)
    return found


def _traffic(
    stats: BrokerStats, results: Sequence[Result], unreached: Sequence[Reply | NoReply]
) -> Traffic:
    came: list[Result | Reply | NoReply] = [*results, *unreached]
    replies = [one for one in unreached if isinstance(one, Reply)]
    return Traffic(
        requests=sum(one.attempts for one in came) + stats.dropped,
        retries=sum(max(0, one.attempts - 1) for one in came) + stats.dropped_retries,
        cached=sum(r.cached for r in results),
        unreached=len(replies),
        prompt_tokens=known_sum(reply.usage.prompt_tokens for reply in replies),
        completion_tokens=known_sum(reply.usage.completion_tokens for reply in replies),
    )


def _why_not_asked(parts: Parts, ledger: Ledger) -> str | None:
    """Why the run itself left questions out: from the broker, or as an item heard it."""
    over = parts.broker.over
    if over is None or ledger.why_not_asked != str(over):
        return ledger.why_not_asked
    return AND_HINT(problem=over.problem, hint=over.hint)


def _session(
    ledger: Ledger,
    ending: Ending,
    results: Sequence[Result],
    passes: Passes,
    *,
    why_not_asked: str | None,
) -> Session:
    judged = scored(results)
    failing = [one[:3] for one in ledger.failing()]
    return Session(
        # Questions, or the ordinary tests beside which no question was selected.
        collected=ledger.items or 1,
        failed=sum(not passes(judged[question]) for question in failing if question in judged),
        ordinary_failures=ending.ordinary_failures,
        interrupted=ending.interrupted,
        only_failures=ending.only_failures,
        why_not_asked=why_not_asked,
    )


def _pace(stats: BrokerStats, elapsed_s: float) -> dict[str, float | None]:
    """How fast this part of the run was; earlier parts of it took time of their own."""
    tokens = stats.completion_tokens
    return {
        "seconds": elapsed_s,
        "requests_per_s": stats.sent / elapsed_s if stats.sent and elapsed_s else None,
        "tokens_per_s": tokens / elapsed_s if tokens and elapsed_s else None,
    }


def write_files(
    folder: RunFolder,
    summary: Summary,
    reviews: ReviewWriter,
    redact: Callable[[str], str],
    sent: Sent,
    lang: Lang,
    ready: Mapping[str, PageRow] = MappingProxyType({}),
) -> Summary:
    """Write the files, each whole or not at all; where one can't be, the verdict says it.

    :param ready: page rows that were made before, by their review line.
    """
    try:
        reviews.close()
        _write_reports(folder, summary, reviews, redact, sent, lang, ready)
    except FolderError as fault:
        summary = summary_unwritten(summary, fault.problem)
        with contextlib.suppress(FolderError):  # what there is room for tells the same
            _write_reports(folder, summary, reviews, redact, sent, lang, ready)
    return summary


def _write_reports(
    folder: RunFolder,
    summary: Summary,
    reviews: ReviewWriter,
    redact: Callable[[str], str],
    sent: Sent,
    lang: Lang,
    ready: Mapping[str, PageRow],
) -> None:
    write_report(folder.report_json, summary, redact=redact)
    shown = summary.to_plain(lang)
    write_card(folder.card, shown, lang=lang, redact=redact)
    write_page(folder.report_html, shown, page_rows(reviews.paths, ready), sent=sent, lang=lang)


def _result(
    key: Key,
    sample: Sample,
    score: Score,
    journal: Journal,
    reviews: ReviewWriter,
    drafts: Drafts | None,
) -> Result:
    """The result of a reply; its row is written."""
    draft = None if drafts is None else drafts.of(key, score)
    if draft is not None:
        with contextlib.suppress(FolderError):  # a full disk: `close` says it once for all rows
            reviews.put(sample, draft.line)
        return draft.result
    result, reply = settled(key, sample, score, journal)
    with contextlib.suppress(FolderError):
        reviews.write(result, reply)
    return result


def _facts(parts: Parts) -> RunFacts:
    settings, endpoint = parts.settings, parts.source.endpoint
    confinement = confinement_of(settings, parts.questions.benchmarks.values())
    return RunFacts(
        id=parts.folder.path.name,
        started=parts.started.isoformat(timespec="seconds"),
        finished=datetime.now().astimezone().isoformat(timespec="seconds"),
        model=settings.model,
        base_url=endpoint.base_url,
        provider=endpoint.provider,
        generation=endpoint.generation,
        answer=settings.answer,
        versions=versions(),
        clock=_clock(),
        repeats=settings.repeats,
        policy=settings.pass_,
        model_digest=endpoint.model_digest,
        sandbox=None if confinement is None else confinement.to_plain(),
        suite=None
        if settings.suite is None
        else {"file": settings.suite, "sha256": settings.suite_sha256 or ""},
    )


def _clock() -> str:
    """The clock that measures latencies, as the report names it."""
    facts = time.get_clock_info("perf_counter")
    return f"perf_counter, {facts.implementation}, resolution {facts.resolution:g} s"


def versions() -> dict[str, str]:
    """What made a run: our version, pytest's, Python's, and the system."""
    found = {"pytest-iqeval": __version__}
    for name in ("pytest", "httpcore"):
        with contextlib.suppress(PackageNotFoundError):
            found[name] = version(name)
    return {**found, "python": platform.python_version(), "system": platform.system()}
