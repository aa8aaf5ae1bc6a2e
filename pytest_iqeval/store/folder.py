"""A run's folder, the names in it, and how an earlier run is found."""

from __future__ import annotations

import hashlib
import itertools
import re
import shutil
import unicodedata
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from pytest_iqeval.core.errors import FolderError, nearest_hint

_RUN_NAME = re.compile(r"(\d{8}_\d{6})(?:-(\d+))?")
# Names that Windows keeps for devices, whatever follows the first dot.
_DEVICES = frozenset(
    ["con", "prn", "aux", "nul", *(f"{port}{n}" for port in ("com", "lpt") for n in range(1, 10))]
)
# Most file systems allow 255 bytes; a suffix must still fit.
_LONGEST_BYTES = 200
_RUNS_NAMED = 8


@dataclass(frozen=True, slots=True)
class RunFolder:
    """Where one run keeps its files; ``path`` need not exist for the names to be asked."""

    path: Path

    @property
    def name(self) -> str:
        """The run's name in its output folder, ``20260801_140312``."""
        return self.path.name

    @property
    def report_json(self) -> Path:
        """The aggregate."""
        return self.path / "report.json"

    @property
    def report_html(self) -> Path:
        """The page for people."""
        return self.path / "report.html"

    @property
    def journal(self) -> Path:
        """Every reply of the run."""
        return self.path / "run.sqlite3"

    @property
    def baseline(self) -> Path:
        """What it is compared with, as a baseline file; only where it is."""
        return self.path / "baseline.json"

    @property
    def copies(self) -> Path:
        """The files of its benchmarks, a folder each."""
        return self.path / "benchmarks"

    @property
    def copies_index(self) -> Path:
        """What those are."""
        return self.copies / "index.json"

    def remove(self) -> None:
        """Take the folder away: the run ended before anything was asked."""
        shutil.rmtree(self.path, ignore_errors=True)

    def review(self, model: str, benchmark: str, subset: str) -> Path:
        """The rows of one subset: ``reviews/<model>/<benchmark>_<subset>.jsonl``."""
        name = safe_name(f"{benchmark}_{subset}")
        return self.path / "reviews" / safe_name(model) / f"{name}.jsonl"


def safe_name(text: str) -> str:
    """`text` as the name of a file or folder on any system; equal texts give equal names.

    Characters other than letters and digits of any script and ``-._`` become ``-``. Names that
    mean something else to a system (``..``, ``con``), or that are too long, are changed.
    """
    name = re.sub(r"[^\w.\-]", "-", unicodedata.normalize("NFC", text))
    if not name.strip("."):  # also the empty name
        return "-" * max(1, len(name))
    if name.endswith("."):  # Windows drops it
        name = name[:-1] + "-"
    if name.split(".")[0].casefold() in _DEVICES:
        name = f"_{name}"
    encoded = name.encode()
    if len(encoded) > _LONGEST_BYTES:
        start = encoded[:_LONGEST_BYTES].decode(errors="ignore")
        name = f"{start}-{hashlib.sha256(encoded).hexdigest()[:8]}"
    return name


def default_output(model: str) -> Path:
    """Where the runs of `model` go unless told: ``outputs/<model>``, relative to here and now."""
    return Path("outputs", safe_name(model))


def new_run_folder(output: Path, started: datetime) -> RunFolder:
    """Make the folder of a run that started at `started`, and `output` above it.

    A second that is taken gets ``-2``, ``-3``…; two processes never get the same folder.

    :raises FolderError: it can't be made there.
    """
    stamp = started.strftime("%Y%m%d_%H%M%S")
    try:
        output.mkdir(parents=True, exist_ok=True)
        for number in itertools.count(1):
            path = output / (stamp if number == 1 else f"{stamp}-{number}")
            try:
                path.mkdir()
            except FileExistsError:
                continue
            return RunFolder(path)
    except OSError as exc:
        raise FolderError(
            f"{output}: runs can't be written there: {exc.strerror or exc}",
            hint="give another folder with --iqeval-output",
        ) from None
    raise AssertionError("count() has no end")


def runs_in(output: Path) -> list[RunFolder]:
    """The runs in an output folder, oldest first; none where there is no such folder."""
    try:
        named = [(match, path) for path in output.iterdir() if (match := _match(path))]
    except OSError:
        return []
    named.sort(key=lambda pair: _order(pair[0]))
    return [RunFolder(path) for _match_, path in named]


def find_run(text: str, output: Path) -> RunFolder:
    """The run that a user means by `text`.

    :param text: a run's folder, its ``report.json``, a run's name in `output`, or ``last``. What
        exists as a path is a path. ``last`` is the newest in `output`: ask before a new run
        makes its folder there.
    :raises FolderError: there is no such run; the hint names those there are.
    """
    path = Path(text)
    if path.exists():
        return _at(path)
    runs = runs_in(output)
    if text == "last" and runs:
        return runs[-1]
    for run in runs:
        if run.name == text:
            return run
    newest_first = [run.name for run in reversed(runs)]
    if not runs:
        raise FolderError(
            f"no run {text!r}: {output} holds no runs",
            hint="give the path of a run's folder, or the --iqeval-output it was written to",
        )
    hint = nearest_hint(text, newest_first) if len(runs) > _RUNS_NAMED else None
    raise FolderError(
        f"no run {text!r} in {output}",
        hint=hint or f"there is: last, {', '.join(newest_first)}; or give a run's path",
    )


def locate_run(text: str, outputs: Path) -> RunFolder:
    """The run that a user means by `text`, whatever model it was of.

    :param text: a run's folder or a file in it, an output folder or a folder of those (their
        newest run), ``last`` (the newest below `outputs`), or a run's name below `outputs`.
    :param outputs: the folder of output folders, ``outputs``.
    :raises FolderError: there is no such run.
    """
    path = Path(text)
    if path.exists():
        below = [] if path.is_file() or _holds_a_run(path) else _runs_below(path)
        return below[-1] if below else _at(path)
    below = _runs_below(outputs)
    if text == "last" and below:
        return below[-1]
    named = [run for run in below if run.name == text]
    if len(named) == 1:
        return named[0]
    if named:
        raise FolderError(
            f"{len(named)} runs are called {text}",
            hint=f"give the path of one: {', '.join(str(run.path) for run in named)}",
        )
    if not below:
        raise FolderError(
            f"no run {text!r}: there is none below {outputs}",
            hint="give the path of a run's folder, or the --iqeval-output it was written to",
        )
    newest = [str(run.path) for run in reversed(below[-_RUNS_NAMED:])]
    raise FolderError(f"no run {text!r}", hint=f"there is: last, {', '.join(newest)}")


def _runs_below(folder: Path) -> list[RunFolder]:
    """The runs in `folder` or in one of its folders, oldest first.

    A folder that is named like one and holds nothing is none: its run never came to be.
    """
    try:
        inside = sorted(path for path in folder.iterdir() if path.is_dir())
    except OSError:
        return []
    runs = [*runs_in(folder), *(run for path in inside for run in runs_in(path))]
    return sorted(
        (run for run in runs if _holds_a_run(run.path)), key=lambda run: _order(_match(run.path))
    )


def _order(match: re.Match[str] | None) -> tuple[str, int]:
    """Time and number of a run, from its name."""
    return (match[1], int(match[2] or 1)) if match else ("", 0)


def _holds_a_run(path: Path) -> bool:
    folder = RunFolder(path)
    return folder.report_json.is_file() or folder.journal.is_file()


def _match(path: Path) -> re.Match[str] | None:
    return _RUN_NAME.fullmatch(path.name) if path.is_dir() else None


def _at(path: Path) -> RunFolder:
    path = path.absolute()  # so that a run that is "." has a name
    folder = RunFolder(path if path.is_dir() else path.parent)
    if path.is_file() and path not in (folder.report_json, folder.report_html, folder.journal):
        raise FolderError(
            f"{path}: not a run", hint="give a run's folder, or the report.json in it"
        )
    if not _holds_a_run(folder.path):
        inside = [run.name for run in reversed(runs_in(path))]
        raise FolderError(
            f"{path}: not a run's folder: neither report.json nor run.sqlite3 is in it",
            hint=f"give one of the runs in it: {', '.join(inside[:_RUNS_NAMED])}"
            if inside
            else None,
        )
    return folder
