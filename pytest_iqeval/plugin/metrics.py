"""The metrics of users' conftests and plugins; only the process that owns the run asks for them."""

from __future__ import annotations

from collections.abc import Mapping

import pytest

from pytest_iqeval.core.errors import HookUnusable
from pytest_iqeval.core.gates import TAKEN
from pytest_iqeval.core.metrics.own import OwnFunction, OwnMetric, OwnMetrics, name_fault
from pytest_iqeval.core.plain import kind_of
from pytest_iqeval.plugin.faults import warn_past_filters
from pytest_iqeval.plugin.hooks import METRICS_HOOK, given_by


def own_metrics(config: pytest.Config) -> OwnMetrics:
    """The metrics that the hook `pytest_iqeval_metrics` gives, by name.

    :raises HookUnusable: a hook that fails, or that gives what can't be.
    """
    found: dict[str, OwnMetric] = {}
    for origin, returned in given_by(config, METRICS_HOOK):
        for name, function in _functions(returned, where=f"{origin}: {METRICS_HOOK}: ").items():
            if name in found:
                raise HookUnusable(
                    f"metric {name} is given twice: by {found[name].origin} and by {origin}",
                    hint="give yours another name",
                )
            found[name] = OwnMetric(name, function, origin=origin)
    return found


def _functions(returned: object, *, where: str) -> Mapping[str, OwnFunction]:
    if not isinstance(returned, Mapping):
        raise HookUnusable(
            f"{where}returned {kind_of(returned)} instead of a mapping",
            hint="return {'brevity': brevity}: names, and functions of the results",
        )
    faults = []
    for name, function in returned.items():
        fault = name_fault(name, TAKEN)
        if fault is None and not callable(function):
            fault = f"metric {name}: {kind_of(function)} is no function"
        if fault is not None:
            faults.append(f"{where}{fault}")
    if faults:
        raise HookUnusable("\n".join(faults))
    return returned


def warn_of_troubles(config: pytest.Config, own: OwnMetrics) -> None:
    """Say once of each metric that failed what went wrong: reports show only that it is absent."""
    for metric in own.values():
        if metric.trouble is not None:
            warn_past_filters(config, f"iqeval: {metric.trouble}", file=metric.origin)
