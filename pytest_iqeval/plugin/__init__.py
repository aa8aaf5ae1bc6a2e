"""The entry point: options, marker and hooks; everything else is loaded when evaluation is on.

Off, a pytest start costs this module, the option table and the hookspecs.
"""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from typing import Any, Literal

import pytest

from pytest_iqeval import hookspecs
from pytest_iqeval.core.options import OPTIONS

MARKER = (
    "iqeval(name, *, limit=None, where=None): ask a model the questions of a benchmark; "
    "parametrizes the function over its samples (fixtures iqeval_sample, iqeval_reply, "
    "iqeval_score). Questions carry their own fields: -m \"iqeval(subset='IQ', level=1)\"."
)
OFF = "evaluation is off: give --iqeval-model NAME"
# A key on the command line would stand in process lists, shell histories and CI logs.
KEY_OPTIONS = (
    "--iqeval-api-key",
    "--iqeval-apikey",
    "--iqeval-api_key",
    "--iqeval-api-token",
    "--iqeval-key",
    "--iqeval-token",
)


class _KeyGiven(argparse.Action):
    """Notes that a key was given and forgets the key."""

    def __call__(
        self,
        parser: argparse.ArgumentParser,  # noqa: ARG002
        namespace: argparse.Namespace,
        values: str | Sequence[Any] | None,  # noqa: ARG002
        option_string: str | None = None,
    ) -> None:
        setattr(namespace, self.dest, option_string)


def pytest_addoption(parser: pytest.Parser) -> None:
    """One option and one ini key for each row of the table."""
    group = parser.getgroup("iqeval", "evaluation of language models")
    group.addoption(
        "--iqeval",
        action="store_true",
        default=False,
        help="Turn evaluation on with the model that the ini key iqeval_model names.",
    )
    group.addoption(
        *KEY_OPTIONS,
        action=_KeyGiven,
        dest="iqeval_key_given",
        default=None,
        metavar="KEY",
        help="Refused: put the key into an environment variable (see --iqeval-api-key-env).",
    )
    for option in OPTIONS:
        text = option.help
        if option.default is not None and option.default is not False and option.default != ():
            default = option.default
            shown = ",".join(default) if isinstance(default, tuple) else default
            text += f" Default: {shown}."
        text = text.replace("%", "%%")
        if option.kind == "flag":
            group.addoption(
                option.flag, action="store_true", default=None, dest=option.dest, help=text
            )
        else:
            # Values stay text here: `core.settings` converts them, so that the command line
            # and the ini file are checked by one rule and told off in one voice.
            group.addoption(
                option.flag,
                action="append" if option.kind == "list" else "store",
                default=None,
                dest=option.dest,
                metavar=option.metavar,
                help=text,
            )
        if option.ini:
            kind: Literal["linelist", "string"] = "linelist" if option.kind == "list" else "string"
            parser.addini(option.dest, f"As {option.flag}: {option.help}", type=kind, default=None)


def pytest_load_initial_conftests(early_config: pytest.Config, args: list[str]) -> None:
    """Refuse an option of ours that does not exist: pytest would echo its value, maybe a key."""
    given = {arg.partition("=")[0] for arg in args if arg.startswith("--iqeval")}
    known = {"--iqeval", *KEY_OPTIONS, *(option.flag for option in OPTIONS)}
    for name in sorted(given - known):
        from pytest_iqeval.core.errors import UnknownName  # only for a mistake

        raise pytest.UsageError(f"iqeval: {UnknownName('option', name, known - set(KEY_OPTIONS))}")
    if "--iqeval-base-url" in given or any("iqeval_base_url=" in arg for arg in args):
        from pytest_iqeval.plugin.logins import hide_in_arguments  # only where it is needed

        hide_in_arguments(early_config)


def pytest_addhooks(pluginmanager: pytest.PytestPluginManager) -> None:
    """Let users implement our hooks whether evaluation is on or not."""
    pluginmanager.add_hookspecs(hookspecs)


def pytest_configure(config: pytest.Config) -> None:
    """Register the marker; register the rest when evaluation is asked for."""
    config.addinivalue_line("markers", MARKER)
    if config.option.iqeval_key_given:
        raise pytest.UsageError(
            f"iqeval: {config.option.iqeval_key_given} is not an option: a key on the command line "
            "can be read in process lists and logs\n"
            "  hint: put it into an environment variable and give its name: "
            "--iqeval-api-key-env VAR"
        )
    option = config.option
    named = (option.iqeval_model, option.iqeval_suite, option.iqeval_replay)
    if option.iqeval or any(one is not None for one in named):
        from pytest_iqeval.plugin.garbage import FewCollections
        from pytest_iqeval.plugin.plain_imports import import_plainly

        import_plainly(config)
        collections = FewCollections(config)
        from pytest_iqeval.plugin.start import start  # everything heavy hangs on this import

        start(config, collections)


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """While evaluation is off, tests that carry the marker are skipped and say why."""
    if config.pluginmanager.has_plugin("iqeval-questions"):
        return
    for item in items:
        if item.get_closest_marker("iqeval") is not None:
            item.add_marker(pytest.mark.skip(reason=OFF))
