"""What decides how data is fetched: options, environment, and who hears of it."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol

from pytest_iqeval.core.errors import SettingsError
from pytest_iqeval.core.hub import HUBS

CACHE_VARIABLE = "IQEVAL_CACHE"
_NAME = "pytest-iqeval"


class Listener(Protocol):
    """Who is told what is being fetched; `sources.hub.progress` tells people."""

    def say(self, text: str) -> None:
        """One sentence."""
        ...

    def begin(self, what: str, files: int, size: int | None) -> None:
        """A number of files will be fetched; `size` is their bytes, where the hub says it."""
        ...

    def more(self, count: int) -> None:
        """So many bytes have come, or are lost (below 0)."""
        ...

    def file(self) -> None:
        """A file is complete."""
        ...

    def end(self) -> None:
        """Nothing more comes."""
        ...


class Nobody:
    """Hears nothing: an xdist worker, or ``-q``."""

    def say(self, text: str) -> None:
        """Nothing."""

    def begin(self, what: str, files: int, size: int | None) -> None:
        """Nothing."""

    def more(self, count: int) -> None:
        """Nothing."""

    def file(self) -> None:
        """Nothing."""

    def end(self) -> None:
        """Nothing."""


@dataclass(frozen=True, slots=True, kw_only=True)
class HubAccess:
    """How data may be fetched.

    ``hub`` is the only one to ask (``None``: each that a definition names, in turn). ``offline``
    keeps to the cache. ``environ`` names endpoints, tokens and the cache. ``start`` is the folder
    in which a project's ``iqeval-data.lock`` lies, and ``pinned`` whether it counts. ``whole`` has
    every byte in the cache read, and ``mend`` has what is damaged there fetched anew instead of
    refused.
    """

    hub: str | None = None
    offline: bool = False
    environ: Mapping[str, str] = field(repr=False)  # holds tokens
    start: Path
    listener: Listener = field(default_factory=Nobody)
    pinned: bool = True
    whole: bool = False
    mend: bool = False

    @property
    def hubs(self) -> tuple[str, ...]:
        """Those to be asked, in order."""
        return HUBS if self.hub is None else (self.hub,)

    @property
    def cache(self) -> Path:
        """The folder of all that was fetched; raises `SettingsError` where there is none."""
        return cache_folder(self.environ)


def cache_folder(environ: Mapping[str, str], platform: str = sys.platform) -> Path:
    """``IQEVAL_CACHE``, else `pytest-iqeval` in the user's folder for caches.

    :raises SettingsError: the user has no home.
    """
    # Three lines instead of platformdirs, of which nothing else would be used.
    try:
        if given := environ.get(CACHE_VARIABLE, "").strip():
            return Path(given).expanduser()
        if platform == "win32":
            local = environ.get("LOCALAPPDATA", "").strip()
            return (Path(local) if local else Path.home() / "AppData" / "Local") / _NAME
        if platform == "darwin":
            return Path.home() / "Library" / "Caches" / _NAME
        xdg = environ.get("XDG_CACHE_HOME", "").strip()
        # A relative one counts for nothing, says the XDG specification.
        return (Path(xdg) if xdg.startswith("/") else Path.home() / ".cache") / _NAME
    except RuntimeError:
        raise SettingsError(
            "there is no folder for fetched data: the home of this user is not known",
            hint=f"name one: {CACHE_VARIABLE}=DIR",
        ) from None
