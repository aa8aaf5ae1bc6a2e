"""Base URLs as users type them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pytest_iqeval.core.errors import SettingsError
from pytest_iqeval.endpoint.address import ollama_host, parse_base_url


def refused(url: str) -> str:
    with pytest.raises(SettingsError) as caught:
        parse_base_url(url, "--iqeval-base-url")
    return str(caught.value)


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("http://localhost:11434/v1", "http://localhost:11434/v1"),
        ("http://localhost:11434/v1/", "http://localhost:11434/v1"),
        ("https://a.example/v1/chat/completions", "https://a.example/v1"),
        ("https://a.example/v1/chat/completions/", "https://a.example/v1"),
        (" HTTP://A.example ", "http://a.example"),
        ("http://[::1]:8000/v1", "http://[::1]:8000/v1"),
        ("https://a.example/v1/v1", "https://a.example/v1/v1"),
        ("https://a.example/v1?api-version=1#x", "https://a.example/v1"),
    ],
)
def test_base_url_loses_what_requests_add_themselves(typed, meant):
    assert parse_base_url(typed, "x").base_url == meant


def test_user_password_and_query_are_kept_apart_and_never_shown():
    address = parse_base_url("https://bob:s%40cret@a.example/v1?code=hidden", "x")
    assert address.base_url == "https://a.example/v1"
    assert address.login.reveal() == "bob:s@cret"
    assert address.query.reveal() == "code=hidden"
    assert "cret" not in repr(address)
    assert "hidden" not in repr(address)


def test_missing_scheme_is_answered_with_the_likely_one():
    assert refused("localhost:11434/v1") == (
        "--iqeval-base-url 'localhost:11434/v1' has no scheme\n"
        "  hint: did you mean http://localhost:11434/v1 ?"
    )
    assert "did you mean https://api.example.com/v1 ?" in refused("bob:secret@api.example.com/v1")
    assert "did you mean http://10.0.0.7:8000/v1 ?" in refused("10.0.0.7:8000/v1")


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("ftp://a.example/v1", "only http:// and https:// can be asked"),
        ("http:///v1", "names no host"),
        ("http://a.example:port/v1", "host or port can't be read"),
        ("http://a.example:99999/v1", "host or port can't be read"),
        ("http://[::1/v1", "host or port can't be read"),
        ("http://a b/v1", "holds a blank or a control character"),
    ],
)
def test_impossible_urls_say_what_is_wrong_and_show_one_that_works(typed, said):
    message = refused(typed)
    assert said in message
    assert "--iqeval-base-url" in message
    assert "for example http://localhost:11434/v1" in message


@given(st.text(max_size=20) | st.sampled_from(["://x", "?a@b", "/v1"]))
def test_no_message_repeats_the_password(rest):
    for url in (
        f"http://bob:CANARY@h:x/{rest}",
        f"bob:CANARY@host/{rest}",
        f"x://bob:CANARY@h/{rest}",
        f"http://bob:CANARY/CANARY@h/{rest}",
        f"http://bob:CANARY?CANARY@h/{rest}",
    ):
        assert "CANARY" not in refused(url)


@pytest.mark.parametrize(
    ("value", "meant"),
    [
        ("gpu-box", "http://gpu-box:11434/v1"),
        ("gpu-box:8000", "http://gpu-box:8000/v1"),
        ("http://gpu-box", "http://gpu-box/v1"),
        ("https://gpu.example/ollama/", "https://gpu.example/ollama/v1"),
        ("0.0.0.0", "http://127.0.0.1:11434/v1"),
        ("[::]:11434", "http://[::1]:11434/v1"),
        (":9000", "http://127.0.0.1:9000/v1"),
        ("http://gpu-box:1/v1", "http://gpu-box:1/v1"),
    ],
)
def test_ollama_host_is_read_as_ollama_reads_it(value, meant):
    assert ollama_host(value).base_url == meant


def test_bad_ollama_host_is_named():
    with pytest.raises(SettingsError, match="OLLAMA_HOST"):
        ollama_host("http://")
