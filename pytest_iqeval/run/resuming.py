"""Which earlier run ``--iqeval-resume`` goes on with: what makes two runs the same run."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from pytest_iqeval.core.definition import Benchmark
from pytest_iqeval.core.facts import fields_shown, prompt_sha256
from pytest_iqeval.core.settings import Settings
from pytest_iqeval.endpoint.providers import Endpoint
from pytest_iqeval.store.earlier import Unfinished, fingerprint, unfinished


def to_go_on_with(
    settings: Settings, endpoint: Endpoint, benchmarks: Mapping[str, Benchmark], output: Path
) -> Unfinished | None:
    """The run in an output folder that these settings go on with, or what differs in another.

    :raises FolderInUse: another process goes on with it already.
    :raises FolderError: it may be one whose journal can't be read.
    """
    return unfinished(
        output,
        configuration_of(settings, endpoint, benchmarks),
        as_before=[fingerprint(_as_version_1(settings, endpoint, benchmarks))],
        repeats=settings.repeats,
    )


def configuration_of(
    settings: Settings, endpoint: Endpoint, benchmarks: Mapping[str, Benchmark]
) -> dict[str, object]:
    """What makes two runs one: model, endpoint, generation, and the questions as they are asked.

    Which of the questions are selected, and how often each is asked, is no part of it: going on
    asks what has no reply. Nor is what changes no reply: limits, streaming, scorers. The names are
    those that a user reads where a run can't be gone on with.
    """
    configuration = _as_version_1(settings, endpoint, benchmarks)
    del configuration["benchmarks"]
    for b in sorted(benchmarks.values(), key=lambda b: b.name):
        configuration[f"the data of {b.name}"] = b.data_sha256
        configuration[f"the prompt of {b.name}"] = prompt_sha256(b, settings.answer)
        if b.definition.few_shot.count:  # its examples change the prompt too; this says why
            configuration[f"the few-shot examples of {b.name}"] = b.definition.few_shot.count
        if b.definition.generation:
            configuration[f"the generation of {b.name}"] = fields_shown(b.definition.generation)
    return configuration


def _as_version_1(
    settings: Settings, endpoint: Endpoint, benchmarks: Mapping[str, Benchmark]
) -> dict[str, object]:
    """The configuration as journals of version 1 have the fingerprint of."""
    return {
        "model": settings.model,
        # The embedded server has another port each time.
        "base_url": "" if endpoint.embedded else endpoint.base_url,
        "provider": endpoint.provider,
        "generation": dict(endpoint.generation),
        "removed": sorted(endpoint.removed),
        "answer": settings.answer,
        "benchmarks": [
            [
                *(b.name, b.data_sha256, b.definition.system, b.definition.prompt),
                # There were no examples then, and no generation of one benchmark's own.
                *filter(None, [b.definition.few_shot.count, dict(b.definition.generation)]),
            ]
            for b in sorted(benchmarks.values(), key=lambda b: b.name)
        ],
    }
