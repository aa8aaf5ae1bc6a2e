"""GET requests to a hub: redirects, tokens and second attempts. The only module with httpx here."""

from __future__ import annotations

import ssl
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import TypeVar
from urllib.parse import urljoin, urlsplit

import httpx

from pytest_iqeval import __version__
from pytest_iqeval.core.clean import Redactor, visible
from pytest_iqeval.sources.hub.faults import Passing, Unavailable
from pytest_iqeval.sources.hub.places import Place

T = TypeVar("T")

_CONNECT_S, _SILENCE_S = 10.0, 30.0
# Before each further attempt; where nobody answers there is one, since another hub may.
_WAITS_S = (0.5, 1.0, 2.0, 4.0, 8.0)
_LONGEST_WAIT_S = 60.0
# However little each attempt brings, a download ends.
_MOST_ATTEMPTS = 100
_MOST_REDIRECTS = 8
_PASSING = frozenset({408, 425, 429, 500, 502, 503, 504})
_MOST_WORDS = 200


class Web:
    """Requests to one hub.

    A token goes to the hub's own origin alone (scheme, host and port): hubs redirect to stores
    of other companies, whose addresses are signed and need none.

    :raises Unavailable: the environment names a proxy or certificates that can't be used.
    """

    def __init__(self, place: Place, *, sleep: Callable[[float], None] = time.sleep) -> None:
        self._place = place
        self._sleep = sleep
        self.redact = Redactor([place.token] if place.token else [])
        headers = {
            "User-Agent": f"pytest-iqeval/{__version__}",
            "Accept-Encoding": "identity",  # lengths and ranges are those of the file
        }
        timeout = httpx.Timeout(_SILENCE_S, connect=_CONNECT_S)
        try:
            self._client = httpx.Client(headers=headers, timeout=timeout)
        except (ValueError, ImportError, OSError, httpx.InvalidURL) as error:
            raise Unavailable(
                f"{place.title} can't be asked: {self._words(error)}",
                hint="look at HTTP_PROXY, HTTPS_PROXY, ALL_PROXY and SSL_CERT_FILE",
            ) from None

    def close(self) -> None:
        """Let go of the connections."""
        self._client.close()

    @contextmanager
    def get(self, url: str, headers: Mapping[str, str] | None = None) -> Iterator[httpx.Response]:
        """What `url` answers after all redirects, its body not read yet.

        :raises Passing: a fault of network or server, also while the body is read.
        :raises Unavailable: redirects that lead nowhere; TLS that can't be trusted.
        """
        try:
            response = self._follow(url, headers or {})
            try:
                yield response
            finally:
                response.close()
        except (httpx.HTTPError, httpx.InvalidURL) as error:
            raise self._meaning(error) from None

    def persist(self, do: Callable[[], T], *, done: Callable[[], int] = lambda: 0) -> T:
        """What `do` gives; after a passing fault it is called again, after a while.

        :param done: how far `do` has come: where it gets on, no attempt is counted.
        """
        failed, before = 0, done()
        for _ in range(_MOST_ATTEMPTS):
            try:
                return do()
            except Passing as trouble:
                if done() > before:
                    failed, before = 0, done()
                if failed == (1 if trouble.unreached else len(_WAITS_S)):
                    raise
                self._sleep(max(_WAITS_S[failed], min(trouble.wait_s, _LONGEST_WAIT_S)))
                failed += 1
        return do()

    def check(self, response: httpx.Response) -> None:
        """Raise `Passing` for a status that may pass: too many requests, a server in trouble."""
        if response.status_code in _PASSING:
            asked = response.headers.get("Retry-After", "")
            raise Passing(
                f"{self._place.title} answered with status {response.status_code}"
                f" {response.reason_phrase}",
                hint="try again later"
                + (f", or set {self._place.variable}" if response.status_code == 429 else ""),
                wait_s=float(asked) if asked.isdecimal() else 0.0,
            )

    def read(self, response: httpx.Response, most: int) -> bytes:
        """A body of at most `most` bytes; raises `Unavailable` for a longer one."""
        body = bytearray()
        for chunk in response.iter_bytes():
            body += chunk
            if len(body) > most:
                raise Unavailable(
                    f"{self._place.title} answered with more than {most:,} bytes, where a list of "
                    "files was expected"
                )
        return bytes(body)

    def clean(self, text: str) -> str:
        """What a server said, fit to be shown."""
        said = visible(" ".join(self.redact(text).split()))
        return said[:_MOST_WORDS] + ("…" if len(said) > _MOST_WORDS else "")

    def _follow(self, url: str, headers: Mapping[str, str]) -> httpx.Response:
        linked: dict[str, str] = {}
        for _ in range(_MOST_REDIRECTS):
            own = self._place.headers if self._place.owns(url) else {}
            request = self._client.build_request("GET", url, headers={**headers, **own})
            response = self._client.send(request, stream=True)
            # What the hub knows of a file stands where it redirects to the store.
            linked |= {n: v for n, v in response.headers.items() if n.startswith("x-linked-")}
            if not response.has_redirect_location:
                response.headers.update(linked)
                return response
            response.close()
            where = urljoin(url, response.headers["Location"])
            scheme = urlsplit(where).scheme
            if scheme not in ("http", "https") or (url.startswith("https:") and scheme == "http"):
                raise Unavailable(
                    f"{self._place.title} redirects {_shown(url)} to {_shown(where)}, which is not "
                    "followed: it is not encrypted"
                )
            url = where
        raise Unavailable(
            f"{self._place.title} redirects {_MOST_REDIRECTS} times, at last to {_shown(url)}",
            hint=f"look at {self._place.endpoint_variable}",
        )

    def _meaning(self, error: Exception) -> Unavailable:
        title, causes = self._place.title, _causes(error)
        host = urlsplit(self._place.endpoint).netloc
        if any(isinstance(cause, ssl.SSLCertVerificationError) for cause in causes):
            return Unavailable(
                f"{title}: the certificate of {host} can't be trusted",
                hint="SSL_CERT_FILE=ca.pem names the authority to trust",
            )
        if isinstance(error, httpx.ConnectError | httpx.ConnectTimeout | httpx.ProxyError):
            return Passing(
                f"{title} can't be reached at {host}: {self._words(error)}",
                hint=f"{self._place.endpoint_variable}=URL names a mirror, HTTPS_PROXY a proxy",
                unreached=True,
            )
        if isinstance(error, httpx.TimeoutException):
            return Passing(f"{title} is silent for {_SILENCE_S:.0f} s")
        if isinstance(error, httpx.TransportError):
            return Passing(f"the connection to {title} broke off: {self._words(error)}")
        return Unavailable(f"{title} can't be asked: {self._words(error)}")

    def _words(self, error: Exception) -> str:
        return self.clean(str(error)) or type(error).__name__


def _shown(url: str) -> str:
    """A URL without its query, which may be a signature, and without a login."""
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc.rpartition('@')[2]}{parts.path}"


def _causes(error: BaseException | None) -> list[BaseException]:
    found: list[BaseException] = []
    while error is not None and error not in found:
        found.append(error)
        error = error.__cause__ or error.__context__
    return found
