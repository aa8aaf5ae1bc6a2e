"""Namespaces of Linux: a process sees no network, no other process, and no file but Python's own.

Everything is asked of the C library, since Python has `os.unshare` from 3.12 on only. Each step
raises `OSError` where the system does not allow it.
"""

from __future__ import annotations

import contextlib
import ctypes
import os
from collections.abc import Sequence

_NEWNS, _NEWUTS, _NEWIPC = 0x20000, 0x4000000, 0x8000000
_NEWUSER, _NEWPID, _NEWNET = 0x10000000, 0x20000000, 0x40000000
_RDONLY, _NOSUID, _NODEV, _REMOUNT = 0x1, 0x2, 0x4, 0x20
_BIND, _REC, _PRIVATE = 0x1000, 0x4000, 0x40000
_DETACH = 2
_MOUNT_SETATTR, _AT_FDCWD, _AT_RECURSIVE = 442, -100, 0x8000  # the number is every machine's
_PDEATHSIG, _DUMPABLE, _NO_NEW_PRIVS = 1, 4, 38
_CAPABILITIES_3 = 0x20080522
_DEVICES = ("/dev/null", "/dev/zero", "/dev/random", "/dev/urandom")
ROOM = "/tmp"
"""The folder in which code may write, once the process is confined."""


class _MountAttributes(ctypes.Structure):
    _fields_ = [(name, ctypes.c_uint64) for name in ("set", "clear", "propagation", "userns")]


def _libc() -> ctypes.CDLL:
    return ctypes.CDLL(None, use_errno=True)


def _checked(result: int, step: str) -> None:
    if result != 0:
        number = ctypes.get_errno()
        raise OSError(number, f"{step}: {os.strerror(number)}")


def enter(folder: str, keep: Sequence[str], room_bytes: int) -> None:
    """Put this process, and fully the ones that it forks, into namespaces of their own.

    :param folder: an empty folder, on which the new root is mounted.
    :param keep: the paths that stay to be read.
    :param room_bytes: what may be written; it lies in memory, and goes with the process.
    """
    libc = _libc()
    uid, gid = os.getuid(), os.getgid()
    own = _NEWNS | _NEWPID | _NEWNET | _NEWIPC | _NEWUTS
    if uid != 0 or libc.unshare(own) != 0:
        _checked(libc.unshare(own | _NEWUSER), "unshare")
        _write("/proc/self/setgroups", "deny")
        _write("/proc/self/uid_map", f"{uid} {uid} 1")
        _write("/proc/self/gid_map", f"{gid} {gid} 1")
    _checked(libc.mount(b"none", b"/", None, _REC | _PRIVATE, None), "mount private")
    size = f"size={room_bytes},nr_inodes=10000,mode=755".encode()
    _checked(libc.mount(b"tmpfs", os.fsencode(folder), b"tmpfs", _NOSUID | _NODEV, size), "tmpfs")
    for path in (*keep, *_DEVICES):
        _take_along(libc, path, folder + path)
    os.makedirs(folder + ROOM, exist_ok=True)
    os.chmod(folder + ROOM, 0o1777)
    os.chdir(folder)
    _checked(libc.pivot_root(b".", b"."), "pivot_root")
    _checked(libc.umount2(b".", _DETACH), "umount")
    os.chdir(ROOM)


def _take_along(libc: ctypes.CDLL, path: str, target: str) -> None:
    """Have `path` in the new root as well, to be read only."""
    if os.path.islink(path):
        os.makedirs(os.path.dirname(target), exist_ok=True)
        with contextlib.suppress(FileExistsError):
            os.symlink(os.readlink(path), target)
        return
    if os.path.isdir(path):
        os.makedirs(target, exist_ok=True)
    elif os.path.exists(path):
        os.makedirs(os.path.dirname(target), exist_ok=True)
        with open(target, "wb"):
            pass
    else:
        return
    source, place = os.fsencode(path), os.fsencode(target)
    _checked(libc.mount(source, place, None, _BIND | _REC, None), f"bind {path}")
    readonly = _MountAttributes(set=_RDONLY | _NOSUID)
    size = ctypes.sizeof(readonly)
    number, where, how = map(ctypes.c_long, (_MOUNT_SETATTR, _AT_FDCWD, _AT_RECURSIVE))
    done = libc.syscall(number, where, place, how, ctypes.byref(readonly), ctypes.c_size_t(size))
    if done != 0:  # before Linux 5.12
        flags = _BIND | _REMOUNT | _RDONLY | _NOSUID | os.statvfs(target).f_flag & 0xE
        _checked(libc.mount(None, place, None, flags, None), f"read-only {path}")


def _write(path: str, text: str) -> None:
    handle = os.open(path, os.O_WRONLY)
    try:
        os.write(handle, text.encode("ascii"))
    finally:
        os.close(handle)


def give_up_rights(uid: int | None) -> None:
    """Drop every capability, for ever; and root's name for the user `uid`, which owns nothing."""
    libc = _libc()
    if uid is not None:
        os.setgroups([])
        os.setresgid(uid, uid, uid)
        os.setresuid(uid, uid, uid)
    header = (ctypes.c_uint32 * 2)(_CAPABILITIES_3, 0)
    _checked(libc.capset(header, (ctypes.c_uint32 * 6)()), "capset")
    _prctl(_NO_NEW_PRIVS, 1)
    # Memory of this process is not to be had by another of the same user (`/proc/PID/mem`).
    _prctl(_DUMPABLE, 0)


def die_with_parent() -> None:
    """Have the system kill this process when its parent ends."""
    _prctl(_PDEATHSIG, 9)


def _prctl(what: int, value: int) -> None:
    arguments = map(ctypes.c_ulong, (value, 0, 0, 0))
    _checked(_libc().prctl(what, *arguments), f"prctl {what}")
