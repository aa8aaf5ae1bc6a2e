"""One process at a time: the others wait, and then find what they wanted in the cache."""

from __future__ import annotations

import errno
import os
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from pytest_iqeval.core.errors import FolderError

# The package filelock does this too; of its 2 MB these few lines are all that is needed here.
_LOOK_S = 0.1
_BUSY = (errno.EACCES, errno.EAGAIN, errno.EDEADLK)


@contextmanager
def turn(path: Path, *, waits: Callable[[], None]) -> Iterator[None]:
    """Hold the lock file `path`; the system lets go of it when the process ends, however it does.

    The file stays: to delete it would let two processes hold two files of one name.

    :param waits: called once, where another process has it.
    :raises FolderError: it can't be made, or can't be locked there (some network drives).
    """
    try:
        descriptor = os.open(path, os.O_RDWR | os.O_CREAT, 0o666)
    except OSError as error:
        raise FolderError(
            f"{path}: can't be written: {error.strerror or error}",
            hint="IQEVAL_CACHE=DIR names another folder for fetched data",
        ) from None
    try:
        told = False
        while not _take(descriptor, path):
            if not told:
                waits()
                told = True
            time.sleep(_LOOK_S)
        try:
            yield
        finally:
            _release(descriptor)
    finally:
        os.close(descriptor)


def _take(descriptor: int, path: Path) -> bool:
    try:
        if sys.platform == "win32":
            import msvcrt

            msvcrt.locking(descriptor, msvcrt.LK_NBLCK, 1)
        else:
            import fcntl

            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError as error:
        if error.errno in _BUSY:
            return False
        raise FolderError(
            f"{path}: can't be locked: {error.strerror or error}",
            hint="IQEVAL_CACHE=DIR names a folder on a disk of this machine",
        ) from None
    return True


def _release(descriptor: int) -> None:
    if sys.platform == "win32":
        import msvcrt

        os.lseek(descriptor, 0, os.SEEK_SET)
        msvcrt.locking(descriptor, msvcrt.LK_UNLCK, 1)
    else:
        import fcntl

        fcntl.flock(descriptor, fcntl.LOCK_UN)
