"""Gates: conditions on the aggregate that decide the exit code.

`parse_gate` reads an expression, `check_gates` finds scopes that name nothing before anything
is asked, and `judge.judge_gates` makes the rows that every report shows. That one is not
imported here: only the end of a run needs it.
"""

from pytest_iqeval.core.gates.grammar import TAKEN, Gate, Scope, parse_gate
from pytest_iqeval.core.gates.scopes import check_gates

__all__ = ["TAKEN", "Gate", "Scope", "check_gates", "parse_gate"]
