"""Scorers by name: how a reply to a sample becomes a score."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from importlib import import_module
from types import MappingProxyType

from pytest_iqeval.core.errors import UnknownName
from pytest_iqeval.core.ports import Scorer
from pytest_iqeval.core.scorers.registered import Registered, scorer_of

SCORERS: Mapping[str, str] = MappingProxyType(
    {
        "choice": "pytest_iqeval.core.scorers.choice:ChoiceScorer",
    }
)
"""Name in a definition (``scorer: choice``) → ``module:class``, loaded when used.

A class has ``from_options(options, *, where)``, which raises `DefinitionError` for an option that
can't be.
"""


def registered(table: Mapping[str, str]) -> dict[str, Registered]:
    """Our own scorers, from a table like `SCORERS`."""
    return {
        name: Registered(origin="pytest-iqeval itself", load=partial(_load, path))
        for name, path in table.items()
    }


def _load(path: str) -> object:
    module, _, attribute = path.partition(":")
    return getattr(import_module(module), attribute)


_BUILT_IN = MappingProxyType(registered(SCORERS))


def make_scorer(
    name: str,
    options: Mapping[str, object],
    *,
    where: str = "",
    scorers: Mapping[str, Registered] = _BUILT_IN,
) -> Scorer:
    """The scorer called `name`, set up with a definition's ``scorer_options``.

    :param where: the definition's file, as a prefix of messages (``my.yaml: ``).
    :param scorers: all there are, by name.
    :raises UnknownName: there is no such scorer.
    :raises ScorerUnusable: what stands under that name can't be loaded, or is no scorer.
    :raises DefinitionError: an option is unknown or has a value that can't be.
    """
    if name not in scorers:
        raise UnknownName("scorer", name, scorers, where=where)
    return scorer_of(name, scorers[name].load(), options, where=where)
