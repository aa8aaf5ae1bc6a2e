"""What the benchmarks share: the server process, questions, a user's environment, whole-process
costs, and what a run left behind."""

from __future__ import annotations

import contextlib
import importlib.metadata
import json
import os
import platform
import shutil
import statistics
import subprocess
import sys
import tempfile
import threading
import time
import venv
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[1]
MODEL = "m"
_SAMPLE_S = 0.1


class Server:
    """A running `loopback_server`; as text it is its base URL."""

    def __init__(self, url: str, process: subprocess.Popen[str]) -> None:
        self.url = url
        self._process = process

    def __str__(self) -> str:
        return self.url

    def stats(self) -> dict[str, Any]:
        """What it was asked so far: see `loopback_server.Server.stats`."""
        assert self._process.stdin
        assert self._process.stdout
        self._process.stdin.write("stats\n")
        self._process.stdin.flush()
        answer: dict[str, Any] = json.loads(self._process.stdout.readline())
        return answer


@contextlib.contextmanager
def server(latency_s: float = 0.0, **behaviour: Any) -> Iterator[Server]:
    """A server process of its own; `behaviour` as in `loopback_server.Behaviour`."""
    options = json.dumps({"latency_s": latency_s, **behaviour})
    process = subprocess.Popen(
        [sys.executable, str(ROOT / "benchmarks" / "loopback_server.py"), options],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert process.stdin
    assert process.stdout
    try:
        yield Server(process.stdout.readline().strip(), process)
    finally:
        process.stdin.close()
        process.wait(timeout=10)
        process.stdout.close()


@contextlib.contextmanager
def questions(count: int) -> Iterator[Path]:
    """A folder with ``q.jsonl``: `count` questions of four options, A the right one of each."""
    with tempfile.TemporaryDirectory(prefix="iqeval-bench-") as folder:
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


@contextlib.contextmanager
def user_python(*, here: bool = False) -> Iterator[str]:
    """The interpreter of an environment as a user has it: this package and what it depends on.

    :param here: take the environment that runs the benchmark, as it is.
    """
    if here:
        yield sys.executable
        return
    with tempfile.TemporaryDirectory(prefix="iqeval-env-") as folder:
        yield new_environment(Path(folder), str(ROOT))


def new_environment(folder: Path, *packages: str) -> str:
    """A virtual environment with `packages` in it, compiled; its interpreter.

    :raises RuntimeError: pip's last words, where something can't be installed.
    """
    venv.create(folder, with_pip=True)
    python = str(folder / "bin" / "python")
    done = subprocess.run(
        [python, "-m", "pip", "install", "--quiet", "--compile", *packages],
        env=clean_environ(),
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        raise RuntimeError(done.stderr.strip()[-1000:])
    return python


def clean_environ() -> dict[str, str]:
    """This process's environment without what would change how Python or pytest run."""
    return {
        name: value
        for name, value in os.environ.items()
        if not name.startswith(("PYTEST", "PYTHON", "COVERAGE", "IQEVAL"))
    }


def machine(python: str = sys.executable) -> str:
    """What the figures were taken on, in one line."""
    names = ("pytest", "pytest-xdist", "httpx")
    code = (
        "import importlib.metadata as m, platform as p;"
        f"print('Python', p.python_version(), *[n + ' ' + m.version(n) for n in {names}], sep=', ')"
    )
    if python == sys.executable:
        versions = [f"{name} {importlib.metadata.version(name)}" for name in names]
        said = ", ".join(["Python", platform.python_version(), *versions])
    else:
        said = subprocess.run(
            [python, "-c", code], env=clean_environ(), capture_output=True, text=True, check=True
        ).stdout.strip()
    load = os.getloadavg()[0]
    return f"{platform.system()}, {os.cpu_count()} cores, load {load:.1f} before; {said}"


def pytest_command(python: str, url: object, *args: str, in_flight: int = 50) -> list[str]:
    """An evaluation of ``q.jsonl`` as a user would start it."""
    return [
        python,
        "-m",
        "pytest",
        f"--iqeval-model={MODEL}",
        f"--iqeval-base-url={url}",
        "--iqeval-dataset=q.jsonl",
        f"--iqeval-concurrency={in_flight}",
        *args,
    ]


@dataclass(frozen=True)
class Times:
    """One process with its children.

    ``peak_mib`` is the resident peak of the largest process, exact; ``tree_mib`` the peak of the
    sum over all processes of their proportional share (PSS), sampled ten times a second, or 0
    where it was not asked for.
    """

    wall_s: float
    cpu_s: float
    peak_mib: float
    tree_mib: float = 0.0
    code: int = 0
    output: str = field(default="", repr=False)


def timed(
    command: Sequence[str], folder: Path, *, expect: int | None = 0, tree: bool = False
) -> Times:
    """Run `command` in `folder` and read the system's own account of it.

    :param expect: the exit code; ``None``: any.
    :param tree: sample the memory of the whole process tree (costs some CPU).
    :raises RuntimeError: another exit code than `expect`; with the last of what was printed.
    """
    with tempfile.TemporaryFile() as output:
        started = time.perf_counter()
        process = subprocess.Popen(
            command, cwd=folder, stdout=output, stderr=subprocess.STDOUT, env=clean_environ()
        )
        with MemoryOfTree(process.pid, on=tree) as memory:
            _, status, usage = os.wait4(process.pid, 0)
            wall = time.perf_counter() - started
        process.returncode = os.waitstatus_to_exitcode(status)
        output.seek(0)
        said = output.read().decode(errors="replace")
    if expect is not None and process.returncode != expect:
        raise RuntimeError(f"exit {process.returncode}, not {expect}: {said[-3000:]}")
    cpu = usage.ru_utime + usage.ru_stime
    return Times(wall, cpu, usage.ru_maxrss / 1024, memory.peak_mib, process.returncode, said)


class MemoryOfTree:
    """Samples the memory of a process and its descendants while it is entered.

    ``samples`` are (seconds since the start, what each process has, by its id).
    """

    def __init__(self, pid: int, *, on: bool = True, every_s: float = _SAMPLE_S) -> None:
        self.pid = pid
        self.samples: list[tuple[float, dict[int, ProcessFacts]]] = []
        self._every_s = every_s
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._watch, daemon=True) if on else None

    def __enter__(self) -> MemoryOfTree:
        if self._thread:
            self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._over.set()
        if self._thread:
            self._thread.join()

    @property
    def peak_mib(self) -> float:
        """The largest sum of PSS over all processes."""
        return max((sum(f.pss_mib for f in facts.values()) for _, facts in self.samples), default=0)

    def _watch(self) -> None:
        started = time.perf_counter()
        while not self._over.wait(self._every_s):
            facts = {pid: found for pid in tree(self.pid) if (found := process_facts(pid))}
            self.samples.append((time.perf_counter() - started, facts))


@dataclass(frozen=True)
class ProcessFacts:
    """What one process has at a moment; memory is its proportional share (PSS)."""

    pss_mib: float
    files: int
    threads: int


def process_facts(pid: int) -> ProcessFacts | None:
    """The facts of a process, or ``None`` where it has ended."""
    folder = Path("/proc", str(pid))
    try:
        pss = next(
            int(line.split()[1])
            for line in (folder / "smaps_rollup").read_text().splitlines()
            if line.startswith("Pss:")
        )
        files, threads = (len(list((folder / name).iterdir())) for name in ("fd", "task"))
        return ProcessFacts(pss / 1024, files, threads)
    except (OSError, StopIteration):
        return None


def tree(pid: int) -> Iterator[int]:
    """`pid` and all its descendants."""
    yield pid
    with contextlib.suppress(OSError):
        for task in Path("/proc", str(pid), "task").iterdir():
            with contextlib.suppress(OSError):
                for child in (task / "children").read_text().split():
                    yield from tree(int(child))


def median(runs: Sequence[Times]) -> Times:
    """The median of each figure."""
    middle = {
        f.name: statistics.median(getattr(run, f.name) for run in runs)
        for f in fields(Times)
        if f.name not in ("code", "output")
    }
    return Times(**middle, code=runs[-1].code)


@dataclass(frozen=True)
class RunFiles:
    """What a run wrote: its report, the outcome of each question by id, sizes of files in MiB."""

    report: Mapping[str, Any]
    outcomes: Mapping[str, str]
    sizes_mib: Mapping[str, float]


def take_run(folder: Path) -> RunFiles:
    """Read the only run under `folder`, and remove it."""
    outputs = folder / "outputs"
    (path,) = (outputs / MODEL).iterdir()
    sizes = {
        "journal": _size(path.glob("run.sqlite3*")),
        "reviews": _size(path.glob("reviews/*/*.jsonl")),
        "report.json": _size(path.glob("report.json")),
        "report.html": _size(path.glob("*.html")),
    }
    outcomes = {}
    for file in path.glob("reviews/*/*.jsonl"):
        for line in file.read_text("utf-8").splitlines():
            row = json.loads(line)
            outcomes[row["id"]] = row["outcome"]
    run = RunFiles(json.loads((path / "report.json").read_text("utf-8")), outcomes, sizes)
    shutil.rmtree(outputs)
    return run


def _size(files: Iterator[Path]) -> float:
    return sum(file.stat().st_size for file in files) / 2**20
