"""Evaluation is on: check what was asked, take our arguments out, register the rest."""

from __future__ import annotations

import pytest

from pytest_iqeval.core.errors import SettingsError, UsageFault
from pytest_iqeval.plugin.collect import Questions
from pytest_iqeval.plugin.evaluation import EVALUATION, Evaluation
from pytest_iqeval.plugin.faults import usage_error
from pytest_iqeval.plugin.options import on_command_line, read_settings
from pytest_iqeval.plugin.paths import take_out
from pytest_iqeval.plugin.scorers import LateScorers, every_scorer
from pytest_iqeval.plugin.xdist import WorkerEnd, check_version, distributed


def start(config: pytest.Config) -> None:
    """Register what this process needs: a worker asks through its channel, any other owns the run.

    :raises pytest.UsageError: whatever the user has to mend before anything runs.
    """
    worker = hasattr(config, "workerinput")
    try:
        if worker:
            check_version(config)
        evaluation = Evaluation(
            settings=read_settings(config),
            start=config.invocation_params.dir,
            scorers=every_scorer(config),
        )
        config.stash[EVALUATION] = evaluation
        take_out(config, evaluation, explicit=on_command_line(config, "dataset"))
        config.pluginmanager.register(Questions(evaluation), "iqeval-questions")
        config.pluginmanager.register(LateScorers(config), "iqeval-late-scorers")
        if worker:
            end = WorkerEnd(config, evaluation)
            config.pluginmanager.register(end, "iqeval-worker")
            return
        if distributed(config) and config.option.dist == "each":
            raise SettingsError(
                "--dist each would ask every question once for each worker",
                hint="use -n N alone, or another --dist",
            )
        # Only the owner of a run loads the adapters (httpx, sqlite3).
        from pytest_iqeval.plugin.session import register_owner

        register_owner(config, evaluation)
    except UsageFault as fault:
        raise usage_error(fault) from None
