"""The content security policy of our pages, and the files of this package that they are made of."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Iterable
from importlib.resources import files


def policy(styles: Iterable[str], *scripts: str) -> str:
    """Nothing is loaded, framed or sent; only the page's own scripts and styles are used."""
    allowed = [f"style-src {' '.join(map(_source, styles))}"]
    if scripts:
        allowed.append(f"script-src {' '.join(map(_source, scripts))}")
    return "; ".join(
        ("default-src 'none'", *allowed, "img-src data:", "base-uri 'none'", "form-action 'none'")
    )


def shipped(name: str) -> str:
    """The text of a file beside this module."""
    return files(__package__).joinpath(name).read_text(encoding="utf-8")


def _source(text: str) -> str:
    digest = base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()
    return f"'sha256-{digest}'"
