"""A benchmark of another tool's run: its questions as ours, and every reply judged."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import NamedTuple

from pytest_iqeval.core.definition import Benchmark
from pytest_iqeval.core.errors import DefinitionError, UsageFault
from pytest_iqeval.core.evalscope_names import CUSTOM, our_subset
from pytest_iqeval.core.facts import prompt_sha256
from pytest_iqeval.core.imported import ImportedBenchmark
from pytest_iqeval.core.kinds import Ask
from pytest_iqeval.core.ports import Scorer
from pytest_iqeval.core.request import Message
from pytest_iqeval.core.result import Result, Reviewed, result_of
from pytest_iqeval.core.sample import Sample, safe_id
from pytest_iqeval.core.score import Outcome, Score, error_score
from pytest_iqeval.core.scoring import judge
from pytest_iqeval.core.tasks.few_shot import with_examples
from pytest_iqeval.run.data_at_hand import (
    FREE,
    DataAtHand,
    Matched,
    asks_so,
    prompt_of,
    scorer_of,
    unmeetable,
)
from pytest_iqeval.run.scorers import scorer_names
from pytest_iqeval.sources.catalogue import Loaded, load
from pytest_iqeval.sources.evalscope.ours import Ours, ours_of, recorded_fields, subset_names
from pytest_iqeval.sources.evalscope.rebuild import (
    Question,
    questions_of,
    renumbered,
    write_benchmark,
)
from pytest_iqeval.sources.evalscope.values import Record, TheirReport, TheirScore

_NO_SCORER = "pytest-iqeval has no such benchmark"
_RUNS_CODE = "judging it again runs code that the model wrote: --allow-code"


class Differing(NamedTuple):
    """A reply as we have judged it, and how EvalScope did, which is another verdict."""

    ours: Reviewed
    theirs: TheirScore


@dataclass(frozen=True, slots=True, kw_only=True)
class RebuiltBenchmark:
    """A benchmark of another tool's run, with every reply judged.

    ``asked`` are the messages by question that were really sent, and ``prompt`` is a hash of how
    they ask: that of the definition, where it asks so. ``few_shot`` is how many examples were
    shown. ``left_out`` are sentences about records that are no question.
    """

    loaded: Loaded
    reviewed: tuple[Reviewed, ...]
    asked: Mapping[tuple[str, str], tuple[Message, ...]]
    prompt: str
    few_shot: int
    differing: tuple[Differing, ...]
    told: ImportedBenchmark
    left_out: tuple[str, ...]

    @property
    def benchmark(self) -> Benchmark:
        """With all its samples."""
        return self.loaded.benchmark

    @property
    def selected(self) -> tuple[Sample, ...]:
        """The questions that were asked, in the order of the data."""
        wanted = {one.result.key[1:3] for one in self.reviewed}
        return tuple(s for s in self.benchmark.samples if (s.subset, s.id) in wanted)


def rebuild(
    theirs: str,
    subsets: Mapping[str, Sequence[Record]],
    report: TheirReport | None,
    *,
    work: Path,
    at_hand: DataAtHand,
    allow_code: bool,
) -> RebuiltBenchmark | tuple[str, ...]:
    """Read a benchmark and judge its replies: by our scorer, else by the scores that they have.

    Its data is the data set's, where that is at hand and has all the questions, else what the
    records tell of it.

    :param theirs: what EvalScope calls it.
    :param subsets: its records by its own names of the subsets.
    :param work: an empty folder for files.
    :param allow_code: whether scorers may run what a model wrote.
    :return: or why nothing of it can be used.
    """
    records = [record for same in subsets.values() for record in same]
    ours = ours_of(theirs, records, scorers=scorer_names())
    known = () if theirs in CUSTOM else subset_names(ours.definition)
    named: dict[str, list[Record]] = {}
    for name, same in subsets.items():  # several of theirs may be one of ours
        named.setdefault(safe_id(our_subset(ours.name, name, known)), []).extend(same)
    named = {name: named[name] for name in dict.fromkeys((*known, *named)) if name in named}
    why = _NO_SCORER
    if ours.definition is not None and ours.definition.asks is Ask.CODE and not allow_code:
        why = _RUNS_CODE
    elif ours.definition is not None:
        rebuilt = questions_of(named, ours.definition)
        try:
            read = at_hand.of(ours.name, rebuilt.questions) or _read(
                ours, rebuilt.questions, ours.fields, work / "ours"
            )
        except UsageFault as fault:
            why = str(fault).split("\n", 1)[0]
        else:
            left_out = (*rebuilt.left_out, *read.left_out)
            return _judged(theirs, read, report, left_out, why=None, allow_code=allow_code)
    return _recorded(theirs, ours, named, report, work / "recorded", why=why)


def _recorded(
    theirs: str,
    ours: Ours,
    subsets: Mapping[str, Sequence[Record]],
    report: TheirReport | None,
    work: Path,
    *,
    why: str,
) -> RebuiltBenchmark | tuple[str, ...]:
    """The benchmark with the scores that its replies have."""
    records = [record for same in subsets.values() for record in same]
    scored = {
        name: kept
        for name, same in subsets.items()
        if (kept := [r for r in same if r.reply is None or r.score is not None])
    }
    if not any(record.score is not None for record in records):
        return (f"{theirs}: {why}, and its reviews hold no score",)
    rebuilt = questions_of(scored, ours.definition)
    fields = recorded_fields(records, ours.fields if rebuilt.questions else {})
    if not rebuilt.questions:
        rebuilt = questions_of(scored, None)
    try:
        read = _read(ours, rebuilt.questions, fields, work)
    except UsageFault as fault:
        return (f"{theirs}: {str(fault).split(chr(10), 1)[0]}",)
    lost = len(records) - sum(map(len, scored.values()))
    more = (f"{theirs}: {lost} replies without a score",) if lost else ()
    return _judged(theirs, read, report, (*rebuilt.left_out, *more), why=why)


def _read(
    ours: Ours, questions: Sequence[Question], fields: Mapping[str, object], folder: Path
) -> Matched:
    """Write the benchmark, and read it with the prompt that was really sent, if one can be told.

    :raises UsageFault: it can't be read, or its scorer can't judge these questions.
    """
    if not questions:
        raise DefinitionError("no question could be told from its records")
    folder.mkdir()
    read = _written(ours.name, questions, fields, folder)
    if faults := unmeetable(read.benchmark):
        told = [
            f"{_place(question)}: {fault}"
            for question in questions
            if (fault := faults.get((question.subset, question.line)))
        ]
        rest = renumbered(q for q in questions if (q.subset, q.line) not in faults)
        return replace(_read(ours, rest, fields, folder / "rest"), left_out=tuple(told))
    if asks_so(read.benchmark, read.pairs):
        if ours.definition is None:
            return read
        # Of our definition, whatever its columns are called.
        asked = with_examples(replace(read.benchmark, definition=ours.definition), 0)
        return replace(read, prompt=prompt_sha256(asked, FREE))
    templates = {question.content.template for question in questions}
    systems = {_system(record.asked) for _, record in read.pairs}
    if len(templates) == 1 and len(systems) == 1 and (prompt := templates.pop()):
        other = folder / "as-asked"
        other.mkdir()
        system = systems.pop()
        again = _written(ours.name, questions, fields, other, prompt=prompt, system=system)
        if asks_so(again.benchmark, again.pairs):
            return again
    return replace(read, prompt=prompt_of(read.pairs))


def _place(question: Question) -> str:
    record = question.records[0]
    return f"{record.file.name}:{record.line}"


def _written(
    name: str,
    questions: Sequence[Question],
    fields: Mapping[str, object],
    folder: Path,
    *,
    prompt: str | None = None,
    system: str | None = None,
) -> Matched:
    path = write_benchmark(folder, name, questions, taken_over=fields, prompt=prompt, system=system)
    loaded = load(str(path), data_dir=None, start=folder, scorers=scorer_names())
    samples = {(s.subset, s.line): s for s in loaded.benchmark.samples}
    return Matched(
        loaded=loaded,
        pairs=tuple(
            (samples[question.subset, question.line], record)
            for question in questions
            for record in question.records
        ),
        prompt=prompt_sha256(loaded.benchmark, FREE),
        few_shot=max(question.content.examples for question in questions),
        rebuilt=True,
    )


def _judged(
    theirs: str,
    read: Matched,
    report: TheirReport | None,
    left_out: Sequence[str],
    *,
    why: str | None,
    allow_code: bool = False,
) -> RebuiltBenchmark:
    scorer = scorer_of(read.benchmark, allow_code=allow_code)
    reviewed = [_reviewed(scorer, sample, record) for sample, record in read.pairs]
    names = {record.score.name for _, record in read.pairs if record.score is not None}
    metric = None if report is None else report.metric(next(iter(names)) if len(names) == 1 else "")
    pairs = zip(reviewed, read.pairs, strict=True)
    differing = [
        Differing(one, record.score)
        for one, (_, record) in pairs
        if record.score is not None and differs(one.result.score, record.score)
    ]
    return RebuiltBenchmark(
        loaded=read.loaded,
        reviewed=tuple(reviewed),
        asked={(s.subset, s.id): record.asked for s, record in read.pairs if record.asked},
        prompt=read.prompt,
        few_shot=read.few_shot,
        differing=tuple(differing),
        told=ImportedBenchmark(
            theirs=theirs,
            metric=None if metric is None else metric.name,
            score=None if metric is None else metric.score,
            rescored=why is None,
            why=why,
            differing=len(differing),
            rebuilt=read.rebuilt,
        ),
        left_out=tuple(left_out),
    )


def differs(score: Score, theirs: TheirScore) -> bool:
    """Whether we judge a reply otherwise than EvalScope did."""
    if theirs.value is None or score.outcome is Outcome.ERROR:
        return False
    return (score.value or 0.0) != theirs.value


def _reviewed(scorer: Scorer, sample: Sample, record: Record) -> Reviewed:
    if record.reply is None:
        score = error_score(record.error or "EvalScope recorded no reply")
        result = Result(sample=sample, score=score, repeat=record.repeat, attempts=1)
        return Reviewed(result=result, reply=None)
    score = judge(scorer, sample, record.reply)
    result = result_of(sample, score, record.reply, repeat=record.repeat)
    return Reviewed(result=result, reply=record.reply)


def _system(asked: Sequence[Message]) -> str | None:
    return next((one.content for one in asked if one.role == "system"), None)
