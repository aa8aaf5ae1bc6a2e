"""The scorers that can be had without a conftest: for what is no test session."""

from __future__ import annotations

from collections.abc import Mapping

from pytest_iqeval.core.ports import Scorer
from pytest_iqeval.core.scorers import SCORERS, make_scorer


def scorer_names() -> tuple[str, ...]:
    """Their names."""
    return tuple(SCORERS)


def known_scorer(name: str, options: Mapping[str, object], *, where: str = "") -> Scorer:
    """The scorer of that name with these options.

    :param where: where both were read, as a prefix of messages.
    :raises UnknownName: there is none of that name.
    :raises UsageFault: it can't be had, or not with these options.
    """
    return make_scorer(name, options, where=where)
