"""User, password and query of a base URL: taken out of what pytest itself keeps and prints."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import pytest

from pytest_iqeval.endpoint.address import without_secrets

FLAG = "--iqeval-base-url"
OVERRIDE = "iqeval_base_url="  # after ``-o`` or ``--override-ini``


def hide_in_arguments(config: pytest.Config) -> None:
    """In the arguments as they were typed, which ``--debug`` writes down and xdist sends around.

    Workers need none of it: only the owner of a run asks. With ``PYTEST_DEBUG`` in the environment
    pytest has printed them by now.
    """
    params = config.invocation_params
    shown = shown_arguments(params.args)
    if shown != tuple(params.args):
        config.invocation_params = replace(params, args=shown)


def hide_in_options(config: pytest.Config) -> None:
    """In the parsed options, once they were read."""
    for options in (config.option, config.known_args_namespace):
        if options.iqeval_base_url:
            options.iqeval_base_url = without_secrets(options.iqeval_base_url)
        if options.override_ini:
            options.override_ini = list(shown_arguments(options.override_ini))


def shown_arguments(args: Sequence[str]) -> tuple[str, ...]:
    """`args` with the base URL as it may be shown."""
    shown = []
    for before, arg in zip(("", *args), args, strict=False):
        name, equals, url = arg.partition("=") if isinstance(arg, str) else ("", "", "")
        setting, override, value = arg.partition(OVERRIDE) if equals else (arg, "", "")
        if name == FLAG and equals:
            shown.append(f"{FLAG}={without_secrets(url)}")
        elif override:
            shown.append(f"{setting}{override}{without_secrets(value)}")
        elif before == FLAG:
            shown.append(without_secrets(arg))
        else:
            shown.append(arg)
    return tuple(shown)
