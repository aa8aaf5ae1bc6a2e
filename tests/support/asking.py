"""Short ways to an endpoint and a request, for tests of the HTTP side."""

from __future__ import annotations

from collections.abc import Mapping

from pytest_iqeval.core.request import Key, Message, Request
from pytest_iqeval.core.settings import make_settings
from pytest_iqeval.endpoint.providers import Endpoint, resolve


def endpoint_of(environ: Mapping[str, str] | None = None, **options: object) -> Endpoint:
    """The endpoint for these options (``base_url=…``) in this environment; model ``m``."""
    values = {"model": "m", **{name.replace("_", "-"): v for name, v in options.items()}}
    return resolve(make_settings(values), environ or {})


def question(text: str = "2+2?", **body: object) -> Request:
    """A chat request with one user message."""
    key = Key("bench", "default", "q1")
    return Request(key=key, messages=(Message(role="user", content=text),), body=body)
