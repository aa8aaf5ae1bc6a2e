"""Whom TLS trusts."""

from __future__ import annotations

import ssl
from collections.abc import Mapping
from pathlib import Path
from urllib.parse import urlsplit

import certifi

from pytest_iqeval.core.errors import SettingsError
from pytest_iqeval.endpoint.providers import Endpoint


def tls_context(endpoint: Endpoint, environ: Mapping[str, str]) -> ssl.SSLContext:
    """Whom to trust: ``SSL_CERT_FILE``, ``SSL_CERT_DIR``, the variables of requests and curl, or
    certifi's list. For plain http an empty context, which costs nothing and trusts nobody.

    :raises SettingsError: a file or folder that can't be read.
    """
    if urlsplit(endpoint.base_url).scheme != "https":
        return ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    for variable in ("SSL_CERT_FILE", "SSL_CERT_DIR", "REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE"):
        path = environ.get(variable)
        if not path:
            continue
        try:
            if Path(path).is_dir():
                return ssl.create_default_context(capath=path)
            return ssl.create_default_context(cafile=path)
        except OSError as error:  # ssl.SSLError is one too
            raise SettingsError(
                f"{variable}={path}: no certificates can be read ({error.strerror or error})",
                hint="it must name a PEM file, or a folder of them",
            ) from None
    return ssl.create_default_context(cafile=certifi.where())
