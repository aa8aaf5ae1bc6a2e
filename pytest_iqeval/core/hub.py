"""Where a benchmark's data lies on a hub: the definition's field ``hub``.

hub:
  modelscope:
    repo: owner/name
    revision: master                  # a branch, a tag or a commit; master, or main
    files: ["test/*.csv", dev.csv]    # `*` stands for a part of one name
  huggingface:
    repo: owner/name
    revision: 7d3a…                   # a commit never changes
    files: {test.parquet: SHA256}     # a mapping pins the content as well
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from fnmatch import fnmatchcase
from pathlib import PureWindowsPath

from pytest_iqeval.core.errors import nearest_hint
from pytest_iqeval.core.plain import kind_of, quoted, unstorable

# In the order in which they are asked where nothing says otherwise.
TITLES: Mapping[str, str] = {"modelscope": "ModelScope", "huggingface": "Hugging Face"}
HUBS = tuple(TITLES)
_BRANCHES = {"modelscope": "master", "huggingface": "main"}
_KEYS = ("repo", "revision", "files")
_REPO = re.compile(r"[A-Za-z0-9_][A-Za-z0-9_.-]*/[A-Za-z0-9_][A-Za-z0-9_.-]*")
_REVISION = re.compile(r"[A-Za-z0-9_][A-Za-z0-9_./+-]*")
_SHA256 = re.compile(r"[0-9a-f]{64}")

Fault = Callable[[str, str], None]
"""Notes what is wrong with a field: ``fault(where, what)``."""


@dataclass(frozen=True, slots=True, kw_only=True)
class HubSource:
    """The files of a benchmark on one hub.

    ``files`` are paths in the repository, in which ``*`` and ``?`` stand for parts of one name;
    ``pins`` maps paths to the sha256 that they must have.
    """

    hub: str
    repo: str
    revision: str
    files: tuple[str, ...]
    pins: Mapping[str, str]

    @property
    def title(self) -> str:
        """The hub's own name."""
        return TITLES[self.hub]

    @property
    def told(self) -> str:
        """``ModelScope owner/name@master``."""
        return f"{self.title} {self.repo}@{self.revision}"


def parse_hub(value: object, fault: Fault) -> tuple[HubSource, ...]:
    """The sources that the field `hub` names, in the order of `HUBS`; none for ``None``."""
    if value is None:
        return ()
    if not isinstance(value, Mapping) or not value:
        what = "is empty" if not value else f"must be a mapping, not {kind_of(value)}"
        fault("hub", f"{what}; `hub: {{modelscope: {{repo: …, files: […]}}}}`")
        return ()
    for name in value:
        if name not in TITLES:
            known = nearest_hint(str(name), HUBS)
            fault(f"hub.{name}", f"there is no such hub; {known}")
    sources = [_source(name, value[name], fault) for name in HUBS if name in value]
    return tuple(source for source in sources if source is not None)


def matches(pattern: str, path: str) -> bool:
    """Whether a path in a repository is meant by a pattern: name by name."""
    wanted, there = pattern.split("/"), path.split("/")
    return len(wanted) == len(there) and all(map(fnmatchcase, there, wanted))


def is_inside(path: str) -> bool:
    """Whether a path leads to a file below the folder that it starts from, on any system."""
    # Windows' rules know both separators and drives, whatever system this runs on.
    there = PureWindowsPath(path)
    return bool(there.name) and not there.anchor and ".." not in there.parts and "\\" not in path


def _source(hub: str, value: object, fault: Fault) -> HubSource | None:
    where = f"hub.{hub}"
    if not isinstance(value, Mapping):
        fault(where, f"must be a mapping, not {kind_of(value)}; `repo: owner/name`, `files: […]`")
        return None
    for key in value:
        if key not in _KEYS:
            fault(f"{where}.{key}", f"there is no such field; {nearest_hint(str(key), _KEYS)}")
    repo = _matching(f"{where}.repo", value.get("repo"), _REPO, "owner/name", fault)
    given = value.get("revision", _BRANCHES[hub])
    what = "a branch, a tag or a commit"
    revision = _matching(f"{where}.revision", given, _REVISION, what, fault)
    files, pins = _files(f"{where}.files", value.get("files"), fault)
    if not repo or not revision or not files:
        return None
    return HubSource(hub=hub, repo=repo, revision=revision, files=files, pins=pins)


def _matching(
    where: str, value: object, pattern: re.Pattern[str], what: str, fault: Fault
) -> str | None:
    if value is None:
        fault(where, f"is missing; write {what}")
    elif not isinstance(value, str):
        fault(where, f"must be text, not {kind_of(value)}; put it in quotes")
    elif not pattern.fullmatch(value) or ".." in value:
        fault(where, f"{quoted(value)} can't be; write {what}")
    else:
        return value
    return None


def _files(where: str, value: object, fault: Fault) -> tuple[tuple[str, ...], Mapping[str, str]]:
    pins: dict[str, str] = {}
    if isinstance(value, Mapping):
        for path, sha256 in value.items():
            if sha256 is None:
                continue
            if not isinstance(sha256, str) or not _SHA256.fullmatch(sha256):
                fault(f"{where}.{path}", "must be the sha256 of the file: 64 hex digits, in quotes")
            elif "*" in str(path) or "?" in str(path):
                fault(f"{where}.{path}", "stands for many files, which can't have one sha256")
            else:
                pins[str(path)] = sha256
        value = list(value)
    if not isinstance(value, list) or not value:
        what = "is missing" if not value else f"must be a list, not {kind_of(value)}"
        fault(where, f"{what}; name the files: `files: [test.csv]`")
        return (), {}
    good = []
    for path in value:
        if not isinstance(path, str) or not path.strip() or unstorable(path):
            fault(where, f"must be paths, not {kind_of(path)}")
        elif not is_inside(path):
            fault(where, f"{quoted(path)} leads elsewhere; name files in the repository")
        else:
            good.append(path)
    return tuple(dict.fromkeys(good)), pins
