"""The scripted server itself: what the other tests rest on."""

from __future__ import annotations

import threading
import time

import httpx
import pytest

from tests.support.endpoint import (
    ScriptedEndpoint,
    closed,
    completion,
    cut,
    hang,
    html,
    json_body,
    last_user,
    raw,
    reset,
    slow,
    sse,
    status,
)


def ask(client: httpx.Client, endpoint: ScriptedEndpoint, text: str = "2+2?") -> httpx.Response:
    body = {"model": "m", "messages": [{"role": "user", "content": text}]}
    return client.post(f"{endpoint.url}/chat/completions", json=body)


def said(response: httpx.Response) -> str:
    return response.json()["choices"][0]["message"]["content"]


@pytest.fixture
def client():
    with httpx.Client(trust_env=False, timeout=30) as made:
        yield made


def test_script_is_consumed_in_order_then_the_answer_function_speaks(client, endpoint):
    endpoint.script("one", status(503, headers={"Retry-After": "2"}), completion("two"))
    endpoint.answer(lambda body: "four" if "2+2" in last_user(body) else "?")
    assert said(ask(client, endpoint)) == "one"
    refused = ask(client, endpoint)
    assert (refused.status_code, refused.headers["retry-after"]) == (503, "2")
    assert said(ask(client, endpoint)) == "two"
    assert said(ask(client, endpoint)) == "four"
    assert said(ask(client, endpoint, "3+3?")) == "?"


def test_without_a_script_it_answers_a(client, endpoint):
    assert said(ask(client, endpoint)) == "答案：A"


def test_requests_are_recorded_and_the_connection_is_kept(client, endpoint):
    ask(client, endpoint, "第一")
    ask(client, endpoint, "second")
    assert [last_user(r.body) for r in endpoint.requests] == ["第一", "second"]
    assert [r.connection for r in endpoint.requests] == [0, 0]
    assert endpoint.requests[0].headers["content-type"] == "application/json"


def test_faults_of_the_wire_are_what_they_say(client, endpoint):
    endpoint.script(reset(), closed(), cut(), raw(b"HTTP/1.1 200 OK\r\n\r\nno JSON"), html())
    with pytest.raises(httpx.ReadError):
        ask(client, endpoint)
    for _ in range(2):
        with pytest.raises(httpx.RemoteProtocolError):
            ask(client, endpoint)
    assert ask(client, endpoint).text == "no JSON"
    assert "<html>" in ask(client, endpoint).text


def test_a_hanging_reply_times_out_and_a_slow_one_comes(client, endpoint):
    endpoint.script(hang(30), slow("late", 0.01), sse({"a": 1}), json_body({"choices": []}))
    with pytest.raises(httpx.ReadTimeout):
        client.post(f"{endpoint.url}/chat/completions", json={}, timeout=1)
    assert said(ask(client, endpoint)) == "late"
    assert ask(client, endpoint).text == 'data: {"a": 1}\n\ndata: [DONE]\n\n'
    assert ask(client, endpoint).json() == {"choices": []}


def test_models_are_a_list_or_any_reply(client, endpoint):
    endpoint.models(["gemma3:4b", "qwen"])
    ids = [m["id"] for m in client.get(f"{endpoint.url}/models").json()["data"]]
    endpoint.models(status(401))
    assert ids == ["gemma3:4b", "qwen"]
    assert client.get(f"{endpoint.url}/models").status_code == 401
    assert len(endpoint.others) == 2
    assert endpoint.requests == []


def test_most_concurrent_requests_are_counted():
    meet = threading.Barrier(3)

    def answer(_body):
        meet.wait(5)
        return "A"

    with ScriptedEndpoint() as endpoint:
        endpoint.answer(answer)

        def one():
            with httpx.Client(trust_env=False) as client:
                ask(client, endpoint)

        threads = [threading.Thread(target=one) for _ in range(3)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert endpoint.max_concurrent == 3


def test_close_does_not_wait_for_a_hanging_reply():
    started = time.monotonic()
    with ScriptedEndpoint() as endpoint, httpx.Client(trust_env=False) as client:
        endpoint.script(hang(60))
        with pytest.raises(httpx.ReadTimeout):
            client.post(f"{endpoint.url}/chat/completions", json={}, timeout=1)
    assert time.monotonic() - started < 30
