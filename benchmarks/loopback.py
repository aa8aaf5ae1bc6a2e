"""What the benchmarks share: a server process, questions, and whole-process times."""

from __future__ import annotations

import contextlib
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parents[1]

SERVER = """
import sys, time
sys.path.insert(0, sys.argv[1])
from tests.support.endpoint import ScriptedEndpoint
with ScriptedEndpoint(latency_s=float(sys.argv[2])) as endpoint:
    endpoint.answer("ANSWER: A")
    endpoint.models(["m"])
    print(endpoint.url, flush=True)
    sys.stdin.read()
"""


@contextlib.contextmanager
def server(latency_s: float) -> Iterator[str]:
    """A scripted endpoint that answers ``ANSWER: A`` after `latency_s` seconds; its URL."""
    process = subprocess.Popen(
        [sys.executable, "-c", SERVER, str(ROOT), str(latency_s)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert process.stdin
    assert process.stdout
    try:
        yield process.stdout.readline().strip()
    finally:
        process.stdin.close()
        process.wait(timeout=10)


@contextlib.contextmanager
def questions(count: int) -> Iterator[Path]:
    """A folder with ``q.jsonl``: `count` questions of four options."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder)
        with (path / "q.jsonl").open("w", encoding="utf-8") as file:
            for number in range(count):
                row = {
                    "id": f"q-{number:05d}",
                    "question": f"Which of these is number {number}? " + "Think well. " * 10,
                    "choices": [str(number), str(number + 1), str(number + 2), str(number + 3)],
                    "answer": "A",
                }
                file.write(json.dumps(row) + "\n")
        yield path


@dataclass(frozen=True)
class Times:
    """One process (with its children): wall and CPU seconds, peak memory of the largest in MiB."""

    wall_s: float
    cpu_s: float
    peak_mib: float


def timed(command: Sequence[str], folder: Path, *, expect: int = 0) -> Times:
    """Run `command` in `folder` and read the system's own account of it.

    :raises RuntimeError: another exit code than `expect`.
    """
    started = time.perf_counter()
    process = subprocess.Popen(
        command, cwd=folder, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE
    )
    assert process.stderr
    errors = process.stderr.read()
    _, status, usage = os.wait4(process.pid, 0)
    wall = time.perf_counter() - started
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode != expect:
        raise RuntimeError(f"exit {process.returncode}: {errors.decode(errors='replace')[-2000:]}")
    return Times(wall, usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024)


def median(runs: Sequence[Times]) -> Times:
    """The median of each figure."""
    return Times(
        statistics.median(r.wall_s for r in runs),
        statistics.median(r.cpu_s for r in runs),
        statistics.median(r.peak_mib for r in runs),
    )
