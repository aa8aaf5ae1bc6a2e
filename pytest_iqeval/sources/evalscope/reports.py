"""EvalScope's reports: a JSON file a benchmark, or all of them in one ``reports.jsonl``."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from pathlib import Path

from pytest_iqeval.sources.evalscope.replies import mapping, mappings, number, text_of
from pytest_iqeval.sources.evalscope.values import TheirMetric, TheirReport


def read_reports(folder: Path) -> tuple[list[TheirReport], list[str]]:
    """The reports in a run's folder, and sentences about those that can't be read."""
    reports: list[TheirReport] = []
    notes: list[str] = []
    for where, text in _texts(folder, notes):
        try:
            plain = json.loads(text)
        except (ValueError, RecursionError) as error:
            notes.append(f"{where}: is no report: {error}")
            continue
        report = _report(mapping(plain))
        if report is None:
            notes.append(f"{where}: is no report: it names no benchmark")
        else:
            reports.append(report)
    return reports, notes


def _texts(folder: Path, notes: list[str]) -> Iterator[tuple[str, str]]:
    """The text of each report, with the place where it stands."""
    together = folder / "reports.jsonl"
    files = [*([together] if together.is_file() else []), *sorted(folder.glob("reports/**/*.json"))]
    for path in files:
        name = str(path.relative_to(folder))
        try:
            text = path.read_text("utf-8")
        except (OSError, UnicodeDecodeError) as error:
            notes.append(f"{name}: can't be read: {error}")
            continue
        if path != together:
            yield name, text
            continue
        for line, one in enumerate(text.split("\n"), start=1):
            if one.strip():
                yield f"{name}:{line}", one


def _report(plain: Mapping[str, object]) -> TheirReport | None:
    benchmark = text_of(plain.get("dataset_name"))
    if not benchmark:
        return None
    metrics = mappings(plain.get("metrics"))
    primary = plain.get("primary_metric_identity")
    first = [metric for metric in metrics if primary and metric.get("identity") == primary]
    rest = [metric for metric in metrics if metric not in first]
    return TheirReport(
        benchmark=benchmark,
        model=text_of(plain.get("model_name")),
        metrics=tuple(map(_metric, (*first, *rest))),
    )


def _metric(plain: Mapping[str, object]) -> TheirMetric:
    identity = mapping(plain.get("identity"))
    parts = [identity.get("aggregation"), identity.get("name")]
    return TheirMetric(
        name=text_of(plain.get("name")) or "_".join(part for part in map(text_of, parts) if part),
        score=number(plain.get("score")),
        subsets={
            text_of(subset.get("name")): value
            for category in mappings(plain.get("categories"))
            for subset in mappings(category.get("subsets"))
            if not subset.get("is_aggregate") and (value := number(subset.get("score"))) is not None
        },
    )
