"""Python's garbage collector, while questions alone run: what there is stays to the end.

Samples, items and pytest's reports are kept, so that to walk over them again and again finds
nothing, and costs a tenth of our own time at 5,000 questions.
"""

from __future__ import annotations

import atexit
import gc
from collections.abc import Generator

import pytest

# How many objects are made until the collector looks at the new ones: 700 by default, which is
# those of 5 questions.
_NEW_OBJECTS = 20_000


class FewCollections:
    """Made before the rest of the package is loaded: modules stay, too.

    Registered where a session has no ordinary tests. Those may look into the collector: what is
    frozen is hidden from `gc.get_referrers`, which hypothesis uses as it is imported.
    """

    def __init__(self, config: pytest.Config) -> None:
        # The first cleanup of all runs last: also after pytest's own collections of garbage.
        config.add_cleanup(gc.unfreeze)
        self._before = gc.get_threshold()
        config.add_cleanup(self.as_before)
        gc.set_threshold(_NEW_OBJECTS, *self._before[1:])

    def as_before(self) -> None:
        """Collect as often as before."""
        gc.set_threshold(*self._before)

    @pytest.hookimpl(wrapper=True, tryfirst=True)
    def pytest_runtestloop(self) -> Generator[None, object, object]:
        """Modules and items are there by now."""
        gc.freeze()
        try:
            return (yield)
        finally:
            gc.unfreeze()

    @pytest.hookimpl(tryfirst=True)
    def pytest_unconfigure(self) -> None:
        """All ends with the process: pytest's last collections would find nothing of ours."""
        gc.freeze()


def freeze_at_exit() -> None:
    """A process that ends need not look for garbage first: 0.2 to 0.4 s after 1,000 questions."""
    atexit.register(gc.freeze)
