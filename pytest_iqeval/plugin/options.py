"""Option values from the command line and the ini file → `core.settings`."""

from __future__ import annotations

from collections.abc import Mapping

import pytest

from pytest_iqeval.core.errors import SettingsError
from pytest_iqeval.core.options import OPTIONS
from pytest_iqeval.core.settings import Settings, make_settings
from pytest_iqeval.plugin.typed import as_typed

EXCLUSIVE = (("limit", "sample"),)


def read_settings(
    config: pytest.Config, remembered: Mapping[str, object] | None = None
) -> Settings:
    """What the user asked for; a command-line option wins over its ini twin.

    :param remembered: what a replayed run was asked for, by option name (``None``: not given):
        it wins over the ini file of today.

    :raises UsageFault: a value that can't be, told by option name.
    """
    values: dict[str, object] = {}
    remembered = remembered or {}
    for option in OPTIONS:
        value = config.getoption(option.dest)
        if value is None and option.name in remembered:
            value = remembered[option.name]
        elif value is None and option.ini:
            value = config.getini(option.dest) or None
        if value is not None:
            values[option.name] = value
    for one, other in EXCLUSIVE:
        if one in values and other in values:
            # Both in one place are a mistake; on the command line one replaces the ini's other.
            for wish, default in ((one, other), (other, one)):
                if on_command_line(config, wish) and not on_command_line(config, default):
                    del values[default]
                    break
    gates = values.get("gate")
    if isinstance(gates, list | tuple):
        values["gate"] = [_readable(gate) for gate in gates]
    return make_settings(values)


def _readable(gate: str) -> str:
    """A gate in the user's own characters.

    :raises SettingsError: its bytes are no UTF-8.
    """
    typed = as_typed(gate)
    if typed is None:
        shown = gate.encode("ascii", "backslashreplace").decode("ascii")
        raise SettingsError(
            f"--iqeval-gate {shown}: can't be read as UTF-8",
            hint="set the locale to one of UTF-8: export LC_ALL=C.UTF-8",
        )
    return typed


def on_command_line(config: pytest.Config, name: str) -> bool:
    """Whether the option was given on the command line (or in ``addopts``), not by ini key."""
    return config.getoption("iqeval_" + name.replace("-", "_")) is not None
