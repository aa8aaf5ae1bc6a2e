"""What a run remembers of how its questions were chosen, so that a replay need not be told."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any

REMEMBERED = (
    *("model", "answer", "few-shot", "dataset", "data-dir", "limit", "sample", "seed"),
    *("repeats", "pass", "gate", "baseline-allow", "suite"),
)
"""Options that a replay takes from its run unless they are on the command line again."""
SETS, SUITE_SHA256 = "sets", "suite_sha256"
"""Beside them: what the run's suite said of single benchmarks, and the hash of its file."""


Contents = Callable[[], Iterator[tuple[str, bytes]]]
"""Reads files again: the path of each, and its content, unpacked; an `OSError` where it can't."""


@dataclass(frozen=True, slots=True, kw_only=True)
class BenchmarkFiles:
    """What a benchmark was read from.

    ``definition`` is ``None`` where a data file came alone. ``sha256`` maps each file that was
    read, by its path as a layout names it, to that of its content; ``contents`` reads them again.
    ``layout`` names what was read where a definition has several layouts (``test.csv.gz``,
    ``test/{subset}_test.csv``), and ``where`` in which place below the folder's top (``native``,
    ``data.zip``). ``fetched`` says from where the data was fetched, if it was.
    """

    definition: Path | None
    folder: Path
    sha256: Mapping[str, str]
    contents: Contents
    layout: str | None = None
    where: str = ""
    fetched: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Chosen:
    """What chose a session's questions beside the settings.

    ``parts`` names benchmarks, subsets and questions (1 to 3 names each); ``paths`` are the test
    files and folders that were given beside them. ``only_failures``: of the questions only those
    that had failed before (``--lf``, ``--sw``), which the journal alone can name. ``gates_from``
    says where the gates were written: one for each, or one for all.
    """

    parts: tuple[tuple[str, ...], ...] = ()
    paths: tuple[str, ...] = ()
    keyword: str = ""
    mark: str = ""
    deselect: tuple[str, ...] = ()
    only_failures: bool = False
    gates_from: tuple[str, ...] = ()

    def to_plain(self) -> dict[str, object]:
        """Plain types only, for the journal."""
        return {
            "parts": [list(part) for part in self.parts],
            "paths": list(self.paths),
            "keyword": self.keyword,
            "mark": self.mark,
            "deselect": list(self.deselect),
            "only_failures": self.only_failures,
            "gates_from": list(self.gates_from),
        }

    @classmethod
    def from_plain(cls, plain: Mapping[str, Any]) -> Chosen:
        """The inverse of `to_plain`."""
        origins = plain.get("gates_from") or ()
        return cls(
            parts=tuple(tuple(part) for part in plain["parts"]),
            paths=tuple(plain["paths"]),
            keyword=plain["keyword"],
            mark=plain["mark"],
            deselect=tuple(plain["deselect"]),
            # Earlier versions said nothing of these.
            only_failures=plain.get("only_failures", False),
            gates_from=(origins,) if isinstance(origins, str) else tuple(origins),
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Kept:
    """A benchmark's files as a run's folder keeps them.

    ``specs`` are what a user wrote for it, without ``:SUBSET``. ``folder`` is below the run's
    ``benchmarks``, and ``definition`` (``None``: a data file came alone) is in it. ``data`` is the
    file of each subset where it came alone, or where an earlier version kept it; else it is
    empty, and the files lie there in a layout of the definition. ``scorer`` is the name that
    judges; ``data_sha256`` that of the benchmark.
    """

    name: str
    specs: tuple[str, ...]
    folder: str
    definition: str | None
    data: Mapping[str, str]
    scorer: str
    data_sha256: str

    def to_plain(self) -> dict[str, object]:
        """Plain types only."""
        plain = {f.name: getattr(self, f.name) for f in fields(self)}
        return {**plain, "specs": list(self.specs), "data": dict(self.data)}

    @classmethod
    def from_plain(cls, plain: Mapping[str, Any]) -> Kept:
        """The inverse of `to_plain`."""
        return cls(**{**plain, "specs": tuple(plain["specs"])})


@dataclass(frozen=True, slots=True, kw_only=True)
class Recalled:
    """A stored run as a replay needs it before anything is collected.

    ``settings`` maps every option of `REMEMBERED` to its value then (``None``: it was not given);
    it is empty, and ``chosen`` is ``None``, where an earlier version wrote the run. ``copies`` is
    the folder of the benchmarks' files. ``only`` are the questions that it asked, as benchmark,
    subset and id, where those were earlier failures only.
    """

    folder: Path
    copies: Path
    settings: Mapping[str, object]
    chosen: Chosen | None
    kept: tuple[Kept, ...] = ()
    only: frozenset[tuple[str, str, str]] | None = None

    def copy_of(self, spec: str) -> Kept | None:
        """The kept files of what a user wrote for a benchmark, or of its name.

        ``None`` too where test files in several folders meant different ones by it.
        """
        found = [one for one in self.kept if spec in (*one.specs, one.name)]
        return found[0] if len(found) == 1 else None

    def of(self, name: str) -> Kept | None:
        """The kept files of the benchmark of that name."""
        return next((one for one in self.kept if one.name == name), None)

    def folder_of(self, kept: Kept) -> Path:
        """Where a kept benchmark lies."""
        return self.copies / kept.folder

    def to_plain(self) -> dict[str, object]:
        """Plain types only, for the workers."""
        return {
            "folder": str(self.folder),
            "copies": str(self.copies),
            "settings": dict(self.settings),
            "chosen": None if self.chosen is None else self.chosen.to_plain(),
            "kept": [one.to_plain() for one in self.kept],
            "only": None if self.only is None else [list(one) for one in sorted(self.only)],
        }

    @classmethod
    def from_plain(cls, plain: Mapping[str, Any]) -> Recalled:
        """The inverse of `to_plain`."""
        return cls(
            folder=Path(plain["folder"]),
            copies=Path(plain["copies"]),
            settings=plain["settings"],
            chosen=None if plain["chosen"] is None else Chosen.from_plain(plain["chosen"]),
            kept=tuple(Kept.from_plain(one) for one in plain["kept"]),
            only=None if plain["only"] is None else frozenset(map(tuple, plain["only"])),
        )
