"""Requests through a SOCKS5 proxy."""

from __future__ import annotations

import ssl
from collections.abc import Callable, Iterator

import pytest
import trustme

from pytest_iqeval.core.errors import NoReply
from pytest_iqeval.endpoint.client import Connector, HttpTransport
from pytest_iqeval.endpoint.preflight import check
from pytest_iqeval.endpoint.watch import Limits
from tests.support.asking import endpoint_of, question
from tests.support.endpoint import ScriptedEndpoint
from tests.support.socks import SocksProxy

Lane = Callable[[str], HttpTransport]


@pytest.fixture
def lane_to() -> Iterator[Lane]:
    """Makes a transport to a URL; it is closed at the end."""
    made: list[HttpTransport] = []

    def make(url: str) -> HttpTransport:
        made.append(Connector(endpoint_of(base_url=url), "m", Limits(timeout_s=20)).transport())
        return made[-1]

    yield make
    for transport in made:
        transport.close()


def fails(transport: HttpTransport) -> NoReply:
    with pytest.raises(NoReply) as caught:
        transport.send(question())
    return caught.value


@pytest.mark.parametrize("scheme", ["socks5", "socks5h"])
def test_the_proxy_finds_the_host_and_a_connection_is_kept(
    endpoint: ScriptedEndpoint, lane_to: Lane, monkeypatch: pytest.MonkeyPatch, scheme: str
) -> None:
    """The host's name goes to the proxy: only it may know it."""
    endpoint.script("B", "C")
    endpoint.models(["m"])
    with SocksProxy(endpoint.port) as proxy:
        monkeypatch.setenv("ALL_PROXY", f"{scheme}://127.0.0.1:{proxy.port}")
        assert check(endpoint_of(base_url="http://model.test:8000/v1"), "m").decided
        lane = lane_to("http://model.test:8000/v1")
        assert [lane.send(question()).text for _ in range(2)] == ["B", "C"]
        assert proxy.asked == [("model.test", 8000)] * 2  # the preflight has its own
    assert endpoint.requests[-1].headers["host"] == "model.test:8000"


def test_login_and_tls_go_through_it(
    lane_to: Lane, monkeypatch: pytest.MonkeyPatch, tmp_path_factory: pytest.TempPathFactory
) -> None:
    authority = trustme.CA()
    pem = tmp_path_factory.mktemp("ca") / "ca.pem"
    authority.cert_pem.write_to_path(str(pem))
    tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert("model.test").configure_cert(tls)
    monkeypatch.setenv("SSL_CERT_FILE", str(pem))
    with (
        ScriptedEndpoint(tls=tls) as secure,
        SocksProxy(secure.port, login=("bob", "p@ss")) as proxy,
    ):
        secure.script("B")
        monkeypatch.setenv("ALL_PROXY", f"socks5://bob:p%40ss@127.0.0.1:{proxy.port}")
        assert lane_to("https://model.test/v1").send(question()).text == "B"
        assert (proxy.asked, proxy.logins) == ([("model.test", 443)], [("bob", "p@ss")])


@pytest.mark.parametrize(
    ("how", "said", "again"),
    [
        ({"code": 5}, "refused: Proxy Server could not connect: Connection refused.", True),
        ({"login": ("bob", "other")}, "refused: Invalid username/password", False),
        ({"login": ("", "")}, "refused: Requested NO AUTHENTICATION REQUIRED from", False),
        ({"greeting": b""}, "does not answer as SOCKS5 has it", True),
        ({"greeting": b"HTTP/1.1 400 Bad\r\n\r\n"}, "does not answer as SOCKS5 has it", True),
    ],
)
def test_what_goes_wrong_is_the_proxys(
    endpoint: ScriptedEndpoint,
    lane_to: Lane,
    monkeypatch: pytest.MonkeyPatch,
    how: dict[str, object],
    said: str,
    again: bool,
) -> None:
    with SocksProxy(endpoint.port, **how) as proxy:  # type: ignore[arg-type]
        login = "bob:CANARY@" if "bob" in str(how) else ""
        monkeypatch.setenv("ALL_PROXY", f"socks5://{login}127.0.0.1:{proxy.port}")
        trouble = fails(lane_to("http://model.test/v1"))
    assert trouble.problem.startswith(f"the proxy in ALL_PROXY {said}")
    assert trouble.hint == "mend ALL_PROXY, or put model.test into NO_PROXY"
    assert (trouble.kind, trouble.retryable) == ("connect", again)
    assert "CANARY" not in str(trouble)
