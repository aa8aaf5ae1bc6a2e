"""One file from a hub: resumed where it was cut, checked, and in its place only when whole."""

from __future__ import annotations

import contextlib
import errno
import hashlib
import os
import re
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from pytest_iqeval.core.errors import DefinitionError, FolderError
from pytest_iqeval.core.hub import HubSource
from pytest_iqeval.sources.hub.access import Listener
from pytest_iqeval.sources.hub.faults import Passing, Unavailable
from pytest_iqeval.sources.hub.listing import Remote, refusal
from pytest_iqeval.sources.hub.lock import Locked, hash_of
from pytest_iqeval.sources.hub.places import Place
from pytest_iqeval.sources.hub.web import Web

if TYPE_CHECKING:
    import httpx

# Evaluation sets are megabytes; a server that never ends must not fill the disk.
MOST_BYTES = 4_000_000_000
_RANGE = re.compile(r"bytes (\d+)-\d+/(\d+|\*)")
_SHA256 = re.compile(r'"?([0-9a-f]{64})"?')
_PAGE = (b"<!doctype html", b"<html")
_FULL = (errno.ENOSPC, errno.EDQUOT) if hasattr(errno, "EDQUOT") else (errno.ENOSPC,)


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """A file of a source, and what it must be: ``pin`` is a sha256, and who pinned it."""

    source: HubSource
    remote: Remote
    url: str
    pin: tuple[str, str] | None = None

    @property
    def told(self) -> str:
        """``ModelScope owner/name@master test.csv``."""
        return f"{self.source.told} {self.remote.path}"


class Download:
    """Fetches one file into `target`.

    What has come lies in `part`, with the server's mark of the content beside it, so that a later
    process goes on there.
    """

    def __init__(
        self, web: Web, place: Place, wanted: Wanted, *, target: Path, part: Path, heard: Listener
    ) -> None:
        self._web = web
        self._place = place
        self._wanted = wanted
        self._target = target
        self._part = part
        self._mark = part.with_name(part.name + ".etag")
        self._heard = heard
        self._told = 0  # bytes of it that the listener knows of
        self._resumed = False

    def fetch(self) -> Locked:
        """Have the file.

        :raises Unavailable: the hub does not give it.
        :raises DefinitionError: it is not what it must be.
        :raises FolderError: it can't be written.
        """
        self._check_pin(self._wanted.remote.sha256)
        self._check_size(self._wanted.remote.size)
        try:
            self._target.parent.mkdir(parents=True, exist_ok=True)
            self._part.parent.mkdir(parents=True, exist_ok=True)
            self._web.persist(self._attempt, done=self._there)
            fault = self._fault()
            if fault is not None and self._resumed:
                # The beginning may be of another content than the rest: once more, from 0.
                self._forget()
                self._web.persist(self._attempt, done=self._there)
                fault = self._fault()
            if fault is not None:
                self._forget()
                raise fault
            return self._put()
        except OSError as error:
            raise self._unwritable(error) from None

    def _attempt(self) -> None:
        """Get what is missing; raises `Passing` where the connection breaks before the end."""
        there = self._there()
        whole = self._wanted.remote.size
        if whole is not None and there == whole:
            self._tell(there)
            return
        headers = {}
        if there:
            headers["Range"] = f"bytes={there}-"
            if mark := self._read_mark():
                headers["If-Range"] = mark
        with self._web.get(self._wanted.url, headers) as response:
            self._web.check(response)
            if response.status_code == 416:
                self._forget()
                raise Passing(f"{self._wanted.told}: the part that was there is of another file")
            if response.status_code >= 400:
                raise self._refused(response)
            self._check_kind(response)
            self._check_pin(_linked(response))
            self._write(response, self._offset(response, there))
        self._check_length(self._there())

    def _refused(self, response: httpx.Response) -> Unavailable:
        source, path = self._wanted.source, self._wanted.remote.path
        if response.status_code == 404:  # it was in the list
            return Unavailable(
                f"{source.told} lists {path} and does not have it",
                hint=f"see {self._place.page(source)}",
            )
        return refusal(self._web, self._place, source, response)

    def _offset(self, response: httpx.Response, there: int) -> int:
        """Where in the file the body begins: at 0 where the server knows no ranges, or has another
        content by now."""
        if response.status_code != 206:
            return 0
        found = _RANGE.fullmatch(response.headers.get("Content-Range", ""))
        size = self._wanted.remote.size
        other = found and size is not None and found[2] not in ("*", str(size))
        if found is None or int(found[1]) != there or other:
            self._forget()
            raise Passing(f"{self._wanted.told}: another part came than was asked for")
        return there

    def _write(self, response: httpx.Response, offset: int) -> None:
        size = self._wanted.remote.size
        most = MOST_BYTES if size is None else size
        self._resumed = self._resumed or offset > 0
        if not offset:
            self._mark.write_text(response.headers.get("ETag", ""), "utf-8")
        self._tell(offset)
        with self._part.open("r+b" if offset else "wb") as file:
            file.seek(offset)
            file.truncate()
            # In the pieces that come: collected to a size, the last one before a cut is lost.
            for chunk in response.iter_bytes():
                if not file.tell() and chunk.lstrip()[:14].lower().startswith(_PAGE):
                    self._check_page()
                if file.tell() + len(chunk) > most:
                    self._too_long(most)
                file.write(chunk)
                self._tell(file.tell())
            file.flush()
            os.fsync(file.fileno())

    def _check_kind(self, response: httpx.Response) -> None:
        kind = response.headers.get("Content-Type", "").partition(";")[0].strip().lower()
        if kind == "text/html":
            self._check_page()

    def _check_page(self) -> None:
        """Refuse a web page, unless that is what was asked for."""
        if self._wanted.remote.path.lower().endswith((".html", ".htm")):
            return
        raise Unavailable(
            f"{self._wanted.told}: a web page came instead of data",
            hint="a network that wants a login, or a mirror that needs another address? See "
            f"{self._place.endpoint_variable}",
        )

    def _check_length(self, there: int) -> None:
        size = self._wanted.remote.size
        if size is not None and there < size:
            raise Passing(f"{self._wanted.told}: cut off after {there:,} of {size:,} bytes")

    def _too_long(self, most: int) -> None:
        self._forget()
        raise Unavailable(f"{self._wanted.told}: is longer than {most:,} bytes")

    def _check_size(self, size: int | None) -> None:
        if size is not None and size > MOST_BYTES:
            raise Unavailable(
                f"{self._wanted.told}: has {size:,} bytes; more than {MOST_BYTES:,} are not fetched"
            )

    def _check_pin(self, sha256: str | None) -> None:
        pin = self._wanted.pin
        if pin is not None and sha256 is not None and sha256 != pin[0]:
            raise self._other(sha256)

    def _other(self, sha256: str) -> DefinitionError:
        expected, by = self._wanted.pin or ("", "")
        return DefinitionError(
            f"{self._wanted.told}: its sha256 is {sha256}, but {by} pins {expected}",
            hint="the data has changed, or was tampered with; look at the hub's history at "
            f"{self._place.page(self._wanted.source)} before you pin another",
        )

    def _fault(self) -> DefinitionError | None:
        """What is wrong with the bytes that have come."""
        sha256, told = hash_of(self._part), self._wanted.remote.sha256
        if self._wanted.pin is not None and sha256 != self._wanted.pin[0]:
            return self._other(sha256)
        if told is not None and sha256 != told:
            return DefinitionError(
                f"{self._wanted.told}: damaged on the way: its sha256 is {sha256}, and the hub "
                f"says {told}",
                hint="try again; a mirror or a proxy may change or cache what it hands on",
            )
        return None

    def _put(self) -> Locked:
        sha256 = hash_of(self._part)
        self._part.replace(self._target)
        self._mark.unlink(missing_ok=True)
        found = self._target.stat()
        url = self._wanted.url
        return Locked(sha256=sha256, size=found.st_size, mtime_ns=found.st_mtime_ns, url=url)

    def _there(self) -> int:
        try:
            return self._part.stat().st_size
        except OSError:
            return 0

    def _read_mark(self) -> str | None:
        """The server's mark of the content that was begun; a weak one says nothing of bytes."""
        try:
            mark = self._mark.read_text("utf-8")
        except OSError:
            return None
        return mark if mark.startswith('"') else None

    def _forget(self) -> None:
        self._tell(0)
        for path in (self._part, self._mark):
            path.unlink(missing_ok=True)

    def _tell(self, there: int) -> None:
        self._heard.more(there - self._told)
        self._told = there

    def _unwritable(self, error: OSError) -> FolderError:
        if error.errno in _FULL:
            with contextlib.suppress(OSError):
                self._forget()
            size = self._wanted.remote.size
            need = f" ({size:,} bytes are needed)" if size is not None else ""
            return FolderError(
                f"{self._target}: the disk is full{need}",
                hint="make room, or name another folder: IQEVAL_CACHE=DIR",
            )
        return FolderError(
            f"{error.filename or self._target}: can't be written: {error.strerror or error}",
            hint="IQEVAL_CACHE=DIR names another folder for fetched data",
        )


def part_name(wanted: Wanted) -> str:
    """The name of the part of a file: another one for another content, as far as the hub tells."""
    remote = wanted.remote
    about = f"{wanted.url}\n{remote.sha256}\n{remote.size}"
    return hashlib.sha256(about.encode("utf-8")).hexdigest()[:16]


def _linked(response: httpx.Response) -> str | None:
    """The sha256 that a hub tells with the file itself."""
    found = _SHA256.fullmatch(response.headers.get("X-Linked-Etag", "").lower())
    return found[1] if found else None
