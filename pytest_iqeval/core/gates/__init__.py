"""Gates: conditions on the aggregate that decide the exit code.

`parse_gate` reads an expression, `check_gates` finds scopes that name nothing before anything
is asked, and `judge.judge_gates` makes the rows that every report shows. That one is not
imported here: only the end of a run needs it.
"""

from pytest_iqeval.core.gates.checks import check_baseline, check_gates, check_repeats
from pytest_iqeval.core.gates.gate import Gate, Scope
from pytest_iqeval.core.gates.grammar import TAKEN, parse_gate

__all__ = [
    "TAKEN",
    "Gate",
    "Scope",
    "check_baseline",
    "check_gates",
    "check_repeats",
    "parse_gate",
]
