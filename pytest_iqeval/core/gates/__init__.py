"""Gates: conditions on the aggregate that decide the exit code.

`parse_gate` reads an expression, `check_gates` finds scopes that name nothing before anything
is asked, `judge_gates` makes the rows that every report shows.
"""

from pytest_iqeval.core.gates.grammar import Gate, Scope, parse_gate
from pytest_iqeval.core.gates.judge import GateRow, judge_gates, unreached
from pytest_iqeval.core.gates.scopes import check_gates

__all__ = ["Gate", "GateRow", "Scope", "check_gates", "judge_gates", "parse_gate", "unreached"]
