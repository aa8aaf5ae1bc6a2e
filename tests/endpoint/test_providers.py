"""Which endpoint the settings mean, and which key goes where."""

from __future__ import annotations

import pickle
import ssl

import pytest

from pytest_iqeval.core.errors import SettingsError, UnknownName
from pytest_iqeval.core.options import OPTIONS
from pytest_iqeval.core.settings import make_settings
from pytest_iqeval.endpoint.providers import PRESETS, most_tokens
from pytest_iqeval.endpoint.proxies import proxy_of
from pytest_iqeval.endpoint.route import Route
from tests.support.asking import endpoint_of

CANARY = "sk-CANARY-0123456789"


def bearer(endpoint) -> str | None:
    secret = endpoint.headers.get("Authorization")
    return secret and secret.reveal()


def refused(environ=None, **options) -> str:
    with pytest.raises(SettingsError) as caught:
        endpoint_of(environ, **options)
    return str(caught.value)


def test_ollama_on_this_machine_is_the_default_and_needs_no_key():
    endpoint = endpoint_of({"OPENAI_API_KEY": CANARY})
    assert (endpoint.provider, endpoint.base_url) == ("ollama", "http://localhost:11434/v1")
    assert endpoint.headers == {}
    assert endpoint.generation == {"temperature": 0.0, "max_tokens": 4096}
    assert endpoint.notes == ()


def test_ollama_host_moves_ollama_and_says_so():
    endpoint = endpoint_of({"OLLAMA_HOST": "gpu-box"})
    assert endpoint.base_url == "http://gpu-box:11434/v1"
    assert endpoint.notes == ("ollama is at http://gpu-box:11434/v1 (OLLAMA_HOST)",)
    assert endpoint_of({"OLLAMA_HOST": "gpu-box"}, base_url="http://a/v1").base_url == "http://a/v1"


@pytest.mark.parametrize(
    ("provider", "variable", "url"),
    [
        ("openai", "OPENAI_API_KEY", "https://api.openai.com/v1"),
        ("siliconflow", "SILICONFLOW_API_KEY", "https://api.siliconflow.cn/v1"),
        (
            "dashscope",
            "DASHSCOPE_API_KEY",
            "https://dashscope.aliyuncs.com/compatible-mode/v1",
        ),
        ("modelscope", "MODELSCOPE_API_KEY", "https://api-inference.modelscope.cn/v1"),
        ("modelscope", "MODELSCOPE_SDK_TOKEN", "https://api-inference.modelscope.cn/v1"),
        ("xunfei", "XUNFEI_API_KEY", "https://maas-api.cn-huabei-1.xf-yun.com/v1"),
    ],
)
def test_preset_knows_its_url_and_where_its_key_is(provider, variable, url):
    endpoint = endpoint_of({variable: CANARY}, provider=provider)
    assert endpoint.base_url == url
    assert bearer(endpoint) == f"Bearer {CANARY}"
    assert endpoint.key_hint == f"check the key in {variable}"


def test_every_provider_of_the_option_help_exists():
    text = next(o.help for o in OPTIONS if o.name == "provider").rstrip(".").partition(": ")[2]
    assert set(text.split(", ")) <= set(PRESETS)


def test_missing_key_names_the_variable_to_set():
    assert refused(provider="openai") == (
        "https://api.openai.com/v1 needs a key, and OPENAI_API_KEY is not set\n"
        "  hint: set OPENAI_API_KEY, or name another variable: --iqeval-api-key-env VAR"
    )
    assert "MODELSCOPE_API_KEY or MODELSCOPE_SDK_TOKEN is not set" in refused(provider="modelscope")
    assert "needs a key" in refused({"OPENAI_API_KEY": " "}, provider="openai")


def test_unknown_provider_is_answered_with_the_nearest():
    with pytest.raises(UnknownName, match="unknown provider 'opnai'\n  hint: did you mean openai"):
        endpoint_of(provider="opnai")


def test_a_url_alone_gets_no_preset_and_no_key():
    endpoint = endpoint_of({"OPENAI_API_KEY": CANARY}, base_url="https://api.openai.com/v1")
    assert endpoint.provider is None
    assert endpoint.headers == {}
    assert "max_tokens" in endpoint.generation


def test_a_presets_key_stays_at_the_presets_host_unless_it_is_named():
    environ = {"OPENAI_API_KEY": CANARY}
    for url in ("https://proxy.example/v1", "http://api.openai.com/v1"):
        endpoint = endpoint_of(environ, provider="openai", base_url=url)
        assert bearer(endpoint) is None
        assert endpoint.notes == (
            f"OPENAI_API_KEY is not sent: {url} is not the provider's own host",
        )
        assert endpoint.key_hint.startswith("--iqeval-api-key-env OPENAI_API_KEY sends that key")
        assert endpoint.token_field == "max_completion_tokens"
    named = endpoint_of(
        environ,
        provider="openai",
        base_url="https://proxy.example/v1",
        api_key_env="OPENAI_API_KEY",
    )
    assert bearer(named) == f"Bearer {CANARY}"
    own = endpoint_of(environ, provider="openai", base_url="https://api.openai.com:443/v1/")
    assert bearer(own) == f"Bearer {CANARY}"


def test_named_variable_must_be_set_and_hold_what_a_header_can_carry():
    url = "http://localhost:1/v1"
    said = refused(base_url=url, api_key_env="MY_KEY")
    assert said.startswith("--iqeval-api-key-env: the environment variable MY_KEY is not set")
    assert "MY_KEY is empty" in refused({"MY_KEY": ""}, base_url=url, api_key_env="MY_KEY")
    for value in (f"{CANARY}\n", f"{CANARY}\x00", f"{CANARY}钥"):
        said = refused({"MY_KEY": value}, base_url=url, api_key_env="MY_KEY")
        assert "the value of MY_KEY holds a line break" in said
        assert "CANARY" not in said


@pytest.mark.parametrize(
    "key", [CANARY, "gsk_AbCdEf0123456789", "hf_abcdefghij1234567890", "0a1b2c3d4e5f", "x" * 50]
)
def test_a_key_given_in_place_of_a_variables_name_is_not_repeated(key):
    said = refused(base_url="http://localhost:1/v1", api_key_env=key)
    assert key not in said
    assert "not shown: it may be the key itself" in said


def test_headers_come_from_the_environment_and_hide_their_values():
    endpoint = endpoint_of(
        {"TEAM": "CANARY-team"}, base_url="http://localhost:1/v1", header=["X-Team=TEAM"]
    )
    assert endpoint.headers["X-Team"].reveal() == "CANARY-team"
    said = refused(base_url="http://localhost:1/v1", header=["X-Team=TEAM"])
    assert said.startswith("--iqeval-header X-Team: the environment variable TEAM is not set")
    for name, told in (("X Team", "can't be the name of a header"), ("Host", "client itself")):
        said = refused({"V": "x"}, base_url="http://localhost:1/v1", header=[f"{name}=V"])
        assert told in said
        assert name in said


def test_an_authorization_header_of_the_user_replaces_the_key():
    endpoint = endpoint_of({"V": "Token abc"}, provider="openai", header=["authorization=V"])
    assert {n: s.reveal() for n, s in endpoint.headers.items()} == {"authorization": "Token abc"}


def test_user_and_password_of_the_url_are_sent_as_basic_authorization():
    endpoint = endpoint_of(base_url="http://bob:secret@localhost:1/v1")
    assert bearer(endpoint) == "Basic Ym9iOnNlY3JldA=="
    assert endpoint.base_url == "http://localhost:1/v1"


def test_query_is_sent_and_not_shown():
    endpoint = endpoint_of(base_url="https://a.example/v1?code=CANARY")
    assert endpoint.address("models") == "https://a.example/v1/models?code=CANARY"
    assert "CANARY" not in repr(endpoint)


def test_generation_fields_can_be_added_replaced_and_removed():
    endpoint = endpoint_of(
        {"OPENAI_API_KEY": CANARY},
        provider="openai",
        max_tokens="100",
        gen=["temperature=", "top_p=0.9", "reasoning_effort=low", "stop=null"],
    )
    assert endpoint.generation == {
        "max_completion_tokens": 100,
        "top_p": 0.9,
        "reasoning_effort": "low",
    }
    assert endpoint.removed == {"temperature", "stop"}


def test_a_number_that_json_does_not_know_is_refused():
    assert refused(gen=["top_p=NaN"]) == "--iqeval-gen top_p: JSON has no such number"


def test_the_embedded_model_writes_less_unless_told_and_says_so():
    endpoint = endpoint_of(provider="local")
    assert endpoint.embedded
    assert endpoint.generation["max_tokens"] == 256
    assert endpoint.notes == (
        "provider local: at most 256 tokens a reply (--iqeval-max-tokens changes it)",
    )
    told = endpoint_of(provider="local", max_tokens="9")
    assert (told.generation["max_tokens"], told.notes) == (9, ())


def test_the_embedded_model_takes_no_url():
    assert "--iqeval-base-url does not go with it" in refused(
        provider="local", base_url="http://localhost:1/v1"
    )


def test_no_way_of_printing_an_endpoint_shows_a_secret():
    endpoint = endpoint_of(
        {"MY_KEY": CANARY, "TEAM": "CANARY-team", "HTTPS_PROXY": "http://u:CANARYpw@proxy:1"},
        base_url="https://bob:CANARYpass@a.example/v1?code=CANARYcode",
        api_key_env="MY_KEY",
        header=["X-Team=TEAM"],
    )
    for shown in (repr(endpoint), str(endpoint), f"{endpoint.headers} {endpoint.secrets}"):
        assert "CANARY" not in shown
    hidden = {s.reveal() for s in endpoint.secrets}
    assert {CANARY, "CANARY-team", "CANARYpw", "CANARYpass", "CANARYcode"} <= hidden
    with pytest.raises(TypeError, match="a secret is not stored"):
        pickle.dumps(endpoint)


@pytest.mark.parametrize(
    ("url", "here"),
    [
        ("http://localhost:1/v1", True),
        ("http://127.0.0.1/v1", True),
        ("http://[::1]:2/v1", True),
        ("http://10.0.0.1/v1", False),
        ("https://localhost.example.com/v1", False),
    ],
)
def test_loopback_is_this_machine(url, here):
    assert endpoint_of(base_url=url).loopback is here


def test_neither_a_route_nor_a_proxy_shows_what_its_url_holds(monkeypatch):
    """A key in the query, a password in the proxy's URL."""
    monkeypatch.setenv("HTTPS_PROXY", "http://bob:CANARYpass@127.0.0.1:9")
    endpoint = endpoint_of(base_url="https://a.example/v1?code=CANARYcode")
    route = Route(endpoint, ssl.create_default_context(), endpoint.address("models"))
    assert "CANARY" not in f"{vars(route)} {proxy_of(endpoint)}"


@pytest.mark.parametrize(
    ("options", "most"),
    [
        ({}, 4096),
        ({"max-tokens": 16}, 16),
        ({"gen": ["max_tokens=20"]}, 20),
        ({"gen": ["max_tokens="]}, None),
        ({"gen": ["max_tokens=-1"]}, None),
        ({"provider": "openai", "max-tokens": 100}, 100),
        ({"provider": "openai", "gen": ["max_completion_tokens=50"]}, 50),
        ({"provider": "local"}, 256),
        ({"provider": "local", "answer": "letter"}, 32),
        ({"provider": "local", "answer": "letter", "max-tokens": 64}, 64),
        ({"base-url": "http://h/v1", "max-tokens": 8}, 8),
    ],
)
def test_the_most_tokens_of_a_reply_are_known_without_a_key(
    options: dict[str, object], most: int | None
) -> None:
    """Whatever field carries them, and -1, which some servers take for no limit."""
    assert most_tokens(make_settings({"model": "m", **options})) == most
