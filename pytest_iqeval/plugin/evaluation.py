"""What every process of an evaluation knows: settings, chosen benchmarks, and the way home."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol, TypeGuard

import pluggy
import pytest

from pytest_iqeval.core.definition import Benchmark, Definition
from pytest_iqeval.core.errors import (
    AbsentData,
    DefinitionError,
    SettingsError,
    UnknownName,
    UsageFault,
)
from pytest_iqeval.core.language import Lang, language
from pytest_iqeval.core.plan import Planned
from pytest_iqeval.core.ports import Scorer
from pytest_iqeval.core.recall import BenchmarkFiles, Recalled
from pytest_iqeval.core.request import Key, Reply, Request
from pytest_iqeval.core.sample import Sample
from pytest_iqeval.core.score import Score
from pytest_iqeval.core.scorers import make_scorer
from pytest_iqeval.core.scorers.reading import ReadingScorer
from pytest_iqeval.core.scorers.registered import Registered
from pytest_iqeval.core.scoring import check_targets
from pytest_iqeval.core.selection import select
from pytest_iqeval.core.settings import Settings
from pytest_iqeval.core.tasks.chat import chat_request
from pytest_iqeval.core.tasks.few_shot import Examples, check_examples, with_examples
from pytest_iqeval.sources.catalogue import Loaded, load, load_kept, split_spec
from pytest_iqeval.sources.hub.access import HubAccess
from pytest_iqeval.sources.reading import shown_path

if TYPE_CHECKING:
    from pytest_iqeval.core.comparison import RightBefore
    from pytest_iqeval.core.scorers.code import CodeScorer
    from pytest_iqeval.core.suite import Suite, SuiteSet

Part = tuple[str, ...]
"""What an argument names: a benchmark, one subset of it, or one question (1 to 3 names)."""


class Home(Protocol):
    """The owner of the run as an item sees it: the run itself, or a channel to it."""

    def plan(self, entries: Sequence[Planned]) -> None:
        """Say what was selected, in order."""
        ...

    def ask(self, request: Request) -> Reply:
        """Wait for a reply; raise `NoReply` when there is none."""
        ...

    def report(self, sample: Sample, score: Score, *, repeat: int = 0) -> None:
        """Hand in a score."""
        ...


@dataclass
class Evaluation:
    """The state of one evaluation in one process.

    ``benchmarks`` maps names to what was loaded so far, ``files`` to where each is defined, and
    ``specs`` to what was asked for and from which folder. ``parts`` is what the collector is to
    collect, without overlaps. ``scorers`` are all there are, by name. ``home`` is ``None`` where
    nothing is asked (``--collect-only``). ``mixed`` says that ordinary tests may run in the same
    session. ``origins`` maps names to the files that were read, ``written`` to what users wrote
    for them, ``copies`` to what was wanted where a stored run's copy had to serve; ``recalled``
    is that run, in a replay, and ``gone`` what it asked that is there no more. ``right_before``
    is what a baseline had right, where there is one. ``hub`` says how data may be fetched.
    ``suite`` is what the command line names as one, and ``notes`` are what the header says of it.
    """

    settings: Settings
    start: Path
    scorers: Mapping[str, Registered]
    benchmarks: dict[str, Benchmark] = field(default_factory=dict)
    files: dict[str, Path] = field(default_factory=dict)
    specs: dict[str, tuple[str, Path]] = field(default_factory=dict)
    parts: list[Part] = field(default_factory=list)
    home: Home | None = None
    mixed: bool = False
    recalled: Recalled | None = None
    paths: tuple[str, ...] = ()
    origins: dict[str, BenchmarkFiles] = field(default_factory=dict)
    written: dict[str, list[str]] = field(default_factory=dict)
    copies: dict[str, str] = field(default_factory=dict)
    gone: list[str] = field(default_factory=list)
    right_before: RightBefore | None = None
    hub: HubAccess | None = None
    suite: Suite | None = None
    notes: Sequence[str] = ()
    _chosen: dict[str, Mapping[str, Sequence[Sample]]] = field(default_factory=dict)
    _loaded: dict[tuple[str, Path], Loaded] = field(default_factory=dict)
    _by_id: dict[str, Mapping[tuple[str, str], Sample]] = field(default_factory=dict)
    _scorers: dict[str, Scorer] = field(default_factory=dict)
    _requests: dict[Key, Request] = field(default_factory=dict)
    _examples: dict[str, Examples] = field(default_factory=dict)

    @property
    def lang(self) -> Lang:
        """In which language the terminal is read."""
        return language(self.settings.lang, os.environ)

    def load(self, spec: str, start: Path | None = None) -> Loaded:
        """The benchmark that `spec` names, read once.

        :param start: the folder that relative paths start from; else where pytest was started.
        :raises UsageFault: an unknown name, or a definition or data at fault.
        """
        where = start or self.start
        if (spec, where) not in self._loaded:
            loaded = self._load(spec, where)
            name = loaded.benchmark.name
            file = (where / loaded.benchmark.definition.file).resolve()
            if self.files.setdefault(name, file) != file:
                raise DefinitionError(
                    f"two benchmarks are called {name}: {self.files[name]} and {file}",
                    hint="rename one: the name is part of every question's id",
                )
            self.written.setdefault(name, []).append(loaded.spec)
            if self.settings.sets:
                from pytest_iqeval.core.suite import check_once  # most sessions have no suite

                check_once(self.settings.sets, name, self.written[name])
            known = self.benchmarks.setdefault(name, self._as_wanted(loaded.benchmark))
            if self.recalled is None:  # a replay shows no examples to anybody
                check_examples(known, loaded.subsets or known.subsets)
            if name not in self._scorers:
                scorer = make_scorer(
                    known.definition.scorer,
                    known.definition.scorer_options,
                    where=f"{known.definition.file}: ",
                    scorers=self.scorers,
                )
                check_targets(scorer, known, shown=lambda file: shown_path(Path(file), where))
                if self.settings.allow_code and _runs_code(scorer):
                    scorer.allow()
                self._scorers[name] = scorer
            self.specs.setdefault(name, (spec, where))
            self.origins.setdefault(name, loaded.files)
            self._loaded[spec, where] = replace(loaded, benchmark=known)
        return self._loaded[spec, where]

    def _load(self, spec: str, where: Path) -> Loaded:
        """What `spec` names; where it is not there any more, the copy that a replayed run kept."""
        data_dir = None if self.settings.data_dir is None else self.start / self.settings.data_dir
        recalled = self.recalled
        if recalled is not None and data_dir is not None and not data_dir.is_dir():
            data_dir = None  # it was on another machine
        try:
            return load(
                spec,
                data_dir=data_dir,
                start=where,
                scorers=self.scorers,
                hub=self.hub,
                examples=partial(self._examples_of, spec),
            )
        except (AbsentData, UnknownName):
            if recalled is None:
                raise
            meant = [
                (kept, wanted, subset)
                for wanted, subset in split_spec(spec)
                if (kept := recalled.copy_of(wanted)) is not None
            ]
            if not meant:
                raise
        kept, wanted, subset = meant[0]
        loaded = load_kept(
            kept,
            recalled.folder_of(kept),
            subset=subset,
            start=where,
            scorers=self.scorers,
            examples=partial(self._examples_of, spec),
        )
        self.copies[kept.name] = wanted
        return replace(loaded, spec=wanted)

    def _examples_of(self, spec: str, definition: Definition) -> int:
        meant = [named for named, _ in split_spec(spec)]
        own = self._set_of(definition.name, {definition.name: meant})
        wanted = self.settings.examples(definition.name)
        if own is not None and (shots := own.shots(definition.name)) is not None:
            wanted = shots
        return definition.few_shot.count if wanted is None else wanted

    def own(self, name: str) -> SuiteSet | None:
        """What a suite says of one benchmark alone, if anything."""
        return self._set_of(name, self.written)

    def _set_of(self, name: str, written: Mapping[str, Sequence[str]]) -> SuiteSet | None:
        if not self.settings.sets:
            return None
        from pytest_iqeval.core.suite import set_of  # most sessions have no suite

        return set_of(self.settings.sets, name, written)

    def _as_wanted(self, benchmark: Benchmark) -> Benchmark:
        """The benchmark as its suite, where there is one, and the options want it asked."""
        own, wanted = self.own(benchmark.name), self.settings.examples(benchmark.name)
        if own is not None:
            benchmark = own.applied(benchmark)
            shots = own.shots(benchmark.name)
            wanted = wanted if shots is None else shots
        return with_examples(benchmark, wanted)

    def earlier(self, name: str) -> Benchmark | None:
        """The benchmark as the replayed run read it, where its copy is kept and is another one."""
        kept = None if self.recalled is None else self.recalled.of(name)
        if kept is None or self.recalled is None or name in self.copies:
            return None
        folder, now = self.recalled.folder_of(kept), self.benchmarks[name]
        definition = None if kept.definition is None else folder / kept.definition
        same_data = kept.data_sha256 == now.data_sha256
        if same_data and _same_bytes(definition, self.origins[name].definition):
            return None
        known = [*self.scorers, kept.scorer]  # only the questions matter here
        try:
            loaded = load_kept(kept, folder, subset=None, start=self.start, scorers=known)
        except UsageFault:  # the copy is damaged: it can't tell
            return None
        then = self._as_wanted(loaded.benchmark)
        same_prompt = then.definition.wording == now.definition.wording
        return None if same_data and same_prompt else then

    def chosen(self, name: str) -> Mapping[str, Sequence[Sample]]:
        """A benchmark's samples by subset, cut by limit, sample and seed."""
        if name not in self._chosen:
            benchmark = self.benchmarks[name]
            by_subset: dict[str, list[Sample]] = {subset: [] for subset in benchmark.subsets}
            for sample in self.select(benchmark.samples):
                by_subset[sample.subset].append(sample)
            self._chosen[name] = by_subset
        return self._chosen[name]

    def select(self, samples: Sequence[Sample]) -> Sequence[Sample]:
        """Those of one benchmark that limit, sample and seed leave, and a replayed run asked."""
        settings = self.settings
        own = self.own(samples[0].benchmark) if samples else None
        some = {} if own is None else own.some
        some = some or {"limit": settings.limit, "sample": settings.sample}
        left = select(samples, seed=settings.seed, **some)
        only = None if self.recalled is None else self.recalled.only
        if only is None:
            return left
        return [s for s in left if (s.benchmark, s.subset, s.id) in only]

    def sample(self, key: Key) -> Sample:
        """The sample of a loaded benchmark that a key names."""
        if key.benchmark not in self._by_id:
            samples = self.benchmarks[key.benchmark].samples
            self._by_id[key.benchmark] = {(s.subset, s.id): s for s in samples}
        return self._by_id[key.benchmark][key.subset, key.id]

    def definition(self, sample: Sample) -> Definition:
        """The definition of a sample's benchmark."""
        return self.benchmarks[sample.benchmark].definition

    def requests(self, sample: Sample) -> list[Request]:
        """What is sent for a sample, one a repeat; each made once until it is taken."""
        return [self._request(sample, repeat) for repeat in range(self.settings.repeats)]

    def take_request(self, sample: Sample, repeat: int = 0) -> Request:
        """One of them, and let go of it: its item asks now."""
        request = self._request(sample, repeat)
        del self._requests[request.key]
        return request

    def examples(self, sample: Sample) -> str:
        """What is shown before a sample's question."""
        name = sample.benchmark
        if name not in self._examples:
            self._examples[name] = Examples(self.benchmarks[name], self.settings.answer)
        return self._examples[name].of(sample)

    def _request(self, sample: Sample, repeat: int) -> Request:
        key = Key(sample.benchmark, sample.subset, sample.id, repeat)
        request = self._requests.get(key)
        if request is None:
            settings = self.settings
            request = self._requests[key] = chat_request(
                self.definition(sample),
                sample,
                settings.answer,
                repeat=repeat,
                seed=settings.reply_seed(repeat),
                examples=self.examples(sample),
            )
        return request

    def load_readers(self) -> None:
        """Import what scorers left for the time when the first replies are awaited."""
        for scorer in self._scorers.values():
            if isinstance(scorer, ReadingScorer):
                scorer.load_reader()

    @property
    def running_code(self) -> list[str]:
        """The benchmarks whose replies have to be run to judge them."""
        return [n for n, scorer in self._scorers.items() if _runs_code(scorer)]

    def baseline_of(self, sample: Sample) -> str | None:
        """The baseline that had a question right; ``None`` where none had."""
        before = self.right_before
        return before.run if before is not None and before.holds(sample) else None

    def scorer(self, sample: Sample) -> Scorer:
        """The scorer of a sample's benchmark."""
        return self._scorers[sample.benchmark]


def check_question(evaluation: Evaluation, name: str, parts: Sequence[str]) -> None:
    """Refuse a subset or a question id that the benchmark has not.

    :raises UnknownName: with the nearest names.
    :raises SettingsError: more parts than a node id has.
    """
    benchmark = evaluation.benchmarks[name]
    if parts and parts[0] not in benchmark.subsets:
        raise UnknownName(f"subset of {name}", parts[0], benchmark.subsets)
    if len(parts) > 2:
        raise SettingsError(
            f"iqeval/{name}::{'::'.join(parts)} names more than a question",
            hint="iqeval/BENCHMARK::SUBSET::ID",
        )
    if len(parts) > 1:
        there = [s.id for s in benchmark.samples if s.subset == parts[0]]
        if parts[1] not in there:
            raise UnknownName(f"question of {name}::{parts[0]}", parts[1], there)
        left = [s.id for s in evaluation.chosen(name)[parts[0]]]
        if parts[1] not in left:
            raise UnknownName(
                f"question of {name}::{parts[0]} under --iqeval-limit or --iqeval-sample",
                parts[1],
                left,
            )


def _same_bytes(one: Path | None, other: Path | None) -> bool:
    if one is None or other is None:
        return one is other
    try:
        return one.read_bytes() == other.read_bytes()
    except OSError:
        return False


class QuestionHooks:
    """The hooks of a question: those of plugins, and of the conftests above where pytest started.

    A question lies in no folder of tests, so a conftest inside one does not concern it. (By
    path, as for files, pytest would leave out every conftest of a folder that it did not walk.)
    """

    def __init__(self, config: pytest.Config) -> None:
        start = config.invocation_params.dir
        self._manager = config.pluginmanager
        self._others = [
            plugin
            for plugin in self._manager.get_plugins()
            if Path(getattr(plugin, "__file__", None) or "").name == "conftest.py"
            and Path(plugin.__file__).parent not in (start, *start.parents)
        ]

    def __getattr__(self, name: str) -> pluggy.HookCaller:
        caller = self._manager.subset_hook_caller(name, remove_plugins=self._others)
        self.__dict__[name] = caller
        return caller


HOOKS = pytest.StashKey[QuestionHooks]()


def question_hooks(config: pytest.Config) -> Any:
    """One `QuestionHooks` for the session, made when collection begins."""
    if HOOKS not in config.stash:
        config.stash[HOOKS] = QuestionHooks(config)
    return config.stash[HOOKS]


def _runs_code(scorer: Scorer) -> TypeGuard[CodeScorer]:
    """Told by a name, so that sessions that run no code do without its modules."""
    return bool(getattr(scorer, "runs_code", False))


EVALUATION = pytest.StashKey[Evaluation]()
