"""What a run will ask for, and what its gates can see, known before anything is paid for."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any

from pytest_iqeval.core.gates.sight import Sight
from pytest_iqeval.core.sample import Sample


@dataclass(frozen=True, slots=True, kw_only=True)
class EarlierReplies:
    """How long an earlier run's replies were: mean completion ``tokens`` by benchmark.

    ``run`` tells which run, with its model.
    """

    run: str
    tokens: Mapping[str, float]


@dataclass(frozen=True, slots=True, kw_only=True)
class ReplyLength:
    """The ``tokens`` that a reply is taken as, on average over what is asked.

    ``basis`` says why: ``guess``; ``limit``, where a reply may have no more; ``earlier``, as in
    the run that ``run`` tells; ``partly``, where that run asked some of the benchmarks only.
    """

    tokens: float
    basis: str
    run: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Foresight:
    """What was told before the run.

    ``tokens`` are those of all prompts and replies, about; a reply is taken as ``reply_tokens``,
    and `ReplyLength` tells what ``reply_basis`` and ``reply_run`` say of it. ``at_most`` says that
    a cache, or (with ``--co``) a run to go on with, may have some replies already; those that the
    run has which this one goes on with are taken off.
    """

    requests: int
    at_most: bool
    tokens: int
    reply_tokens: int
    reply_basis: str
    reply_run: str | None = None
    gates: tuple[Sight, ...] = field(default=())

    @classmethod
    def from_plain(cls, plain: Mapping[str, Any]) -> Foresight:
        """As it stands in `report.json`."""
        return cls(**{**plain, "gates": tuple(Sight(**row) for row in plain["gates"])})


def reply_length(
    selected: Sequence[Sample],
    *,
    guess: int,
    limit: int | None,
    own: Mapping[str, int] = MappingProxyType({}),
    earlier: EarlierReplies | None = None,
) -> ReplyLength:
    """How long replies to the selected questions will be, about.

    :param guess: tokens of a reply of which nothing is known.
    :param limit: the most that a reply may have; ``None`` where nothing limits it.
    :param own: the same of single benchmarks.
    """
    counts = Counter(sample.benchmark for sample in selected)
    known = {} if earlier is None else {n: earlier.tokens[n] for n in counts if n in earlier.tokens}
    uncut = {name: known.get(name, float(guess)) for name in counts}
    limits = {name: own.get(name, limit) for name in counts}
    taken = {
        name: min(t, t if (most := limits[name]) is None else most) for name, t in uncut.items()
    }
    tokens = sum(taken[name] * n for name, n in counts.items()) / counts.total()
    uncut_ones = [name for name in known if taken[name] == known[name]]
    if earlier is not None and uncut_ones:
        basis = "earlier" if len(known) == len(counts) else "partly"
        return ReplyLength(tokens=tokens, basis=basis, run=earlier.run)
    return ReplyLength(tokens=tokens, basis="guess" if taken == uncut else "limit")
