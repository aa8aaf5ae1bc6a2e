"""Exceptions of the HTTP client, told by what they mean: nobody there, TLS, proxy, timeout."""

from __future__ import annotations

import errno
import socket
import ssl
from collections.abc import Iterator
from dataclasses import dataclass
from urllib.parse import urlsplit

import httpcore

from pytest_iqeval.endpoint.providers import Endpoint
from pytest_iqeval.endpoint.proxies import proxy_variable
from pytest_iqeval.endpoint.watch import FirstByteTimeout, Limits, LookupTimeout

# What a proxy says that would say it again: a status, and httpcore's words for SOCKS logins.
_PROXY_NEVER = ("401", "403", "407", "Invalid username/password", "from proxy server, but got")


@dataclass(frozen=True, slots=True, kw_only=True)
class Fault:
    """One sentence, what to do, the word it is counted by (`NoReply.kind`), and whether asking
    again may help. ``nobody`` is true where nothing at all answers at the address."""

    problem: str
    hint: str | None = None
    kind: str = "connect"
    retryable: bool = True
    nobody: bool = False


def fault_of(error: Exception, endpoint: Endpoint, limits: Limits) -> Fault:
    """What `error`, raised by httpcore for a request to `endpoint`, means to a user."""
    parts = urlsplit(endpoint.base_url)
    where = parts.netloc
    causes = list(_chain(error))
    for cause in causes:
        if isinstance(cause, ssl.SSLError):
            return _tls(cause, parts.hostname or "", where)
    through = proxy_variable(endpoint)
    if through is not None and (fault := _proxys(error, causes, through, parts.hostname or "")):
        return fault
    unknown = next((cause for cause in causes if isinstance(cause, socket.gaierror)), None)
    if unknown is not None or isinstance(error, LookupTimeout):
        late = f"was not found within {limits.connect_timeout_s:g} s"
        said = late if unknown is None else f"can't be found ({_words(unknown)})"
        return Fault(
            problem=f"the host name {parts.hostname} {said}",
            hint="check the spelling of --iqeval-base-url, and the network",
            kind="timeout" if unknown is None else "connect",
            nobody=True,
        )
    if isinstance(error, httpcore.ConnectTimeout):
        return Fault(
            problem=f"no connection to {where} within {limits.connect_timeout_s:g} s",
            kind="timeout",
            nobody=True,
        )
    if isinstance(error, httpcore.ConnectError):
        refused = any(getattr(c, "errno", None) == errno.ECONNREFUSED for c in causes)
        problem = f"nobody answers at {where}: {_os_words(causes) or error}"
        return Fault(
            problem=f"nobody listens at {where} (connection refused)" if refused else problem,
            nobody=True,
        )
    if isinstance(error, FirstByteTimeout):
        return Fault(
            problem=f"the reply of {where} did not begin within {limits.first_byte_timeout_s:g} s",
            hint="--iqeval-first-byte-timeout gives it longer, a lower --iqeval-concurrency less"
            " to do",
            kind="timeout",
        )
    if isinstance(error, httpcore.TimeoutException):
        return Fault(
            problem=f"no whole reply from {where} within {limits.timeout_s:g} s",
            hint="--iqeval-timeout gives it longer, a lower --iqeval-concurrency less to do",
            kind="timeout",
        )
    return _broken_off(error, where, _os_words(causes))


def _proxys(
    error: Exception, causes: list[BaseException], variable: str, host: str
) -> Fault | None:
    """What went wrong at a proxy, or before it: also that it can't be spoken to at all."""
    hint, retryable = f"mend {variable}, or put {host} into NO_PROXY", True
    if isinstance(error, httpcore.ProxyError):
        said = f"refused: {error}"
        retryable = not any(words in str(error) for words in _PROXY_NEVER)
    elif type(error).__module__.partition(".")[0] == "socksio":
        said = "does not answer as SOCKS5 has it"  # or closed the connection in between
    elif isinstance(error, ImportError):
        said = "speaks SOCKS, for which a package is missing"
        hint = f"pip install 'pytest-iqeval[socks]', or put {host} into NO_PROXY"
        retryable = False
    elif isinstance(error, ValueError):
        said, retryable = f"can't be used: {error}", False
    elif isinstance(error, httpcore.ConnectError | httpcore.ConnectTimeout):
        said = f"can't be reached: {_os_words(causes) or error}"
    else:
        return None
    return Fault(problem=f"the proxy in {variable} {said}", hint=hint, retryable=retryable)


def _tls(cause: ssl.SSLError, host: str, where: str) -> Fault:
    if isinstance(cause, ssl.SSLCertVerificationError):
        reason = cause.verify_message.rstrip(".")
        other_name = "mismatch" in reason
        return Fault(
            problem=f"the certificate of {where} can't be trusted: {reason}",
            hint="check the host in --iqeval-base-url"
            if other_name
            else "SSL_CERT_FILE=ca.pem names the authority to trust",
            kind="tls",
            retryable=False,
        )
    plain = f"http:// instead of https:// in --iqeval-base-url, if {host} has no TLS"
    if cause.reason in ("WRONG_VERSION_NUMBER", "HTTP_REQUEST", "RECORD_LAYER_FAILURE"):
        problem = f"{where} does not speak TLS ({cause.reason})"
        return Fault(problem=problem, hint=plain, kind="tls", retryable=False)
    cut_off = isinstance(cause, ssl.SSLEOFError)  # perhaps a server that starts again
    return Fault(
        problem=f"TLS with {where} failed: {cause.reason or cause}",
        hint=plain if cut_off else None,
        kind="tls",
        retryable=cut_off,
    )


def _broken_off(error: Exception, where: str, os_words: str | None) -> Fault:
    """The connection stood, and then broke or made no sense."""
    text = str(error)
    if isinstance(error, httpcore.RemoteProtocolError):
        if "incomplete" in text or "without sending complete" in text:
            return Fault(problem=f"the reply of {where} is cut off", kind="body")
        if "without sending a response" in text:
            return Fault(problem=f"{where} closed the connection without a reply")
        if "illegal status line" not in text:  # a head of 100 kB, lengths that contradict
            return Fault(problem=f"{where} sends HTTP that can't be read: {text}", kind="body")
        alert = r"\x15\x03" in text  # how TLS answers what is not TLS
        return Fault(
            problem=f"{where} does not speak HTTP: {text}",
            hint="https:// instead of http:// in --iqeval-base-url, if it has TLS"
            if alert
            else None,
            kind="body",
        )
    if isinstance(error, httpcore.NetworkError | OSError):
        return Fault(problem=f"the connection to {where} broke off: {os_words or text}")
    return Fault(problem=f"asking {where} failed: {type(error).__name__}: {text}", retryable=False)


def _chain(error: BaseException) -> Iterator[BaseException]:
    """The exception and what caused it, outermost first."""
    seen: set[int] = set()
    following: BaseException | None = error
    while following is not None and id(following) not in seen:
        seen.add(id(following))
        yield following
        following = following.__cause__ or following.__context__


def _os_words(causes: list[BaseException]) -> str | None:
    """What the operating system said, from the innermost cause that has a number."""
    return next((_words(c) for c in reversed(causes) if isinstance(c, OSError) and c.errno), None)


def _words(error: OSError) -> str:
    return (error.strerror or str(error)).lower()
