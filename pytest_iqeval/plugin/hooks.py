"""Our hooks in users' conftests and plugins, called one by one: messages say whose it was."""

from __future__ import annotations

import traceback
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from pytest_iqeval.core.crash import raised_at, said
from pytest_iqeval.core.errors import HookUnusable
from pytest_iqeval.plugin.faults import warn_past_filters

METRICS_HOOK, SCORERS_HOOK = "pytest_iqeval_metrics", "pytest_iqeval_scorers"
BEFORE = (METRICS_HOOK, SCORERS_HOOK)
"""Hooks that are called before collection."""


def implementers(config: pytest.Config, hook: str) -> list[object]:
    """The plugins (conftests too) that implement a hook, in the order of their registration."""
    return [found.plugin for found in getattr(config.hook, hook).get_hookimpls()]


def _call_one(config: pytest.Config, hook: str, plugin: object, **arguments: object) -> object:
    """What one plugin's hook returns, called with `config` and `arguments`; ``None`` for none."""
    others = [other for other in config.pluginmanager.get_plugins() if other is not plugin]
    caller = config.pluginmanager.subset_hook_caller(hook, remove_plugins=others)
    returned: list[Any] = caller(config=config, **arguments)
    return returned[0] if returned else None  # pluggy leaves out what is None


def given_by(config: pytest.Config, hook: str) -> Iterator[tuple[str, object]]:
    """What each implementation of a hook gives before a run, with its origin.

    :raises HookUnusable: one that fails.
    """
    for plugin in implementers(config, hook):
        origin = origin_of(config, plugin)
        try:
            returned = _call_one(config, hook, plugin)
        except (KeyboardInterrupt, pytest.exit.Exception):
            raise
        except BaseException as error:  # a border: a user's hook may raise anything, `skip` too
            raise HookUnusable(
                f"{origin}: {hook} failed: {said(error)}\n"
                f"  at {raised_at(error, getattr(plugin, hook))}"
            ) from None
        yield origin, returned


def call_after(
    config: pytest.Config, hook: str, **arguments: object
) -> Iterator[tuple[str, object]]:
    """What each implementation returns once the verdict stands, with its origin.

    The last registered is first, as always in pytest. One that fails is a warning and keeps no
    other from being called.
    """
    for plugin in reversed(implementers(config, hook)):
        try:
            returned = _call_one(config, hook, plugin, **arguments)
        except KeyboardInterrupt:
            raise
        except BaseException as error:  # a user's hook: the verdict stands, whatever it does
            place = traceback.extract_tb(error.__traceback__)[-1]
            warn_past_filters(
                config,
                f"iqeval: a {hook} hook failed: {type(error).__name__}: {error}",
                file=place.filename,
                line=place.lineno or 0,
            )
        else:
            yield origin_of(config, plugin), returned


def origin_of(config: pytest.Config, plugin: object) -> str:
    """A conftest's path from where pytest was started, or a plugin's name."""
    file = getattr(plugin, "__file__", None)
    if file is None:
        return f"plugin {config.pluginmanager.get_name(plugin)}"
    path, start = Path(file), config.invocation_params.dir
    return str(path.relative_to(start)) if path.is_relative_to(start) else str(path)


class LateHooks:
    """Tells of a conftest that is read too late for hooks that are called before collection."""

    def __init__(self, config: pytest.Config, hooks: tuple[str, ...]) -> None:
        self.config = config
        self._hooks = hooks
        self._in_time = config.pluginmanager.get_plugins()

    @pytest.hookimpl
    def pytest_plugin_registered(self, plugin: object) -> None:
        """Warn where pytest finds one of the hooks only while it collects."""
        if plugin in self._in_time:
            return
        for hook in self._hooks:
            if any(plugin is one for one in implementers(self.config, hook)):
                origin = origin_of(self.config, plugin)
                warn_past_filters(
                    self.config,
                    f"iqeval: {origin}: {hook} comes too late and is not called; put it into the "
                    "conftest.py of the folder where you start pytest",
                    file=getattr(plugin, "__file__", None) or origin,
                )
