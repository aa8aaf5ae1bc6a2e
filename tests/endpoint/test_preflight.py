"""What is said before the first question, and what is left to it."""

from __future__ import annotations

import errno
import http.server
import socket
import ssl
import sys
import threading
import time

import pytest
import trustme

from pytest_iqeval.core.errors import EndpointUnusable
from pytest_iqeval.endpoint.preflight import check
from tests.support.asking import endpoint_of
from tests.support.endpoint import (
    ScriptedEndpoint,
    closed,
    hang,
    html,
    json_body,
    raw,
    reset,
    status,
)


def unusable(model: str = "m", environ=None, *, timeout_s: float = 2.5, **options) -> str:
    """The message; never more than four lines."""
    with pytest.raises(EndpointUnusable) as caught:
        check(endpoint_of(environ, **options), model, timeout_s=timeout_s)
    assert len(str(caught.value).splitlines()) <= 4
    return str(caught.value)


def free_port() -> tuple[socket.socket, int]:
    """A port of loopback at which nobody listens while the socket is held."""
    held = socket.socket()
    held.bind(("127.0.0.1", 0))
    return held, held.getsockname()[1]


# The model list


@pytest.mark.parametrize("provider", [None, "ollama", "vllm"])
def test_a_listed_model_is_decided(endpoint, provider):
    endpoint.models(["other", "gemma3:4b"])
    options = {"provider": provider} if provider else {}
    assert check(endpoint_of(base_url=endpoint.url, **options), "gemma3:4b").decided
    assert endpoint.requests == []


def test_a_name_without_tag_is_ollamas_latest(endpoint):
    endpoint.models(["gemma3:latest"])
    assert check(endpoint_of(base_url=endpoint.url, provider="ollama"), "gemma3").decided


def test_a_model_that_ollama_does_not_have_is_told_with_the_command_and_the_nearest(endpoint):
    endpoint.models(["gemma3:1b", "gemma3:12b", "qwen3:8b"])
    assert unusable("gemma3:4b", base_url=endpoint.url, provider="ollama") == (
        "ollama does not have the model gemma3:4b\n"
        "  hint: ollama pull gemma3:4b\n"
        "  there is: gemma3:1b, gemma3:12b"
    )
    endpoint.models([])
    assert unusable("x", base_url=endpoint.url, provider="ollama").endswith(
        "ollama pull x\n  no model is there yet"
    )
    endpoint.models([f"model-{i}" for i in range(9)])
    assert unusable("zzz", base_url=endpoint.url, provider="ollama").endswith(
        "there is: model-0, model-1, model-2, model-3, model-4"
    )


def test_outside_ollama_an_unlisted_model_decides_nothing(endpoint):
    found = check(endpoint_of(base_url=endpoint.url), "gpt-5")
    assert (found.decided, found.why) == (False, "gpt-5 is not in the model list")


@pytest.mark.parametrize(
    "listed",
    [
        {"models": [{"name": "gemma3"}]},
        [{"id": "gemma3"}, "junk", {"id": 4}],
        {"object": "list", "data": [{"id": "gemma3"}]},
    ],
)
def test_lists_of_every_habit_are_read(endpoint, listed):
    endpoint.models(json_body(listed))
    assert check(endpoint_of(base_url=endpoint.url), "gemma3").decided


@pytest.mark.parametrize(
    "wire",
    [
        status(404),
        status(405),
        status(501),
        status(429),
        status(500),
        status(503, {"error": {"message": "Loading model"}}),
        html(404),
        json_body({"hello": "world"}),
        json_body({"data": None}),
        raw(b"HTTP/1.1 200 OK\r\n\r\nok"),
        raw(b"HTTP/1.1 200 OK\r\n\r\n" + b"[" * 50_000),
    ],
)
@pytest.mark.parametrize("provider", ["ollama", "openai"])
def test_what_is_no_list_decides_nothing(endpoint, wire, provider):
    endpoint.models(wire)
    found = check(endpoint_of(base_url=endpoint.url, provider=provider), "m")
    assert not found.decided
    assert found.why.startswith("no model list (")


def test_a_slow_list_decides_nothing(endpoint):
    endpoint.models(hang())
    started = time.monotonic()
    found = check(endpoint_of(base_url=endpoint.url), "m", timeout_s=0.1)
    assert (found.decided, found.why) == (False, "no model list within 0.1 s")
    assert time.monotonic() - started < 3


# Nobody there


@pytest.mark.parametrize(
    ("provider", "hint"),
    [
        (
            "ollama",
            "start it: ollama serve\n"
            "  another endpoint: --iqeval-base-url URL, or --iqeval-provider NAME",
        ),
        ("vllm", "start it: vllm serve m"),
        ("llamacpp", "start it: llama-server -m FILE.gguf"),
        ("lmstudio", "start it: lms server start"),
        ("openai", "check --iqeval-base-url, and that the server runs"),
        (None, "check --iqeval-base-url, and that the server runs"),
    ],
)
def test_nobody_there_says_how_to_start_it(provider, hint):
    held, port = free_port()
    options = {"provider": provider} if provider else {}
    with held:
        said = unusable(base_url=f"http://127.0.0.1:{port}/v1", **options)
    assert said == f"nobody listens at 127.0.0.1:{port} (connection refused)\n  hint: {hint}"


def test_ollama_elsewhere_is_started_there(monkeypatch):
    def refuse(*_args, **_more):
        raise ConnectionRefusedError(errno.ECONNREFUSED, "Connection refused")

    here = [(socket.AF_INET, socket.SOCK_STREAM, 6, "", ("192.0.2.1", 11434))]
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_args, **_more: here)
    monkeypatch.setattr(socket, "create_connection", refuse)
    said = unusable(environ={"OLLAMA_HOST": "gpu-box"})
    assert said.startswith("nobody listens at gpu-box:11434 (connection refused)\n")
    assert "hint: start it there: ollama serve\n" in said


def test_a_host_that_drops_every_packet_ends_in_time(monkeypatch):
    def dropped(*_args, **_more):
        raise TimeoutError("timed out")

    monkeypatch.setattr(socket, "create_connection", dropped)
    said = unusable(base_url="http://10.1.2.3/v1", timeout_s=0.2)
    assert said == (
        "no connection to 10.1.2.3 within 0.2 s\n"
        "  hint: check --iqeval-base-url, and that the server runs"
    )


def test_a_name_lookup_that_hangs_ends_in_time(monkeypatch):
    """No timeout of the socket module covers it."""
    release = threading.Event()

    def lookup(*_args, **_kwargs):
        release.wait(30)
        raise socket.gaierror(socket.EAI_AGAIN, "Temporary failure in name resolution")

    monkeypatch.setattr(socket, "getaddrinfo", lookup)
    started = time.monotonic()
    said = unusable(base_url="http://gpu-box.example/v1", timeout_s=0.1)
    release.set()
    assert said == (
        "the host name gpu-box.example was not found within 0.1 s\n"
        "  hint: check the spelling of --iqeval-base-url, and the network"
    )
    assert time.monotonic() - started < 3


def test_an_unknown_host_is_told(monkeypatch):
    def lookup(*_args, **_kwargs):
        raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")

    monkeypatch.setattr(socket, "getaddrinfo", lookup)
    assert unusable(base_url="http://gpu-box.example/v1") == (
        "the host name gpu-box.example can't be found (name or service not known)\n"
        "  hint: check the spelling of --iqeval-base-url, and the network"
    )


# Somebody else there


@pytest.mark.parametrize("code", [401, 403])
def test_a_refused_key_says_which_variable_to_set(endpoint, code):
    endpoint.models(status(code, "Incorrect API key provided: sk-CANARY"))
    environ = {"MY_KEY": "sk-CANARY"}
    said = unusable(environ=environ, base_url=endpoint.url, api_key_env="MY_KEY")
    assert said.endswith("Incorrect API key provided: ***\n  hint: check the key in MY_KEY")
    assert unusable(base_url=endpoint.url).endswith(
        "hint: name the variable that holds the key: --iqeval-api-key-env VAR"
    )


def test_the_key_is_sent_with_the_question_about_models(endpoint):
    check(endpoint_of({"MY_KEY": "k-1"}, base_url=endpoint.url, api_key_env="MY_KEY"), "m")
    assert endpoint.others[0].headers["authorization"] == "Bearer k-1"


def test_a_web_page_is_said_as_what_it_is(endpoint):
    endpoint.models(html(title="Open WebUI"))
    assert unusable(base_url=endpoint.url) == (
        f'{endpoint.url} answers with an HTML page "Open WebUI"\n'
        "  hint: another service answers there: check host and port of --iqeval-base-url"
    )


def test_a_web_page_at_a_path_without_v1_leads_to_v1():
    class Page(http.server.BaseHTTPRequestHandler):
        def do_GET(self):
            self.send_response(200)
            self.send_header("content-type", "text/html")
            self.end_headers()
            self.wfile.write(b"<html><title>nginx</title></html>")

        def log_message(self, *_):
            pass

    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Page) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        message = unusable(base_url=f"http://127.0.0.1:{server.server_port}")
        server.shutdown()
    assert message.endswith("  hint: an OpenAI-compatible URL mostly ends in /v1")


@pytest.mark.parametrize("suffix", ["/v1", "/v1/v1"])
def test_a_doubled_v1_is_a_wrong_path(endpoint, suffix):
    assert unusable(base_url=endpoint.url + suffix) == (
        f"{endpoint.url}{suffix} is a wrong path (404)\n"
        f"  hint: did you mean --iqeval-base-url {endpoint.url}?"
    )
    endpoint.models(status(404))
    assert "is a wrong path" in unusable(base_url=endpoint.url + suffix)


@pytest.mark.parametrize("listed", [["m"], status(401)])
def test_a_missing_v1_is_told_when_the_list_is_there(endpoint, listed):
    endpoint.models(listed)
    base = endpoint.url.removesuffix("/v1")
    assert unusable(base_url=base) == (
        f"{base} is a wrong path (404)\n  hint: did you mean --iqeval-base-url {base}/v1?"
    )


def test_a_path_without_v1_that_may_be_right_decides_nothing(endpoint):
    endpoint.models(status(404))
    assert not check(endpoint_of(base_url=endpoint.url.removesuffix("/v1")), "m").decided


def test_a_redirect_is_said_as_what_it_is(endpoint):
    endpoint.models(status(308, "", headers={"Location": "https://there.example/v1/models"}))
    assert unusable(base_url=endpoint.url) == (
        f"127.0.0.1:{endpoint.port} redirects (308) to https://there.example/v1/models\n"
        "  hint: if that is the endpoint: --iqeval-base-url https://there.example/v1"
    )


@pytest.mark.parametrize("wire", [reset(), closed(), raw(b"\x15\x03\x01\x00\x02\x02\x28")])
def test_what_answers_without_http_may_have_tls(endpoint, wire):
    endpoint.models(wire)
    assert "hint: https:// instead of http:// in --iqeval-base-url, if it has TLS" in unusable(
        base_url=endpoint.url
    )


def test_tls_faults_are_said_as_what_they_are(endpoint):
    said = unusable(base_url=endpoint.url.replace("http:", "https:"))
    assert "does not speak TLS" in said
    assert "hint: http:// instead of https://" in said
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    trustme.CA().issue_cert("localhost").configure_cert(context)
    with ScriptedEndpoint(tls=context) as secure:
        said = unusable(base_url=secure.url)
    assert f"the certificate of localhost:{secure.port} can't be trusted" in said
    assert "hint: SSL_CERT_FILE=ca.pem names the authority to trust" in said


# Proxies


@pytest.mark.parametrize(
    ("wire", "said"),
    [
        (html(503, "Squid"), 'the proxy in HTTP_PROXY answered 503: an HTML page "Squid"'),
        (status(407), "the proxy in HTTP_PROXY answered 407"),
    ],
)
def test_a_proxys_own_answer_is_not_taken_for_the_endpoints(monkeypatch, wire, said):
    with ScriptedEndpoint() as proxy:
        monkeypatch.setenv("HTTP_PROXY", f"http://bob:CANARY@127.0.0.1:{proxy.port}")
        proxy.models(wire)
        message = unusable(base_url="http://far.example/v1")
    assert message == f"{said}\n  hint: mend HTTP_PROXY, or put far.example into NO_PROXY"


def test_a_dead_proxy_is_told_by_its_variable(monkeypatch):
    held, port = free_port()
    with held:
        monkeypatch.setenv("ALL_PROXY", f"http://bob:CANARY@127.0.0.1:{port}")
        message = unusable(base_url="http://far.example/v1")
    assert message == (
        "the proxy in ALL_PROXY can't be reached: connection refused\n"
        "  hint: mend ALL_PROXY, or put far.example into NO_PROXY"
    )


@pytest.mark.parametrize(
    ("proxy", "said", "mend"),
    [
        (
            "socks5://bob:CANARY@127.0.0.1:9",
            "the proxy in ALL_PROXY speaks SOCKS, for which a package is missing",
            "pip install 'pytest-iqeval[socks]', or put far.example into NO_PROXY",
        ),
        (
            "gopher://bob:CANARY@127.0.0.1:9",
            "the proxy in ALL_PROXY can't be used: ",
            "mend ALL_PROXY, or put far.example into NO_PROXY",
        ),
    ],
)
def test_a_proxy_that_cannot_be_spoken_to_is_told(monkeypatch, proxy, said, mend):
    monkeypatch.setitem(sys.modules, "socksio", None)
    monkeypatch.setenv("ALL_PROXY", proxy)
    message = unusable(base_url="http://far.example/v1")
    assert message.startswith(said)
    assert message.endswith(f"  hint: {mend}")
    assert "CANARY" not in message


def test_a_proxy_is_not_asked_for_this_machine(endpoint, monkeypatch):
    held, port = free_port()
    with held:
        monkeypatch.setenv("HTTP_PROXY", f"http://127.0.0.1:{port}")
        assert check(endpoint_of(base_url=endpoint.url), "m").decided
