"""Scorers by name: how a reply to a sample becomes a score."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from importlib import import_module
from types import MappingProxyType

from pytest_iqeval.core.errors import UnknownName
from pytest_iqeval.core.ports import Scorer
from pytest_iqeval.core.scorers.registered import Registered

SCORERS: Mapping[str, str] = MappingProxyType(
    {
        "choice": "pytest_iqeval.core.scorers.choice:ChoiceScorer",
        "multi_choice": "pytest_iqeval.core.scorers.multi_choice:MultiChoiceScorer",
        "number": "pytest_iqeval.core.scorers.number:NumberScorer",
        "math": "pytest_iqeval.algebra:math_scorer",  # an adapter's: its library is an extra
        "code": "pytest_iqeval.sandbox.scorer:code_scorer",  # an adapter's: it starts processes
        "contains": "pytest_iqeval.core.scorers.contains:ContainsScorer",
        "exact": "pytest_iqeval.core.scorers.exact:ExactScorer",
        "f1": "pytest_iqeval.core.scorers.f1:F1Scorer",
        "regex": "pytest_iqeval.core.scorers.regex:RegexScorer",
        "yes_no": "pytest_iqeval.core.scorers.yes_no:YesNoScorer",
    }
)
"""Name in a definition (``scorer: choice``) → ``module:class`` or function, loaded when used.

A class has ``from_options(options, *, where)``, and a function is called so; either makes the
scorer, or raises `DefinitionError` for an option that can't be.
"""


def _make(path: str, options: Mapping[str, object], *, where: str) -> Scorer:
    module, _, attribute = path.partition(":")
    found = getattr(import_module(module), attribute)
    scorer: Scorer = getattr(found, "from_options", found)(options, where=where)
    return scorer


BUILT_IN: Mapping[str, Registered] = MappingProxyType(
    {
        name: Registered(origin="pytest-iqeval itself", make=partial(_make, path))
        for name, path in SCORERS.items()
    }
)
"""`SCORERS`, as scorers of any origin are registered."""


def make_scorer(
    name: str,
    options: Mapping[str, object],
    *,
    where: str = "",
    scorers: Mapping[str, Registered] = BUILT_IN,
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
    return scorers[name].make(options, where=where)
