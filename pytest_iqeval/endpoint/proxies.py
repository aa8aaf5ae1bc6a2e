"""Which proxy the requests to an endpoint go through."""

from __future__ import annotations

import os
from dataclasses import dataclass, field
from urllib.parse import urlsplit
from urllib.request import getproxies, proxy_bypass

from pytest_iqeval.endpoint.providers import Endpoint


@dataclass(frozen=True, slots=True, kw_only=True)
class Proxy:
    """A proxy's URL, which may hold a password, and the ``variable`` that named it."""

    variable: str
    url: str = field(repr=False)


def proxy_of(endpoint: Endpoint) -> Proxy | None:
    """The proxy of the usual variables (or of the system), unless ``NO_PROXY`` names the host.

    Never for this machine: a proxy could not reach our loopback, and ``HTTP_PROXY`` without
    ``NO_PROXY=localhost`` is common.
    """
    parts = urlsplit(endpoint.base_url)
    host = parts.hostname or ""
    if endpoint.loopback or proxy_bypass(host) or proxy_bypass(f"{host}:{parts.port}"):
        return None
    known = getproxies()
    for scheme in (parts.scheme, "all"):
        if url := known.get(scheme):
            names = (f"{scheme}_proxy", f"{scheme}_proxy".upper())
            variable = next((n for n in names if os.environ.get(n)), "the system's settings")
            return Proxy(variable=variable, url=url if "://" in url else f"http://{url}")
    return None


def proxy_variable(endpoint: Endpoint) -> str | None:
    """The variable whose proxy requests to `endpoint` go through, as its name is set."""
    proxy = proxy_of(endpoint)
    return None if proxy is None else proxy.variable
