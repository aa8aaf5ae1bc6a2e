"""The suite of a session: found and read by the owner of the run, handed on to its workers."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from pytest_iqeval.core.clean import visible
from pytest_iqeval.core.options import OPTIONS
from pytest_iqeval.core.phrases import suite as phrases
from pytest_iqeval.core.phrases.gates import INI_FILE
from pytest_iqeval.core.phrases.signs import COMMA
from pytest_iqeval.core.recall import Recalled
from pytest_iqeval.core.suite import Suite, SuiteSet
from pytest_iqeval.core.told import joined
from pytest_iqeval.endpoint.address import without_secrets
from pytest_iqeval.plugin.options import ini_values, typed_values, without_typed
from pytest_iqeval.plugin.xdist import SUITE

_DIGITS = 12


def find_suite(config: pytest.Config, recalled: Recalled | None) -> Suite | None:
    """What ``--iqeval-suite`` or its ini twin names.

    A replay has what its run remembers; only a suite on the command line goes over that.

    :raises DefinitionError: it can't be read, or all that is wrong with it.
    """
    if hasattr(config, "workerinput"):
        plain = config.workerinput.get(SUITE)
        return None if plain is None else Suite.from_plain(plain)
    typed = config.option.iqeval_suite
    text = typed if typed is not None or recalled is not None else config.getini("iqeval_suite")
    if not text:
        return None
    # Only the owner of a run reads it: yaml takes 15 ms to import.
    from pytest_iqeval.sources.catalogue import known_names
    from pytest_iqeval.sources.reading import shown_path
    from pytest_iqeval.sources.suites import read_suite

    start = config.invocation_params.dir
    path = start / Path(text)
    return read_suite(path, shown=shown_path(path, start), start=start, known=known_names())


def suite_lines(suite: Suite, config: pytest.Config) -> list[str]:
    """Which values come from where: the suite, the command line over it, the ini file under it."""
    given, typed, ini = suite.options, typed_values(config), ini_values(config)
    shown = [o.name for o in OPTIONS if o.name in given]
    kept = (_key(name) for name in shown if name not in typed or name == "gen")
    digest = suite.sha256[:_DIGITS]
    under = [
        phrases.INSTEAD(option=_key(n), value=_value(ini[n]), suite=_value(given[n]))
        for n in shown
        if n in ini and n not in typed and _value(ini[n]) != _value(given[n])
    ]
    beside = [f"{_key(n)} {_value(ini[n])}" for n in ini if n not in {*given, *typed, "suite"}]
    inipath = INI_FILE if config.inipath is None else config.inipath.name
    return [
        phrases.SUITE(file=suite.file, digest=digest, names=joined(kept, COMMA)),
        *_alone(suite, typed),
        *(phrases.TASK(file=suite.file, line=line) for line in suite.taken),
        *(
            phrase(ini=inipath, what=joined(what, COMMA))
            for phrase, what in (
                (phrases.OVER_SUITE, _over(suite, typed)),
                (phrases.OVER_INI, under),
                (phrases.FROM_INI, beside),
            )
            if what
        ),
    ]


def _over(suite: Suite, typed: Mapping[str, Any]) -> list[str]:
    """What the command line says otherwise than the suite does, of all or of one benchmark."""
    told: list[str] = []
    for name, value in typed.items():
        other = suite.options.get(name, value)
        if _value(value) != _value(other):
            option, told_other = f"--iqeval-{name}", _value(other)
            told.append(phrases.INSTEAD(option=option, value=_value(value), suite=told_other))
        left = without_typed(suite.sets, {name: value})
        touched = [
            a.spec
            for a, b in zip(suite.sets, left, strict=True)
            if a != replace(b, typed_shots=()) or a.spec in b.typed_shots
        ]
        if touched:
            option = f"--iqeval-{name} {_value(value)}"
            told.append(phrases.FOR_ALL(option=option, names=joined(touched, COMMA)))
    return told


def _alone(suite: Suite, typed: Mapping[str, Any]) -> list[str]:
    """What the suite says of single benchmarks, a line each."""
    return [
        phrases.OF_A_SET(name=one.spec, what=joined(what, COMMA))
        for one in without_typed(suite.sets, typed)
        if (what := _own(one))
    ]


def _own(one: SuiteSet) -> list[str]:
    """What a suite says of one benchmark, beside which it is."""
    told: list[str] = [f"{name} {value:.4g}" for name, value in one.some.items()]
    if one.shots(one.spec) is not None:
        told.append(f"few_shot {one.few_shot}")
    if one.weight != 1:
        told.append(f"weight {float(one.weight):g}")
    if one.metric is not None:
        told.append(f"metric {one.metric}")
    if one.system is not None:
        told.append(phrases.OWN_SYSTEM)
    return [*told, *(f"{key} {json.dumps(value)}" for key, value in one.generation.items())]


def _key(name: str) -> str:
    return name.replace("-", "_")


def _value(value: object) -> str:
    """A value as people wrote it, without a login; a list's, one after the other."""
    if isinstance(value, list | tuple):
        return visible("; ".join(map(str, value)))
    if isinstance(value, bool):
        return json.dumps(value)
    text = visible(str(value))
    return without_secrets(text) if "://" in text else text
