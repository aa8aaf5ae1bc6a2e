"""A session's gates: where they were written, and that they can be judged, before any request."""

from __future__ import annotations

from collections.abc import Collection

import pytest

from pytest_iqeval.core.gates import Gate, check_baseline, check_gates, check_repeats
from pytest_iqeval.core.gates.origins import definition_gates, user_gates
from pytest_iqeval.core.phrases.gates import INI_FILE, STORED_RUN
from pytest_iqeval.plugin.evaluation import Evaluation
from pytest_iqeval.plugin.options import on_command_line


def read_gates(
    config: pytest.Config, evaluation: Evaluation, own: Collection[str], *, baseline: bool
) -> tuple[Gate, ...]:
    """The gates that the user gave; those of definitions are checked beside them.

    :param own: the names of the user's own metrics.
    :param baseline: whether the run is compared with one.
    :raises UsageFault: a gate that does not parse, that names what no chosen benchmark has, or
        that asks for what this run can't tell.
    """
    gates = user_gates(evaluation.settings.gate, gates_from(config, evaluation), own)
    benchmarks = list(evaluation.benchmarks.values())
    of_definitions = definition_gates(b.definition for b in benchmarks)
    if not evaluation.mixed:  # else a test file's marker may bring further benchmarks
        check_gates(gates, benchmarks)
    check_gates(of_definitions, benchmarks)
    check_repeats((*gates, *of_definitions), evaluation.settings.repeats)
    settings = evaluation.settings
    if settings.sets:
        from pytest_iqeval.core.index import check_parts, parts_of  # most sessions have no suite

        parts = parts_of(settings.sets, evaluation.benchmarks, evaluation.written)
        check_parts(parts, settings.repeats)
    if not baseline:
        check_baseline(gates)
    return gates


def gates_from(config: pytest.Config, evaluation: Evaluation) -> tuple[str, ...]:
    """Where each of the user's gates was written, for a replayed run where it was then."""
    count, suite, recalled = len(evaluation.settings.gate), evaluation.suite, evaluation.recalled
    if on_command_line(config, "gate"):
        return ("--iqeval-gate",) * count
    if suite is not None and suite.gate_origins:
        return suite.gate_origins
    if recalled is not None and recalled.settings.get("gate") is not None:
        then = () if recalled.chosen is None else recalled.chosen.gates_from
        return then if len(then) == count else (then or (STORED_RUN,))[:1] * count
    return (INI_FILE if config.inipath is None else config.inipath.name,) * count
