"""All scorers there are: ours, those of installed packages, and a user's own.

A package names its scorers in the entry point group ``pytest_iqeval.scorers``::

    [project.entry-points."pytest_iqeval.scorers"]
    strict = "acme.scorers:strict"

Nothing of a package is imported before a definition asks for its scorer, so that one which is
broken harms nobody else.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import partial
from importlib.metadata import EntryPoint, entry_points

from pytest_iqeval.core.crash import said
from pytest_iqeval.core.errors import ScorerUnusable
from pytest_iqeval.core.plain import kind_of
from pytest_iqeval.core.ports import Scorer
from pytest_iqeval.core.scorers import BUILT_IN
from pytest_iqeval.core.scorers.registered import Registered, kind_fault, name_fault, scorer_of

GROUP = "pytest_iqeval.scorers"


def all_scorers(own: Iterable[tuple[str, Registered]] = ()) -> Mapping[str, Registered]:
    """Every scorer by its name; the installed packages are looked through once a call.

    :param own: a user's, as `from_mapping` gives them.
    :raises ScorerUnusable: a user's scorer has a name that is taken. Where a package takes a
        taken name, that is told by whoever asks for it.
    """
    scorers = dict(BUILT_IN)
    for entry in entry_points(group=GROUP):
        scorers[entry.name] = _of_package(entry, scorers.get(entry.name))
    for name, one in own:
        if name in scorers:
            raise _twice(name, scorers[name], one, "give yours another name")
        scorers[name] = one
    return scorers


def from_mapping(given: object, *, origin: str, where: str) -> list[tuple[str, Registered]]:
    """The scorers that a user's hook returned.

    :param origin: whose hook it was (``conftest.py``).
    :param where: where to mend it, as a prefix of messages.
    :raises ScorerUnusable: it is no mapping from names to functions or classes; all faults.
    """
    if not isinstance(given, Mapping):
        raise ScorerUnusable(
            f"{where}returned {kind_of(given)} instead of a mapping",
            hint="return {'strict': strict}: names, and functions or classes",
        )
    faults = [
        f"{where}{fault}"
        for name, what in given.items()
        if (fault := name_fault(name) or kind_fault(what, name))
    ]
    if faults:
        raise ScorerUnusable("\n".join(faults))
    return [
        (name, Registered(origin=origin, make=partial(scorer_of, name, what)))
        for name, what in given.items()
    ]


def _of_package(entry: EntryPoint, other: Registered | None) -> Registered:
    dist = entry.dist
    origin = "an installed package" if dist is None else f"package {dist.name} {dist.version}"
    one = Registered(origin=origin, make=partial(_make, entry, origin))
    if other is None:
        return one
    fault = _twice(entry.name, other, one, "uninstall the package that you don't need")
    return Registered(origin=f"{other.origin} and {origin}", make=partial(_refuse, fault))


def _make(entry: EntryPoint, origin: str, options: Mapping[str, object], *, where: str) -> Scorer:
    try:
        what = entry.load()
    except Exception as error:  # a border: a package's import may raise anything
        raise ScorerUnusable(
            f"{origin}: scorer {entry.name}: {entry.value} can't be imported: {said(error)}",
            hint="mend or uninstall that package, or choose another scorer",
        ) from None
    fault = name_fault(entry.name) or kind_fault(what, entry.name)
    if fault is not None:
        raise ScorerUnusable(f"{origin}: {fault}")
    return scorer_of(entry.name, what, options, where=where)


def _refuse(fault: ScorerUnusable, options: object, *, where: str) -> Scorer:
    del options, where
    raise fault


def _twice(name: str, first: Registered, second: Registered, hint: str) -> ScorerUnusable:
    return ScorerUnusable(
        f"scorer {name} is registered twice: by {first.origin} and by {second.origin}", hint=hint
    )
