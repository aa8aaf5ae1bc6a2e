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
        "contains": "pytest_iqeval.core.scorers.contains:ContainsScorer",
        "exact": "pytest_iqeval.core.scorers.exact:ExactScorer",
        "f1": "pytest_iqeval.core.scorers.f1:F1Scorer",
        "regex": "pytest_iqeval.core.scorers.regex:RegexScorer",
        "yes_no": "pytest_iqeval.core.scorers.yes_no:YesNoScorer",
    }
)
"""Name in a definition (``scorer: choice``) → ``module:class``, loaded when used.

A class has ``from_options(options)``, which raises `DefinitionError` for an option that can't be.
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
    scorer: Scorer = getattr(import_module(module), attribute).from_options(options, where=where)
    return scorer
