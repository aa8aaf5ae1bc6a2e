"""Mathematical equality by math-verify (the extra ``math``), outside the process that asks."""

from __future__ import annotations

from collections.abc import Mapping
from importlib.util import find_spec

from pytest_iqeval.algebra.equality import ChildEquality
from pytest_iqeval.core.errors import DefinitionError, nearest_hint
from pytest_iqeval.core.plain import quoted
from pytest_iqeval.core.scorers.math import MathScorer

_LIBRARY = "math_verify"
_OPTIONS = ("timeout",)
_TIMEOUT_S = 5.0
_LONGEST_S = 600.0


def math_scorer(options: Mapping[str, object], *, where: str = "") -> MathScorer:
    """The scorer `math` as a definition asks for it.

    Its one option is ``timeout``: the seconds that one comparison may take, 5 unless given.

    :param where: the definition's file, as a prefix of messages (``my.yaml: ``).
    :raises DefinitionError: an option is unknown or can't be, or the library is not installed.
    """
    faults = [
        f"{where}scorer: math has no option {quoted(name)}; "
        f"{nearest_hint(name, _OPTIONS) or 'it has timeout'}"
        for name in options
        if name not in _OPTIONS
    ]
    timeout = options.get("timeout", _TIMEOUT_S)
    if isinstance(timeout, bool) or not isinstance(timeout, int | float):
        faults.append(f"{where}scorer.timeout: {timeout!r} is no number; give seconds, like 5")
    elif not 0 < timeout <= _LONGEST_S:
        faults.append(f"{where}scorer.timeout: must be above 0 and at most 600 seconds")
    if faults:
        raise DefinitionError(faults)
    if find_spec(_LIBRARY) is None:
        raise DefinitionError(
            f"{where}scorer math needs math-verify, which is not installed",
            hint="pip install 'pytest-iqeval[math]'",
        )
    assert isinstance(timeout, int | float)
    return MathScorer(ChildEquality(timeout_s=float(timeout)))
