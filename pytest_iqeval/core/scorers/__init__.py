"""Scorers by name: how a reply to a sample becomes a score."""

from __future__ import annotations

from collections.abc import Mapping
from importlib import import_module
from types import MappingProxyType

from pytest_iqeval.core.errors import UnknownName
from pytest_iqeval.core.ports import Scorer

SCORERS: Mapping[str, str] = MappingProxyType(
    {
        "choice": "pytest_iqeval.core.scorers.choice:ChoiceScorer",
        "math": "pytest_iqeval.algebra:math_scorer",
    }
)
"""Name in a definition (``scorer: choice``) → ``module:class`` or function, loaded when used.

A class has ``from_options(options, where=…)``, and a function is called so; either raises
`DefinitionError` for an option that can't be.
"""


def make_scorer(name: str, options: Mapping[str, object], *, where: str = "") -> Scorer:
    """The scorer called `name`, set up with a definition's ``scorer_options``.

    :param where: the definition's file, as a prefix of messages (``my.yaml: ``).
    :raises UnknownName: there is no such scorer.
    :raises DefinitionError: an option is unknown or has a value that can't be.
    """
    if name not in SCORERS:
        raise UnknownName("scorer", name, SCORERS, where=where)
    module, _, attribute = SCORERS[name].partition(":")
    found = getattr(import_module(module), attribute)
    scorer: Scorer = getattr(found, "from_options", found)(options, where=where)
    return scorer
