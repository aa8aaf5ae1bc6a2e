"""Which of the events around a question anybody wants to hear of.

pytest announces the begin and the end of each item and reports its three phases; under xdist each
of these is a message to the process that owns the run. A question says all it has to say with one
report, of its call or of a setup that failed, so that where nobody there would do anything with the
others, they are not sent: half the cost of a question under ``-n``.
"""

from __future__ import annotations

from typing import Any

import pytest

KNOWN = ("_pytest.", "pytest_iqeval.", "xdist.", "__channelexec__", "_hypothesis_pytestplugin")
"""Modules of whose hooks it is known what they do with a question.

xdist's own part in a worker goes by the name that execnet gives to what it executes there.
"""
FEW = "iqeval_few_events"
"""Under this name the owner tells a worker that few events will do."""

# They add up the times of all three phases.
_ADDING_UP = ("_pytest.junitxml", "pytest_html.")
_HOOKS = ("pytest_runtest_logstart", "pytest_runtest_logreport", "pytest_runtest_logfinish")


def ini(config: pytest.Config, name: str) -> Any:
    """A value of the ini file; ``None`` where the plugin that knows it is switched off."""
    try:
        return config.getini(name)
    except ValueError:
        return None


def few_will_do(config: pytest.Config) -> bool:
    """Whether nobody in this process wants more than the one report, nor the user to see more.

    Asked when all plugins are there. In a worker it is the owner's answer that counts as well.
    """
    verbose = config.get_verbosity(pytest.Config.VERBOSITY_TEST_CASES) > 0
    asked_for = (config.getoption(name, None) for name in ("durations", "log_cli_level"))
    shows = verbose or any(one is not None for one in asked_for) or bool(ini(config, "log_cli"))
    owner: Any = getattr(config, "workerinput", {FEW: not shows})
    return bool(owner.get(FEW)) and all(
        found.function.__module__.startswith(KNOWN)
        and not found.function.__module__.startswith(_ADDING_UP)
        for hook in _HOOKS
        for found in getattr(config.hook, hook).get_hookimpls()
    )
