"""What the system counts for a process, and stops: time, memory, files, further processes."""

from __future__ import annotations

from collections.abc import Mapping

try:
    import resource
except ImportError:  # Windows, where no code is run
    resource = None  # type: ignore[assignment]

_NAMES = {
    "cpu_s": "RLIMIT_CPU",
    "memory_bytes": "RLIMIT_AS",
    "file_bytes": "RLIMIT_FSIZE",
    "open_files": "RLIMIT_NOFILE",
    "processes": "RLIMIT_NPROC",
    "core_bytes": "RLIMIT_CORE",
}


def apply(limits: Mapping[str, int]) -> list[str]:
    """Set these limits for this process; which of them the system took."""
    taken = []
    for name, value in limits.items():
        kind = getattr(resource, _NAMES[name], None)
        if kind is None:
            continue
        _, hard = resource.getrlimit(kind)
        most = value if hard == resource.RLIM_INFINITY else min(value, hard)
        try:
            resource.setrlimit(kind, (most, most))
        except (OSError, ValueError):  # macOS knows RLIMIT_AS and refuses it
            continue
        taken.append(name)
    return taken
