"""Kills a run at random moments, its whole process group at once, and goes on with it until done.

    python benchmarks/kill.py [--moments 20] [--questions 1000] [--in-flight 8] [--seed 1]

A server in another process counts how often each question is asked. Promised is: what was
committed is kept and never asked again, at most what was in flight is asked twice, and the final
report is that of an undisturbed run but for times. The same with ``-n 2`` and a quarter of the
moments. Exit code 1 where a promise is broken. Needs a system with process groups.
"""

from __future__ import annotations

import argparse
import contextlib
import json
import os
import random
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

from loopback import ROOT, questions

sys.path.insert(0, str(ROOT))

from pytest_iqeval.core.request import Key
from pytest_iqeval.store.folder import RunFolder, runs_in
from pytest_iqeval.store.journal import read_journal
from tests.support.reports import lasting

LATENCY_S = 0.05
LONGEST_S = 300  # of one part of a run: then something hangs
SERVER = """
import json, re, sys
sys.path.insert(0, sys.argv[1])
from tests.support.endpoint import ScriptedEndpoint, last_user
def number(body):
    return int(re.search(r"number ([0-9]+)", last_user(body))[1])
with ScriptedEndpoint(latency_s=float(sys.argv[2])) as endpoint:
    endpoint.answer(lambda body: f"ANSWER: {'AB'[number(body) % 3 == 0]}" if body else "")
    endpoint.models(["m"])
    print(endpoint.url, flush=True)
    for line in sys.stdin:
        if line == "forget\\n":
            endpoint.requests.clear()
        # One that was cut off by a kill has no body, and was not asked.
        print(json.dumps([number(r.body) for r in list(endpoint.requests) if r.body]), flush=True)
"""


class Server:
    """The endpoint's process."""

    def __init__(self) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-c", SERVER, str(ROOT), str(LATENCY_S)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        assert self._process.stdout
        self.url = self._process.stdout.readline().strip()

    def asked(self, *, forget: bool = False) -> Counter[str]:
        """How often each question was asked, by its id; with `forget`, not at all from now on."""
        assert self._process.stdin
        assert self._process.stdout
        self._process.stdin.write("forget\n" if forget else "\n")
        self._process.stdin.flush()
        numbers = json.loads(self._process.stdout.readline())
        return Counter(f"q-{number:05d}" for number in numbers)

    def close(self) -> None:
        """End it."""
        assert self._process.stdin
        self._process.stdin.close()
        self._process.wait(timeout=10)


@contextlib.contextmanager
def server() -> Iterator[Server]:
    """An endpoint of one run."""
    one = Server()
    try:
        yield one
    finally:
        one.close()


@dataclass(frozen=True)
class Part:
    """One part of a run, up to its kill: what was committed then, and what came of it."""

    moment: str
    committed: int
    twice: int  # asked again in the part after it
    again: int  # of them, those that were committed: paid for twice
    lost: int  # committed once, and gone


def main() -> int:
    """Print the tables; 1 where a promise is broken."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--moments", type=int, default=20)
    parser.add_argument("--questions", type=int, default=1000)
    parser.add_argument("--in-flight", type=int, default=8)
    parser.add_argument("--seed", type=int, default=random.randrange(10**6))
    options = parser.parse_args()
    print(f"{options.questions} questions, {options.in_flight} in flight, seed {options.seed}")
    kept = True
    for workers, moments in ((0, options.moments), (2, max(1, options.moments // 4))):
        draw = random.Random(options.seed + workers)
        with questions(options.questions) as folder:
            kept &= show(folder, workers, moments, options.in_flight, draw)
    print("every promise held" if kept else "A PROMISE IS BROKEN")
    return 0 if kept else 1


def show(folder: Path, workers: int, moments: int, in_flight: int, draw: random.Random) -> bool:
    """The table of one run; whether all promises held."""
    print(f"\n{f'-n {workers}' if workers else 'no workers'}: killed at {moments} moments")
    print(f"{'moment':30} {'committed':>9} {'asked twice':>11} {'paid twice':>10} {'lost':>5}")
    with server() as endpoint:
        start(folder, endpoint.url, "whole", workers, in_flight).wait(timeout=LONGEST_S)
        endpoint.asked(forget=True)
        (whole,) = runs_in(folder / "whole")
        parts, last = killed_and_gone_on_with(folder, endpoint, workers, moments, in_flight, draw)
    equal = lasting(whole.path) == lasting(last.path)
    for part in parts:
        row = f"{part.moment:30} {part.committed:9} {part.twice:11} {part.again:10} {part.lost:5}"
        print(row)
    print(f"final report equal: {'yes' if equal else 'NO'}")
    return equal and all(p.twice <= in_flight and not p.again and not p.lost for p in parts)


def killed_and_gone_on_with(
    folder: Path,
    endpoint: Server,
    workers: int,
    moments: int,
    in_flight: int,
    draw: random.Random,
) -> tuple[list[Part], RunFolder]:
    """Kill at `moments`, each a number of questions asked and some milliseconds after it."""
    count = len((folder / "q.jsonl").read_text("utf-8").splitlines())
    points = [0, *sorted(draw.randrange(count) for _ in range(moments - 2)), count][:moments]
    told: list[tuple[str, set[str], Counter[str]]] = []
    for point in points:
        process = start(folder, endpoint.url, "killed", workers, in_flight)
        # The first falls into the start of the process, the last into the writing of reports.
        delay_s = draw.uniform(0, 2.0 if point == 0 else 0.2)
        ended = wait_for(process, endpoint, point) or slept(process, delay_s)
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        process.wait(timeout=10)
        moment = f"{point} asked, {delay_s * 1000:.0f} ms later" + (" (ended)" if ended else "")
        told.append((moment, committed(folder), endpoint.asked()))
    process = start(folder, endpoint.url, "killed", workers, in_flight)
    process.wait(timeout=LONGEST_S)
    told.append(("the end", committed(folder), endpoint.asked()))
    runs = [run for run in runs_in(folder / "killed") if run.report_json.is_file()]
    parts = []
    for (moment, before, asked), (_, after, asked_then) in pairwise(told):
        more = asked_then - asked
        twice = [question for question, times in more.items() if asked[question] or times > 1]
        again = before.intersection(more)
        parts.append(Part(moment, len(before), len(twice), len(again), len(before - after)))
    lost = count - len(told[-1][1])
    parts.append(Part("the end", len(told[-1][1]), 0, 0, lost))
    return parts, runs[-1]


def start(
    folder: Path, url: str, output: str, workers: int, in_flight: int
) -> subprocess.Popen[bytes]:
    """A part of a run, in a process group of its own."""
    command = [
        *(sys.executable, "-m", "pytest", "-q", "-p", "no:anyio", "-p", "no:cacheprovider"),
        "--iqeval-model=m",
        f"--iqeval-base-url={url}",
        "--iqeval-dataset=q.jsonl",
        f"--iqeval-output={output}",
        f"--iqeval-concurrency={in_flight}",
        "--iqeval-resume",
        *([f"-n{workers}"] if workers else []),
    ]
    quiet = subprocess.DEVNULL
    return subprocess.Popen(command, cwd=folder, stdout=quiet, stderr=quiet, start_new_session=True)


def wait_for(process: subprocess.Popen[bytes], endpoint: Server, point: int) -> bool:
    """Wait until `point` questions were asked; whether the process ended before."""
    end = time.monotonic() + LONGEST_S
    while point and len(endpoint.asked()) < point:
        if process.poll() is not None or time.monotonic() > end:
            return True
        time.sleep(0.02)
    return False


def slept(process: subprocess.Popen[bytes], seconds: float) -> bool:
    """Wait `seconds`; whether the process ended meanwhile."""
    with contextlib.suppress(subprocess.TimeoutExpired):
        process.wait(timeout=seconds)
        return True
    return False


def committed(folder: Path) -> set[str]:
    """The ids of all questions that have a reply in the journal, read from a copy of it."""
    runs = [run for run in runs_in(folder / "killed") if run.journal.is_file()]
    if not runs:
        return set()
    with read_journal(runs[-1].journal) as journal:
        keys: list[Key] = list(journal.keys())
    return {key.id for key in keys}


if __name__ == "__main__":
    sys.exit(main())
