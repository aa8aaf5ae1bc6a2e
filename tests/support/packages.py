"""Installed packages as a run finds them: a module and its ``dist-info`` in a folder."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path


def install(
    site: Path, name: str, entries: Mapping[str, str], modules: Mapping[str, str] | None = None
) -> None:
    """Put a package with entry points in our group into a folder that is on ``sys.path``.

    :param entries: scorer's name to ``module:attribute``.
    :param modules: module names to their source.
    """
    info = site / f"{name.replace('-', '_')}-1.0.dist-info"
    info.mkdir(parents=True)
    (info / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {name}\nVersion: 1.0\n", "utf-8")
    lines = [f"{scorer} = {place}" for scorer, place in entries.items()]
    (info / "entry_points.txt").write_text(
        "\n".join(["[pytest_iqeval.scorers]", *lines, ""]), "utf-8"
    )
    for module, text in (modules or {}).items():
        (site / f"{module}.py").write_text(text, "utf-8")
