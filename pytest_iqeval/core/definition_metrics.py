"""The metrics that a definition has its reports show beside accuracy."""

from __future__ import annotations

from pytest_iqeval.core.definition_checks import Checks
from pytest_iqeval.core.errors import nearest_hint
from pytest_iqeval.core.plain import kind_of, quoted


def metric_names(value: object, checks: Checks) -> tuple[str, ...]:
    """What the field ``metrics`` names: shares, which every run of the benchmark reports.

    Those of several replies, such as ``pass@5``, are reported by runs that ask for so many.
    """
    if value is None:
        return ()
    if not isinstance(value, list):
        checks.fault("metrics", f"must be a list, not {kind_of(value)}; `metrics: [pass@5]`")
        return ()
    found = [checks.text(f"metrics[{n}]", one, required=True) for n, one in enumerate(value, 1)]
    names = tuple(dict.fromkeys(one.strip() for one in found if one is not None))
    if names:  # most definitions have none, and are read before anything else is loaded
        from pytest_iqeval.core.metrics import FAMILIES, MACRO, MEANS, is_mean

        known = sorted(MEANS | {MACRO})
        for name in names:
            if name != MACRO and not is_mean(name):
                hint = nearest_hint(name, [*known, *(f"{family}5" for family in FAMILIES)])
                checks.fault("metrics", f"there is no share {quoted(name)}; {hint}")
    return names
