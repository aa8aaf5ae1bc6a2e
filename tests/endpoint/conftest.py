"""No proxy and no certificate file of the machine reaches these tests."""

from __future__ import annotations

import os

import pytest


@pytest.fixture(autouse=True)
def plain_environment(monkeypatch):
    """Without the variables that change where and whom the HTTP client asks."""
    for name in list(os.environ):
        if name.lower().endswith("_proxy") or name in (
            "SSL_CERT_FILE",
            "SSL_CERT_DIR",
            "REQUESTS_CA_BUNDLE",
            "CURL_CA_BUNDLE",
            "OLLAMA_HOST",
        ):
            monkeypatch.delenv(name)
