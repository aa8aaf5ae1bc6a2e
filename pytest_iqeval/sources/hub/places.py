"""The two hubs: where each is, what it is asked, and what its answers mean."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from urllib.parse import quote, urlencode, urlsplit

from pytest_iqeval.core.errors import SettingsError
from pytest_iqeval.core.hub import TITLES, HubSource

_SCHEME = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*://")
_PORTS = {"http": 80, "https": 443}
# How each is named in the environment: its address, its token.
_VARIABLES = {
    "modelscope": (("MODELSCOPE_ENDPOINT", "MODELSCOPE_DOMAIN"), "MODELSCOPE_API_TOKEN"),
    "huggingface": (("HF_ENDPOINT",), "HF_TOKEN"),
}
_ENDPOINTS = {
    "modelscope": "https://www.modelscope.cn",
    "huggingface": "https://huggingface.co",
}
PAGE_SIZE = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """A hub as the environment has it.

    ``endpoint`` is its address, named by ``endpoint_variable``; ``token`` the value of
    ``variable``, if it is set.
    """

    hub: str
    endpoint: str
    endpoint_variable: str
    variable: str
    token: str | None = field(default=None, repr=False)

    @property
    def title(self) -> str:
        """The hub's own name."""
        return TITLES[self.hub]

    @property
    def headers(self) -> Mapping[str, str]:
        """What tells the hub who asks."""
        if self.token is None:
            return {}
        headers = {"Authorization": f"Bearer {self.token}"}
        if self.hub == "modelscope":  # its older interface reads a cookie, the newer the header
            headers["Cookie"] = f"m_session_id={self.token}"
        return headers

    def owns(self, url: str) -> bool:
        """Whether a URL is of the hub's own origin: the only one that gets the token."""
        return _origin(url) == _origin(self.endpoint)

    def page(self, source: HubSource) -> str:
        """The page of a data set, for people: its terms are accepted there."""
        return f"{self.endpoint}/datasets/{source.repo}"

    def list_url(self, source: HubSource, page: int = 1) -> str:
        """What lists the files of a repository at its revision; ModelScope does it in pages."""
        if self.hub == "huggingface":
            revision = quote(source.revision, safe="")
            return f"{self.endpoint}/api/datasets/{source.repo}/revision/{revision}?blobs=true"
        asked = {
            "Revision": source.revision,
            "Recursive": "True",
            "PageNumber": page,
            "PageSize": PAGE_SIZE,
        }
        return f"{self.endpoint}/api/v1/datasets/{source.repo}/repo/tree?{urlencode(asked)}"

    def file_url(self, source: HubSource, path: str, commit: str | None) -> str:
        """What gives a file; Hugging Face at the commit of the list, whatever comes meanwhile."""
        if self.hub == "huggingface":
            revision = quote(commit or source.revision, safe="")
            return f"{self.endpoint}/datasets/{source.repo}/resolve/{revision}/{quote(path)}"
        asked = {"Revision": source.revision, "FilePath": path}
        return f"{self.endpoint}/api/v1/datasets/{source.repo}/repo?{urlencode(asked)}"


def place_of(hub: str, environ: Mapping[str, str]) -> Place:
    """A hub, at the address and with the token that the environment names.

    :raises SettingsError: an address or a token that can't be; it never repeats them whole.
    """
    addresses, variable = _VARIABLES[hub]
    endpoint, named_by = _ENDPOINTS[hub], addresses[0]
    for name in addresses:
        if given := environ.get(name, "").strip():
            endpoint, named_by = _checked(name, given), name
            break
    token = environ.get(variable, "").strip()
    if token and not re.fullmatch(r"[\x21-\x7e]+", token):
        raise SettingsError(
            f"{variable}: its value holds a blank, a control character or one that is not ASCII",
            hint="no header can carry that: set it to the token alone",
        )
    return Place(
        hub=hub,
        endpoint=endpoint,
        endpoint_variable=named_by,
        variable=variable,
        token=token or None,
    )


def _checked(variable: str, given: str) -> str:
    """An address as the environment names it; MODELSCOPE_DOMAIN comes without a scheme."""
    url = given if _SCHEME.match(given) else f"https://{given}"
    try:
        parts = urlsplit(url)
        good = parts.scheme in _PORTS and parts.hostname and parts.port != 0
    except ValueError:
        good = False
    example = f"for example {variable}={_ENDPOINTS['huggingface']}"
    if not good or re.search(r"[\s\x00-\x1f\x7f]", url):
        raise SettingsError(f"{variable} is no address of a hub", hint=example)
    if "@" in parts.netloc or parts.query or parts.fragment:
        raise SettingsError(
            f"{variable} holds a login or a query, which are not sent along",
            hint="a token belongs into HF_TOKEN or MODELSCOPE_API_TOKEN",
        )
    return url.rstrip("/")


def _origin(url: str) -> tuple[str, str, int | None]:
    parts = urlsplit(url)
    return parts.scheme, parts.hostname or "", parts.port or _PORTS.get(parts.scheme)
