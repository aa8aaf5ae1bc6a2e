"""The scorers of users' conftests and plugins, joined to all others."""

from __future__ import annotations

from collections.abc import Mapping

import pytest

from pytest_iqeval.core.scorers.registered import Registered
from pytest_iqeval.plugin.hooks import SCORERS_HOOK, given_by
from pytest_iqeval.sources.scorers import all_scorers, from_mapping


def every_scorer(config: pytest.Config) -> Mapping[str, Registered]:
    """Every scorer by its name, with those that the hook `pytest_iqeval_scorers` gives.

    :raises UsageFault: a hook that fails, or that gives what can't be.
    """
    given: list[tuple[str, Registered]] = []
    for origin, returned in given_by(config, SCORERS_HOOK):
        given += from_mapping(returned, origin=origin, where=f"{origin}: {SCORERS_HOOK}: ")
    return all_scorers(given)
