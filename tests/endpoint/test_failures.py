"""What a status means: kind, whether to try again, the server's own words, and what mends it."""

from __future__ import annotations

import json
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pytest_iqeval.core.errors import NoReply
from pytest_iqeval.endpoint.failures import Explainer, retry_after_s
from pytest_iqeval.endpoint.watch import Limits
from tests.support.asking import endpoint_of

HERE = "http://here:1/v1"


def told(code: int, body: object = "no", headers=None, **options: object) -> NoReply:
    options = options or {"base_url": HERE}
    environ = {"MY_KEY": "sk-CANARY-1234", "OPENAI_API_KEY": "sk-CANARY-5678"}
    endpoint = endpoint_of(environ, **options)
    explain = Explainer(endpoint, "m", Limits(timeout_s=60))
    data = body if isinstance(body, bytes) else str(body).encode()
    if isinstance(body, dict):
        data = json.dumps(body).encode()
    return explain.status(code, headers or {}, data)


def error(message: str, **fields: object) -> dict[str, object]:
    return {"error": {"message": message, **fields}}


@pytest.mark.parametrize("code", [408, 409, 425, 429, 500, 502, 503, 504, 529])
def test_trouble_that_may_pass_is_tried_again(code):
    trouble = told(code)
    assert (trouble.retryable, trouble.kind, trouble.status) == (True, "status", code)


@pytest.mark.parametrize("code", [400, 401, 402, 403, 404, 405, 413, 422, 501, 505, 204])
def test_what_would_fail_again_is_told_at_once(code):
    assert not told(code).retryable


@pytest.mark.parametrize(
    ("body", "words"),
    [
        (error("model is busy"), "model is busy"),
        ({"error": "model is busy"}, "model is busy"),
        ({"message": "model is busy"}, "model is busy"),
        ({"detail": "model is busy"}, "model is busy"),
        ({"error_msg": "model is busy"}, "model is busy"),
        ({"detail": [{"loc": ["body"]}]}, '[{"loc": ["body"]}]'),
        ("model is\n busy", "model is busy"),
        ("<html><title>502 Bad\nGateway</title>", 'an HTML page "502 Bad Gateway"'),
        ("<!DOCTYPE html><body>", "an HTML page"),
        (b"caf\xe9 \x1b[31mred", "caf\ufffd \\x1b[31mred"),
    ],
)
def test_the_servers_own_words_are_repeated_in_one_sane_line(body, words):
    assert told(503, body).problem == f"here:1 answered 503 Service Unavailable: {words}"


def test_an_empty_body_leaves_the_status_and_an_unknown_status_its_number():
    assert told(500, "").problem == "here:1 answered 500 Internal Server Error"
    assert told(529, "").problem == "here:1 answered 529"


def test_long_words_are_cut():
    assert told(500, "x" * 9000).problem.endswith("xxx…")
    assert len(told(500, "x" * 9000).problem) < 300


@pytest.mark.parametrize(
    ("options", "hint"),
    [
        ({"base_url": HERE}, "name the variable that holds the key: --iqeval-api-key-env VAR"),
        ({"base_url": HERE, "api_key_env": "MY_KEY"}, "check the key in MY_KEY"),
        ({"provider": "openai"}, "check the key in OPENAI_API_KEY"),
        (
            {"provider": "openai", "base_url": HERE},
            "--iqeval-api-key-env OPENAI_API_KEY sends that key to this host too",
        ),
    ],
)
@pytest.mark.parametrize("code", [401, 403])
def test_a_refused_key_names_the_variable(code, options, hint):
    assert told(code, **options).hint == hint


@pytest.mark.parametrize(
    ("message", "options", "hint"),
    [
        (
            error(
                "Unsupported parameter: 'max_tokens' is not supported with this model. Use"
                " 'max_completion_tokens' instead.",
                param="max_tokens",
            ),
            {"base_url": HERE, "max_tokens": "50"},
            "--iqeval-gen max_tokens= --iqeval-gen max_completion_tokens=50",
        ),
        (
            {"detail": "max_completion_tokens: extra inputs are not permitted"},
            {"base_url": HERE, "provider": "openai"},
            "--iqeval-gen max_completion_tokens= --iqeval-gen max_tokens=4096",
        ),
        (
            error("Range of max_tokens should be [1, 2048]"),
            {"base_url": HERE},
            "--iqeval-max-tokens N sets another limit",
        ),
        (
            error(
                "Unsupported value: 'temperature' does not support 0 with this model. Only the"
                " default (1) value is supported.",
                param="temperature",
            ),
            {"base_url": HERE},
            "--iqeval-gen temperature= leaves that field out",
        ),
        (
            error("'response_format.type' must be 'text'"),
            {"base_url": HERE},
            "--iqeval-answer letter asks for the letter without response_format",
        ),
        (
            error("parameter.enable_thinking must be set to false for non-streaming calls"),
            {"base_url": HERE},
            "--iqeval-gen enable_thinking=false",
        ),
        (
            error("Unknown argument: top_k"),
            {"base_url": HERE, "gen": ["top_k=4"]},
            "--iqeval-gen top_k= leaves that field out",
        ),
        (error("bad request"), {"base_url": HERE}, None),
    ],
)
@pytest.mark.parametrize("code", [400, 422])
def test_an_unsupported_field_names_the_option_that_mends_it(code, message, options, hint):
    trouble = told(code, message, **options)
    assert trouble.hint == hint
    assert not trouble.retryable


@pytest.mark.parametrize(
    "body",
    [
        error("This model's maximum context length is 4096 tokens", code="context_length_exceeded"),
        error(
            "request (6031 tokens) exceeds the available context size (4096 tokens)",
            type="exceed_context_size_error",
        ),
        error("prompt is too long: 9 tokens > 8 maximum"),
        error("the input length exceeds the context length"),  # ollama
        error("prompt too long; exceeded max context length by 9 tokens"),
        error("max_tokens must be at least 1, got -186."),  # vLLM
        error("The decoder prompt (length 9) is longer than the maximum model length of 8."),
        error("The input (9 tokens) is longer than the model's context length (8 tokens)."),
        error("<400> InternalError.Algo.InvalidParameter: Range of input length should be [1, 8]"),
        error("Invalid request: Your request exceeded model token limit: 8192"),  # Moonshot
        error("`inputs` tokens + `max_new_tokens` must be <= 4096. Given: 9"),  # TGI
        error("length of prompt_tokens (9) must be less than max_seq_len (8)."),  # SiliconFlow
        error("Input tokens exceed the configured limit of 272000 tokens."),
        error("Prompt 超长", code="1261"),
        error("输入内容的长度超过了模型的上限"),
    ],
)
def test_context_length_exceeded_is_its_own_error(body):
    trouble = told(400, body)
    assert (trouble.kind, trouble.retryable) == ("context", False)
    assert trouble.hint == (
        "prompt and reply are longer than the model reads: a lower --iqeval-max-tokens leaves"
        " more room (now 4096)"
    )
    assert body["error"]["message"] in trouble.problem


def test_a_context_that_overflows_on_the_way_is_not_tried_again():
    """llama.cpp says 500 when the reply fills what the prompt has left."""
    trouble = told(500, error("Context size has been exceeded.", type="server_error"))
    assert (trouble.kind, trouble.retryable) == ("context", False)


@pytest.mark.parametrize(
    ("message", "wait_s"),
    [
        ("Rate limit reached for m on requests per min. Limit: 3 / min. Try again in 20s.", 20.0),
        ("Rate limit reached on tokens per minute (TPM). Please try again in 1.5s", 1.5),
        ("Request was rejected due to rate limiting. Details: TPM limit reached.", None),
        ("request reached organization max RPM: 3, please try again after 1 seconds", 1.0),
        ("request reached max organization concurrency: 1, please try again after 1 seconds", 1.0),
        ("request reached organization TPD rate limit, current: 1590271, limit: 1500000", None),
        ("Requests rate limit exceeded, please try again later.", None),
        ("Allocated quota exceeded, please increase your quota limit.", None),
        ("This would exceed the rate limit of 40,000 input tokens per minute", None),
        ("You exceeded your current quota: requests per minute. Please retry in 250ms", 0.25),
        ("您的账户已达到速率限制，请您控制请求频率", None),
        ("请求过多：每分钟最多 60 次，请 2 分钟后重试", 120.0),
        ("请求频率过高，请稍后重试 (request id: 2024061512345678)", None),
        ("AppIdQpsOverFlowError", None),
    ],
)
def test_a_spent_rate_is_told_from_a_stray_429(message, wait_s):
    trouble = told(429, error(message))
    assert (trouble.throttled, trouble.retryable, trouble.retry_after_s) == (True, True, wait_s)
    assert trouble.hint == "--iqeval-rpm and --iqeval-tpm keep within the provider's limits"


@pytest.mark.parametrize(
    "message",
    ["Too many requests", "scripted 429", "rate limit", "The engine is overloaded", "访问量过大"],
)
def test_a_stray_429_concerns_its_own_request(message):
    trouble = told(429, error(message))
    assert (trouble.throttled, trouble.retryable) == (False, True)


@pytest.mark.parametrize(
    ("numbers", "final"),
    [
        ("Limit 30000, Requested 31000", True),
        ("Limit: 30,000, Requested: 300,000.", True),
        ("Limit 30000, Used 29000, Requested 2000", False),
        ("Limit ,, Requested ,", False),
    ],
)
def test_a_request_that_a_minute_never_allows_is_its_own_affair(numbers, final):
    trouble = told(429, error(f"Request too large on tokens per min (TPM): {numbers}"))
    assert (trouble.throttled, trouble.retryable) == (not final, not final)
    assert trouble.hint is not None
    assert ("--iqeval-max-tokens" in trouble.hint) == final


@pytest.mark.parametrize("message", ["余额不足", "您的账户已欠费", "Insufficient Balance"])
def test_money_is_no_rate(message):
    trouble = told(429, error(message), {"x-ratelimit-remaining-requests": "0"})
    assert (trouble.throttled, trouble.retryable) == (False, False)


@pytest.mark.parametrize("code", [402, 403, 429])
def test_money_is_named_where_a_server_may_mean_it(code):
    """SiliconFlow says 403 for an account without money."""
    trouble = told(code, error("Sorry, your account balance is insufficient"))
    assert (trouble.retryable, trouble.hint) == (
        False,
        "the provider's account has no credit left; the key is known",
    )


@pytest.mark.parametrize("code", [500, 502, 503, 504])
@pytest.mark.parametrize("message", ["no healthy upstream in load balancer", "balance: 余额 0"])
def test_what_a_5xx_says_of_money_does_not_make_it_final(code, message):
    assert told(code, error(message)).retryable


@pytest.mark.parametrize(
    ("options", "hint"),
    [
        ({"provider": "ollama"}, "ollama pull m"),
        ({"base_url": HERE}, "check --iqeval-model"),
    ],
)
def test_a_missing_model_is_told_from_a_wrong_path(options, hint):
    for said in ("model 'm' not found", "The model `m` does not exist", "模型不存在 model 不存在"):
        assert told(404, error(said), **options).hint == hint


def test_a_404_about_the_path_points_at_the_url():
    assert told(404, base_url="http://here:1").hint == (
        "check --iqeval-base-url http://here:1: most end in /v1"
    )
    assert told(404).hint == f"check --iqeval-base-url {HERE} and --iqeval-model"
    assert told(405).hint == f"check --iqeval-base-url {HERE}: no chat completions there"


@pytest.mark.parametrize(
    ("code", "message", "retryable", "hint"),
    [
        (429, "Rate limit reached", True, "a lower --iqeval-concurrency asks less at once"),
        (
            429,
            "You exceeded your current quota",
            False,
            "the provider's account has no credit left; the key is known",
        ),
        (402, "pay", False, "the provider's account has no credit left; the key is known"),
        (407, "", False, "the proxy wants a user and a password: http://USER:PASSWORD@HOST:PORT"),
        (413, "", False, "the question is longer than the endpoint takes"),
        (503, "", True, None),
    ],
)
def test_other_statuses_say_what_helps(code, message, retryable, hint):
    trouble = told(code, error(message))
    assert (trouble.retryable, trouble.hint) == (retryable, hint)


def test_a_redirect_is_told_as_what_it_is():
    location = "https://user:CANARY@there.example/v1/chat/completions?token=CANARY"
    trouble = told(301, headers={"location": location})
    assert trouble.problem == (
        "here:1 redirects (301) to https://there.example/v1/chat/completions"
    )
    assert trouble.hint == "if that is the endpoint: --iqeval-base-url https://there.example/v1"
    assert not trouble.retryable
    assert told(302).problem == "here:1 redirects (302) to nowhere"
    assert told(302, headers={"location": "/login"}).hint == "check --iqeval-base-url"


NOW = datetime(2026, 1, 1, tzinfo=UTC)


@pytest.mark.parametrize(
    ("headers", "seconds"),
    [
        ({}, None),
        ({"retry-after": "2"}, 2.0),
        ({"retry-after": " 0.5 "}, 0.5),
        ({"retry-after": "-3"}, 0.0),
        ({"retry-after": "Thu, 01 Jan 2026 00:00:30 GMT"}, 30.0),
        ({"retry-after": "Thu, 01 Jan 2026 00:00:30"}, 30.0),
        ({"retry-after": "Wed, 31 Dec 2025 00:00:00 GMT"}, 0.0),
        ({"retry-after": "soon"}, None),
        (
            {
                "retry-after": "Wed, 31 Dec 2025 00:00:30 GMT",
                "date": "Wed, 31 Dec 2025 00:00:00 GMT",
            },
            30.0,
        ),
        ({"retry-after": "Thu, 01 Jan 2026 00:00:30 GMT", "date": "today"}, 30.0),
        ({"retry-after": "nan"}, None),
        ({"retry-after": "2", "retry-after-ms": "150"}, 0.15),
    ],
)
def test_retry_after_is_read_as_seconds_or_date(headers, seconds):
    assert retry_after_s(headers, NOW) == seconds
    if seconds is not None and "GMT" not in str(headers) and "Jan" not in str(headers):
        assert told(429, headers=headers).retry_after_s == seconds


@given(st.text(), st.text())
def test_any_retry_after_is_read_or_ignored(text, date):
    seconds = retry_after_s({"retry-after": text, "date": date}, NOW)
    assert seconds is None or seconds >= 0


@pytest.mark.parametrize("code", [301, 400, 401, 404, 429, 500])
def test_no_message_repeats_a_key_that_the_server_echoes(code):
    echo = f"key sk-CANARY-1234 and Bearer sk-CANARY-1234 at {HERE}"
    for body in (echo, error(echo), f"<html><title>{echo}</title></html>", "x" * 230 + echo):
        headers = {"location": f"http://there/{echo}"}
        trouble = told(code, body, headers, base_url=HERE, api_key_env="MY_KEY")
        assert "CANARY" not in f"{trouble}{trouble!r}{trouble.to_plain()}"
