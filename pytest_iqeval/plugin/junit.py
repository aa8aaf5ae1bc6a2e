"""JUnit: one testcase a gate, the run's facts as properties, and nothing half done."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest
from _pytest.junitxml import xml_key  # pytest names no public way to the controller's file

if TYPE_CHECKING:  # needed at the end alone
    from pytest_iqeval.core.summary import GateRow, Summary


def write_gates(config: pytest.Config, summary: Summary) -> None:
    """Add gates and properties to the file that ``--junitxml`` asked for; before it is written.

    A gate that failed is a ``<failure>``, one without a number an ``<error>``. The properties
    stand at the suite: the Jenkins schema allows none at a testcase.
    """
    xml = config.stash.get(xml_key, None)
    if xml is None:
        return
    for row in summary.gates:
        for report in _reports(row):
            xml.pytest_runtest_logreport(report)
    for name, value in _properties(summary):
        xml.add_global_property(f"iqeval.{name}", value)


def leave_out_unfinished(config: pytest.Config) -> None:
    """Take out the testcases of which pytest heard the set-up alone; before the file is written.

    A session that is interrupted, or stopped under xdist, ends between the phases of an item.
    pytest would write its testcase without a name, which is no valid file.
    """
    xml = config.stash.get(xml_key, None)
    if xml is None:
        return
    for begun in xml.node_reporters.values():  # without those that had all their phases
        if "name" not in begun.attrs:
            xml.node_reporters_ordered.remove(begun)


def _reports(row: GateRow) -> Iterator[pytest.TestReport]:
    scope = row.benchmark or "run"
    node_id = f"iqeval/{scope}::gate::{row.expression}"
    outcome = {True: "passed", False: "failed", None: "failed"}[row.passed]
    # pytest writes trouble in setup as <error>, and in the call as <failure>.
    phase = "setup" if row.passed is None else "call"
    for when in dict.fromkeys((phase, "teardown")):
        yield pytest.TestReport(
            nodeid=node_id,
            location=(f"iqeval/{scope}", None, row.expression),
            keywords={},
            outcome=outcome if when == phase else "passed",  # type: ignore[arg-type]
            longrepr=row.reason if when == phase and row.passed is not True else None,
            when=when,  # type: ignore[arg-type]
        )


def _properties(summary: Summary) -> Iterator[tuple[str, str]]:
    yield "verdict", summary.verdict
    yield "exit_code", str(summary.exit_code)
    yield "model", summary.run.model
    yield "base_url", summary.run.base_url
    yield "run", summary.run.id
    if summary.baseline is not None:
        # Imported here, at the end of a run: it takes the whole summary along.
        from pytest_iqeval.reports.against import baseline_properties

        yield from baseline_properties(summary.baseline)
    if summary.gate_lock is not None:
        yield "gate_lock", summary.gate_lock.state
        yield "gate_lock.loosened", "; ".join(summary.gate_lock.weaker)
    for benchmark in summary.benchmarks:
        accuracy = benchmark.metrics["accuracy"]
        yield f"{benchmark.name}.revision", benchmark.revision
        yield (
            f"{benchmark.name}.accuracy",
            "" if accuracy.value is None else f"{accuracy.value:.6g}",
        )
        yield f"{benchmark.name}.n", str(accuracy.n)
        for name in [name for name in benchmark.metrics if name not in ("accuracy", "credit")]:
            value = benchmark.metrics[name].value
            yield f"{benchmark.name}.{name}", "" if value is None else f"{value:.6g}"
