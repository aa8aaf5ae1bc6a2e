"""Reads a written `report.html` back: its tags, its text, its packed data."""

from __future__ import annotations

import base64
import gzip
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from html.parser import HTMLParser
from pathlib import Path
from typing import Any


@dataclass
class Page:
    """A parsed page: ``tags`` with their attributes, ``text`` outside style and script,
    ``styles`` and ``scripts`` (those that run) as they stand, ``blocks`` unpacked by id."""

    tags: list[tuple[str, dict[str, str | None]]] = field(default_factory=list)
    text: str = ""
    styles: list[str] = field(default_factory=list)
    scripts: list[str] = field(default_factory=list)
    blocks: dict[str, Any] = field(default_factory=dict)

    def attributes(self, name: str) -> list[dict[str, str | None]]:
        """The attributes of each element of that name."""
        return [attributes for tag, attributes in self.tags if tag == name]

    @property
    def rows(self) -> list[dict[str, Any]]:
        """The details of all questions, chunk after chunk."""
        chunks = [block for name, block in self.blocks.items() if name.startswith("chunk-")]
        return [row for chunk in chunks for row in chunk]


def sent_messages(page: Page, row: Mapping[str, Any]) -> list[tuple[str, str]] | None:
    """Role and content of the messages that the page shows for one of its rows."""
    if row["frame"] is None:
        return None
    options = zip(row["labels"], row["choices"], strict=True)
    listed = "\n".join(f"{label}) {text}" for label, text in options)
    texts = (row["question"], listed, *row["choices"])
    return [
        (role, "".join(texts[p] if isinstance(p, int) else p for p in pieces))
        for role, pieces in page.blocks["frames"][row["frame"]]
    ]


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.page = Page()
        self._inside: tuple[str, dict[str, str | None]] | None = None

    def handle_starttag(self, tag, attrs):
        attributes = dict(attrs)
        self.page.tags.append((tag, attributes))
        if tag in ("style", "script"):
            self._inside = (tag, attributes)

    def handle_endtag(self, tag):
        if self._inside is not None and tag == self._inside[0]:
            self._inside = None

    def handle_data(self, data):
        if self._inside is None:
            self.page.text += data
        elif self._inside[0] == "style":
            self.page.styles.append(data)
        elif self._inside[1].get("type") == "text/plain":
            unpacked = gzip.decompress(base64.b64decode(data, validate=True))
            self.page.blocks[self._inside[1]["id"]] = json.loads(unpacked)
        else:
            self.page.scripts.append(data)


def read_markup(markup: str) -> Page:
    """Parse a page or a fragment."""
    reader = _Reader()
    reader.feed(markup)
    reader.close()
    reader.page.text = " ".join(reader.page.text.split())
    return reader.page


def read_page(path: Path) -> Page:
    """Parse a written page."""
    return read_markup(path.read_text(encoding="utf-8"))
