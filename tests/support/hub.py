"""A hub on loopback that speaks ModelScope's and Hugging Face's HTTP, and can be made to fail.

    with LocalHub() as hub:
        hub.put("owner/name", {"test.csv": b"..."})
        hub.fail("store", cut(10), status(503))         # the next two requests for a file's bytes
        ... environ=hub.environ() ...
        hub.asked("store")[0].headers

Both protocols stand at one port, as ``/api/datasets`` and ``/api/v1/datasets`` do not meet. Files
are redirected to a *store* at another port, which is another origin, as hubs do with theirs.
"""

from __future__ import annotations

import hashlib
import json
import socket
import ssl
import struct
import threading
from collections import defaultdict, deque
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from email.message import Message
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from typing import Any, ClassVar, Self
from urllib.parse import parse_qs, quote, unquote, urlsplit

COMMIT = "0123456789abcdef0123456789abcdef01234567"
BRANCHES = ("main", "master")


@dataclass(frozen=True, slots=True)
class Asked:
    """A request as it came: ``stage`` is ``list``, ``file`` or ``store``."""

    stage: str
    path: str
    headers: Message


Fault = Callable[["_Handler", bytes], None]
"""Answers a request in its own way; the bytes are what would have been sent."""


def status(code: int, body: bytes = b"", **headers: str) -> Fault:
    """A status with headers (``Retry_After="1"``)."""

    def answer(handler: _Handler, _body: bytes) -> None:
        handler.give(code, body, {k.replace("_", "-"): v for k, v in headers.items()})

    return answer


def cut(count: int) -> Fault:
    """The first `count` bytes of what was asked for, and an end before the promised length."""

    def answer(handler: _Handler, body: bytes) -> None:
        handler.file(body, only=count)
        handler.close_connection = True

    return answer


def sends(other: bytes, **headers: str) -> Fault:
    """Other bytes than the file's."""

    def answer(handler: _Handler, _body: bytes) -> None:
        handler.give(200, other, {k.replace("_", "-"): v for k, v in headers.items()})

    return answer


def no_ranges(handler: _Handler, body: bytes) -> None:
    """The whole file, whatever range was asked for."""
    handler.give(200, body, {"ETag": '"other"'})


def resets(handler: _Handler, _body: bytes) -> None:
    """No answer: the connection is reset."""
    handler.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    handler.close_connection = True
    handler.connection.close()


@dataclass
class LocalHub:
    """The server; ``repos`` maps names to their files, ``commits`` to their commit."""

    repos: dict[str, dict[str, bytes]] = field(default_factory=dict)
    commits: dict[str, str] = field(default_factory=dict)
    log: list[Asked] = field(default_factory=list)
    faults: dict[str, deque[Fault]] = field(default_factory=lambda: defaultdict(deque))
    told_hashes: bool = True  # whether the list names the sha256 of files
    wrong_hashes: dict[str, str] = field(default_factory=dict)  # path → what the list says
    gate: threading.Event | None = None  # the store waits for it
    needs: str | None = None  # the token that the hub wants
    redirects: bool = True  # else it sends files itself
    pages: bool = True  # else every page of the list has all files

    def __post_init__(self) -> None:
        self._servers = [_server(self), _server(self)]
        self.url, self.store = (f"http://127.0.0.1:{s.server_port}" for s in self._servers)

    def encrypt(self, context: ssl.SSLContext) -> None:
        """Speak TLS, before the hub is entered; the store goes on without."""
        server = self._servers[0]
        server.socket = context.wrap_socket(server.socket, server_side=True)
        self.url = self.url.replace("http:", "https:")

    def __enter__(self) -> Self:
        for server in self._servers:
            threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        value: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        for server in self._servers:
            server.shutdown()
            server.server_close()

    def put(self, repo: str, files: Mapping[str, bytes], *, commit: str = COMMIT) -> None:
        """Have a repository with these files at this commit."""
        self.repos[repo] = dict(files)
        self.commits[repo] = commit

    def fail(self, stage: str, *faults: Fault) -> None:
        """Answer the next requests of a stage in these ways, in order."""
        self.faults[stage].extend(faults)

    def asked(self, stage: str) -> list[Asked]:
        """The requests of a stage so far."""
        return [one for one in self.log if one.stage == stage]

    def environ(self, *hubs: str, **more: str) -> dict[str, str]:
        """An environment that leads to this hub: as both, or as those named only."""
        nobody = "http://127.0.0.1:9"  # the discard port: nobody listens
        here = {name: self.url if not hubs or name in hubs else nobody for name in _NAMES}
        return {
            "MODELSCOPE_ENDPOINT": here["modelscope"],
            "HF_ENDPOINT": here["huggingface"],
            "NO_PROXY": "127.0.0.1",
            **more,
        }


_NAMES = ("modelscope", "huggingface")


def _server(hub: LocalHub) -> ThreadingHTTPServer:
    handler = type("Handler", (_Handler,), {"hub": hub})
    return ThreadingHTTPServer(("127.0.0.1", 0), handler)


class _Handler(BaseHTTPRequestHandler):
    hub: ClassVar[LocalHub]
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True

    def log_message(self, format: str, *args: Any) -> None:
        """Nothing: what was asked stands in `LocalHub.log`."""

    def do_GET(self) -> None:
        """Answer as the hub or its store."""
        parts = urlsplit(self.path)
        path, query = unquote(parts.path), {k: v[0] for k, v in parse_qs(parts.query).items()}
        if path.startswith("/store/"):
            _, _, owner, name, file = path.split("/", 4)
            self._begin("store", self.hub.repos[f"{owner}/{name}"][file], self.file)
        elif path.startswith("/api/v1/datasets/"):
            owner, name, *rest = path.removeprefix("/api/v1/datasets/").split("/")
            if rest == ["repo", "tree"]:
                self._list_modelscope(f"{owner}/{name}", query)
            else:
                self._file(f"{owner}/{name}", query["FilePath"], query["Revision"])
        elif path.startswith("/api/datasets/"):
            owner, name, _, *revision = path.removeprefix("/api/datasets/").split("/")
            self._list_huggingface(f"{owner}/{name}", "/".join(revision))
        elif path.startswith("/datasets/"):
            owner, name, _, revision, file = path.removeprefix("/datasets/").split("/", 4)
            self._file(f"{owner}/{name}", file, revision)
        else:
            self.give(404, b"")

    def _begin(self, stage: str, body: bytes, otherwise: Callable[[bytes], None]) -> None:
        self.hub.log.append(Asked(stage, self.path, self.headers))
        token = self.hub.needs
        if stage == "store" and self.hub.gate is not None:
            self.hub.gate.wait(20)
        if stage != "store" and token and self.headers["Authorization"] != f"Bearer {token}":
            self.give(403, b"", {"X-Error-Code": "GatedRepo"})
        elif self.hub.faults[stage]:
            self.hub.faults[stage].popleft()(self, body)
        else:
            otherwise(body)

    def _list_huggingface(self, repo: str, revision: str) -> None:
        if repo not in self.hub.repos:
            self._begin("list", b"", lambda _: self.give(401, b""))
            return
        if revision not in (*BRANCHES, self.hub.commits[repo]):
            headers = {"X-Error-Code": "RevisionNotFound"}
            self._begin("list", b"", lambda _: self.give(404, b"", headers))
            return
        rows = []
        for path, body in self.hub.repos[repo].items():
            row: dict[str, Any] = {"rfilename": path, "size": len(body)}
            if sha256 := self._hash(path, body):
                row["lfs"] = {"sha256": sha256, "size": len(body), "pointerSize": 130}
            rows.append(row)
        value = {"id": repo, "sha": self.hub.commits[repo], "gated": False, "siblings": rows}
        self._begin("list", json.dumps(value).encode(), lambda body: self.give(200, body))

    def _list_modelscope(self, repo: str, query: Mapping[str, str]) -> None:
        if repo not in self.hub.repos:
            body = json.dumps({"Code": 10010205001, "Success": False, "Message": "not found"})
            self._begin("list", body.encode(), lambda body: self.give(404, body))
            return
        rows: list[dict[str, Any]] | None = [{"Path": "folder", "Type": "tree", "Size": 0}]
        commit = self.hub.commits[repo]
        for path, body in self.hub.repos[repo].items():
            row = {"Path": path, "Name": path.rpartition("/")[2], "Type": "blob"}
            row |= {"Size": len(body), "Sha256": self._hash(path, body), "Revision": commit}
            assert rows is not None
            rows.append(row)
        page, size = int(query["PageNumber"]), int(query["PageSize"])
        assert rows is not None
        if self.hub.pages:
            rows = rows[(page - 1) * size : page * size]
        if query["Revision"] not in (*BRANCHES, commit):
            rows = None
        data = {"Files": rows, "LatestCommitter": {"Id": "", "ShortId": commit[:8]}}
        value = {"Code": 200, "Data": data, "Message": "success", "Success": True}
        self._begin("list", json.dumps(value).encode(), lambda body: self.give(200, body))

    def _hash(self, path: str, body: bytes) -> str:
        told = hashlib.sha256(body).hexdigest() if self.hub.told_hashes else ""
        return self.hub.wrong_hashes.get(path, told)

    def _file(self, repo: str, path: str, revision: str) -> None:
        known = (*BRANCHES, self.hub.commits.get(repo))
        body = self.hub.repos.get(repo, {}).get(path)
        if body is None or revision not in known:
            headers = {"X-Error-Code": "EntryNotFound"}
            self._begin("file", b"", lambda _: self.give(404, b"", headers))
            return
        headers = {
            "Location": f"{self.hub.store}/store/{quote(repo)}/{quote(path)}?Signature=s3cr3t",
            "X-Repo-Commit": self.hub.commits[repo],
            "X-Linked-Size": str(len(body)),
        }
        if sha256 := self._hash(path, body):
            headers["X-Linked-Etag"] = f'"{sha256}"'
        if not self.hub.redirects:
            self._begin("file", body, self.file)
            return
        self._begin("file", body, lambda _: self.give(302, b"", headers))

    def file(self, body: bytes, *, only: int | None = None) -> None:
        """A file or the range of it that was asked for; `only` its first bytes."""
        mark = f'"{hashlib.md5(body).hexdigest()}"'
        headers = {"ETag": mark, "Accept-Ranges": "bytes"}
        asked = self.headers.get("Range")
        code, part = 200, body
        if asked and self.headers.get("If-Range", mark) == mark:
            start = int(asked.removeprefix("bytes=").partition("-")[0])
            if start >= len(body):
                self.give(416, b"", {"Content-Range": f"bytes */{len(body)}"})
                return
            code, part = 206, body[start:]
            headers["Content-Range"] = f"bytes {start}-{len(body) - 1}/{len(body)}"
        self.give(code, part, headers, only=only)

    def give(
        self,
        code: int,
        body: bytes,
        headers: Mapping[str, str] | None = None,
        *,
        only: int | None = None,
    ) -> None:
        """A whole answer, or one that ends after `only` bytes of its body."""
        self.send_response(code)
        for name, value in (headers or {}).items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body if only is None else body[:only])
