"""Keys, headers and logins: read from the environment, checked, and never repeated."""

from __future__ import annotations

import base64
import re
from collections.abc import Iterable, Iterator, Mapping
from urllib.parse import unquote

from pytest_iqeval.core.errors import SettingsError
from pytest_iqeval.endpoint.secret import Secret

# What the HTTP client decides itself; a wrong value would break the framing of the request.
_OWN_HEADERS = frozenset({"content-length", "transfer-encoding", "connection", "host"})


# Shorter, and base64 of it might stand in any text.
_WORTH_BASE64 = 6


def read_secret(what: str, variable: str, environ: Mapping[str, str]) -> Secret[str]:
    """The value of an environment variable as a header can carry it.

    :param what: the option that asked for it, as the message begins.
    :raises SettingsError: not set, empty, or not sendable; it never repeats the value.
    """
    shown = variable if _like_a_name(variable) else "(not shown: it may be the key itself)"
    value = environ.get(variable, "").strip(" ")
    if not value:
        state = "is empty" if variable in environ else "is not set"
        raise SettingsError(
            f"{what}: the environment variable {shown} {state}",
            hint="give the name of a variable, never the key itself",
        )
    if not re.fullmatch(r"[\t\x20-\x7e]+", value):
        raise SettingsError(
            f"{what}: the value of {shown} holds a line break, a control character or a"
            " character that is not ASCII, which no HTTP header can carry",
            hint="a line break at its end often comes from a file: NAME=$(cat FILE) leaves it out",
        )
    return Secret(value)


def read_header(name: str, variable: str, environ: Mapping[str, str]) -> Secret[str]:
    """The value of a header of the user's own; raises `SettingsError` for a name that can't be."""
    if not re.fullmatch(r"[A-Za-z0-9!#$%&'*+.^_`|~-]+", name):
        raise SettingsError(
            f"--iqeval-header {name!r} can't be the name of a header",
            hint="for example --iqeval-header X-Team=TEAM_TOKEN",
        )
    if name.lower() in _OWN_HEADERS:
        raise SettingsError(f"--iqeval-header {name}: the client itself sets this header")
    return read_secret(f"--iqeval-header {name}", variable, environ)


def authorization(key: Secret[str] | None, login: Secret[str] | None) -> Secret[str]:
    """The Authorization header: the key if there is one, else the URL's user and password."""
    if key is not None:
        return Secret(f"Bearer {key.reveal()}")
    assert login is not None
    return Secret("Basic " + base64.b64encode(login.reveal().encode()).decode())


def all_forms(values: Iterable[Secret[str]], environ: Mapping[str, str]) -> tuple[Secret[str], ...]:
    """Every text that must not be shown: these secrets in all their forms, and proxies' logins."""
    texts = {form for value in values for form in _forms(value.reveal())}
    return tuple(Secret(text) for text in sorted(texts | set(_proxy_logins(environ))))


def _forms(secret: str) -> Iterator[str]:
    """A secret as it may turn up in a text: whole, its halves, in base64.

    How else it may be written (escaped, percent-encoded) is the redactor's affair.
    """
    scheme, blank, rest = secret.partition(" ")
    parts = [secret, rest if blank and scheme in ("Bearer", "Basic") else "", *secret.split(":", 1)]
    parts += [value for pair in secret.split("&") if (value := pair.partition("=")[2])]
    for part in parts:
        yield from dict.fromkeys((part, unquote(part)))
        if len(part) >= _WORTH_BASE64:
            for encode in (base64.b64encode, base64.urlsafe_b64encode):
                yield encode(part.encode()).decode().rstrip("=")


def _proxy_logins(environ: Mapping[str, str]) -> Iterator[str]:
    """User and password of proxies, so that no error text of the HTTP client shows them."""
    for name, value in environ.items():
        if name.lower().endswith("_proxy"):
            login, at, _host = value.rpartition("@")
            if at:
                yield from _forms(login.rpartition("//")[2])


def _like_a_name(text: str) -> bool:
    """Whether a variable's name may be repeated: a key given in its place must not be."""
    if len(text) > 40 or not re.fullmatch(r"[A-Za-z_][A-Za-z0-9_]*", text):
        return False
    return not re.search(r"\d", text) or (text.isupper() and "_" in text)
