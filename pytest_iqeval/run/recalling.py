"""A stored run as a replay needs it, and what of it still fits the benchmarks of today."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

from pytest_iqeval.core.definition import Benchmark
from pytest_iqeval.core.errors import FolderError
from pytest_iqeval.core.options import OPTIONS
from pytest_iqeval.core.phrases import changes, header
from pytest_iqeval.core.phrases.signs import AND, COMMA
from pytest_iqeval.core.recall import REMEMBERED, BenchmarkFiles, Chosen, Recalled
from pytest_iqeval.core.request import Request
from pytest_iqeval.core.sample import Sample
from pytest_iqeval.core.settings import Settings
from pytest_iqeval.core.told import Told, joined
from pytest_iqeval.store.copies import Keepable, kept_in
from pytest_iqeval.store.folder import RunFolder, default_output, locate_run
from pytest_iqeval.store.journal import read_journal

STORED = "run"
"""The name under which a journal's ``meta`` holds what a replay must know of its run."""


def where_runs_are(start: Path, *, output: str | None, model: str | None) -> Path:
    """The folder that a run's name, or ``last``, is looked for in.

    :param output: what the user gave for it.
    :param model: a model that was named on the command line; without one it is any model's run.
    """
    return start / (output or (default_output(model) if model else "outputs"))


def remembered(settings: Settings, chosen: Chosen) -> dict[str, object]:
    """What chose a run's questions and judges them, as plain values for its journal."""
    values: dict[str, object] = {}
    for option in OPTIONS:
        if option.name in REMEMBERED:
            value = getattr(settings, option.setting)
            values[option.name] = list(value) if isinstance(value, tuple) else value
    return {"settings": values, "chosen": chosen.to_plain()}


def recall_run(text: str, where: Path) -> Recalled:
    """The run that a user means by `text`.

    :param where: where runs are looked for by name.
    :raises FolderError: there is none, or its journal can't be read.
    """
    folder = locate_run(text, where)
    with read_journal(folder.journal) as journal:
        meta, asked_keys = journal.meta, journal.asked()
    try:
        facts: Mapping[str, Any] = json.loads(meta.get(STORED, "{}"))
        asked = facts.get("asked") or {"settings": {}, "chosen": None}
        chosen = None if asked["chosen"] is None else Chosen.from_plain(asked["chosen"])
        settings = dict(asked["settings"])
    except (ValueError, TypeError, KeyError, AttributeError):
        raise FolderError(
            f"{folder.journal}: what it says of its run is damaged",
            hint="replay another copy of the run",
        ) from None
    return Recalled(
        folder=folder.path.absolute(),
        copies=folder.copies.absolute(),
        settings=settings,
        chosen=chosen,
        kept=kept_in(folder),
        only=frozenset((key.benchmark, key.subset, key.id) for key in asked_keys)
        if chosen is not None and chosen.only_failures
        else None,
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """What became of a benchmark's questions since a run asked them."""

    name: str
    other: frozenset[tuple[str, str]]  # subset and id of those with another text
    new: int
    gone: int
    of: int
    prompt: bool
    data: bool

    def told(self) -> Told:
        """In one sentence for the header."""
        if not (self.other or self.new or self.gone):
            what = [*[changes.ITS_PROMPT] * self.prompt, *[changes.ITS_DATA] * self.data]
            return changes.SAME_QUESTIONS(name=self.name, what=joined(what, AND), count=len(what))
        parts = [
            phrase(count=count)
            for phrase, count in (
                (changes.OTHER_TEXT, len(self.other)),
                (changes.UNKNOWN_THEN, self.new),
                (changes.NO_LONGER_THERE, self.gone),
            )
            if count
        ]
        kept = self.of - len(self.other) - self.new
        return changes.OTHER_QUESTIONS(
            name=self.name, what=joined(parts, COMMA), kept=kept, of=self.of
        )


class Questions(Protocol):
    """What a session knows of its benchmarks; more of them may come as test files are collected."""

    @property
    def benchmarks(self) -> Mapping[str, Benchmark]:
        """By name."""
        ...

    @property
    def origins(self) -> Mapping[str, BenchmarkFiles]:
        """By name, the files that were read."""
        ...

    @property
    def written(self) -> Mapping[str, Sequence[str]]:
        """By name, what users wrote for it."""
        ...

    @property
    def copies(self) -> Mapping[str, str]:
        """By name, what was wanted where the copy of a replayed run had to serve."""
        ...

    def requests(self, sample: Sample) -> Sequence[Request]:
        """What is sent for a sample of theirs, one for each reply that it is to have."""
        ...

    @property
    def recalled(self) -> Recalled | None:
        """The replayed run."""
        ...

    @property
    def gone(self) -> Sequence[str]:
        """What the replayed run asked and this one does not, a sentence each."""
        ...

    def earlier(self, name: str) -> Benchmark | None:
        """A benchmark as the replayed run read it; ``None`` where it is the same, or unknown."""
        ...


def change_of(questions: Questions, name: str) -> Change | None:
    """What has changed in a benchmark since the replayed run; ``None``: nothing that matters."""
    then = questions.earlier(name)
    return None if then is None else _change(questions.benchmarks[name], then)


def notes_on(questions: Questions, folder: RunFolder) -> list[str]:
    """What the header says of a replay's questions."""
    notes = list(questions.gone)
    if questions.recalled is not None and questions.recalled.chosen is None:
        notes.append(header.OLDER_VERSION)
    if questions.recalled is not None and questions.recalled.only is not None:
        notes.append(header.FAILURES_ONLY(count=len(questions.recalled.only)))
    for name, wanted in questions.copies.items():
        notes.append(header.FROM_THE_COPY(name=name, wanted=wanted, folder=folder.copies))
    changed = (change_of(questions, name) for name in questions.benchmarks)
    return [*notes, *(change.told() for change in changed if change is not None)]


def keepable(questions: Questions, names: Iterable[str]) -> list[Keepable]:
    """The benchmarks of these names, with what a run's folder keeps of them."""
    return [
        Keepable(
            benchmark=questions.benchmarks[name],
            files=questions.origins[name],
            specs=questions.written[name],
        )
        for name in names
    ]


def _change(now: Benchmark, then: Benchmark) -> Change:
    before, after = _texts(then.samples), _texts(now.samples)
    return Change(
        name=now.name,
        other=frozenset(
            key for key, text in after.items() if key in before and before[key] != text
        ),
        new=len(after.keys() - before.keys()),
        gone=len(before.keys() - after.keys()),
        of=len(after),
        prompt=now.definition.wording != then.definition.wording,
        data=now.data_sha256 != then.data_sha256,
    )


def _texts(samples: Iterable[Sample]) -> dict[tuple[str, str], tuple[object, ...]]:
    """What makes a reply an answer to a question: a mended target or level is no other text."""
    return {(s.subset, s.id): (s.input, s.choices, s.system, s.numbered) for s in samples}
