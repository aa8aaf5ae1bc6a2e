"""A SOCKS5 proxy on loopback (RFC 1928, 1929): every host is one port of this machine to it."""

from __future__ import annotations

import contextlib
import socket
import threading
from types import TracebackType
from typing import Self


class SocksProxy:
    """Connects whoever asks for any host to `target`, a port of this machine.

    ``asked`` is what it was asked for: host and port. With a `login` it wants one, and ``logins``
    are those that were sent. With a `code` other than 0 it connects nobody. A `greeting` is all
    that it says in place of an answer.
    """

    def __init__(
        self,
        target: int,
        *,
        login: tuple[str, str] | None = None,
        code: int = 0,
        greeting: bytes | None = None,
    ) -> None:
        self.asked: list[tuple[str, int]] = []
        self.logins: list[tuple[str, str]] = []
        self._target, self._login, self._code, self._greeting = target, login, code, greeting
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port: int = self._listener.getsockname()[1]

    def __enter__(self) -> Self:
        threading.Thread(target=self._accept, daemon=True).start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._listener.close()

    def _accept(self) -> None:
        with contextlib.suppress(OSError):
            while True:
                near, _ = self._listener.accept()
                threading.Thread(target=self._serve, args=(near,), daemon=True).start()

    def _serve(self, near: socket.socket) -> None:
        with near, near.makefile("rb") as sent, contextlib.suppress(OSError):
            methods = sent.read(sent.read(2)[1])
            if self._greeting is not None:
                near.sendall(self._greeting)
                return
            method = 0 if self._login is None else 2
            near.sendall(bytes([5, method if method in methods else 0xFF]))
            if method not in methods or (method == 2 and not self._lets_in(near, sent)):
                return
            sent.read(3)
            (kind,) = sent.read(1)
            length = {1: 4, 4: 16}.get(kind) or sent.read(1)[0]
            host, port = sent.read(length), int.from_bytes(sent.read(2), "big")
            self.asked.append((host.decode() if kind == 3 else host.hex(), port))
            near.sendall(bytes([5, self._code, 0, 1, 127, 0, 0, 1, 0, 0]))
            if self._code == 0:
                with socket.create_connection(("127.0.0.1", self._target)) as far:
                    self._join(near, far)

    def _lets_in(self, near: socket.socket, sent: object) -> bool:
        read = sent.read  # type: ignore[attr-defined]
        read(1)
        login = read(read(1)[0]).decode(), read(read(1)[0]).decode()
        self.logins.append(login)
        near.sendall(bytes([1, login != self._login]))
        return login == self._login

    @staticmethod
    def _join(near: socket.socket, far: socket.socket) -> None:
        def pump(source: socket.socket, sink: socket.socket) -> None:
            with contextlib.suppress(OSError):
                while data := source.recv(65536):
                    sink.sendall(data)
                sink.shutdown(socket.SHUT_WR)

        back = threading.Thread(target=pump, args=(far, near), daemon=True)
        back.start()
        pump(near, far)
        back.join(5)
