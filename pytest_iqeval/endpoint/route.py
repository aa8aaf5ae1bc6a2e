"""The way to one URL, through a proxy where there is one."""

from __future__ import annotations

import ssl
from importlib.util import find_spec
from typing import Any
from urllib.parse import quote, unquote, urlsplit

import httpcore

from pytest_iqeval.endpoint.providers import Endpoint
from pytest_iqeval.endpoint.proxies import proxy_of
from pytest_iqeval.endpoint.secret import Secret

_IDLE_S = 5.0  # then a connection is replaced before it is used; many servers close them so soon
_AS_IT_IS = "/%:@!$&'()*+,;=~?[]"


class Route:
    """The way to one URL: its proxy, if there is one, and whom TLS trusts.

    :raises ValueError, ImportError: a proxy that can't be spoken to.
    """

    def __init__(self, endpoint: Endpoint, tls: ssl.SSLContext, url: str) -> None:
        parts = urlsplit(url)
        host = (parts.hostname or "").encode("idna" if not url.isascii() else "ascii")
        bracketed = b"[%s]" % host if b":" in host else host
        target = quote(f"{parts.path or '/'}?{parts.query}".rstrip("?"), safe=_AS_IT_IS)
        self.url = Secret(  # a key may stand in the query
            httpcore.URL(scheme=parts.scheme, host=host, port=parts.port, target=target.encode())
        )
        self.host = bracketed if parts.port is None else b"%s:%d" % (bracketed, parts.port)
        self._tls = tls
        self._proxy = proxy_of(endpoint)

    def open(self, backend: httpcore.NetworkBackend) -> httpcore.ConnectionInterface:
        """A connection, which connects at its first request."""
        return self._pool(backend).create_connection(self.url.reveal().origin)

    def _pool(self, backend: httpcore.NetworkBackend) -> httpcore.ConnectionPool:
        """httpcore's pools know which kind of connection a proxy takes; nothing is pooled."""
        common: dict[str, Any] = {
            "ssl_context": self._tls,
            "network_backend": backend,
            "keepalive_expiry": _IDLE_S,
        }
        if self._proxy is None:
            return httpcore.ConnectionPool(**common)
        parts = urlsplit(self._proxy.url)
        host, port = parts.hostname or "", parts.port
        login = (unquote(parts.username or "").encode(), unquote(parts.password or "").encode())
        common |= {
            "proxy_url": httpcore.URL(scheme=parts.scheme, host=host, port=port, target="/"),
            "proxy_auth": login if any(login) else None,
        }
        if parts.scheme in ("http", "https"):
            return httpcore.HTTPProxy(**common)
        if parts.scheme in ("socks5", "socks5h"):
            if not _is_there("socksio"):
                raise ImportError("socksio")
            return httpcore.SOCKSProxy(**common)
        raise ValueError(f"its scheme is {parts.scheme}, not http, https or socks5")


def _is_there(package: str) -> bool:
    try:
        return find_spec(package) is not None
    except ValueError:  # it is kept from being imported
        return False
