"""The benchmarks that come with the package."""

from __future__ import annotations

from pathlib import Path

DEFINITION = "benchmark.yaml"

_PACKAGE = Path(__file__).resolve().parents[1]


def datasets_folder() -> Path:
    """Where ``datasets/`` lies: inside an installed package, beside it in a checkout."""
    inside = _PACKAGE / "_datasets"
    return inside if inside.is_dir() else _PACKAGE.parent / "datasets"


def shipped_names() -> list[str]:
    """The names of the shipped benchmarks, sorted."""
    return sorted(path.parent.name for path in datasets_folder().glob(f"*/{DEFINITION}"))
