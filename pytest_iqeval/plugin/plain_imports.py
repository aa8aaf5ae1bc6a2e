"""While evaluation is on, this package's modules are loaded as Python loads any other.

pytest reads every module of a plugin's distribution through its assertion rewriter, for the sake of
plugins that help tests to assert. This one holds no such assertions, and the way through the
rewriter makes each of its modules half as expensive again to load, in every worker.
"""

from __future__ import annotations

import contextlib
import sys
from collections.abc import Sequence
from importlib.abc import MetaPathFinder
from importlib.machinery import ModuleSpec, PathFinder
from types import ModuleType

import pytest

_OURS = __name__.partition(".")[0] + "."


class _Plain(MetaPathFinder):
    """Finds modules of this package where Python would, before pytest's rewriter is asked."""

    def find_spec(
        self, fullname: str, path: Sequence[str] | None, target: ModuleType | None = None
    ) -> ModuleSpec | None:
        return PathFinder.find_spec(fullname, path, target) if fullname.startswith(_OURS) else None


def import_plainly(config: pytest.Config) -> None:
    """From here to the end of `config`'s session."""
    finder = _Plain()
    sys.meta_path.insert(0, finder)

    def take_out() -> None:
        with contextlib.suppress(ValueError):  # a test of the user's may have put others in place
            sys.meta_path.remove(finder)

    config.add_cleanup(take_out)
