"""What the environment says: addresses, tokens, the cache."""

from __future__ import annotations

from pathlib import Path

import pytest

from pytest_iqeval.core.errors import SettingsError
from pytest_iqeval.sources.hub.access import cache_folder
from pytest_iqeval.sources.hub.places import place_of


def test_each_hub_has_its_own_address_and_the_environment_another() -> None:
    assert place_of("modelscope", {}).endpoint == "https://www.modelscope.cn"
    assert place_of("huggingface", {}).endpoint == "https://huggingface.co"
    mirror = place_of("huggingface", {"HF_ENDPOINT": "https://hf-mirror.com/"})
    assert mirror.endpoint == "https://hf-mirror.com"
    domain = place_of("modelscope", {"MODELSCOPE_DOMAIN": "www.modelscope.ai"})
    assert domain.endpoint == "https://www.modelscope.ai"
    both = {"MODELSCOPE_DOMAIN": "a.example", "MODELSCOPE_ENDPOINT": "https://b.example/ms"}
    assert place_of("modelscope", both).endpoint == "https://b.example/ms"


@pytest.mark.parametrize(
    ("value", "words"),
    [
        ("ftp://s3cr3t", "HF_ENDPOINT is no address of a hub"),
        ("https://", "HF_ENDPOINT is no address of a hub"),
        ("https://a:s3cr3t", "HF_ENDPOINT is no address of a hub"),
        ("https://user:s3cr3t@host", "HF_ENDPOINT holds a login or a query"),
        ("https://host/?key=s3cr3t", "HF_ENDPOINT holds a login or a query"),
    ],
)
def test_an_address_that_cannot_be_is_refused_without_repeating_it(value: str, words: str) -> None:
    with pytest.raises(SettingsError) as caught:
        place_of("huggingface", {"HF_ENDPOINT": value})
    assert words in str(caught.value)
    assert "s3cr3t" not in str(caught.value)


def test_a_token_that_no_header_can_carry_is_refused_without_repeating_it() -> None:
    with pytest.raises(SettingsError, match="HF_TOKEN: its value holds a blank") as caught:
        place_of("huggingface", {"HF_TOKEN": "s3cr3t\nX: y"})
    assert "s3cr3t" not in str(caught.value)


def test_a_token_shows_nowhere_and_goes_to_its_own_origin_only() -> None:
    place = place_of("modelscope", {"MODELSCOPE_API_TOKEN": " s3cr3t\n"})
    assert "s3cr3t" not in repr(place)
    assert place.headers["Authorization"] == "Bearer s3cr3t"
    assert place.owns("https://www.modelscope.cn:443/x")
    for other in (
        "http://www.modelscope.cn/x",
        "https://modelscope.cn/x",
        "https://www.modelscope.cn.evil.example/x",
        "https://www.modelscope.cn:8443/x",
        "https://www.modelscope.cn@evil.example/x",
    ):
        assert not place.owns(other)


@pytest.mark.parametrize(
    ("platform", "environ", "folder"),
    [
        ("linux", {"IQEVAL_CACHE": "/data/cache"}, Path("/data/cache")),
        ("linux", {"XDG_CACHE_HOME": "/x"}, Path("/x/pytest-iqeval")),
        ("linux", {"XDG_CACHE_HOME": "x"}, Path.home() / ".cache/pytest-iqeval"),
        ("linux", {}, Path.home() / ".cache/pytest-iqeval"),
        ("darwin", {}, Path.home() / "Library/Caches/pytest-iqeval"),
        ("win32", {"LOCALAPPDATA": "/local"}, Path("/local/pytest-iqeval")),
        ("win32", {}, Path.home() / "AppData/Local/pytest-iqeval"),
    ],
)
def test_the_cache_lies_where_the_system_has_caches(
    platform: str, environ: dict[str, str], folder: Path
) -> None:
    assert cache_folder(environ, platform) == folder


def test_without_a_home_the_cache_has_to_be_named(monkeypatch: pytest.MonkeyPatch) -> None:
    def no_home() -> Path:
        raise RuntimeError("no home")

    monkeypatch.setattr(Path, "home", no_home)
    with pytest.raises(SettingsError, match="IQEVAL_CACHE=DIR"):
        cache_folder({}, "linux")
