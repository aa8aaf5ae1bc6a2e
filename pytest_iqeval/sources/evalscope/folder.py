"""Which files of a folder are EvalScope's, and of which model, benchmark and subset.

    predictions/<model>/<benchmark>_<subset>.jsonl      what EvalScope writes
    reviews/<model>/<benchmark>_<subset>.jsonl
    reports/<model>/<benchmark>.json
    configs/task_config_<…>.yaml

The folder of the model may be missing (``predictions/<benchmark>_<subset>.jsonl``), and the
reports may stand in one ``reports.jsonl``, a line each.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from pytest_iqeval.core.errors import FolderError
from pytest_iqeval.core.evalscope_names import BENCHMARKS, CUSTOM
from pytest_iqeval.sources.evalscope.config import read_config
from pytest_iqeval.sources.evalscope.reports import read_reports
from pytest_iqeval.sources.evalscope.values import TheirConfig, TheirReport

PREDICTIONS, REVIEWS = "predictions", "reviews"
_LOOKED_FOR = (
    "EvalScope's folder of a run holds predictions/ or reviews/ with .jsonl files: in its "
    "work_dir that is the one named by date and time"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class SubsetFiles:
    """The files of one subset, of which one may be missing."""

    benchmark: str
    subset: str
    predictions: Path | None
    reviews: Path | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Outputs:
    """What a folder holds of one model; ``notes`` are sentences about what can't be used.

    ``model`` is empty where the files alone know it.
    """

    folder: Path
    model: str
    subsets: tuple[SubsetFiles, ...]
    reports: tuple[TheirReport, ...]
    config: TheirConfig
    notes: tuple[str, ...]


def find_outputs(folder: Path) -> list[Outputs]:
    """What EvalScope left in a folder, one for each model.

    :raises FolderError: it is none of EvalScope's, is empty, or holds several runs.
    """
    if not folder.is_dir():
        there = "is no folder" if folder.exists() else "there is no such folder"
        raise FolderError(f"{folder}: {there}", hint=_LOOKED_FOR)
    if not _is_run(folder):
        folder = _only_run_in(folder)
    reports, notes = read_reports(folder)
    config, more = read_config(folder)
    found = []
    for model in _models(folder):
        files = [_data_files(folder / kind / model) for kind in (PREDICTIONS, REVIEWS)]
        mine = [report for report in reports if not model or report.model == model]
        known = _known_names(mine, config)
        subsets = [
            SubsetFiles(
                benchmark=benchmark,
                subset=subset,
                predictions=files[0].get(stem),
                reviews=files[1].get(stem),
            )
            for stem in dict.fromkeys((*files[0], *files[1]))
            for benchmark, subset in [_split(stem, known)]
        ]
        order = {report.benchmark: place for place, report in enumerate(mine)}
        subsets.sort(key=lambda one: order.get(one.benchmark, len(order)))
        found.append(
            Outputs(
                folder=folder,
                model=model or next((report.model for report in mine), ""),
                subsets=tuple(subsets),
                reports=tuple(mine),
                config=config,
                notes=(*notes, *more),
            )
        )
    if not any(outputs.subsets for outputs in found):
        raise FolderError(
            f"{folder}: its predictions/ and reviews/ hold no .jsonl file", hint=_LOOKED_FOR
        )
    return [outputs for outputs in found if outputs.subsets]


def _is_run(folder: Path) -> bool:
    return any((folder / kind).is_dir() for kind in (PREDICTIONS, REVIEWS))


def _only_run_in(folder: Path) -> Path:
    """The one run below a work folder."""
    runs = sorted(path for path in folder.iterdir() if path.is_dir() and _is_run(path))
    if len(runs) == 1:
        return runs[0]
    if not runs:
        empty = not any(folder.iterdir())
        what = "is empty" if empty else "has neither predictions/ nor reviews/ in it"
        raise FolderError(f"{folder}: {what}", hint=_LOOKED_FOR)
    shown = ", ".join(str(path) for path in runs[-3:])
    raise FolderError(
        f"{folder}: holds {len(runs)} runs of EvalScope", hint=f"import one at a time: {shown}"
    )


def _models(folder: Path) -> list[str]:
    """The models that have a folder; one without a name where the files stand without."""
    inside = [
        path.name
        for kind in (PREDICTIONS, REVIEWS)
        if (folder / kind).is_dir()
        for path in sorted((folder / kind).iterdir())
        if path.is_dir() and _data_files(path)
    ]
    flat = any(_data_files(folder / kind) for kind in (PREDICTIONS, REVIEWS))
    return [*dict.fromkeys(inside), *([""] if flat or not inside else [])]


def _data_files(folder: Path) -> dict[str, Path]:
    if not folder.is_dir():
        return {}
    return {path.stem: path for path in sorted(folder.glob("*.jsonl")) if path.is_file()}


def _known_names(reports: Iterable[TheirReport], config: TheirConfig) -> Mapping[str, set[str]]:
    """The names of benchmarks, and of their subsets where a report tells them."""
    names: dict[str, set[str]] = {name: set() for name in (*BENCHMARKS, *CUSTOM)}
    for name in config.benchmarks:
        names.setdefault(name, set())
    for report in reports:
        names.setdefault(report.benchmark, set()).update(report.subsets)
    return names


def _split(stem: str, known: Mapping[str, set[str]]) -> tuple[str, str]:
    """Benchmark and subset of a file's name: either may have a ``_`` in it."""
    fits: Sequence[str] = sorted(
        (name for name in known if stem.startswith(f"{name}_")), key=len, reverse=True
    )
    for name in fits:
        if stem.removeprefix(f"{name}_") in known[name]:
            return name, stem.removeprefix(f"{name}_")
    if fits:
        return fits[0], stem.removeprefix(f"{fits[0]}_")
    if stem.endswith("_default"):
        return stem.removesuffix("_default"), "default"
    benchmark, _, subset = stem.partition("_")
    return benchmark, subset or "default"
