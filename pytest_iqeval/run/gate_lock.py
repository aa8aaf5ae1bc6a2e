"""What `--iqeval-gate-lock` does in a run: read before it, compared and at first written after."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from pytest_iqeval.core.definition import Benchmark
from pytest_iqeval.core.errors import FolderError
from pytest_iqeval.core.gates import Gate
from pytest_iqeval.core.gates.lock import NEW, UNWRITTEN, Lock, LockReport, against_lock, lock_of
from pytest_iqeval.core.sample import Sample
from pytest_iqeval.core.settings import Settings
from pytest_iqeval.store.gate_lock import read_lock, write_lock


@dataclass(frozen=True, slots=True)
class GateLock:
    """A lock's file as the user named it, where it lies, and what is in it: at first nothing."""

    shown: str
    path: Path
    locked: Lock | None

    def report(
        self,
        gates: Sequence[Gate],
        benchmarks: Sequence[Benchmark],
        selected: Sequence[Sample],
        settings: Settings,
        *,
        prompts: Mapping[str, str],
        whole: bool,
    ) -> LockReport | None:
        """What the run changed; without a lock yet, write it.

        :param prompts: a hash of the prompt that each benchmark was asked with.
        :param whole: the run came to its end, and may stand in a lock.
        """
        now = lock_of(gates, benchmarks, selected, settings, prompts=prompts)
        if self.locked is not None:
            return against_lock(self.locked, now, file=self.shown)
        if not whole:
            return None
        try:
            write_lock(self.path, now)
        except FolderError as fault:  # a lock decides nothing: not even this
            return LockReport(file=self.shown, state=UNWRITTEN, loosened=(fault.problem,))
        return LockReport(file=self.shown, state=NEW)


def open_gate_lock(shown: str, start: Path) -> GateLock:
    """The lock that a run is held against.

    :raises FolderError: its file can't be read, or is no lock.
    """
    path = start / shown
    return GateLock(shown, path, read_lock(path))
