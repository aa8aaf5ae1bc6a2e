"""Which questions of a benchmark are asked: filtered, limited, drawn."""

from __future__ import annotations

import hashlib
import math
from collections.abc import Iterable, Mapping, Sequence
from fnmatch import fnmatchcase
from types import MappingProxyType

from pytest_iqeval.core.errors import SettingsError, UnknownName
from pytest_iqeval.core.plain import kind_of
from pytest_iqeval.core.sample import Sample

_OWN_FIELDS = ("benchmark", "subset", "id")


def select(
    samples: Iterable[Sample],
    *,
    limit: int | None = None,
    share: float | None = None,
    sample: int | None = None,
    seed: int = 0,
    where: Mapping[str, object] | None = None,
) -> tuple[Sample, ...]:
    """The chosen samples, in the order in which they came.

    ``where`` filters first; ``limit`` and ``sample`` then count in each subset of each
    benchmark. A draw depends on the seed and the ids alone, so the same ids are drawn from a
    set whose rows were re-ordered, and from its translation.

    :param limit: the first N of each subset.
    :param share: that part of each subset (0 to 1), the first ones, and at least one.
    :param sample: N of each subset, by a seeded draw.
    :param where: from a field (``subset``, ``id``, ``level``, any metadata) to the value, or a
        list of the values, that it may have; a number equals its text (CSV knows only text).
    :raises UnknownName: no sample has such a field.
    :raises SettingsError: a count below 1, or both counts.
    """
    _check_counts(limit, sample)
    chosen = list(samples)
    if where is not None:
        chosen = _matching(chosen, where)
    if limit is None and share is None and sample is None:
        return tuple(chosen)
    by_subset: dict[tuple[str, str], list[Sample]] = {}
    for one in chosen:
        by_subset.setdefault((one.benchmark, one.subset), []).append(one)
    kept: set[tuple[str, str, str]] = set()
    for (benchmark, subset), group in by_subset.items():
        first = limit if share is None else _part(share, group)
        few = group[:first] if sample is None else _drawn(group, sample, seed)
        kept.update((benchmark, subset, one.id) for one in few)
    return tuple(one for one in chosen if (one.benchmark, one.subset, one.id) in kept)


def _part(share: float, group: Sequence[Sample]) -> int:
    # Rounded first: 29 % of 100 is 28.999999999999996 in floats.
    return max(1, math.floor(round(share * len(group), 9)))


def subsets_like(
    wanted: str,
    subsets: Sequence[str],
    *,
    unavailable: Mapping[str, str] = MappingProxyType({}),
    facts: Mapping[str, Mapping[str, object]] = MappingProxyType({}),
    kind: str = "subset",
    where: str = "",
) -> tuple[str, ...]:
    """The subsets that a name or a pattern (``college_*``) means, in their order.

    :param unavailable: names that are known and can't be had, and why.
    :param facts: what the definition knows of each of its subsets, those that are not there too.
    :param kind: what an unknown name is called; ``where`` comes before it.
    :raises SettingsError: it can't be had.
    :raises UnknownName: there is none.
    """
    if wanted in unavailable:
        raise SettingsError(f"{where}{wanted} can't be had: {unavailable[wanted]}")
    if wanted in subsets:
        return (wanted,)
    # No subset's name holds such a mark.
    if any(mark in wanted for mark in "*?["):
        found = tuple(one for one in subsets if fnmatchcase(one, wanted))
        if found:
            return found
    if wanted in facts:
        raise SettingsError(
            f"{where}{wanted} is not among its data here", hint=f"there is: {', '.join(subsets)}"
        )
    raise UnknownName(kind, wanted, subsets, where=where, hint=_as_fact(wanted, subsets, facts))


def _as_fact(
    wanted: str, subsets: Sequence[str], facts: Mapping[str, Mapping[str, object]]
) -> str | None:
    """How to ask for what is no subset's name, and is known of some: their category, or a title."""
    for one in subsets:
        for field, value in facts.get(one, {}).items():
            if str(value).casefold() != wanted.casefold():
                continue
            if field == "title":
                return f"did you mean {one}?"
            return f"that is a {field}: add -m \"iqeval({field}='{value}')\""
    return None


def _drawn(group: Sequence[Sample], count: int, seed: int) -> list[Sample]:
    # By hash, not by position: rows that are re-ordered or added upstream must not change
    # which of the others are drawn.
    return sorted(group, key=lambda one: (draw_key(seed, one.id), one.id))[:count]


def draw_key(seed: int, id: str) -> bytes:
    """A question's place in the draw of a seed: the smallest keys are drawn first."""
    return hashlib.sha256(f"{seed} {id}".encode()).digest()


def _check_counts(limit: int | None, sample: int | None) -> None:
    if limit is not None and sample is not None:
        raise SettingsError(
            "limit and sample exclude each other",
            hint="the first N in file order, or N drawn by seed: keep one",
        )
    for name, count in (("limit", limit), ("sample", sample)):
        if count is None:
            continue
        if isinstance(count, bool) or not isinstance(count, int):
            raise SettingsError(f"{name} must be a whole number, not {kind_of(count)}")
        if count < 1:
            raise SettingsError(f"{name} {count} is not possible", hint="give at least 1")


def _matching(samples: list[Sample], where: Mapping[str, object]) -> list[Sample]:
    if not isinstance(where, Mapping):
        raise SettingsError(
            f"where must be a mapping, not {kind_of(where)}", hint="for example {'level': [1, 2]}"
        )
    known = dict.fromkeys(_OWN_FIELDS)
    for one in samples:
        known.update(dict.fromkeys(one.metadata))
    for name in where:
        if samples and name not in known:
            raise UnknownName("field", str(name), known, where="where: ")
    wanted = {name: _as_texts(value) for name, value in where.items()}
    return [
        one
        for one in samples
        if all(str(field_value(one, name)) in texts for name, texts in wanted.items())
    ]


def field_value(sample: Sample, name: str) -> object:
    """A sample's field by the name that ``where`` and gates give it; ``None`` if it has none."""
    return getattr(sample, name) if name in _OWN_FIELDS else sample.metadata.get(name)


def _as_texts(value: object) -> set[str]:
    values = value if isinstance(value, list | tuple | set | frozenset) else [value]
    return {str(v) for v in values}
