"""What stands between the parts of a sentence."""

from __future__ import annotations

from pytest_iqeval.core.told import Told

COMMA = Told(", ", "，")
LIST = Told(", ", "、")
SEMICOLON = Told("; ", "；")
AND = Told(" and ", "、")
