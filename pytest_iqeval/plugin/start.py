"""Evaluation is on: check what was asked, take our arguments out, register the rest."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from pytest_iqeval.core.errors import SettingsError, UsageFault
from pytest_iqeval.core.recall import Recalled
from pytest_iqeval.plugin.code import MarkedCode, asks, check_allowed
from pytest_iqeval.plugin.collect import Questions
from pytest_iqeval.plugin.evaluation import EVALUATION, Evaluation
from pytest_iqeval.plugin.faults import usage_error
from pytest_iqeval.plugin.fetching import hub_access
from pytest_iqeval.plugin.garbage import FewCollections, freeze_at_exit
from pytest_iqeval.plugin.hooks import BEFORE, LateHooks
from pytest_iqeval.plugin.logins import hide_in_options
from pytest_iqeval.plugin.options import on_command_line, read_settings
from pytest_iqeval.plugin.paths import choose_again, show_as_they_are, take_out
from pytest_iqeval.plugin.phases import ShortPhases
from pytest_iqeval.plugin.root import check_root
from pytest_iqeval.plugin.scorers import every_scorer
from pytest_iqeval.plugin.xdist import RECALLED, SUITE, distributed, join_values

if TYPE_CHECKING:
    from pytest_iqeval.core.suite import Suite


def _recalled(config: pytest.Config) -> Recalled | None:
    """The run that is replayed, if one is: found by the owner, and handed on to its workers."""
    if hasattr(config, "workerinput"):
        plain = config.workerinput.get(RECALLED)
        return None if plain is None else Recalled.from_plain(plain)
    if config.option.iqeval_replay is None:
        return None
    # Only the owner of a run loads the adapters (httpcore, sqlite3).
    from pytest_iqeval.plugin.replay import recall

    return recall(config)


def _suite(config: pytest.Config, recalled: Recalled | None) -> tuple[Suite | None, list[str]]:
    """The suite, if there is one, and what the header says of it."""
    worker = getattr(config, "workerinput", None)
    there = config.option.iqeval_suite or config.getini("iqeval_suite")
    if not (there if worker is None else worker.get(SUITE)):
        return None, []
    from pytest_iqeval.plugin.suite import find_suite, suite_lines  # most sessions have none

    suite = find_suite(config, recalled)
    return suite, [] if suite is None or worker is not None else suite_lines(suite, config)


def start(config: pytest.Config, collections: FewCollections) -> None:
    """Register what this process needs: a worker asks through its channel, any other owns the run.

    :raises pytest.UsageError: whatever the user has to mend before anything runs.
    """
    worker = hasattr(config, "workerinput")
    try:
        if worker:
            from pytest_iqeval.plugin.worker import WorkerEnd, check_version, step_back

            check_version(config)
        check_root(config)
        recalled = _recalled(config)
        if recalled is not None:
            recalled = choose_again(config, recalled)
        suite, notes = _suite(config, recalled)
        settings = read_settings(config, recalled.settings if recalled else None, suite)
        hide_in_options(config)
        evaluation = Evaluation(
            settings=settings,
            start=config.invocation_params.dir,
            scorers=every_scorer(config),
            recalled=recalled,
            hub=hub_access(config, settings, replayed=recalled is not None),
            suite=suite,
            notes=notes,
        )
        config.stash[EVALUATION] = evaluation
        freeze_at_exit()
        take_out(config, evaluation, explicit=on_command_line(config, "dataset"))
        show_as_they_are(config, evaluation)
        if evaluation.mixed:
            collections.as_before()
        else:
            config.pluginmanager.register(collections, "iqeval-few-collections")
            if worker:
                step_back()
            config.pluginmanager.register(ShortPhases(config, evaluation), "iqeval-short-phases")
        if asks(config):
            check_allowed(evaluation)
        config.pluginmanager.register(Questions(evaluation), "iqeval-questions")
        config.pluginmanager.register(MarkedCode(evaluation), "iqeval-marked-code")
        config.pluginmanager.register(LateHooks(config, BEFORE), "iqeval-late-hooks")
        if worker:
            end = WorkerEnd(config, evaluation)
            config.pluginmanager.register(end, "iqeval-worker")
            return
        if distributed(config) and config.option.dist == "each":
            raise SettingsError(
                "--dist each would ask every question once for each worker",
                hint="use -n N alone, or another --dist",
            )
        join_values(config)
        from pytest_iqeval.plugin.session import register_owner

        register_owner(config, evaluation)
    except UsageFault as fault:
        raise usage_error(fault) from None
