"""The aggregate of a run: what terminal, JUnit, HTML, `report.json` and the hooks all show."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, fields, is_dataclass
from typing import Any

from pytest_iqeval.core.foresight import Foresight
from pytest_iqeval.core.gates.lock import LockReport
from pytest_iqeval.core.gates.row import GateRow
from pytest_iqeval.core.language import Lang
from pytest_iqeval.core.metrics.repeats import Spread
from pytest_iqeval.core.metrics.values import Metric
from pytest_iqeval.core.score import Outcome
from pytest_iqeval.core.told import all_said_in

__all__ = [
    "LOST_SHOWN",
    "SCHEMA_VERSION",
    "BaselineSummary",
    "BenchmarkSummary",
    "Category",
    "Foresight",
    "GateRow",
    "Group",
    "LockReport",
    "Lost",
    "Metric",
    "RunFacts",
    "Selection",
    "Spread",
    "Summary",
]

SCHEMA_VERSION = 1
LOST_SHOWN = 100
# Reports that don't name their scorer are of a time when there was one.
_FIRST_SCORER: Mapping[str, object] = {"name": "choice", "options": {}}


@dataclass(frozen=True, slots=True, kw_only=True)
class Group:
    """The scores of a benchmark or a subset: ``outcomes`` counts every `Outcome`, zeros too.

    ``asked`` questions were selected, of ``available`` in the whole set; ``error`` among the
    outcomes counts those that were asked and got no score, not those never reached.
    ``cut`` counts the replies that the length limit cut, those included that had answered by
    then; ``None`` in reports that were written before it was counted.
    ``latency`` holds ``p50``, ``p95``, ``p99`` and ``mean`` in seconds, ``None`` without
    replies; ``tokens`` is the sum of completion tokens that the endpoint counted, ``None`` where
    it counted none.
    ``metrics`` are ``accuracy``, and ``credit`` where the benchmark has answers that are right in
    part, and ``accuracy.macro`` of several subsets together; then the user's own, where a hook
    gives some. ``spread`` is how its repeats differ (`Spread`), ``None`` where each question was
    asked once.
    """

    name: str
    asked: int
    available: int
    metrics: Mapping[str, Metric]
    outcomes: Mapping[str, int]
    cut: int | None
    latency: Mapping[str, float | None]
    tokens: int | None
    spread: Spread | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Category(Group):
    """The scores of the subsets that a definition puts under one name: ``subsets`` names them."""

    subsets: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class BenchmarkSummary(Group):
    """A benchmark, with those of its subsets of which questions were selected, by name.

    ``categories`` holds them together where the definition names several categories. ``average``
    is ``micro`` or ``macro``: which accuracy its makers report.

    ``scorer`` holds the ``name`` of the scorer that judged, and its ``options``;
    ``prompt_sha256`` tells ways of asking apart (`core.facts`), ``None`` where it is not known.
    ``few_shot`` is how many examples were shown before each question.
    ``grouped_by`` is the field by which its questions go together: empty where there is none,
    ``None`` where it is not known.
    """

    revision: str
    language: str
    licence: str | None
    data_sha256: str
    scorer: Mapping[str, object]
    subsets: Mapping[str, Group]
    categories: Mapping[str, Category] = field(default_factory=dict)
    average: str = "micro"
    few_shot: int = 0
    prompt_sha256: str | None = None
    grouped_by: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class RunFacts:
    """What a run was, apart from its scores. Times are ISO 8601 with offset; no secret in it.

    ``clock`` names the clock that measured its seconds, with its resolution. ``pace`` holds the
    ``seconds`` that it took (after a resume: its last part), and ``requests_per_s`` and completion
    ``tokens_per_s`` in them. Each question was asked ``repeats`` times, and passes by ``policy``
    (`--iqeval-pass`). ``model_digest`` is there where the server names one, and ``command`` is
    what the user typed. ``sandbox`` says how the model's code was confined, where it was run.
    """

    id: str
    started: str
    finished: str
    model: str
    base_url: str
    provider: str | None
    generation: Mapping[str, object]
    answer: str
    versions: Mapping[str, str]
    clock: str | None = None
    pace: Mapping[str, float | None] = field(default_factory=dict)
    repeats: int = 1
    policy: str = "majority"
    model_digest: str | None = None
    sandbox: Mapping[str, object] | None = None
    command: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Selection:
    """Which questions were chosen: ``asked`` is how many, of ``available`` in the benchmarks.

    Those two are filled in by `summarise`.
    """

    limit: int | None
    sample: int | None
    seed: int | None
    keyword: str | None
    mark: str | None
    asked: int = 0
    available: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Lost:
    """A selected question without a score, by its node id, and why."""

    id: str
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class BaselineSummary:
    """A run against an earlier one, `core.comparison.Comparison` for reports.

    ``run`` and ``model`` are the baseline's. ``pairs`` counts the questions that both have a
    score of; ``lost``, ``gained`` and ``flaky`` are node ids of such, the rest is unchanged.
    ``p`` is that of `core.comparison.p_worse`, over all pairs. ``difference`` is,
    by benchmark, the accuracy over its pairs now minus then, with its interval.
    ``changed_settings`` are sentences about what is not as it was; ``allowed_settings`` those of
    them that the user said do not matter.
    """

    run: str
    model: str
    p: float
    pairs: int
    lost: tuple[str, ...]
    gained: tuple[str, ...]
    flaky: tuple[str, ...]
    unscored: tuple[str, ...]
    new: tuple[str, ...]
    gone: tuple[str, ...]
    unselected: int
    changed_settings: tuple[str, ...]
    allowed_settings: tuple[str, ...]
    difference: Mapping[str, Metric]

    @property
    def unchanged(self) -> int:
        """How many questions are right or wrong as they were."""
        return self.pairs - len(self.lost) - len(self.gained) - len(self.flaky)

    @classmethod
    def from_plain(cls, plain: Mapping[str, Any]) -> BaselineSummary:
        """The inverse of what `Summary.to_plain` makes of it."""
        values: dict[str, Any] = {
            name: tuple(value) if isinstance(value, list) else value
            for name, value in plain.items()
        }
        values["difference"] = {
            name: Metric(**metric) for name, metric in plain["difference"].items()
        }
        return cls(**values)


@dataclass(frozen=True, slots=True, kw_only=True)
class Summary:
    """The aggregate. ``to_plain`` is `report.json`.

    ``not_asked`` counts selected questions that were never reached (where they were to be asked
    several times: the replies); ``lost`` names at most 100 questions without a score (reached or
    not), or that lack one of several. ``usage`` counts requests, retries, replies from a
    cache and tokens, ``latency`` holds p50, p95, p99 and mean in seconds over all replies that were
    asked for, and ``timing`` the same of each stage (`timings_shown`). ``headline`` is
    the verdict in one sentence, as the terminal prints it. ``baseline`` is there where the run was
    compared with an earlier one, ``gate_lock`` where its gates were held against a lock.
    ``foresight`` is what was known before, ``None`` in a replay, which asks nothing.
    The sentences are English; those of a run that ends know their Chinese too (`core.told`).
    """

    run: RunFacts
    selection: Selection
    benchmarks: tuple[BenchmarkSummary, ...]
    gates: tuple[GateRow, ...]
    verdict: str
    headline: str
    exit_code: int
    not_asked: int
    ordinary_failures: int
    lost: tuple[Lost, ...]
    usage: Mapping[str, int | None]
    latency: Mapping[str, float | None]
    timing: Mapping[str, Mapping[str, float | int | None]] = field(default_factory=dict)
    baseline: BaselineSummary | None = None
    gate_lock: LockReport | None = None
    foresight: Foresight | None = None

    def to_plain(self, lang: Lang = "en") -> dict[str, object]:
        """`report.json` as plain values, in the order in which people read it.

        :param lang: of its sentences, for a page; the file itself has the English ones.
        """
        first = ("verdict", "headline", "exit_code", "run", "selection", "gates")
        names = dict.fromkeys((*first, *(f.name for f in fields(self))))
        return {
            "schema_version": SCHEMA_VERSION,
            **{name: all_said_in(_plain(getattr(self, name)), lang) for name in names},
        }

    @property
    def reply_tokens(self) -> dict[str, float]:
        """The mean completion tokens of a reply, by benchmark, where the endpoint counted them."""
        found = {}
        for one in self.benchmarks:
            replies = sum(one.outcomes.values()) - one.outcomes.get(Outcome.ERROR.value, 0)
            if one.tokens is not None and replies:
                found[one.name] = one.tokens / replies
        return found

    @classmethod
    def from_plain(cls, plain: Mapping[str, Any]) -> Summary:
        """The inverse of `to_plain`: a stored run's aggregate, to show it again."""
        values = {name: value for name, value in plain.items() if name != "schema_version"}
        values["run"] = RunFacts(**plain["run"])
        values["selection"] = Selection(**plain["selection"])
        values["gates"] = tuple(GateRow(**row) for row in plain["gates"])
        values["benchmarks"] = tuple(_benchmark(b) for b in plain["benchmarks"])
        if plain.get("baseline") is not None:
            values["baseline"] = BaselineSummary.from_plain(plain["baseline"])
        if plain.get("gate_lock") is not None:
            values["gate_lock"] = LockReport.from_plain(plain["gate_lock"])
        if plain.get("foresight") is not None:
            values["foresight"] = Foresight.from_plain(plain["foresight"])
        values["lost"] = tuple(Lost(**lost) for lost in plain["lost"])
        return cls(**values)


def _benchmark(plain: Mapping[str, Any]) -> BenchmarkSummary:
    subsets = {name: Group(**_with_metrics(group)) for name, group in plain["subsets"].items()}
    scorer = plain.get("scorer", _FIRST_SCORER)
    categories = {
        name: Category(**{**_with_metrics(group), "subsets": tuple(group["subsets"])})
        for name, group in plain.get("categories", {}).items()
    }
    return BenchmarkSummary(
        **{
            **_with_metrics(plain),
            "scorer": scorer,
            "subsets": subsets,
            "categories": categories,
        }
    )


def _with_metrics(plain: Mapping[str, Any]) -> dict[str, Any]:
    metrics = {name: Metric(**metric) for name, metric in plain["metrics"].items()}
    spread = plain.get("spread")
    return {
        "cut": None,
        **plain,
        "metrics": metrics,
        "spread": None if spread is None else Spread.from_plain(spread),
    }


def _plain(value: Any) -> Any:
    """Dataclasses and mappings as dicts, sequences as lists, anything else as it is."""
    if is_dataclass(value):
        return {f.name: _plain(getattr(value, f.name)) for f in fields(value)}
    if isinstance(value, Mapping):
        return {key: _plain(inner) for key, inner in value.items()}
    if isinstance(value, (list, tuple)):
        return [_plain(inner) for inner in value]
    return value
