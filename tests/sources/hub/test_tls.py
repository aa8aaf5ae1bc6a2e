"""A hub over TLS: whom it is trusted to be, and where it may lead."""

from __future__ import annotations

import ssl
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
import trustme

from pytest_iqeval.core.errors import AbsentData
from pytest_iqeval.sources.hub.access import HubAccess
from pytest_iqeval.sources.hub.fetch import fetched_folder
from tests.support.hub import LocalHub
from tests.support.hub_data import FILES, IQ, REPO, tiny

ONE = tiny(["test/IQ.jsonl"], hubs="huggingface")


@pytest.fixture(scope="module")
def authority() -> trustme.CA:
    """Whom nobody knows yet."""
    return trustme.CA()


@pytest.fixture
def hub(authority: trustme.CA) -> Iterator[LocalHub]:
    """A hub that speaks TLS; its store does not."""
    made = LocalHub()
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert("127.0.0.1").configure_cert(context)
    made.encrypt(context)
    with made:
        made.put(REPO, FILES)
        yield made


@pytest.fixture
def trusted(authority: trustme.CA, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The environment names the authority."""
    authority.cert_pem.write_to_path(tmp_path / "ca.pem")
    monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "ca.pem"))


def test_a_certificate_that_nobody_vouches_for_is_told_at_once(
    hub: LocalHub, access: HubAccess
) -> None:
    with pytest.raises(AbsentData, match=r"certificate of 127.0.0.1:\d+ can't be trusted") as told:
        fetched_folder(ONE, access)
    assert "SSL_CERT_FILE=ca.pem names the authority to trust" in str(told.value)
    assert not hub.log


@pytest.mark.usefixtures("trusted")
def test_no_redirect_leads_out_of_tls(hub: LocalHub, access: HubAccess) -> None:
    with pytest.raises(AbsentData, match="which is not followed: it is not encrypted"):
        fetched_folder(ONE, access)
    assert not hub.asked("store")


@pytest.mark.usefixtures("trusted")
def test_the_environment_names_whom_to_trust(hub: LocalHub, access: HubAccess) -> None:
    hub.redirects = False  # as Hugging Face does for small files
    environ = {**access.environ, "HF_TOKEN": "hf_canary"}
    folder = fetched_folder(ONE, replace(access, environ=environ))
    assert (folder / "test/IQ.jsonl").read_bytes() == IQ
