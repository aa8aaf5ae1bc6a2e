"""One attempt over one real connection."""

from __future__ import annotations

import base64
import contextlib
import errno
import gzip
import logging
import socket
import ssl
import threading
import time
from dataclasses import replace

import httpx
import pytest
import trustme

from pytest_iqeval.core.errors import NoReply, SettingsError
from pytest_iqeval.endpoint import watch
from pytest_iqeval.endpoint.client import Connector
from pytest_iqeval.endpoint.providers import Endpoint
from pytest_iqeval.endpoint.watch import Limits
from tests.support.asking import endpoint_of, question
from tests.support.endpoint import (
    ScriptedEndpoint,
    Wire,
    chunk,
    closed,
    completion,
    cut,
    hang,
    html,
    live,
    raw,
    reset,
    slow,
    status,
)


@pytest.fixture
def lane_to():
    """Makes a transport to a URL; it is closed at the end."""
    made = []

    def make(
        url: str, environ=None, *, timeout_s: float = 20.0, cap=10**6, stream=False, **options
    ):
        limits = Limits(timeout_s=timeout_s, max_reply_bytes=cap)
        endpoint = endpoint_of(environ, base_url=url, **options)
        connector = Connector(endpoint, "m", limits, stream=stream)
        made.append(connector.transport())
        return made[-1]

    yield make
    for transport in made:
        transport.close()


def fails(transport, request=None) -> NoReply:
    with pytest.raises(NoReply) as caught:
        transport.send(request or question())
    assert caught.value.latency_s is not None
    return caught.value


def test_a_reply_comes_with_its_latency(endpoint, lane_to):
    endpoint.script("答案：B")
    reply = lane_to(endpoint.url).send(question())
    assert reply.text == "答案：B"
    assert 0 < reply.latency_s < 20


def test_the_wire_carries_key_headers_and_the_body_alone(endpoint, lane_to):
    environ = {"MY_KEY": "sk-1234", "TEAM": "red"}
    transport = lane_to(endpoint.url, environ, api_key_env="MY_KEY", header=["X-Team=TEAM"])
    transport.send(question())
    got = endpoint.requests[0]
    assert got.headers.pop("user-agent").startswith("pytest-iqeval/")
    assert int(got.headers.pop("content-length")) > 0
    assert got.headers == {
        "host": f"127.0.0.1:{endpoint.port}",
        "accept": "application/json",
        "accept-encoding": "gzip",
        "connection": "keep-alive",
        "content-type": "application/json",
        "authorization": "Bearer sk-1234",
        "x-team": "red",
    }
    assert set(got.body) == {"model", "messages", "temperature", "max_tokens"}


def test_a_lane_keeps_its_connection_and_every_lane_has_its_own(endpoint, lane_to):
    first, second = lane_to(endpoint.url), lane_to(endpoint.url)
    for transport in (first, second, first, second):
        transport.send(question())
    assert [r.connection for r in endpoint.requests] == [0, 1, 0, 1]


def test_a_connection_survives_an_error_status(endpoint, lane_to):
    endpoint.script(status(503, headers={"Retry-After": "3"}), "B")
    transport = lane_to(endpoint.url)
    trouble = fails(transport)
    assert (trouble.status, trouble.retryable, trouble.retry_after_s) == (503, True, 3.0)
    assert trouble.problem.endswith("answered 503 Service Unavailable: scripted 503")
    assert transport.send(question()).text == "B"
    assert endpoint.connections == 1


def test_servers_that_close_after_each_reply_are_asked_again_on_a_new_connection(endpoint, lane_to):
    body = completion("B").body
    old = b"HTTP/1.0 200 OK\r\nContent-Type: application/json\r\n\r\n" + body
    said_nothing = (
        b"HTTP/1.1 200 OK\r\nContent-Length: " + str(len(body)).encode() + b"\r\n\r\n" + body
    )
    endpoint.script(Wire(body=body, close=True), raw(old), raw(said_nothing), "B")
    transport = lane_to(endpoint.url)
    for _ in range(4):
        assert transport.send(question()).text == "B"
    assert endpoint.connections == 4


def test_a_connection_that_was_closed_while_idle_is_replaced_once(endpoint, lane_to, monkeypatch):
    """The second request meets a connection that goes away; it is sent again on a new one."""
    monkeypatch.setattr("pytest_iqeval.endpoint.wire._STALE_S", 60)  # a busy machine is slow
    endpoint.script("A", closed(), "B", reset(), reset(), "C")
    transport = lane_to(endpoint.url)
    assert transport.send(question()).text == "A"
    assert transport.send(question()).text == "B"
    assert fails(transport).retryable
    assert transport.send(question()).text == "C"
    assert [r.connection for r in endpoint.requests] == [0, 0, 1, 1, 2, 3]


def wait_for(condition, seconds: float = 5.0) -> None:
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, "it did not happen"
        time.sleep(0.005)


def test_a_huge_reply_is_cut_off_and_not_asked_again(endpoint, lane_to):
    endpoint.script(
        "B" * 20_000, Wire(headers={"Content-Encoding": "gzip"}, body=gzip.compress(b" " * 10**6))
    )
    transport = lane_to(endpoint.url, cap=10_000)
    for _ in range(2):
        trouble = fails(transport)
        assert trouble.problem == "the reply is longer than 0.01 MB"
        assert (trouble.kind, trouble.retryable) == ("body", False)


@pytest.mark.parametrize("stream", [False, True])
@pytest.mark.parametrize("code", [301, 302, 303, 307, 308])
def test_redirects_are_not_followed_so_the_key_goes_nowhere_else(endpoint, lane_to, code, stream):
    with ScriptedEndpoint() as other:
        endpoint.script(status(code, headers={"Location": f"{other.url}/chat/completions"}))
        environ = {"MY_KEY": "sk-1234"}
        trouble = fails(lane_to(endpoint.url, environ, api_key_env="MY_KEY", stream=stream))
        assert trouble.hint == f"if that is the endpoint: --iqeval-base-url {other.url}"
        assert other.connections == 0


def test_nobody_listening_is_told_as_refused(lane_to):
    with socket.socket() as reserved:  # bound, not listening: nobody else gets the port
        reserved.bind(("127.0.0.1", 0))
        port = reserved.getsockname()[1]
        trouble = fails(lane_to(f"http://127.0.0.1:{port}/v1"))
    assert trouble.problem == f"nobody listens at 127.0.0.1:{port} (connection refused)"
    assert (trouble.kind, trouble.retryable) == ("connect", True)


def test_an_unknown_host_name_is_told(lane_to, monkeypatch):
    def unknown(*_args, **_kwargs):
        raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")

    monkeypatch.setattr(socket, "getaddrinfo", unknown)
    trouble = fails(lane_to("http://gpu-box.example/v1"))
    assert trouble.problem == (
        "the host name gpu-box.example can't be found (name or service not known)"
    )
    assert trouble.hint == "check the spelling of --iqeval-base-url, and the network"
    assert (trouble.kind, trouble.retryable) == ("connect", True)


def test_a_name_lookup_that_hangs_is_within_the_limit_to_connect(monkeypatch):
    """Lanes that want the same host at the same time wait for one lookup."""
    release, looked_up = threading.Event(), []

    def lookup(host, *_args, **_kwargs):
        looked_up.append(host)
        release.wait(30)
        return []

    monkeypatch.setattr(socket, "getaddrinfo", lookup)
    endpoint = endpoint_of(base_url="http://gpu-box.example/v1")
    connector = Connector(endpoint, "m", Limits(timeout_s=60, connect_timeout_s=0.2))
    troubles: list[NoReply] = []
    lanes = [
        threading.Thread(target=lambda: troubles.append(fails(connector.transport())))
        for _ in range(3)
    ]
    for lane in lanes:
        lane.start()
    for lane in lanes:
        lane.join(20)
    assert looked_up == ["gpu-box.example"]
    assert {str(trouble) for trouble in troubles} == {
        "the host name gpu-box.example was not found within 0.2 s\n"
        "  hint: --iqeval-connect-timeout gives it longer"
    }
    assert {(trouble.kind, trouble.retryable) for trouble in troubles} == {("timeout", True)}
    release.set()


def test_an_address_is_not_looked_up(lane_to, monkeypatch):
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_a, **_k: no_such_host())
    monkeypatch.setattr(socket, "create_connection", lambda *_a, **_k: address_in_use())
    assert "in use" in fails(lane_to("http://192.0.2.1:81/v1")).problem
    assert "in use" in fails(lane_to("http://[2001:db8::1]:81/v1")).problem
    assert "host name 192.0.2" in fails(lane_to("http://192.0.2:81/v1")).problem


def test_close_ends_a_request_that_is_under_way(endpoint, lane_to):
    endpoint.script(hang(60))
    transport = lane_to(endpoint.url)
    caught: list[NoReply] = []

    def ask():
        try:
            transport.send(question())
        except NoReply as trouble:
            caught.append(trouble)

    thread = threading.Thread(target=ask, daemon=True)
    thread.start()
    wait_for(lambda: endpoint.requests)
    transport.close()
    thread.join(10)
    assert not thread.is_alive()
    assert (caught[0].problem, caught[0].kind) == ("stopped before a reply came", "cancelled")
    assert fails(transport).kind == "cancelled"


def test_no_error_of_the_wire_shows_key_header_password_or_query(lane_to):
    """A canary in every place that can hold a secret, and every kind of fault."""
    environ = {"MY_KEY": "CANARY-key", "TEAM": "CANARY-team"}
    faults = [
        status(401, "bad key CANARY-key for CANARY-team, Basic Ym9iOkNBTkFSWXB3, CANARYcode"),
        status(500, {"error": {"message": "Bearer CANARY-key"}}),
        status(302, headers={"Location": "http://bob:CANARYpw@elsewhere/?code=CANARYcode"}),
        html(title="CANARY-key"),
        raw(b"CANARY-key is not HTTP\r\n\r\n"),
        raw(b"HTTP/1.1 200 OK\r\nX: \r\n\r\n" + b"CANARY-key"),
        reset(),
        closed(),
        cut(),
        hang(),
    ]
    with ScriptedEndpoint() as endpoint:
        endpoint.script(*faults)
        url = endpoint.url.replace("//", "//bob:CANARYpw@") + "?code=CANARYcode"
        transport = lane_to(
            url, environ, timeout_s=0.5, api_key_env="MY_KEY", header=["X-Team=TEAM"]
        )
        for fault in faults:
            trouble = fails(transport)
            shown = f"{trouble} {trouble!r} {trouble.to_plain()} {trouble.__cause__!r}"
            assert "CANARY" not in shown, fault
        assert endpoint.requests[0].headers["authorization"] == "Bearer CANARY-key"
        assert endpoint.requests[0].path == "/v1/chat/completions?code=CANARYcode"


def test_no_log_of_the_http_library_tells_of_our_requests(endpoint, lane_to, caplog):
    """At DEBUG httpcore writes headers and targets; a user's own client in a test still may."""
    caplog.set_level(logging.DEBUG)
    endpoint.script("B", status(500), reset(), reset())
    transport = lane_to(f"{endpoint.url}?code=CANARYcode")
    assert transport.send(question()).text == "B"
    for _ in range(2):
        fails(transport)
    transport.close()
    assert not caplog.records
    with httpx.Client(trust_env=False) as client:
        client.get(f"{endpoint.url}/models")
    assert "httpcore.http11" in {r.name for r in caplog.records}


# Time


def test_each_attempt_says_where_its_seconds_went(endpoint, lane_to):
    """Connecting is told by the attempt that connected; a failure has its figures too."""
    endpoint.script(slow("A", 0.05), "B", status(503))
    transport = lane_to(endpoint.url)
    first, second = (transport.send(question()) for _ in range(2))
    assert 0 < first.timing.connect_s < first.timing.first_byte_s <= first.latency_s
    assert first.timing.first_byte_s >= 0.05
    assert (second.timing.connect_s, second.timing.first_token_s) == (None, None)
    trouble = fails(transport)
    assert 0 < trouble.timing.first_byte_s <= trouble.latency_s
    assert trouble.timing.connect_s is None


def test_a_failure_without_an_answer_has_no_first_byte(endpoint, lane_to):
    endpoint.script(closed())
    timing = fails(lane_to(endpoint.url)).timing
    assert timing.connect_s is not None
    assert timing.first_byte_s is None


def test_connecting_has_a_limit_of_its_own_for_all_addresses_together(lane_to, monkeypatch):
    waits = []

    def never(_address, timeout, **_more):
        waits.append(timeout)
        raise TimeoutError("timed out")

    here = [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (f"192.0.2.{n}", 80)) for n in (1, 2)]
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_args, **_more: here)
    monkeypatch.setattr(socket, "create_connection", never)
    trouble = fails(lane_to("http://far.example/v1"))
    assert trouble.problem == "no connection to far.example within 10 s"
    assert trouble.hint == "--iqeval-connect-timeout gives it longer"
    assert (trouble.kind, trouble.retryable) == ("timeout", True)
    assert 4 < waits[0] <= 5 < waits[1] <= 10


# Streaming


def test_a_stream_is_asked_for_with_its_usage_and_measured(endpoint, lane_to):
    role, empty = chunk({"role": "assistant"}), chunk({"content": ""})
    endpoint.script(live(role, empty, chunk({"content": "B"}), chunk({}, "stop"), gap_s=0.03))
    reply = lane_to(endpoint.url, stream=True).send(question())
    sent = endpoint.requests[0]
    assert (sent.body["stream"], sent.body["stream_options"]) == (True, {"include_usage": True})
    assert sent.headers["accept"] == "text/event-stream, application/json"
    assert sent.headers["accept-encoding"] == "identity"
    timing = reply.timing
    assert 0 < timing.first_byte_s < timing.first_token_s < reply.latency_s
    assert timing.first_token_s - timing.first_byte_s > 0.06


def test_the_first_token_may_be_one_of_reasoning(endpoint, lane_to):
    endpoint.script(live(chunk({"reasoning_content": "so"}), chunk({"content": "B"}), gap_s=0.05))
    reply = lane_to(endpoint.url, stream=True).send(question())
    assert reply.reasoning == "so"
    assert reply.latency_s - reply.timing.first_token_s > 0.04


def test_the_first_token_of_a_stream_that_came_in_one_read_came_with_its_last(endpoint, lane_to):
    """A gateway held it back, so it has no pace; although each word is a chunk of its own."""
    whole = live(*[chunk({"content": "B"}) for _ in range(30)], chunk({}, "stop"))
    endpoint.script(replace(whole, pieces=(b"".join(whole.pieces),)))
    reply = lane_to(endpoint.url, stream=True).send(question())
    assert reply.text == "B" * 30
    assert reply.timing.first_token_s == reply.latency_s


def test_stream_options_can_be_removed_or_changed(endpoint, lane_to):
    for given in ("stream_options=", 'stream_options={"x":1}'):
        lane_to(endpoint.url, stream=True, gen=[given]).send(question())
    assert [r.body.get("stream_options") for r in endpoint.requests] == [None, {"x": 1}]
    assert all(r.body["stream"] for r in endpoint.requests)


@pytest.mark.parametrize("ends", ["open", "reset", "cut"])
def test_a_stream_that_is_left_open_after_its_last_word_is_a_reply(
    endpoint, lane_to, monkeypatch, ends
):
    """Without `[DONE]`, and without an end of the body: 5 s are waited, then it is taken. Its
    latency is the time of its last word."""
    monkeypatch.setattr(watch, "_AFTER_LAST_WORD_S", 0.3)
    usage = {"choices": [], "usage": {"prompt_tokens": 1, "completion_tokens": 2}}
    wire = live(chunk({"content": "B"}, "stop"), usage, ended=False, done=False)
    endpoint.script(replace(wire, keep=ends == "open", reset=ends == "reset"))
    transport = lane_to(endpoint.url, stream=True)
    started = time.perf_counter()
    reply = transport.send(question())
    assert (reply.text, reply.finish_reason, reply.usage.completion_tokens) == ("B", "stop", 2)
    if ends == "open":
        assert time.perf_counter() - started >= 0.3
        assert reply.latency_s < 0.3
    endpoint.script("C")
    assert transport.send(question()).text == "C", "over a new connection"


def test_a_streamed_connection_is_kept_if_the_stream_ends(endpoint, lane_to):
    """What the server sends after its end mark is read, but not for long."""
    whole = live(chunk({"content": "B"}, "stop"), gap_s=0.01)
    endless = live(chunk({"content": "B"}, "stop"), ended=False)
    endpoint.script(whole, endless, whole)
    transport = lane_to(endpoint.url, stream=True)
    for _ in range(3):
        reply = transport.send(question())
        assert (reply.text, reply.latency_s < 0.4) == ("B", True)
    assert [r.connection for r in endpoint.requests] == [0, 0, 1]


# TLS and proxies


@pytest.fixture(scope="module")
def authority():
    return trustme.CA()


@pytest.fixture
def secure(authority):
    """A scripted endpoint that speaks TLS with a certificate for localhost."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert("localhost").configure_cert(context)
    with ScriptedEndpoint(tls=context) as server:
        yield server


@pytest.mark.parametrize("variable", ["SSL_CERT_FILE", "REQUESTS_CA_BUNDLE"])
def test_an_authority_of_the_users_own_is_trusted_by_the_usual_variables(
    secure, authority, lane_to, monkeypatch, tmp_path, variable
):
    pem = tmp_path / "ca.pem"
    authority.cert_pem.write_to_path(str(pem))
    monkeypatch.setenv(variable, str(pem))
    transport = lane_to(secure.url)
    assert [transport.send(question()).text for _ in range(2)] == ["答案：A", "答案：A"]
    assert secure.connections == 1


def test_an_unknown_authority_is_told_with_the_variable_that_mends_it(secure, lane_to):
    trouble = fails(lane_to(secure.url))
    assert trouble.problem.startswith(
        f"the certificate of localhost:{secure.port} can't be trusted: "
    )
    assert trouble.hint == "SSL_CERT_FILE=ca.pem names the authority to trust"
    assert (trouble.kind, trouble.retryable) == ("tls", False)


def test_a_certificate_for_another_host_is_told(secure, authority, lane_to, monkeypatch, tmp_path):
    pem = tmp_path / "ca.pem"
    authority.cert_pem.write_to_path(str(pem))
    monkeypatch.setenv("SSL_CERT_FILE", str(pem))
    trouble = fails(lane_to(secure.url.replace("localhost", "127.0.0.1")))
    assert "mismatch" in trouble.problem
    assert trouble.hint == "check the host in --iqeval-base-url"


def test_https_to_a_plain_server_is_told(endpoint, lane_to):
    trouble = fails(lane_to(endpoint.url.replace("http:", "https:")))
    assert trouble.problem.startswith(f"127.0.0.1:{endpoint.port} does not speak TLS")
    assert trouble.hint.startswith("http:// instead of https:// in --iqeval-base-url")
    assert not trouble.retryable


def test_http_to_a_tls_server_is_told(endpoint, lane_to):
    endpoint.script(status(400, "The plain HTTP request was sent to HTTPS port"))
    assert fails(lane_to(endpoint.url)).hint == "https:// instead of http:// in --iqeval-base-url"


@pytest.mark.parametrize("content", [None, "no PEM"])
def test_a_certificate_file_that_can_not_be_read_is_the_users_to_mend(
    monkeypatch, tmp_path, content
):
    pem = tmp_path / "ca.pem"
    if content:
        pem.write_text(content)
    monkeypatch.setenv("SSL_CERT_FILE", str(pem))
    with pytest.raises(SettingsError) as caught:
        Connector(endpoint_of(base_url="https://a.example/v1"), "m", Limits(timeout_s=1))
    assert str(caught.value).startswith(f"SSL_CERT_FILE={pem}: no certificates can be read (")
    assert "hint: it must name a PEM file, or a folder of them" in str(caught.value)


def test_a_proxy_of_the_environment_is_used_but_not_for_this_machine(
    endpoint, lane_to, monkeypatch
):
    with ScriptedEndpoint() as proxy:
        monkeypatch.setenv("HTTP_PROXY", proxy.url.removesuffix("/v1"))
        lane_to("http://far.example/v1").send(question())
        lane_to(endpoint.url).send(question())
        assert [r.path for r in proxy.requests] == ["http://far.example/v1/chat/completions"]
        assert len(endpoint.requests) == 1
        monkeypatch.setenv("NO_PROXY", "far.example")
        monkeypatch.setattr(socket, "getaddrinfo", lambda *_a, **_k: no_such_host())
        assert "the host name far.example" in fails(lane_to("http://far.example/v1")).problem


def test_no_proxy_may_name_a_port(lane_to, monkeypatch):
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_a, **_k: no_such_host())
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:9")
    monkeypatch.setenv("NO_PROXY", "far.example:8000")
    assert "the host name far.example" in fails(lane_to("http://far.example:8000/v1")).problem
    assert "the proxy in HTTP_PROXY" in fails(lane_to("http://far.example:8001/v1")).problem


def test_tls_goes_through_a_proxys_tunnel_and_the_proxy_sees_no_key(
    secure, authority, lane_to, monkeypatch, tmp_path
):
    """The proxy gets its own login; connecting counts the tunnel and TLS, the first byte not."""
    authority.cert_pem.write_to_path(str(tmp_path / "ca.pem"))
    monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "ca.pem"))
    monkeypatch.setattr(Endpoint, "loopback", False)
    monkeypatch.setattr("pytest_iqeval.endpoint.proxies.proxy_bypass", lambda _host: False)
    with tunnel(secure.port) as (port, seen):
        monkeypatch.setenv("HTTPS_PROXY", f"bob:p%40ss@127.0.0.1:{port}")
        transport = lane_to(secure.url, {"K": "sk-CANARY"}, api_key_env="K")
        first, second = (transport.send(question()) for _ in range(2))
    assert (first.text, second.text, secure.connections) == ("答案：A", "答案：A", 1)
    assert 0 < first.timing.connect_s < first.timing.first_byte_s
    assert second.timing.connect_s is None
    (head,) = seen
    assert head.startswith(b"CONNECT localhost:%d HTTP/1.1" % secure.port)
    assert b"Basic " + base64.b64encode(b"bob:p@ss") in head
    assert b"CANARY" not in head


@contextlib.contextmanager
def tunnel(target: int):
    """A proxy of one connection to `target` on this machine: its port, and what it was told."""
    seen: list[bytes] = []

    def pump(source, sink):
        with contextlib.suppress(OSError):
            while data := source.recv(65536):
                sink.sendall(data)
            sink.shutdown(socket.SHUT_WR)

    def serve():
        near, _ = listener.accept()
        with near, socket.create_connection(("127.0.0.1", target)) as far:
            seen.append(near.recv(65536))
            near.sendall(b"HTTP/1.1 200 OK\r\n\r\n")
            back = threading.Thread(target=pump, args=(far, near), daemon=True)
            back.start()
            pump(near, far)
            back.join(5)

    with socket.create_server(("127.0.0.1", 0)) as listener:
        threading.Thread(target=serve, daemon=True).start()
        yield listener.getsockname()[1], seen


def address_in_use():
    raise OSError(errno.EADDRINUSE, "Address already in use")


def no_such_host():
    raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")


def test_a_proxy_that_refuses_or_is_not_there_is_told_by_its_variable(lane_to, monkeypatch):
    with ScriptedEndpoint() as proxy:
        monkeypatch.setenv("HTTPS_PROXY", f"http://bob:CANARY@127.0.0.1:{proxy.port}")
        trouble = fails(lane_to("https://far.example/v1"))
    assert trouble.problem == "the proxy in HTTPS_PROXY refused: 404 Scripted"
    assert trouble.hint == "mend HTTPS_PROXY, or put far.example into NO_PROXY"
    with socket.socket() as reserved:
        reserved.bind(("127.0.0.1", 0))
        port = reserved.getsockname()[1]
        monkeypatch.setenv("HTTPS_PROXY", f"http://bob:CANARY@127.0.0.1:{port}")
        trouble = fails(lane_to("https://far.example/v1"))
    assert trouble.problem == "the proxy in HTTPS_PROXY can't be reached: connection refused"
    assert "CANARY" not in str(trouble)


def test_a_slow_reply_within_the_limit_is_a_reply(endpoint, lane_to):
    endpoint.script(slow("B", 0.05))
    assert lane_to(endpoint.url).send(question()).latency_s >= 0.05
