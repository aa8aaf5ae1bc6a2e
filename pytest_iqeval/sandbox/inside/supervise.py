"""The outermost process of the sandbox: it confines itself, forks the one that works, and waits.

It ends that one, and all that it may have started, when its standard input ends: with the parent's
wish, or with the parent. On standard output it says, a JSON line each, that all is set
(``{"ready": [...]}``, with the limits that the system took) or what is not (``{"broken": why}``),
and at last how the worker ended.
"""

from __future__ import annotations

import contextlib
import json
import os
import select
import signal
import sys
from collections.abc import Callable, Mapping
from typing import Any, NoReturn

from pytest_iqeval.sandbox.inside import confine, filters, limits
from pytest_iqeval.sandbox.inside.answer import answer
from pytest_iqeval.sandbox.inside.examine import examine
from pytest_iqeval.sandbox.inside.probe import probe
from pytest_iqeval.sandbox.inside.wire import Channel

_NOBODYS = 0x70000000  # user ids from here on are nobody's; one for each process tells them apart
_MOST_FILES = 4096


def main() -> None:
    """Do one job, which stands as JSON in the first line of standard input."""
    job = json.loads(_first_line())
    try:
        if job["how"] == "namespaces":
            confine.enter(job["folder"], job["keep"], job["room_bytes"])
    except OSError as error:
        _say(1, {"broken": f"{error.strerror or error}"})
        return
    woken, wake = os.pipe()
    os.set_blocking(wake, False)
    signal.signal(signal.SIGCHLD, lambda *_: None)
    signal.set_wakeup_fd(wake)
    for name in ("SIGINT", "SIGTERM", "SIGHUP"):
        signal.signal(getattr(signal, name), signal.SIG_IGN)  # Ctrl-C is the parent's
    child = os.fork()
    if child == 0:
        _work(job)
    for handle in job["handles"].values():
        os.close(handle)
    select.select([0, woken], [], [])
    for kill in (os.killpg, os.kill):  # it leads a group of its own, unless it came not that far
        with contextlib.suppress(OSError):  # no stranger's: nobody has waited for it yet
            kill(child, signal.SIGKILL)
    _, status, usage = os.wait4(child, 0)
    cpu_s = usage.ru_utime + usage.ru_stime
    _say(1, {"ended": os.waitstatus_to_exitcode(status), "cpu_s": cpu_s})


def _first_line() -> bytes:
    read = bytearray()
    while not read.endswith(b"\n"):
        piece = os.read(0, 1 << 16)
        if not piece:
            os._exit(1)
        read += piece
    return bytes(read)


def _say(handle: int, message: object) -> None:
    with contextlib.suppress(OSError):  # nobody wants to know any more
        os.write(handle, json.dumps(message).encode("ascii") + b"\n")


def _work(job: Mapping[str, Any]) -> NoReturn:
    """In the forked process: give up what is not needed, then do the part."""
    try:
        said = os.dup(1)
        _let_go(job, said)
        taken = limits.apply(job["limits"])
        _give_up_rights(job)
        taken += _filtered(job)
        if not _may_fork(job):  # the filter refuses it; else a limit has to
            filtered = "system_calls" in taken
            taken += ["no forks"] if filtered else limits.apply({"processes": 0})
        _say(said, {"ready": taken})
        os.close(said)
    except BaseException as error:  # the parent tells it
        _say(said, {"broken": f"{type(error).__name__}: {error}"})
        os._exit(1)
    try:
        _PARTS[job["part"]](job)
    except BaseException:
        os._exit(1)
    os._exit(0)


def _let_go(job: Mapping[str, Any], said: int) -> None:
    os.setsid()
    nowhere = os.open(os.devnull, os.O_RDWR)
    for handle in (0, 1, 2):
        os.dup2(nowhere, handle)
    kept = sorted({said, *job["handles"].values()})
    for start, end in zip([2, *kept], [*kept, _MOST_FILES], strict=True):
        os.closerange(start + 1, end)
    signal.set_wakeup_fd(-1)
    for name in ("SIGCHLD", "SIGINT", "SIGTERM", "SIGHUP"):
        signal.signal(getattr(signal, name), signal.SIG_DFL)
    os.environ.clear()
    os.chdir(confine.ROOM if job["how"] == "namespaces" else job["folder"])


def _give_up_rights(job: Mapping[str, Any]) -> None:
    root = os.getuid() == 0 and job["drop_root"]
    if root and job["how"] != "namespaces":
        os.chown(job["folder"], _NOBODYS + job["number"], -1)
    if sys.platform == "linux":
        confine.give_up_rights(_NOBODYS + job["number"] if root else None)
        confine.die_with_parent()


def _filtered(job: Mapping[str, Any]) -> list[str]:
    """Put the system's filters on this process; which of them the system took."""
    if sys.platform != "linux":
        return []
    alone = job["how"] == "filters"
    files = alone and filters.refuse_files(job["keep"], job["folder"])
    calls = filters.refuse_calls(alone=alone, forks=_may_fork(job))
    return [name for name, taken in (("files", files), ("system_calls", calls)) if taken]


def _may_fork(job: Mapping[str, Any]) -> bool:
    """Whether further processes are limited: those of root never are, nor are a user's few."""
    return job["how"] != "filters" and os.getuid() != 0


def _answer(job: Mapping[str, Any]) -> None:
    handles = job["handles"]
    answer(job, Channel(handles["calls"], handles["answers"]))


def _examine(job: Mapping[str, Any]) -> None:
    handles = job["handles"]
    channel = Channel(handles["answers"], handles["calls"])
    examine(job, channel, lambda verdict: _say(handles["verdict"], verdict))


def _probe(job: Mapping[str, Any]) -> None:
    _say(job["handles"]["verdict"], probe(job))


_PARTS: Mapping[str, Callable[[Mapping[str, Any]], None]] = {
    "answer": _answer,
    "examine": _examine,
    "probe": _probe,
}
