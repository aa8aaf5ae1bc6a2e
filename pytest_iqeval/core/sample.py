"""A sample: one question of a benchmark, and the id that it keeps for ever."""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from json.encoder import encode_basestring
from typing import Any

LABELS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"


@dataclass(frozen=True, slots=True, kw_only=True)
class Sample:
    """One question; immutable, and ignorant of pytest and HTTP.

    ``choices`` is empty for a free question. ``numbered`` says that the options carry digits
    instead of letters. ``target`` is the right answer: for a multiple-choice question the label
    of the right option; where several are right together, their labels in order (``AC``, with
    digits ``1,3``). ``also`` holds further texts that are right in place of ``target``.
    ``system`` is a system message of its own. ``metadata`` holds the data set's
    further fields (level, category, explanation, …): plain JSON values. ``group`` names the
    questions of its benchmark that go together with it (one passage, one template), ``None``
    where it stands alone. ``file`` and ``line`` (from 1) say where it was read; both take no part
    in comparisons.
    """

    benchmark: str
    subset: str
    id: str
    input: str
    choices: tuple[str, ...] = ()
    target: str
    also: tuple[str, ...] = ()
    numbered: bool = False
    system: str | None = None
    metadata: Mapping[str, object] = field(default_factory=dict)
    group: str | None = None
    file: str = field(default="", compare=False)
    line: int = field(default=1, compare=False)

    @property
    def labels(self) -> tuple[str, ...]:
        """The labels on offer, one an option: A, B, … or 1, 2, …; empty for a free question."""
        return labels_of(len(self.choices), numbered=self.numbered)

    @property
    def targets(self) -> tuple[str, ...]:
        """All answers that are right, ``target`` first."""
        return (self.target, *self.also)

    @property
    def node_id(self) -> str:
        """What names this question everywhere: ``iqeval/<benchmark>::<subset>::<id>``."""
        return f"iqeval/{self.benchmark}::{self.subset}::{self.id}"

    def to_plain(self) -> dict[str, object]:
        """Plain JSON types only (metadata as it is)."""
        return {
            "benchmark": self.benchmark,
            "subset": self.subset,
            "id": self.id,
            "input": self.input,
            "choices": list(self.choices),
            "target": self.target,
            "also": list(self.also),
            "numbered": self.numbered,
            "system": self.system,
            "metadata": dict(self.metadata),
            "group": self.group,
            "file": self.file,
            "line": self.line,
        }

    @classmethod
    def from_plain(cls, plain: Mapping[str, Any]) -> Sample:
        """The inverse of `to_plain`."""
        values = dict(plain)
        values["choices"] = tuple(values["choices"])
        values["also"] = tuple(values["also"])
        return cls(**values)


@lru_cache(maxsize=64)
def labels_of(count: int, *, numbered: bool = False) -> tuple[str, ...]:
    """The labels of `count` options (26 at most): A, B, … or 1, 2, …"""
    return tuple(str(n + 1) for n in range(count)) if numbered else tuple(LABELS[:count])


def joined_labels(labels: Iterable[str], *, numbered: bool = False) -> str:
    """Several labels as one answer, as ``target`` has it: ``AC``, with digits ``1,3``."""
    return ("," if numbered else "").join(labels)


def labels_in(answer: str | None, labels: Sequence[str]) -> tuple[str, ...]:
    """Those of `labels` that an answer names, in their order; none where it is no such answer."""
    if answer is None:
        return ()
    numbered = bool(labels) and labels[0].isdecimal()
    named = answer.split(",") if numbered else list(answer)
    return tuple(n for n in labels if n in named) if set(named) <= set(labels) else ()


def normalised(text: str) -> str:
    """NFKC, runs of white space as one blank, trimmed: what makes two texts the same question."""
    # `str.split` knows the same white space as `\s`, in a third of the time; NFKC leaves ASCII.
    plain = text if text.isascii() else unicodedata.normalize("NFKC", text)
    return " ".join(plain.split())


def content_id(question: str, choices: Sequence[str]) -> str:
    """The id of a question without one: 8 hex digits of the sha256 of its normalised content."""
    # What `json.dumps` makes of a list, without a new encoder for each of thousands.
    texts = ", ".join(encode_basestring(normalised(text)) for text in (question, *choices))
    return hashlib.sha256(f"[{texts}]".encode("utf-8", "surrogatepass")).hexdigest()[:8]


def safe_id(own: str) -> str:
    """A data set's own id in the alphabet of node ids: letters and digits of any script, `-_.`.

    Any other character becomes ``-``: pytest-html does not escape node ids, and readers of
    JUnit cut names at ``[`` and ``::``.
    """
    return re.sub(r"[^\w.\-]", "-", unicodedata.normalize("NFC", own.strip()))
