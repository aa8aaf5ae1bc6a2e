"""The code of models is run only where the user says so on the command line."""

from __future__ import annotations

import pytest

from pytest_iqeval.core.errors import SettingsError
from pytest_iqeval.plugin.evaluation import Evaluation
from pytest_iqeval.plugin.faults import usage_error

REFUSED = "iqeval_code_refused"
"""Where a worker says why it refused what it collected."""
# Under these of pytest's own options nothing is asked.
_QUIET = ("collectonly", "setupplan", "setuponly", "showfixtures", "show_fixtures_per_test")


def asks(config: pytest.Config) -> bool:
    """Whether this session runs anything (``--co``, ``--fixtures`` and their like do not)."""
    return not any(getattr(config.option, name, False) for name in (*_QUIET, "cacheshow"))


def check_allowed(evaluation: Evaluation) -> None:
    """Refuse benchmarks whose replies are run, unless the user allows that.

    :raises SettingsError: there is one among those that are loaded.
    """
    running = evaluation.running_code
    if running and not evaluation.settings.allow_code:
        raise SettingsError(
            f"to judge {', '.join(running)}, code that the model wrote has to be run",
            hint="add --iqeval-allow-code to have it run in a sandbox (docs/code.md says what that "
            "holds off, and what it does not)",
        )


class MarkedCode:
    """What markers asked for is known when collection ends, and nothing is asked before."""

    def __init__(self, evaluation: Evaluation) -> None:
        self.evaluation = evaluation

    @pytest.hookimpl(tryfirst=True)
    def pytest_collection_finish(self, session: pytest.Session) -> None:
        """Refuse it then, in whichever process collects.

        :raises pytest.UsageError: a marker names a benchmark whose replies are run.
        """
        if not asks(session.config):
            return
        try:
            check_allowed(self.evaluation)
        except SettingsError as fault:
            if hasattr(
                session.config, "workeroutput"
            ):  # of a worker that ends so, no more is heard
                session.config.workeroutput[REFUSED] = str(fault)
            raise usage_error(fault) from None
