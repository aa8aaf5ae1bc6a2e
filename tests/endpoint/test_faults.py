"""Every fault has its own right answer: what a server does, and what becomes of the attempt.

All over a real server. A row that expects a `Reply` names fields of it; one that expects a
`NoReply` its kind, whether the same request may help, and words of the message.
"""

from __future__ import annotations

import gzip
import json
import zlib

import pytest

from pytest_iqeval.core.errors import NoReply
from pytest_iqeval.core.request import Reply, Usage
from pytest_iqeval.endpoint.client import Connector
from pytest_iqeval.endpoint.watch import Limits
from tests.support.asking import endpoint_of, question
from tests.support.endpoint import (
    Wire,
    chunk,
    closed,
    completion,
    cut,
    drip,
    hang,
    html,
    json_body,
    live,
    raw,
    reset,
    sse,
    status,
)

CAP = 50_000
OK = b"HTTP/1.1 200 OK\r\n"
BODY = completion("B").body
SIZED = b"Content-Length: %d\r\n\r\n" % len(BODY) + BODY
RATE = "Rate limit reached for m on requests per min (RPM): Limit 3. Please try again in 20s."


def told(
    kind: str, words: str, *, again: bool = False, **attributes: object
) -> tuple[type, dict[str, object]]:
    return NoReply, {"kind": kind, "retryable": again, "words": words, **attributes}


def reply(text: str = "B", **attributes: object) -> tuple[type, dict[str, object]]:
    return Reply, {"text": text, **attributes}


def passing(code: int, **attributes: object) -> tuple[type, dict[str, object]]:
    """A status that may pass, however its body looks."""
    return told("status", f"answered {code}", again=True, status=code, **attributes)


def ended(reason: object) -> Wire:
    return completion("B", finish_reason=reason)


def without(name: str) -> Wire:
    whole = json.loads(BODY)
    whole.pop(name, None)
    whole["choices"][0].pop(name, None)
    return json_body(whole)


def packed(body: bytes, encoding: str) -> Wire:
    return Wire(headers={"Content-Encoding": encoding}, body=body)


def error(message: str, **fields: object) -> dict[str, object]:
    return {"error": {"message": message, **fields}}


def filtered(words: str) -> tuple[type, dict[str, object]]:
    """A content filter's answer is a reply that says nothing."""
    return reply("", finish_reason="content_filter", refusal=words)


def bare_deflate(data: bytes) -> bytes:
    pack = zlib.compressobj(wbits=-15)
    return pack.compress(data) + pack.flush()


STATUSES = {
    "429": (status(429), passing(429, retry_after_s=None, throttled=False)),
    "429 seconds": (status(429, headers={"Retry-After": "7"}), passing(429, retry_after_s=7.0)),
    "429 date gone by": (
        status(429, headers={"Retry-After": "Wed, 21 Oct 2015 07:28:00 GMT"}),
        passing(429, retry_after_s=0.0),
    ),
    "429 quota of the minute": (
        status(429, error(RATE)),
        passing(429, throttled=True, retry_after_s=20.0, hint="--iqeval-rpm and --iqeval-tpm keep"),
    ),
    "429 none remain": (
        status(429, headers={"X-RateLimit-Remaining-Requests": "0"}),
        passing(429, throttled=True),
    ),
    "429 速率": (
        status(429, error("您的账户已达到速率限制，请您控制请求频率", code="1302")),
        passing(429, throttled=True),
    ),
    "429 money": (
        status(429, error("You exceeded your current quota", code="insufficient_quota")),
        told("status", "exceeded your current quota", status=429, throttled=False),
    ),
    "429 欠费": (
        status(429, error("您的账户已欠费，请充值后重试", code="1113")),
        told("status", "欠费", status=429, throttled=False),
    ),
    **{str(c): (status(c), passing(c)) for c in (408, 409, 425, 500, 502, 503, 504, 529)},
    **{
        str(c): (status(c, "in its own words"), told("status", "in its own words", status=c))
        for c in (400, 401, 403, 404, 413, 422, 501)
    },
    **{
        f"filter {code or kind}": (
            status(400, error("of the filter", code=code, type=kind)),
            filtered("of the filter"),
        )
        for code, kind in (
            ("content_filter", None),  # Azure
            ("data_inspection_failed", "data_inspection_failed"),  # DashScope
            ("DataInspectionFailed", None),  # its own wire format
            ("content_policy_violation", "invalid_request_error"),  # OpenAI
            (None, "content_filter"),  # Moonshot
            ("InputTextSensitiveContentDetected", "BadRequest"),  # Volcengine
        )
    },
    "filter 1301": (
        status(400, error("系统检测到输入可能包含不安全或敏感内容", code="1301")),  # Zhipu
        filtered("系统检测到输入可能包含不安全或敏感内容"),
    ),
    "filter beside a message": (
        status(400, {"code": "DataInspectionFailed", "message": "no"}),
        filtered("no"),
    ),
    "filter odd words": (
        status(400, error("a\0b", code="content_filter")),
        reply("", refusal="a\ufffdb", cleaned="refusal: 1 NUL"),
    ),
    "400 of prose": (
        status(400, error("unknown field content_filter")),
        told("status", "unknown field content_filter", status=400),
    ),
    "503 cut body": (raw(b"HTTP/1.1 503 X\r\nContent-Length: 99\r\n\r\nbusy"), passing(503)),
    "500 huge body": (status(500, "x" * CAP * 3), passing(500)),
    "500 page": (html(500, "Oops"), passing(500)),
    "context": (
        status(400, error("This model's maximum context length is 4096 tokens.")),
        told("context", "maximum context length", status=400),
    ),
}
WIRES = {
    "reset": (reset(), told("connect", "broke off: connection reset by peer", again=True)),
    "reset in the body": (
        Wire(pieces=(OK + b"Content-Length: 99\r\n\r\n{",), gap_s=0.2, reset=True),
        told("connect", "broke off: connection reset by peer", again=True),
    ),
    "closed": (closed(), told("connect", "closed the connection without a reply", again=True)),
    "cut": (cut(), told("body", "is cut off", again=True)),
    "cut chunked": (
        raw(OK + b'Transfer-Encoding: chunked\r\n\r\n5\r\n{"cho\r\n'),
        told("body", "is cut off", again=True),
    ),
    "no HTTP": (
        raw(b"\x15\x03\x01 nonsense\r\n\r\n"),
        told("body", "not speak HTTP", again=True, hint="https:// instead of http://"),
    ),
    "no HTTP, no TLS": (
        raw(b"+OK POP3 ready\r\n\r\n"),
        told("body", "does not speak HTTP", again=True, hint=None),
    ),
    "silence": (hang(), told("timeout", "no whole reply", again=True, hint="--iqeval-timeout")),
    "drip of the head": (
        drip(OK, b"X: y\r\n", gap_s=0.01, times=500),
        told("timeout", "no whole reply", again=True),
    ),
    "drip of the body": (
        drip(OK + b"Content-Length: 99999\r\n\r\n"),
        told("timeout", "no whole reply", again=True),
    ),
    "chunked": (
        raw(OK + b"Transfer-Encoding: chunked\r\n\r\n%x\r\n%s\r\n0\r\n\r\n" % (len(BODY), BODY)),
        reply(),
    ),
    "gzip": (packed(gzip.compress(BODY), "gzip"), reply()),
    "deflate": (packed(zlib.compress(BODY), "deflate"), reply()),
    "bare deflate": (packed(bare_deflate(BODY), "deflate"), reply()),
    "identity": (packed(BODY, "identity"), reply()),
    "br": (packed(b"\x0b\x02", "br"), told("body", "is packed as br, which was not asked for")),
    "no gzip": (packed(BODY, "gzip"), told("body", "can't be unpacked", again=True)),
    "gzip of two members": (
        packed(gzip.compress(BODY[:50]) + gzip.compress(BODY[50:]), "gzip"),
        reply(),
    ),
    "gzip of two members, cut": (
        packed(gzip.compress(BODY[:50]) + gzip.compress(BODY[50:])[:-9], "gzip"),
        told("body", "can't be unpacked: it ends too early", again=True),
    ),
    "gzip and more": (packed(gzip.compress(BODY) + b"\0\0\0", "gzip"), reply()),
    "gzip bomb of many members": (
        packed(gzip.compress(b" " * 40_000) * 9, "gzip"),
        told("body", "longer than 0.05 MB", hint="--iqeval-max-reply-bytes"),
    ),
    "gzip cut": (
        packed(gzip.compress(BODY)[:-9], "gzip"),
        told("body", "can't be unpacked: it ends too early", again=True),
    ),
    "gzip bomb": (
        packed(gzip.compress(b" " * 40_000_000), "gzip"),
        told("body", "longer than 0.05 MB", hint="--iqeval-max-reply-bytes"),
    ),
    "too long": (completion("x" * CAP), told("body", "longer than 0.05 MB")),
    "201": (Wire(code=201, body=BODY), reply()),
    "203": (Wire(code=203, body=BODY), reply()),
    "202": (Wire(code=202, body=b"{}"), told("status", "answered 202 Accepted", status=202)),
    "head too long": (
        raw(OK + b"X: " + b"y" * 200_000 + b"\r\n\r\n"),
        told("body", "sends HTTP that can't be read", again=True, hint=None),
    ),
    "two lengths": (
        raw(OK + b"Content-Length: 1\r\nContent-Length: 2\r\n\r\n{}"),
        told("body", "sends HTTP that can't be read", again=True, hint=None),
    ),
    "HTTP/1.0": (raw(b"HTTP/1.0 200 OK\r\n\r\n" + BODY), reply()),
    "Connection: close": (Wire(body=BODY, close=True), reply()),
    "100 before it": (raw(b"HTTP/1.1 100 Continue\r\n\r\n" + OK + SIZED), reply()),
    "103 before it": (raw(b"HTTP/1.1 103 Early Hints\r\nLink: x\r\n\r\n" + OK + SIZED), reply()),
    "redirect": (
        status(307, "", headers={"Location": "http://elsewhere.example/v1"}),
        told("status", "redirects (307) to http://elsewhere.example/v1", status=307),
    ),
}
BODIES = {
    "malformed": (Wire(body=b'{"choices": [{"mess'), told("body", "is not JSON", again=True)),
    "page": (html(), told("body", 'not JSON: an HTML page "Welcome to nginx!"', again=True)),
    "empty": (Wire(), told("body", "the reply is empty", again=True)),
    "error": (json_body(error("overloaded")), told("status", "sent an error", again=True)),
    "error 503": (
        json_body(error("no", code=503)),
        told("status", "(503)", again=True, status=503),
    ),
    "error 401": (json_body(error("no", code="401")), told("status", "(401)", status=401)),
    "error 429 quota": (
        json_body(error(RATE, code=429)),
        told("status", "requests per min", again=True, throttled=True, retry_after_s=20.0),
    ),
    "error of money in prose": (
        json_body(error("no healthy upstream in load balancer, balance 0")),
        told("status", "balancer", again=True),
    ),
    "error of prose": (
        json_body(error("upstream not_found, permission or authentication failed")),
        told("status", "not_found", again=True),
    ),
    **{
        f"error {code}": (json_body(error("no", code=code)), told("status", "no"))
        for code in ("model_not_found", "permission_denied", "insufficient_quota", "Arrearage")
    },
    "error context": (
        json_body(error("the input length exceeds the context length")),
        told("context", "the context length"),
    ),
    "error beside null choices": (
        json_body({"object": "error", "message": "busy", "code": 503, "choices": None}),
        told("status", "busy", again=True, status=503),
    ),
    "filter with 200": (
        json_body(error("of the filter", code="content_filter", type=None)),
        filtered("of the filter"),
    ),
    "filter of a choice": (
        json_body({"choices": [error("of the filter", code="content_filter")]}),
        filtered("of the filter"),
    ),
    "filter beside no choices": (
        json_body({"code": "DataInspectionFailed", "message": "no", "choices": []}),
        filtered("no"),
    ),
    "no choices": (json_body({"choices": []}), told("body", "has no choices", again=True)),
    "choices null": (json_body({"choices": None}), told("body", "has no choices", again=True)),
    "message null": (
        json_body({"choices": [{"message": None}]}),
        told("body", "a choice without a message", again=True),
    ),
    **{
        f"ended {sent}": (ended(sent), reply(finish_reason=means))
        for sent, means in {
            "stop": "stop",
            "length": "length",
            "content_filter": "content_filter",
            "tool_calls": "tool_calls",
            "function_call": "function_call",
            None: None,
            "": None,
            "max_tokens": "length",
            "MAX_TOKENS": "length",
            "end_turn": "stop",
            "stop_sequence": "stop",
            "sensitive": "content_filter",
            "Weird": "Weird",
            7: None,
        }.items()
    },
    "ended missing": (without("finish_reason"), reply(finish_reason=None)),
    **{
        f"ended {sent}": (ended(sent), told("body", f"(finish_reason {sent})", again=True))
        for sent in ("insufficient_system_resource", "abort", "network_error", "error")
    },
    "content null": (completion(None), reply("")),
    "tool calls alone": (
        completion(None, finish_reason="tool_calls", tool_calls=[{"function": {"name": "f"}}]),
        reply("", finish_reason="tool_calls"),
    ),
    "parts": (completion([{"type": "text", "text": "B"}]), reply()),
    "reasoning": (completion("B", reasoning="so"), reply(reasoning="so")),
    "usage missing": (without("usage"), reply(usage=Usage())),
    "usage partial": (
        completion("B", usage={"completion_tokens": 5}),
        reply(usage=Usage(completion_tokens=5)),
    ),
    "usage odd": (
        completion("B", usage={"prompt_tokens": 7.0, "completion_tokens": -1}),
        reply(usage=Usage(prompt_tokens=7)),
    ),
    "usage huge": (
        Wire(body=BODY.replace(b"11", b"1e999").replace(b": 3", b": " + b"9" * 10_000)),
        reply(usage=Usage()),
    ),
    "stream not asked for": (
        sse(chunk({"content": "B"}, "stop")),
        reply(finish_reason="stop"),
    ),
    "lone surrogate, NUL": (
        completion("B\0\ud800"),
        reply("B\ufffd\ufffd", cleaned="1 NUL, 1 lone surrogate"),
    ),
    "invalid UTF-8": (
        Wire(body=BODY.replace(b'"B"', b'"B\xff"')),
        reply("B\ufffd", cleaned="invalid UTF-8"),
    ),
    "byte order mark": (Wire(body=b"\xef\xbb\xbf" + BODY), reply(cleaned=None)),
    "deep": (Wire(body=b"[" * 40_000), told("body", "is not JSON", again=True)),
    "a key twice": (Wire(body=BODY.replace(b'"content"', b'"content": "A", "content"')), reply()),
}
USAGE = {"choices": [], "usage": {"prompt_tokens": 1, "completion_tokens": 2}}
STREAMS = {
    "whole": (
        live(chunk({"content": "答"}), chunk({"content": "B"}, "stop"), USAGE),
        reply("答B", usage=Usage(prompt_tokens=1, completion_tokens=2), finish_reason="stop"),
    ),
    "plain JSON": (completion("B"), reply()),
    "wrong type": (
        Wire(headers={"content-type": "application/json"}, body=sse(chunk({"content": "B"})).body),
        reply(),
    ),
    "comments first": (
        Wire(body=b": PROCESSING\n\n" + sse(chunk({"content": "B"})).body),
        reply(),
    ),
    "no end mark": (live(chunk({"content": "B"}, "stop"), done=False), reply()),
    "breaks off": (
        live(chunk({"content": "B"}), done=False),
        told("body", "a stream that breaks off", again=True),
    ),
    "end mark, no end": (live(chunk({"content": "B"}, "stop"), ended=False), reply()),
    "cut": (
        Wire(pieces=live(chunk({"content": "B"}), ended=False, done=False).pieces),
        told("body", "is cut off", again=True),
    ),
    "an event over two lines": (
        Wire(
            body=b'data: {"choices": [{"delta":\ndata: {"content": "B"},\ndata:"finish_reason":'
            b' "stop"}]}\n\ndata: [DONE]\n\n'
        ),
        reply(finish_reason="stop"),
    ),
    "no blank lines between": (
        Wire(body=sse(chunk({"content": "B"}, "stop")).body.replace(b"\n\n", b"\n")),
        reply(finish_reason="stop"),
    ),
    "half an event": (
        Wire(body=b'data: {"choices": [\n\ndata: {"a": 1}\n\ndata: [DONE]\n\n'),
        told("body", "a stream with a line that is not JSON", again=True),
    ),
    "half an event at the end": (
        Wire(body=b'data: {"choices": ['),
        told("body", "a stream with a line that is not JSON", again=True),
    ),
    "error of nothing": (live(chunk({"content": "B"}, "stop", error={})), reply()),
    "error within": (
        live(chunk({"content": "B"}), error("overloaded")),
        told("status", "sent an error instead of a reply: overloaded", again=True),
    ),
    "filter within": (
        live(chunk({"content": "B"}), error("of the filter", code="data_inspection_failed")),
        filtered("of the filter"),
    ),
    "error alone": (
        sse({"object": "error", "message": "m is gone", "code": 404}),
        told("status", "m is gone", status=404),
    ),
    "error as JSON": (
        Wire(headers={"content-type": "text/event-stream"}, body=json.dumps(error("no")).encode()),
        told("status", "sent an error", again=True),
    ),
    "nothing": (sse(done=False), told("body", "the reply is empty", again=True)),
    "end mark alone": (sse(), told("body", "has no choices", again=True)),
    "not JSON": (
        raw(OK + b"\r\ndata: {broken\n\n"),
        told("body", "a stream with a line that is not JSON", again=True),
    ),
    "a character in two halves": (
        live(chunk({"content": "\ud83d"}), chunk({"content": "\ude00"}, "stop")),
        reply("😀", cleaned=None),
    ),
    "server fault": (
        live(chunk({"content": "B"}, "insufficient_system_resource")),
        told("body", "insufficient_system_resource", again=True),
    ),
    "too long": (
        live(*[chunk({"content": "x" * 900})] * 99),
        told("body", "longer than 0.05 MB", hint="--iqeval-max-reply-bytes"),
    ),
    "drip that never ends": (
        drip(OK + b"Content-Type: text/event-stream\r\n\r\n", b": wait\n\n"),
        told("timeout", "no whole reply", again=True),
    ),
    "silence": (
        hang(),
        told("timeout", "did not begin within 0.2 s", again=True, hint="--iqeval-first-byte"),
    ),
    "head, then silence": (
        Wire(pieces=(OK + b"Content-Type: text/event-stream\r\n\r\n",), gap_s=60),
        told("timeout", "did not begin within 0.2 s", again=True),
    ),
    "400 stream_options": (
        status(400, error("Unknown parameter: 'stream_options'.")),
        told("status", "stream_options", hint="--iqeval-gen stream_options="),
    ),
}
SLOW = {"silence", "drip of the head", "drip of the body", "drip that never ends"}


def outcome_of(
    endpoint, wire: Wire, *, stream: bool, timeout_s: float, first_s: float
) -> Reply | NoReply:
    """One attempt over a connection of its own."""
    endpoint.script(wire)
    limits = Limits(timeout_s=timeout_s, first_byte_timeout_s=first_s, max_reply_bytes=CAP)
    connector = Connector(endpoint_of(base_url=endpoint.url), "m", limits, stream=stream)
    transport = connector.transport()
    try:
        return transport.send(question())
    except NoReply as trouble:
        return trouble
    finally:
        transport.close()


@pytest.mark.parametrize(
    ("stream", "wire", "expected", "slow"),
    [
        pytest.param(stream, wire, expected, name in SLOW, id=name)
        for stream, table in ((False, STATUSES | WIRES | BODIES), (True, STREAMS))
        for name, (wire, expected) in table.items()
    ],
)
def test_every_fault_has_its_own_right_answer(endpoint, stream, wire, expected, slow):
    kind, attributes = expected
    first_s = 0.2 if "did not begin" in str(attributes.get("words")) else 20.0
    timeout_s = 0.4 if slow and first_s > 1 else 20.0
    outcome = outcome_of(endpoint, wire, stream=stream, timeout_s=timeout_s, first_s=first_s)
    assert isinstance(outcome, kind), repr(outcome)
    assert outcome.latency_s is not None
    assert outcome.timing is not None
    assert outcome.timing.connect_s is not None
    for name, value in attributes.items():
        if name == "words":
            assert value in outcome.problem
        elif name == "hint" and value is not None:
            assert value in outcome.hint
        else:
            assert getattr(outcome, name) == value, name
