"""The baseline that a user means, and the comparison of a run with it."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path

from pytest_iqeval.core.against import facts_of
from pytest_iqeval.core.comparison import Baseline, Comparison, compare, repeats_in, scored
from pytest_iqeval.core.definition import Benchmark
from pytest_iqeval.core.errors import FolderError, UnknownName, UsageFault
from pytest_iqeval.core.facts import (
    ALL,
    OF_A_BENCHMARK,
    OF_EVERY_RUN,
    Facts,
    facts_of_benchmark,
    run_settings,
)
from pytest_iqeval.core.policy import Passes
from pytest_iqeval.core.result import Result
from pytest_iqeval.core.sample import Sample
from pytest_iqeval.core.score import Score
from pytest_iqeval.core.settings import Settings
from pytest_iqeval.core.summary import RunFacts
from pytest_iqeval.endpoint.providers import resolve
from pytest_iqeval.run.last_run import LAST, last_run
from pytest_iqeval.run.resuming import to_go_on_with
from pytest_iqeval.run.stored import StoredRun, read_run
from pytest_iqeval.store.baseline import read_baseline
from pytest_iqeval.store.folder import RunFolder, default_output, locate_run


def find_baseline(
    settings: Settings,
    start: Path,
    *,
    benchmarks: Mapping[str, Benchmark],
    environ: Mapping[str, str],
    replayed: RunFolder | None = None,
) -> Baseline | None:
    """What ``--iqeval-baseline`` means, read; ``None`` where it is not given.

    A replay without the option compares with what its run was compared with.

    :param start: the folder that relative paths start from.
    :param benchmarks: those that are asked, by which it is known which run goes on.
    :param replayed: the run that is replayed; it and other replays of it are not its ``last``.
    :raises FolderError: there is no such run or file, or it can't be read.
    :raises UnknownName: a setting is allowed to differ that there is not.
    """
    text = settings.baseline
    if text is None:
        if replayed is None or not replayed.baseline.is_file():
            return None
        baseline = read_baseline(replayed.baseline)
    elif text == LAST and not Path(text).exists():
        output = start / (settings.output or default_output(settings.model))
        goes_on = _goes_on(settings, benchmarks, environ, output) if settings.resume else None
        stored, passed_over = last_run(output, goes_on=goes_on, replayed=replayed)
        baseline = replace(baseline_of(stored), passed_over=passed_over)
    else:
        baseline = _named(text, start / (settings.output or "outputs"))
    _check_allowed(settings, baseline)
    return baseline


def baseline_of(stored: StoredRun) -> Baseline:
    """What a finished run found, as far as a comparison asks."""
    summary = stored.summary
    results = [one.result for one in stored.reviewed]
    return Baseline(
        run=summary.run.id,
        model=summary.run.model,
        scores={
            question: tuple(Score(outcome=one.outcome, value=one.value) for one in scores)
            for question, scores in scored(results).items()
        },
        facts=facts_of(summary, repeats=repeats_in(results)),
        reply_tokens=summary.reply_tokens,
    )


def compared(
    baseline: Baseline,
    *,
    settings: Settings,
    run: RunFacts,
    benchmarks: Sequence[Benchmark],
    prompts: Mapping[str, str],
    selected: Sequence[Sample],
    results: Sequence[Result],
    passes: Passes,
) -> Comparison:
    """A run that ends against its baseline.

    :param prompts: a hash of the prompt that each benchmark was asked with.
    """
    facts = Facts(
        settings=run_settings(
            answer=run.answer, repeats=repeats_in(results), generation=run.generation
        ),
        benchmarks={b.name: facts_of_benchmark(b, prompts.get(b.name)) for b in benchmarks},
    )
    return compare(
        baseline,
        selected,
        results,
        available=(sample for b in benchmarks for sample in b.samples),
        passes=passes,
        facts=facts,
        allowed=settings.baseline_allow,
    )


def _goes_on(
    settings: Settings,
    benchmarks: Mapping[str, Benchmark],
    environ: Mapping[str, str],
    output: Path,
) -> RunFolder | None:
    """The run that ``--iqeval-resume`` goes on with, if any.

    What stands in its way (no key, say) is told where the run is opened: ``--co`` opens none.
    """
    try:
        earlier = to_go_on_with(settings, resolve(settings, environ), benchmarks, output)
    except UsageFault:
        return None
    return None if earlier is None or earlier.differs else earlier.folder


def _named(text: str, outputs: Path) -> Baseline:
    path = Path(text)
    if path.is_file():
        run = RunFolder(path.parent)
        if path not in (run.report_json, run.report_html, run.journal):
            return read_baseline(path)
    elif not path.exists() and (path.suffix == ".json" or any(sep in text for sep in _SEPARATORS)):
        raise FolderError(
            f"--iqeval-baseline {text}: there is no such file or folder",
            hint=f"iqeval baseline RUN -o {text} writes it",
        )
    return baseline_of(read_run(locate_run(text, outputs)))


_SEPARATORS = tuple(filter(None, ("/", os.sep, os.altsep)))


def _check_allowed(settings: Settings, baseline: Baseline) -> None:
    """Refuse a name that no fact has: else a typing error would forbid what it was to allow."""
    known = {ALL, *OF_A_BENCHMARK, *OF_EVERY_RUN, *baseline.facts.settings, *settings.gen}
    for name in settings.baseline_allow:
        if name not in known:
            raise UnknownName("setting of --iqeval-baseline-allow", name, known)
