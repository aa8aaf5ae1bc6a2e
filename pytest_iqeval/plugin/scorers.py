"""The scorers of users' conftests and plugins, joined to all others."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import pytest

from pytest_iqeval.core.crash import raised_at, said
from pytest_iqeval.core.errors import ScorerUnusable
from pytest_iqeval.core.scorers.registered import Registered
from pytest_iqeval.plugin.faults import warn_past_filters
from pytest_iqeval.sources.scorers import all_scorers, from_mapping

HOOK = "pytest_iqeval_scorers"


def every_scorer(config: pytest.Config) -> Mapping[str, Registered]:
    """Every scorer by its name, with those that the hook `pytest_iqeval_scorers` gives.

    :raises ScorerUnusable: a hook that fails, or that gives what can't be.
    """
    given: list[tuple[str, Registered]] = []
    plugins = [hook.plugin for hook in getattr(config.hook, HOOK).get_hookimpls()]
    for plugin in plugins:
        origin = _origin(config, plugin)
        given += from_mapping(
            _asked(config, plugin, origin), origin=origin, where=f"{origin}: {HOOK}: "
        )
    return all_scorers(given)


def _asked(config: pytest.Config, plugin: object, origin: str) -> object:
    """What one plugin's hook returns: asked one by one, so that messages can say whose it was."""
    others = [other for other in config.pluginmanager.get_plugins() if other is not plugin]
    hook = config.pluginmanager.subset_hook_caller(HOOK, remove_plugins=others)
    try:
        returned = hook(config=config)
    except (KeyboardInterrupt, pytest.exit.Exception):
        raise
    except BaseException as error:  # a border: a user's hook may raise anything, `skip` too
        raise ScorerUnusable(
            f"{origin}: {HOOK} failed: {said(error)}\n"
            f"  at {raised_at(error, getattr(plugin, HOOK))}"
        ) from None
    return returned[0] if returned else None  # pluggy leaves out what is None


def _origin(config: pytest.Config, plugin: object) -> str:
    """A conftest's path from where pytest was started, or a plugin's name."""
    file = getattr(plugin, "__file__", None)
    if file is None:
        return f"plugin {config.pluginmanager.get_name(plugin)}"
    path, start = Path(file), config.invocation_params.dir
    return str(path.relative_to(start)) if path.is_relative_to(start) else str(path)


class LateScorers:
    """Tells of a conftest that is read too late: benchmarks are loaded before collection."""

    def __init__(self, config: pytest.Config) -> None:
        self.config = config
        self._in_time = config.pluginmanager.get_plugins()

    @pytest.hookimpl
    def pytest_plugin_registered(self, plugin: object) -> None:
        """Warn where pytest finds our hook only while it collects."""
        hooks = getattr(self.config.hook, HOOK).get_hookimpls()
        if plugin not in self._in_time and any(hook.plugin is plugin for hook in hooks):
            origin = _origin(self.config, plugin)
            warn_past_filters(
                self.config,
                f"iqeval: {origin}: {HOOK} comes too late and is not called; put it into the "
                "conftest.py of the folder where you start pytest",
                file=getattr(plugin, "__file__", None) or origin,
            )
