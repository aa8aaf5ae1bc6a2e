"""The wire format: what is sent, and what is read out of a body."""

from __future__ import annotations

import contextlib
import json

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from pytest_iqeval.core.clean import storable
from pytest_iqeval.core.errors import NoReply
from pytest_iqeval.core.request import Usage
from pytest_iqeval.endpoint.chat import read_reply, request_body
from pytest_iqeval.endpoint.failures import Explainer
from pytest_iqeval.endpoint.watch import Limits, Watch
from tests.support.asking import endpoint_of, question
from tests.support.endpoint import chunk, completion, html, sse

EXPLAIN = Explainer(endpoint_of(base_url="http://here:1/v1"), "m", Limits(timeout_s=60))
WATCH = Watch(Limits(timeout_s=60))


def read(body: bytes | object, content_type: str = "application/json"):
    data = body if isinstance(body, bytes) else json.dumps(body).encode()
    return read_reply([data], content_type, EXPLAIN, WATCH)


def fails(body, content_type: str = "application/json") -> NoReply:
    with pytest.raises(NoReply) as caught:
        read(body, content_type)
    return caught.value


def sent(endpoint, request) -> dict[str, object]:
    return json.loads(request_body(endpoint, "m", request))


def test_body_holds_what_was_asked_for_and_nothing_else():
    assert sent(endpoint_of(gen=["top_p=0.9"]), question("1+1？")) == {
        "model": "m",
        "messages": [{"role": "user", "content": "1+1？"}],
        "temperature": 0.0,
        "max_tokens": 4096,
        "top_p": 0.9,
    }


def test_a_requests_own_field_wins_and_a_removed_field_stays_out():
    request = question(seed=7, response_format={"type": "json_object"})
    body = sent(endpoint_of(gen=["seed=1", "response_format=", "temperature="]), request)
    assert body["seed"] == 7
    assert set(body) == {"model", "messages", "max_tokens", "seed"}


@given(st.text())
def test_any_text_can_be_sent_even_lone_surrogates(text):
    assert sent(endpoint_of(), question(text))["messages"][0]["content"] == text


def test_an_ordinary_completion_is_read():
    reply = read(completion("答案：B").body)
    assert (reply.text, reply.finish_reason, reply.model) == ("答案：B", "stop", "m")
    assert reply.usage == Usage(prompt_tokens=11, completion_tokens=3)
    assert (reply.reasoning, reply.refusal, reply.cleaned) == (None, None, None)


@pytest.mark.parametrize("field", ["reasoning_content", "reasoning"])
def test_reasoning_is_kept_apart_from_the_text(field):
    reply = read(completion("B", **{field: "because"}).body)
    assert (reply.text, reply.reasoning) == ("B", "because")


def test_null_content_is_an_empty_text_with_its_finish_reason():
    reply = read(completion(None, finish_reason="length", reasoning_content="hm").body)
    assert (reply.text, reply.finish_reason, reply.reasoning) == ("", "length", "hm")


def test_a_refusal_field_is_kept():
    reply = read(completion(None, refusal="I can't help with that").body)
    assert (reply.text, reply.refusal) == ("", "I can't help with that")


def test_content_in_parts_is_joined_and_thinking_parts_are_reasoning():
    parts = [
        {"type": "thinking", "thinking": [{"type": "text", "text": "hm, "}]},
        {"type": "reasoning", "text": "so"},
        {"type": "text", "text": "The answer "},
        "is ",
        {"type": "output_text", "text": "B"},
        {"type": "image_url", "image_url": {}},
    ]
    reply = read(completion(parts).body)
    assert (reply.text, reply.reasoning) == ("The answer is B", "hm, so")


@pytest.mark.parametrize(
    ("usage", "read_as"),
    [
        (None, Usage()),
        ({"completion_tokens": 5}, Usage(completion_tokens=5)),
        ({"prompt_tokens": "12", "completion_tokens": -1}, Usage()),
        ({"prompt_tokens": True, "completion_tokens": 0}, Usage(completion_tokens=0)),
        ([], Usage()),
    ],
)
def test_tokens_that_were_not_counted_are_none_not_zero(usage, read_as):
    assert read(completion("B", usage=usage).body).usage == read_as


def test_text_is_made_storable_and_what_was_replaced_is_noted():
    reply = read(completion("B\0\ud800", reasoning_content="\udfff").body)
    assert reply.text == "B\ufffd\ufffd"
    assert reply.cleaned == "1 NUL, 1 lone surrogate, reasoning: 1 lone surrogate"
    broken = completion("B").body.replace(b'"B"', b'"B\xff"')
    assert (read(broken).text, read(broken).cleaned) == ("B\ufffd", "invalid UTF-8")
    assert read(b"\xef\xbb\xbf" + completion("B").body).text == "B"


def test_a_key_that_a_server_repeats_in_its_reply_goes_no_further():
    """Journal, reports and terminal all get the reply from here."""
    key = "sk-canary-0123456789"
    endpoint = endpoint_of({"K": key}, base_url="http://here:1/v1", api_key_env="K")
    explain = Explainer(endpoint, "m", Limits(timeout_s=60))
    wire = completion(f"Bearer {key}? B", reasoning_content=key, refusal=f"no {key}", model=key)
    reply = read_reply([wire.body], "application/json", explain, WATCH)
    assert key not in repr(reply)
    assert (reply.text, reply.reasoning, reply.refusal) == ("***? B", "***", "no ***")
    assert reply.cleaned == "a secret, reasoning: a secret, refusal: a secret, model: a secret"


def test_a_placeholder_for_a_key_does_not_change_replies():
    """Local servers get `none` or `ollama` for a key; a reply may well hold such a word."""
    endpoint = endpoint_of({"K": "none"}, base_url="http://here:1/v1", api_key_env="K")
    explain = Explainer(endpoint, "m", Limits(timeout_s=60))
    wire = completion("none of the above")
    assert read_reply([wire.body], "application/json", explain, WATCH).text == "none of the above"


@pytest.mark.parametrize(
    ("body", "said"),
    [
        (b"", "the reply is empty"),
        (b"  \n", "the reply is empty"),
        (b"upstream down", "the reply is not JSON: upstream down"),
        (b'{"choices": [', 'the reply is not JSON: {"choices": ['),
        (b"[" * 100_000, "the reply is not JSON: [["),
        (b"[1]", "the reply is a JSON list, not an object"),
        ({"choices": []}, "the reply has no choices"),
        ({}, "the reply has no choices"),
        ({"choices": [None]}, "the reply has no choices"),
        (
            {"code": 10013, "message": "input too sensitive", "sid": "x"},
            "the reply has no choices: input too sensitive",
        ),
        ({"choices": [{"text": "B"}]}, "the reply has a choice without a message"),
        (
            {"choices": [{"message": {"content": 4}}]},
            "the reply's content is a JSON int, not text",
        ),
    ],
)
def test_a_body_without_a_reply_is_told_and_may_be_asked_again(body, said):
    trouble = fails(body)
    assert trouble.problem.startswith(said)
    assert (trouble.kind, trouble.status, trouble.retryable) == ("body", 200, True)
    assert len(trouble.problem) < 300


def test_a_web_page_is_told_by_its_title():
    page = html(title="Sign in &amp; continue")
    trouble = fails(page.body, page.headers["content-type"])
    assert trouble.problem == 'the reply is not JSON: an HTML page "Sign in & continue"'
    assert trouble.retryable


@pytest.mark.parametrize(
    ("error", "status", "retryable"),
    [
        ({"message": "overloaded, try later", "type": "server_error"}, 200, True),
        ({"message": "slow down", "code": 429}, 429, True),
        ({"message": "bad key", "code": "401"}, 401, False),
        ({"message": "what?", "type": "invalid_request_error"}, 200, False),
        ({"message": "no money", "type": "insufficient_quota"}, 200, False),
        ("model crashed", 200, True),
    ],
)
def test_an_error_object_in_a_200_is_no_reply(error, status, retryable):
    trouble = fails({"error": error})
    words = error if isinstance(error, str) else error["message"]
    assert trouble.problem.startswith("here:1 sent an error")
    assert trouble.problem.endswith(f": {words}")
    assert (trouble.kind, trouble.status, trouble.retryable) == ("status", status, retryable)


def test_an_error_of_the_choice_is_no_reply():
    choice = {"error": {"message": "provider gone", "code": 502}, "message": {"content": ""}}
    trouble = fails({"choices": [choice]})
    assert trouble.problem == "here:1 sent an error (502): provider gone"
    assert trouble.retryable


def test_a_stream_that_nobody_asked_for_is_joined():
    stream = sse(
        chunk({"role": "assistant", "content": ""}),
        chunk({"reasoning_content": "be"}),
        chunk({"reasoning_content": "cause"}),
        chunk({"content": "答案"}),
        chunk({"content": "：B"}, "stop"),
        {"choices": [], "usage": {"prompt_tokens": 1, "completion_tokens": 2}},
    )
    reply = read(stream.body, "text/event-stream")
    assert (reply.text, reply.reasoning, reply.finish_reason) == ("答案：B", "because", "stop")
    assert reply.usage == Usage(prompt_tokens=1, completion_tokens=2)
    assert read(stream.body, "application/json").text == "答案：B"


def test_a_stream_cut_before_its_end_is_no_reply():
    trouble = fails(sse(chunk({"content": "答"}), done=False).body, "text/event-stream")
    assert trouble.problem == "the reply is a stream that breaks off"
    assert trouble.retryable


def test_an_error_within_a_stream_is_no_reply():
    stream = sse(chunk({"content": "答"}), {"error": {"message": "overloaded"}})
    assert fails(stream.body, "text/event-stream").problem.endswith(": overloaded")
    assert "not JSON" in fails(b"data: {broken\n\n", "text/event-stream").problem


TEXTS = st.text(st.characters(exclude_categories=())) | st.sampled_from(
    ["", "答", "\u2028", "\r\n"]
)
DELTAS = st.lists(
    st.fixed_dictionaries({}, optional={"content": TEXTS, "reasoning_content": TEXTS}), max_size=6
)


@given(DELTAS, st.sampled_from(["\n", "\r\n", "\r"]), st.booleans(), st.data())
def test_any_split_of_a_stream_gives_the_same_reply(deltas, line_end, escaped, data):
    """However the network cuts it: between lines, within one, within a character."""
    events = [chunk(delta) for delta in deltas] + [chunk({}, "stop"), {"usage": {}, "choices": []}]
    lines = [json.dumps(e, ensure_ascii=escaped) for e in events] + ["[DONE]"]
    text = "".join(f"data: {line}{line_end}{line_end}" for line in lines)
    whole = text.encode("utf-8", "replace")
    cuts = sorted(data.draw(st.lists(st.integers(0, len(whole)), max_size=8)))
    pieces = [whole[a:b] for a, b in zip([0, *cuts], [*cuts, len(whole)], strict=True)]
    reply = read_reply(pieces, "text/event-stream", EXPLAIN, WATCH)
    assert reply == read_reply([whole], "text/event-stream", EXPLAIN, WATCH)
    assert reply == read_reply(pieces, "", EXPLAIN, WATCH)
    if escaped:
        said = "".join(delta.get("content", "") for delta in deltas)
        said = said.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "surrogatepass")
        assert reply.text == storable(said)[0]


@given(st.binary(max_size=60), st.lists(st.integers(0, 60), max_size=4))
def test_any_bytes_in_any_pieces_have_one_outcome(body, cuts):
    cuts = sorted(min(cut, len(body)) for cut in cuts)
    pieces = [body[a:b] for a, b in zip([0, *cuts], [*cuts, len(body)], strict=True)]
    outcomes = []
    for chunks in (pieces, [body]):
        try:
            outcomes.append(repr(read_reply(chunks, "text/event-stream", EXPLAIN, WATCH)))
        except NoReply as trouble:
            outcomes.append(trouble.problem)
    assert outcomes[0] == outcomes[1]


@pytest.mark.parametrize("depth", [*range(50, 1000, 50), 3000])
def test_however_deep_the_json_it_is_a_reply_or_a_named_failure(depth):
    part: object = "B"
    for _ in range(min(depth, 400)):
        part = [{"type": "thinking", "thinking": part}]
    deep = "[" * depth + "]" * depth
    for body in (
        json.dumps({"error": 1, "x": 0}).replace("0", deep).encode(),
        json.dumps({"x": 0}).replace("0", deep).encode(),
        completion("B").body[:-1] + b', "x": %s}' % deep.encode(),
        completion(part).body if depth < 400 else b"{",
    ):
        with contextlib.suppress(NoReply):
            assert read(body).text in ("B", "")


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(["choices", "message", "content", "error", "usage", "text", "delta"]),
            inner,
            max_size=3,
        )
    ),
)


@example(b'{"choices": true}', True)
@given(st.binary() | JSON.map(lambda value: json.dumps(value).encode()), st.booleans())
def test_any_body_is_a_reply_or_a_named_failure(body, stream):
    content_type = "text/event-stream" if stream else "application/json"
    try:
        reply = read(b"data: " + body if stream else body, content_type)
    except NoReply:
        return
    assert "\0" not in reply.text
