"""What a repository holds at a revision, as each hub lists it."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from pytest_iqeval.core.errors import nearest
from pytest_iqeval.core.hub import HubSource, is_inside, matches
from pytest_iqeval.sources.hub.faults import Unavailable
from pytest_iqeval.sources.hub.places import PAGE_SIZE, Place
from pytest_iqeval.sources.hub.web import Web

if TYPE_CHECKING:
    import httpx

_MOST_BYTES = 50_000_000
_MOST_PAGES = 500
_SHA256 = re.compile(r"[0-9a-f]{64}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Remote:
    """A file on a hub; ``None`` where the hub does not tell its size or sha256."""

    path: str
    size: int | None = None
    sha256: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Listing:
    """The files of a repository, and the commit of the revision where the hub tells it."""

    commit: str | None
    files: tuple[Remote, ...]

    def wanted(self, source: HubSource, place: Place) -> tuple[Remote, ...]:
        """The files that a source names, each once, in its order.

        :raises Unavailable: some of them are not there; it tells the nearest that are.
        """
        found: dict[str, Remote] = {}
        absent = []
        for pattern in source.files:
            hits = [remote for remote in self.files if matches(pattern, remote.path)]
            found |= {remote.path: remote for remote in hits}
            if not hits:
                absent.append(pattern)
        if absent:
            raise Unavailable(
                f"{source.told} has no {', '.join(absent)}",
                hint=self._nearest(absent[0], place.page(source)),
            )
        return tuple(found.values())

    def _nearest(self, pattern: str, page: str) -> str:
        paths = [remote.path for remote in self.files]
        near = nearest(pattern, paths)
        # Where files were moved to another folder, their names stay.
        near = near or [p for p in paths if p.rpartition("/")[2] == pattern.rpartition("/")[2]]
        shown = near[:3] or paths[:5]
        more = ", …" if len(paths) > len(shown) else ""
        return f"it has {', '.join(shown)}{more}; see {page}"


def list_files(web: Web, place: Place, source: HubSource) -> Listing:
    """The files of a source's repository.

    :raises Unavailable: the hub can't be reached, has no such repository or revision, or keeps
        it closed.
    """
    if place.hub == "huggingface":
        return _huggingface(_json(web, place, source, page=1))
    rows: list[Mapping[str, Any]] = []
    short = None
    for page in range(1, _MOST_PAGES + 1):
        data = _json(web, place, source, page=page)
        latest = data.get("LatestCommitter")
        if isinstance(latest, Mapping):
            short = latest.get("Id") or latest.get("ShortId") or short
        files = data.get("Files")
        if files is None and page == 1:  # how it answers for a revision that is not there
            raise _no_revision(place, source)
        more = _rows(files)
        if more == rows:  # a server without pages: it has sent them all
            break
        rows += more
        if len(more) < PAGE_SIZE:
            break
    return _modelscope(rows, short)


def refusal(web: Web, place: Place, source: HubSource, response: httpx.Response) -> Unavailable:
    """What a status of 400 and above means, for a list or a file."""
    status = response.status_code
    code = response.headers.get("X-Error-Code", "")
    page = place.page(source)
    if status in (401, 403):
        return _closed(place, source, gated=code == "GatedRepo", status=status)
    if code == "RevisionNotFound":
        return _no_revision(place, source)
    if status == 404 and code != "EntryNotFound":
        return Unavailable(
            f"{place.title} has no data set {source.repo}",
            hint=f"see {page}; a private one needs {place.variable}",
        )
    said = response.headers.get("X-Error-Message") or _message(web, response)
    told = f": {web.clean(said)}" if said else ""
    return Unavailable(f"{source.told}: status {status}{told}", hint=f"see {page}")


def _closed(place: Place, source: HubSource, *, gated: bool, status: int) -> Unavailable:
    terms = f"accept its terms at {place.page(source)}"
    if place.token is not None and not gated and status == 401:
        return Unavailable(
            f"{place.title} does not accept the token in {place.variable}",
            hint=f"make a new one, or unset {place.variable} if the data set is public",
        )
    if place.token is None:
        token = f"and set {place.variable} to a token of your account"
        what = "is gated" if gated or status == 403 else "is not there, or not public"
        return Unavailable(f"{source.told} {what} (status {status})", hint=f"{terms}, {token}")
    return Unavailable(
        f"{source.told} is closed to the account of {place.variable} (status {status})",
        hint=f"{terms} with that account",
    )


def _no_revision(place: Place, source: HubSource) -> Unavailable:
    return Unavailable(
        f"{place.title} {source.repo} has no revision {source.revision}",
        hint=f"see {place.page(source)}",
    )


def _message(web: Web, response: httpx.Response) -> str:
    """What ModelScope says in a body of JSON."""
    try:
        value = json.loads(web.read(response, _MOST_BYTES))
    except (ValueError, Unavailable):
        return ""
    return str(value.get("Message") or "") if isinstance(value, Mapping) else ""


def _json(web: Web, place: Place, source: HubSource, *, page: int) -> Mapping[str, Any]:
    url = place.list_url(source, page)

    def ask() -> bytes:
        with web.get(url) as response:
            web.check(response)
            if response.status_code >= 400:
                raise refusal(web, place, source, response)
            return web.read(response, _MOST_BYTES)

    body = web.persist(ask)
    try:
        value = json.loads(body)
    except (ValueError, RecursionError):
        value = None
    if not isinstance(value, Mapping):
        raise Unavailable(
            f"{place.title} at {place.endpoint} answered with something else than a list of files",
            hint=f"a login page of the network, or an address that is no hub's? See "
            f"{place.endpoint_variable}",
        )
    if place.hub == "huggingface":
        return value
    if value.get("Success") is False:
        said = web.clean(str(value.get("Message") or value.get("Code")))
        raise Unavailable(f"{source.told}: {said}", hint=f"see {place.page(source)}")
    data = value.get("Data")
    return data if isinstance(data, Mapping) else {}


def _huggingface(value: Mapping[str, Any]) -> Listing:
    files = []
    for row in _rows(value.get("siblings")):
        lfs = row.get("lfs")
        told = lfs if isinstance(lfs, Mapping) else {}
        sha256 = told.get("sha256") or told.get("oid")
        files += _remote(row.get("rfilename"), told.get("size", row.get("size")), sha256)
    commit = value.get("sha")
    known = isinstance(commit, str) and re.fullmatch(r"[0-9a-f]{7,64}", commit)
    return Listing(commit=str(commit) if known else None, files=tuple(files))


def _modelscope(rows: Sequence[Mapping[str, Any]], short: object) -> Listing:
    files = []
    commits = set()
    for row in rows:
        if row.get("Type") == "tree":
            continue
        commits.add(str(row.get("Revision")))  # the last that changed this file
        # A size of 0 is what it says of files whose size it does not know.
        files += _remote(row.get("Path"), row.get("Size") or None, row.get("Sha256"))
    # The newest of all is told by its first digits.
    begin = short if isinstance(short, str) and len(short) >= 7 else None
    whole = [commit for commit in commits if begin and commit.startswith(begin)]
    return Listing(commit=whole[0] if whole else begin, files=tuple(files))


def _rows(value: object) -> list[Mapping[str, Any]]:
    rows = value if isinstance(value, list) else []
    return [row for row in rows if isinstance(row, Mapping)]


def _remote(path: object, size: object, sha256: object) -> list[Remote]:
    """One file, or none where its path leads out of the folder that it will lie in."""
    if not isinstance(path, str) or not is_inside(path):
        return []
    known = isinstance(size, int) and not isinstance(size, bool) and size >= 0
    hashed = isinstance(sha256, str) and _SHA256.fullmatch(sha256)
    return [
        Remote(
            path=path,
            size=size if known else None,  # type: ignore[arg-type]
            sha256=str(sha256) if hashed else None,
        )
    ]
