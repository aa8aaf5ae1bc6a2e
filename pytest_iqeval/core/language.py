"""In which language a person reads a run: terminal and `report.html`, English or Chinese."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

Lang = Literal["en", "zh"]


def language(wanted: str | None, environ: Mapping[str, str]) -> Lang:
    """What ``--iqeval-lang`` says, else what the locale does; any but a Chinese one is English.

    The first variable that is set decides, as POSIX has it for messages.
    """
    names = ("LC_ALL", "LC_MESSAGES", "LANG")
    said = wanted or next((environ[name] for name in names if environ.get(name)), "")
    return "zh" if said.lower().startswith("zh") else "en"
