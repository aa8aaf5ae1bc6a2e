"""URLs that users give: taken apart, checked, and safe to show."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from urllib.parse import unquote, urlsplit

from pytest_iqeval.core.errors import SettingsError
from pytest_iqeval.endpoint.secret import Secret

_CHAT = "/chat/completions"
_OLLAMA_PORT = 11434
_SCHEME = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*://")
_EXAMPLE = "for example http://localhost:11434/v1"


@dataclass(frozen=True, slots=True, kw_only=True)
class Address:
    """A base URL without what must not be shown; ``login`` is ``user:password``, decoded."""

    base_url: str
    login: Secret[str] | None = None
    query: Secret[str] | None = None


def parse_base_url(text: str, source: str) -> Address:
    """Take a base URL apart; ``/chat/completions`` and slashes at its end are dropped.

    :param source: the option or variable it came from, for the message.
    :raises SettingsError: no scheme, another scheme than http and https, no host, a bad port.
    """
    text = text.strip()
    what = f"{source} {without_secrets(text)!r}"
    if not _SCHEME.match(text):
        at_home = re.match(r"(localhost\b|[\d.]+(:|/|$)|\[)", without_secrets(text))
        guess = f"{'http' if at_home else 'https'}://{without_secrets(text)}"
        raise SettingsError(f"{what} has no scheme", hint=f"did you mean {guess} ?")
    if re.search(r"[\s\x00-\x1f\x7f]", text):
        raise SettingsError(f"{what} holds a blank or a control character", hint=_EXAMPLE)
    try:
        parts = urlsplit(text)
        host, port = parts.hostname, parts.port
    except ValueError:  # its text may repeat the password
        raise SettingsError(f"{what}: host or port can't be read", hint=_EXAMPLE) from None
    if parts.scheme not in ("http", "https"):
        raise SettingsError(f"{what}: only http:// and https:// can be asked", hint=_EXAMPLE)
    if not host:
        raise SettingsError(f"{what} names no host", hint=_EXAMPLE)
    login = f"{unquote(parts.username or '')}:{unquote(parts.password or '')}"
    path = parts.path.rstrip("/").removesuffix(_CHAT).rstrip("/")
    return Address(
        base_url=_joined(parts.scheme, host, port, path),
        login=Secret(login) if login != ":" else None,
        query=Secret(parts.query) if parts.query else None,
    )


def ollama_host(value: str) -> Address:
    """The base URL that ollama's own client would take ``OLLAMA_HOST`` for.

    Without a scheme it is http at port 11434, with one that scheme's own port. An address that
    means "listen everywhere" is asked on loopback.
    """
    with_scheme = _SCHEME.match(value) is not None
    if not with_scheme:
        value = f"http://{'127.0.0.1' if value.startswith(':') else ''}{value}"
    address = parse_base_url(value, "OLLAMA_HOST")
    parts = urlsplit(address.base_url)
    host = parts.hostname or ""
    host = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(host, host)
    port = parts.port or (None if with_scheme else _OLLAMA_PORT)
    path = parts.path.removesuffix("/v1") + "/v1"
    return replace(address, base_url=_joined(parts.scheme, host, port, path))


def without_secrets(url: str) -> str:
    """A URL as it was typed, without user, password, query and fragment."""
    scheme = found.group() if (found := _SCHEME.match(url)) else ""
    rest = url[len(scheme) :]
    authority = re.split(r"[/?#]", rest, maxsplit=1)[0]
    rest = rest[len(authority) :]
    if "@" in authority:
        authority = authority.rpartition("@")[2]
    elif "@" in rest and not re.fullmatch(r"[^:]*(:\d*)?|\[.*", authority):
        return f"{scheme}…"  # a password with a slash in it, as it must not be written
    return scheme + authority + re.split(r"[?#]", rest, maxsplit=1)[0]


def _joined(scheme: str, host: str, port: int | None, path: str) -> str:
    host = f"[{host}]" if ":" in host else host
    return f"{scheme}://{host}{f':{port}' if port else ''}{path}"
