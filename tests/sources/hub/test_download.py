"""One file against everything that goes wrong on the way."""

from __future__ import annotations

import errno
from dataclasses import replace

import pytest

from pytest_iqeval.core.errors import AbsentData, DefinitionError, FolderError
from pytest_iqeval.sources.hub import download, web
from pytest_iqeval.sources.hub.access import HubAccess
from pytest_iqeval.sources.hub.fetch import fetched_folder
from tests.support.hub import LocalHub, cut, no_ranges, resets, sends, status
from tests.support.hub_data import IQ, REPO, tiny

ONE = tiny(["test/IQ.jsonl"], hubs="huggingface")


def fetch(access: HubAccess) -> bytes:
    return (fetched_folder(ONE, access) / "test/IQ.jsonl").read_bytes()


def fails(access: HubAccess) -> str:
    with pytest.raises((AbsentData, DefinitionError, FolderError)) as caught:
        fetch(access)
    return str(caught.value)


def test_a_cut_download_goes_on_where_it_was_cut(hub: LocalHub, access: HubAccess) -> None:
    hub.fail("store", cut(100), cut(200))
    assert fetch(access) == IQ
    ranges = [asked.headers.get("Range") for asked in hub.asked("store")]
    assert ranges == [None, "bytes=100-", "bytes=300-"]
    assert hub.asked("store")[1].headers["If-Range"].startswith('"')


def test_a_later_process_goes_on_with_what_came(hub: LocalHub, access: HubAccess) -> None:
    hub.fail("store", *[cut(100)] + [cut(0)] * 6)
    assert "broke off" in fails(access)
    hub.faults.clear()
    del hub.log[:]
    assert fetch(access) == IQ
    assert [asked.headers.get("Range") for asked in hub.asked("store")] == ["bytes=100-"]


def test_a_server_without_ranges_sends_it_all_again(hub: LocalHub, access: HubAccess) -> None:
    hub.fail("store", cut(100), no_ranges)
    assert fetch(access) == IQ


def test_a_part_of_another_content_is_not_gone_on_with(hub: LocalHub, access: HubAccess) -> None:
    hub.told_hashes = False
    hub.fail("store", *[cut(100)] + [cut(0)] * 6)
    fails(access)
    hub.faults.clear()
    new = IQ.replace(b"1", b"7")
    hub.put(REPO, {"test/IQ.jsonl": new})
    assert fetch(access) == new  # If-Range: the server saw that its mark is another


def test_a_part_that_was_damaged_is_begun_again_once(hub: LocalHub, access: HubAccess) -> None:
    hub.fail("store", *[cut(100)] + [cut(0)] * 6)
    fails(access)
    hub.faults.clear()
    (part,) = [p for p in access.cache.rglob("*.parts/*") if not p.name.endswith(".etag")]
    part.write_bytes(b"x" * 100)
    assert fetch(access) == IQ


def test_a_part_that_is_too_long_is_thrown_away(hub: LocalHub, access: HubAccess) -> None:
    hub.fail("store", *[cut(100)] + [cut(0)] * 6)
    fails(access)
    hub.faults.clear()
    (part,) = [p for p in access.cache.rglob("*.parts/*") if not p.name.endswith(".etag")]
    part.write_bytes(b"x" * 5000)
    assert fetch(access) == IQ


def test_a_body_that_stays_short_is_told(hub: LocalHub, access: HubAccess) -> None:
    hub.told_hashes = False
    hub.fail("store", *[sends(IQ[:70])] * 10)
    assert f"test/IQ.jsonl: cut off after 70 of {len(IQ):,} bytes" in fails(access)


def test_a_body_that_does_not_end_is_told(hub: LocalHub, access: HubAccess) -> None:
    hub.fail("store", sends(IQ * 2))
    assert f"is longer than {len(IQ):,} bytes" in fails(access)


def test_more_than_fits_any_set_is_not_begun(
    access: HubAccess, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(download, "MOST_BYTES", 1000)
    assert "has 1,150 bytes; more than 1,000 are not fetched" in fails(access)


@pytest.mark.parametrize("stage", ["list", "file", "store"])
def test_passing_faults_pass(hub: LocalHub, access: HubAccess, stage: str) -> None:
    hub.fail(stage, status(503), resets, status(429, Retry_After="0"), status(500), status(502))
    assert fetch(access) == IQ


def test_a_server_that_asks_for_time_gets_it(
    hub: LocalHub, access: HubAccess, monkeypatch: pytest.MonkeyPatch
) -> None:
    waited: list[float] = []
    made = web.Web.__init__
    monkeypatch.setattr(
        web.Web, "__init__", lambda self, place: made(self, place, sleep=waited.append)
    )
    hub.fail("list", status(429, Retry_After="7"), status(429, Retry_After="9999"), status(503))
    assert fetch(access) == IQ
    assert waited == [7.0, 60.0, 0.0]


def test_a_server_that_stays_in_trouble_is_told(hub: LocalHub, access: HubAccess) -> None:
    hub.fail("list", *[status(503)] * 6)
    assert "Hugging Face answered with status 503 Service Unavailable" in fails(access)
    hub.fail("list", *[status(429)] * 6)
    assert "try again later, or set HF_TOKEN" in fails(access)


def test_a_silent_server_is_told(
    hub: LocalHub, access: HubAccess, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(web, "_SILENCE_S", 0.05)
    monkeypatch.setattr(web, "_WAITS_S", ())
    monkeypatch.setattr(web.Web, "persist", lambda _self, do, **_: do())
    hub.fail("list", lambda handler, _body: handler.rfile.read(1) and None)
    assert "Hugging Face is silent for 0 s" in fails(access)


def test_a_web_page_is_no_data(hub: LocalHub, access: HubAccess) -> None:
    page = b"<!DOCTYPE html><title>Log in</title>"
    hub.fail("store", sends(page, Content_Type="text/html; charset=utf-8"))
    assert "test/IQ.jsonl: a web page came instead of data" in fails(access)
    hub.fail("store", sends(b"\n" + page))
    assert "a web page came instead of data" in fails(access)
    hub.fail("list", sends(page))
    assert "answered with something else than a list of files" in fails(access)


def test_redirects_that_lead_nowhere_are_told(hub: LocalHub, access: HubAccess) -> None:
    hub.fail("file", *[status(302, Location="?again=s3cr3t")] * 10)
    told = fails(access)
    assert "redirects 8 times, at last to" in told
    assert "s3cr3t" not in told
    hub.faults.clear()
    hub.fail("file", status(302, Location="ftp://elsewhere/x"))
    assert "to ftp://elsewhere/x, which is not followed" in fails(access)


def test_a_full_disk_is_told_and_leaves_no_part(
    access: HubAccess, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(_descriptor: int) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(download.os, "fsync", full)
    told = fails(access)
    assert "IQ.jsonl: the disk is full (1,150 bytes are needed)" in told
    assert not list(access.cache.rglob("*.parts/*"))


def test_a_file_that_is_listed_and_not_there_is_told(hub: LocalHub, access: HubAccess) -> None:
    hub.fail("store", status(404))
    assert "owner/tiny@main lists test/IQ.jsonl and does not have it" in fails(access)


def test_another_status_is_told_in_the_hubs_words(hub: LocalHub, access: HubAccess) -> None:
    hub.fail("list", status(451, X_Error_Message="Access to this resource is \x1b[31mdisabled."))
    told = fails(access)
    assert "status 451: Access to this resource is" in told
    assert "\x1b" not in told


def test_a_long_list_comes_in_pages(hub: LocalHub, access: HubAccess) -> None:
    hub.put(REPO, {f"part{n}.jsonl": b"%d" % n for n in range(450)})
    folder = fetched_folder(tiny(["part44?.jsonl"], hubs="modelscope"), access)
    assert sorted(path.name for path in folder.iterdir()) == [
        f"part{n}.jsonl" for n in range(440, 450)
    ]
    assert len(hub.asked("list")) == 3


def test_a_list_without_pages_is_asked_for_twice_at_most(hub: LocalHub, access: HubAccess) -> None:
    hub.pages = False
    hub.put(REPO, {f"part{n}.jsonl": b"%d" % n for n in range(450)})
    folder = fetched_folder(tiny(["part44?.jsonl"], hubs="modelscope"), access)
    assert len(list(folder.iterdir())) == 10
    assert len(hub.asked("list")) == 2


def test_a_proxy_that_cannot_be_used_is_told_without_its_password(
    access: HubAccess, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ALL_PROXY", "gopher://user:s3cr3t@proxy")
    told = fails(access)
    assert "Hugging Face can't be asked: " in told
    assert "look at HTTP_PROXY" in told
    assert "s3cr3t" not in told


def test_a_token_never_follows_a_redirect_to_another_host(hub: LocalHub, access: HubAccess) -> None:
    environ = {**access.environ, "HF_TOKEN": "hf_canary"}
    hub.fail("list", status(302, Location=f"{hub.store}/api/datasets/{REPO}/revision/main"))
    assert fetch(replace(access, environ=environ)) == IQ
    first, second = hub.asked("list")
    assert first.headers["Authorization"] == "Bearer hf_canary"
    assert "canary" not in str(second.headers)


def test_the_hash_that_comes_with_the_file_serves_where_the_list_has_none(
    hub: LocalHub, access: HubAccess
) -> None:
    hub.told_hashes = False
    where = f"{hub.store}/store/{REPO}/test/IQ.jsonl"
    hub.fail("file", status(302, Location=where, X_Linked_Etag=f'"{"0" * 64}"'))
    assert f"and the hub says {'0' * 64}" in fails(access)
