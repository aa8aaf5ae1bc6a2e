"""The child process of the provider `local`: llama.cpp's server on a free port of loopback.

Run as a file with the path of a GGUF, the model's name and the context's length in tokens. It
writes its address as one line to standard output once the model is loaded, and ends when its
standard input does, so that it never outlives its parent, however that one ends. It imports
nothing of this package.
"""

from __future__ import annotations

import os
import signal
import sys
from typing import Any


def main(path: str, name: str, context: str) -> None:
    """Serve the model until standard input ends."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is the parent's: it may still be asking
    # The address line goes out by a copy; whatever C code prints goes to the log.
    line = os.fdopen(os.dup(1), "w", encoding="utf-8")
    os.dup2(2, 1)
    try:
        server = _start(path, name, int(context))
    except Exception as error:  # the parent shows the last lines of this log
        sys.exit(f"{type(error).__name__}: {error}")
    print(server.listening_address, file=line, flush=True)
    sys.stdin.buffer.read()
    # A plain return waits for a generation that is under way.
    os._exit(0)


def _start(path: str, name: str, context: int) -> Any:
    # Threads that spin while they wait are 15 % faster on idle cores and 3 to 10 times slower
    # on busy ones (measured on two cores with two busy processes beside). Read at the import.
    os.environ.setdefault("OMP_WAIT_POLICY", "PASSIVE")
    import xllamacpp

    params = xllamacpp.CommonParams()
    params.model.path = path
    # A set of names in newer versions, a text in older ones; else the id is the file's path.
    params.model_alias = name if isinstance(params.model_alias, str) else {name}
    if hasattr(params, "hostnames"):  # newer versions listen at several
        params.hostnames = ["127.0.0.1"]
    else:
        params.hostname = "127.0.0.1"
    params.port = 0
    params.n_ctx = context
    params.cpuparams.n_threads = _cores()
    # The same reply at any concurrency: one request at a time, nothing kept from the last one.
    params.n_parallel = 1
    params.cache_prompt = False
    params.cache_ram_mib = 0
    params.verbosity = 1  # errors
    params.ui = False
    if hasattr(params, "cors_origins"):
        params.cors_origins = "http://127.0.0.1"  # no page in a browser may use it
    return xllamacpp.Server(params)


def _cores() -> int:
    """The cores that this process may use, which a container may hold below the machine's."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


if __name__ == "__main__":
    main(*sys.argv[1:])
