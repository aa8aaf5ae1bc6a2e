"""Linux's filters for a process and all that it starts: system calls (seccomp), files (Landlock).

They need no right at all, so they are there in most containers, where namespaces are not. Numbers
of system calls are those of the kernel's tables; from 424 on they are the same on every machine.
"""

from __future__ import annotations

import ctypes
import os
import struct
from collections.abc import Iterator, Mapping, Sequence

_SECCOMP, _FILTER_MODE = 22, 2
_LOAD, _EQUAL, _AT_LEAST, _ANY_BIT, _RETURN = 0x20, 0x15, 0x35, 0x45, 0x06
_ALLOW, _REFUSE, _NO_SUCH_CALL, _KILL = 0x7FFF0000, 0x00050001, 0x00050026, 0x80000000
_NUMBER, _ARCHITECTURE, _ARGUMENT = 0, 4, 16
_NAMESPACES = 0x7E020080  # of clone's flags: all that make a namespace
_THREAD = 0x10000
_CLONE3 = 435
# Mounts, namespaces, other processes' memory, and what only ever served attacks.
_NEVER = (425, 426, 427, 428, 429, 430, 431, 432, 433, 438, 442)
_MACHINES: Mapping[str, tuple[int, Mapping[str, tuple[int, ...]]]] = {
    "x86_64": (
        0xC000003E,
        {
            "never": (
                *(101, 135, 154, 155, 161, 163, 165, 166, 167, 169, 172, 173, 175, 176, 246),
                *(248, 249, 250, 272, 298, 303, 304, 308, 310, 311, 312, 313, 321, 323),
            ),
            "own": (62, 234, 302),  # kill, tgkill, prlimit64: of this process alone
            "others": (129, 200, 297, 424, 434),  # further ways to signal a process
            "network": (41,),
            "fork": (57, 58),
            "clone": (56,),
        },
    ),
    "aarch64": (
        0xC00000B7,
        {
            "never": (
                *(39, 40, 41, 51, 89, 92, 97, 104, 105, 106, 117, 142, 217, 218, 219, 224),
                *(241, 264, 265, 268, 270, 271, 272, 273, 280, 282),
            ),
            "own": (129, 131, 261),
            "others": (130, 138, 240, 424, 434),
            "network": (198,),
            "fork": (),
            "clone": (220,),
        },
    ),
}


class _Program(ctypes.Structure):
    _fields_ = [("length", ctypes.c_ushort), ("code", ctypes.c_char_p)]


def refuse_calls(*, alone: bool, forks: bool) -> bool:
    """Refuse system calls that no program needs here, for ever; false where that can't be had.

    :param alone: nothing else isolates this process: refuse sockets and signals to others as well.
    :param forks: whether it may start further processes.
    """
    code = b"".join(_code(alone=alone, forks=forks))
    if not code:
        return False
    program = _Program(length=len(code) // 8, code=code)
    libc = ctypes.CDLL(None, use_errno=True)
    mode = ctypes.c_ulong(_FILTER_MODE)
    done: int = libc.prctl(_SECCOMP, mode, ctypes.byref(program), ctypes.c_ulong(0))
    return done == 0


def _code(*, alone: bool, forks: bool) -> Iterator[bytes]:
    """The filter, as the kernel's little machine reads it; empty on an unknown machine."""
    machine = os.uname().machine
    if machine not in _MACHINES or struct.calcsize("P") != 8:
        return
    architecture, calls = _MACHINES[machine]
    yield _step(_LOAD, _ARCHITECTURE)
    yield _step(_EQUAL, architecture, 1, 0)
    yield _step(_RETURN, _KILL)
    yield _step(_LOAD, _NUMBER)
    yield from _when(_AT_LEAST, 0x40000000, _REFUSE)  # a second table of the same calls
    yield from _when(_EQUAL, _CLONE3, _NO_SUCH_CALL)  # its flags can't be read here: use clone
    refused = (*_NEVER, *calls["never"])
    if alone:
        refused += (*calls["others"], *calls["network"])
        for number in calls["own"]:
            yield from _own_only(number)
    for number in refused if forks else (*refused, *calls["fork"]):
        yield from _when(_EQUAL, number, _REFUSE)
    for number in calls["clone"]:
        yield _step(_EQUAL, number, 0, 4)
        yield _step(_LOAD, _ARGUMENT)
        yield _step(_ANY_BIT, _NAMESPACES, 0, 1) if forks else _step(_ANY_BIT, _THREAD, 1, 0)
        yield _step(_RETURN, _REFUSE)
        yield _step(_RETURN, _ALLOW)
    yield _step(_RETURN, _ALLOW)


def _own_only(number: int) -> Iterator[bytes]:
    """Refuse the call unless its first argument is this process, or 0 for it."""
    yield _step(_EQUAL, number, 0, 5)
    yield _step(_LOAD, _ARGUMENT)
    yield _step(_EQUAL, os.getpid(), 2, 0)
    yield _step(_EQUAL, 0, 1, 0)
    yield _step(_RETURN, _REFUSE)
    yield _step(_RETURN, _ALLOW)


def _when(test: int, value: int, then: int) -> Iterator[bytes]:
    yield _step(test, value, 0, 1)
    yield _step(_RETURN, then)


def _step(code: int, value: int, if_so: int = 0, if_not: int = 0) -> bytes:
    """One instruction; of a test, how many it skips in either case."""
    return struct.pack("HBBI", code, if_so, if_not, value)


_CREATE_RULES, _ADD_RULE, _RESTRICT = 444, 445, 446
_BENEATH, _ASK_VERSION = 1, 1
_EXECUTE, _WRITE_FILE, _READ_FILE, _READ_FOLDER = 1, 2, 4, 8
_DEVICES = ("/dev/null", "/dev/zero", "/dev/random", "/dev/urandom")


def refuse_files(keep: Sequence[str], room: str) -> bool:
    """Refuse all files but those of `keep`, to be read, and those in `room`, for ever.

    False where that can't be had.
    """
    libc = ctypes.CDLL(None, use_errno=True)
    number, nothing = ctypes.c_long(_CREATE_RULES), ctypes.c_size_t(0)
    version = libc.syscall(number, None, nothing, ctypes.c_uint(_ASK_VERSION))
    if version < 1:
        return False
    # Each version knows further ways to change a file; what is not named is not refused.
    every = (1 << 13) - 1 | sum(1 << bit for bit in (13, 14) if version > bit - 12)
    handled = (ctypes.c_uint64 * 1)(every)
    size = ctypes.c_size_t(ctypes.sizeof(handled))
    rules = libc.syscall(number, ctypes.byref(handled), size, ctypes.c_uint(0))
    if rules < 0:
        return False
    try:
        for path in (*keep, *_DEVICES):
            _let(libc, rules, path, _EXECUTE | _READ_FILE | _READ_FOLDER)
        _let(libc, rules, os.devnull, _WRITE_FILE | _READ_FILE)
        _let(libc, rules, room, every)
        restrict = ctypes.c_long(_RESTRICT)
        return bool(libc.syscall(restrict, ctypes.c_int(rules), ctypes.c_uint(0)) == 0)
    finally:
        os.close(rules)


def _let(libc: ctypes.CDLL, rules: int, path: str, access: int) -> None:
    """Except `path`, and what lies beneath it, from what is refused."""
    if not os.path.isdir(path):
        access &= _EXECUTE | _WRITE_FILE | _READ_FILE
    try:
        place = os.open(path, os.O_PATH | os.O_CLOEXEC)
    except OSError:  # it is not there, or not for this user
        return
    try:
        rule = struct.pack("=Qi", access, place)
        number, kind = ctypes.c_long(_ADD_RULE), ctypes.c_int(_BENEATH)
        libc.syscall(number, ctypes.c_int(rules), kind, rule, ctypes.c_uint(0))
    finally:
        os.close(place)
