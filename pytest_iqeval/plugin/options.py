"""Option values from the command line, a suite and the ini file → `core.settings`."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest

from pytest_iqeval.core.errors import SettingsError
from pytest_iqeval.core.options import OPTIONS
from pytest_iqeval.core.recall import SETS, SUITE_SHA256
from pytest_iqeval.core.settings import Settings, make_settings
from pytest_iqeval.plugin.typed import as_typed

if TYPE_CHECKING:
    from pytest_iqeval.core.suite import Suite, SuiteSet

EXCLUSIVE = (("limit", "sample"),)


def read_settings(
    config: pytest.Config,
    remembered: Mapping[str, Any] | None = None,
    suite: Suite | None = None,
) -> Settings:
    """What the user asked for; the command line goes over the suite, and that over the ini file.

    :param remembered: what a replayed run was asked for, by option name (``None``: not given):
        it goes over the ini file of today, and a suite over it.
    :raises UsageFault: a value that can't be, told by option name.
    """
    remembered = remembered or {}
    typed, of_suite = typed_values(config), {} if suite is None else suite.options
    ini = {k: v for k, v in ini_values(config).items() if k not in remembered}
    kept = {o.name: v for o in OPTIONS if (v := remembered.get(o.name)) is not None}
    # The weakest first: each goes over those before it.
    values: dict[str, object] = {}
    for layer in (ini, kept, of_suite, typed):
        for one, other in (*EXCLUSIVE, *(pair[::-1] for pair in EXCLUSIVE)):
            if one in layer and other not in layer:  # both in one place are a mistake, told below
                values.pop(other, None)
        values.update(layer)
    if suite is not None:
        values["suite"] = suite.file
        values["gen"] = _body_fields(of_suite, typed) or values.get("gen")
    gates = values.get("gate")
    if isinstance(gates, list | tuple):
        values["gate"] = [_readable(gate) for gate in gates]
    if suite is None:
        sets = _remembered(remembered.get(SETS, ()))
        sha256 = remembered.get(SUITE_SHA256)
    else:
        sets, sha256 = suite.sets, suite.sha256
    return make_settings(values, sets=without_typed(sets, typed), suite_sha256=sha256)


def _remembered(sets: Sequence[Any]) -> tuple[SuiteSet, ...]:
    if not sets:
        return ()
    from pytest_iqeval.core.suite import SuiteSet  # most sessions have no suite

    return tuple(map(SuiteSet.from_plain, sets))


def typed_values(config: pytest.Config) -> dict[str, Any]:
    """The options of the command line (and of ``addopts``), by name."""
    given = ((option.name, config.getoption(option.dest)) for option in OPTIONS)
    return {name: value for name, value in given if value is not None}


def ini_values(config: pytest.Config) -> dict[str, Any]:
    """The options of the ini file, by name."""
    given = ((option.name, config.getini(option.dest)) for option in OPTIONS if option.ini)
    return {name: value for name, value in given if value}


def without_typed(sets: tuple[SuiteSet, ...], typed: Mapping[str, Any]) -> tuple[SuiteSet, ...]:
    """What a suite says of single benchmarks, less what the command line says of all."""
    body = {text.partition("=")[0].strip() for text in typed.get("gen", ())}
    counted = [text.rpartition("=")[0].strip() for text in typed.get("few-shot", ())]
    if not counted or "" in counted:  # a number alone is of all benchmarks
        return tuple(one.without(typed.keys(), body) for one in sets)
    left = (one.without(typed.keys() - {"few-shot"}, body) for one in sets)
    return tuple(
        one if one.few_shot is None else replace(one, typed_shots=tuple(counted)) for one in left
    )


def _body_fields(suite: Mapping[str, Any], typed: Mapping[str, Any]) -> list[str]:
    """The fields of request bodies, of which the command line's go over the suite's one by one."""
    own = {text.partition("=")[0].strip() for text in typed.get("gen", ())}
    left = [text for text in suite.get("gen", ()) if text.partition("=")[0] not in own]
    return [*left, *typed.get("gen", ())]


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
