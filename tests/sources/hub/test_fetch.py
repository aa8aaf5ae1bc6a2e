"""From a definition to its files: which hub, what is kept, what is refused."""

from __future__ import annotations

import hashlib
import json
import os
from dataclasses import replace
from pathlib import Path

import pytest

from pytest_iqeval.core.errors import AbsentData, DefinitionError, FolderError
from pytest_iqeval.sources.hub import get
from pytest_iqeval.sources.hub.access import HubAccess
from pytest_iqeval.sources.hub.fetch import fetched, fetched_folder
from tests.support.hub import COMMIT, LocalHub, sends, status
from tests.support.hub_data import FILES, IQ, REPO, tiny

BOTH = ["modelscope", "huggingface"]


class Heard:
    """A listener that remembers."""

    def __init__(self) -> None:
        self.said: list[str] = []
        self.bytes = 0

    def say(self, text: str) -> None:
        self.said.append(text)

    def begin(self, what: str, files: int, size: int | None) -> None:
        self.said.append(f"{what}: {files}, {size}")

    def more(self, count: int) -> None:
        self.bytes += count

    def file(self) -> None:
        self.said.append("file")

    def end(self) -> None:
        self.said.append("end")


def sha256(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def contents(folder: Path) -> dict[str, bytes]:
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in folder.rglob("*")
        if path.is_file()
    }


def fails(access: HubAccess, *words: str, **asked: object) -> str:
    """What is told where `tiny` can't be had."""
    with pytest.raises((AbsentData, DefinitionError, FolderError)) as caught:
        fetched_folder(tiny(**asked), access)  # type: ignore[arg-type]
    told = str(caught.value)
    for word in words:
        assert word in told
    return told


@pytest.mark.parametrize("name", BOTH)
def test_the_folder_holds_what_the_definition_names_as_it_lies_on_the_hub(
    hub: LocalHub, access: HubAccess, name: str
) -> None:
    got = fetched(tiny(hubs=name), access)
    assert contents(got.folder) == {p: c for p, c in FILES.items() if p.startswith("test/")}
    assert got.folder.parts[-3:-1] == ("tiny", name)
    assert got.lock.commit == COMMIT
    assert {path: one.sha256 for path, one in got.lock.files.items()} == {
        path: sha256(content) for path, content in contents(got.folder).items()
    }
    asked = len(hub.log)
    assert (
        fetched_folder(tiny(hubs=name), replace(access, offline="--iqeval-offline")) == got.folder
    )
    assert len(hub.log) == asked
    left = {path.name for path in got.folder.parent.iterdir()}
    assert left == {got.folder.name, f"{got.folder.name}.json", f"{got.folder.name}.turn"}


def test_the_listener_hears_every_byte_once(access: HubAccess) -> None:
    heard = Heard()
    fetched_folder(tiny(), replace(access, listener=heard))
    size = len(IQ) + len(FILES["test/EQ.jsonl"])
    assert heard.said == [f"tiny (ModelScope {REPO}@master): 2, {size}", "file", "file", "end"]
    assert heard.bytes == size


def test_where_the_first_hub_lacks_it_the_second_is_asked_and_that_is_told(
    hub: LocalHub, access: HubAccess
) -> None:
    hub.fail("list", status(404, b"{}"))
    heard = Heard()
    got = fetched(tiny(), replace(access, listener=heard))
    assert got.source.hub == "huggingface"
    assert heard.said[0] == f"ModelScope has no data set {REPO}; asking Hugging Face instead"


def test_where_the_first_hub_is_out_of_reach_the_second_is_asked(
    hub: LocalHub, access: HubAccess
) -> None:
    environ = hub.environ("huggingface", IQEVAL_CACHE=str(access.cache))
    heard = Heard()
    got = fetched(tiny(), replace(access, environ=environ, listener=heard))
    assert got.source.hub == "huggingface"
    assert heard.said[0].startswith("ModelScope can't be reached at 127.0.0.1:9: ")
    assert fetched(tiny(), access).source.hub == "huggingface"  # it is here


def test_a_hub_that_was_chosen_is_the_only_one_asked(hub: LocalHub, access: HubAccess) -> None:
    hub.fail("list", status(404, b"{}"))
    told = fails(replace(access, hub="modelscope"), "has no data set owner/tiny")
    assert "Hugging Face" not in told
    fails(
        replace(access, hub="huggingface"),
        "tiny: its definition names no data on Hugging Face, only on ModelScope",
        hubs="modelscope",
    )


def test_where_no_hub_gives_it_both_reasons_and_another_way_are_told(
    hub: LocalHub, access: HubAccess
) -> None:
    hub.repos.clear()
    fails(
        access,
        "tiny: its data can't be fetched\n  ModelScope has no data set owner/tiny\n",
        "Hugging Face owner/tiny@main is not there, or not public (status 401)\n",
        f"accept its terms at {hub.url}/datasets/owner/tiny, and set HF_TOKEN to a token",
        "hint: put test/*.jsonl (of ModelScope owner/tiny@master) into DIR/tiny/ and add "
        "--iqeval-data-dir=DIR",
    )


@pytest.mark.parametrize("name", BOTH)
def test_a_revision_that_is_not_there_is_told(access: HubAccess, name: str) -> None:
    made = tiny(hubs=name)
    made = replace(made, hub=(replace(made.hub[0], revision="v9"),))
    with pytest.raises(AbsentData, match="owner/tiny has no revision v9"):
        fetched_folder(made, access)


def test_a_file_that_is_not_there_is_told_with_the_nearest(access: HubAccess) -> None:
    fails(access, "has no test/IQ.json", "it has test/IQ.jsonl", files=["test/IQ.json"])
    fails(access, "has no IQ.jsonl", "it has test/IQ.jsonl", files=["IQ.jsonl"])


@pytest.mark.parametrize(
    ("name", "variable"), [("modelscope", "MODELSCOPE_API_TOKEN"), ("huggingface", "HF_TOKEN")]
)
def test_a_gated_set_says_where_to_accept_its_terms_and_opens_to_the_token(
    hub: LocalHub, access: HubAccess, name: str, variable: str
) -> None:
    hub.needs = "tok-canary"
    page = f"accept its terms at {hub.url}/datasets/owner/tiny"
    fails(access, "is gated (status 403)", page, f"set {variable}", hubs=name)
    wrong = replace(access, environ={**access.environ, variable: "another-canary"})
    assert "another-canary" not in fails(wrong, f"closed to the account of {variable}", hubs=name)
    right = replace(access, environ={**access.environ, variable: "tok-canary\n"})
    folder = fetched_folder(tiny(hubs=name), right)
    for asked in hub.log:
        assert ("canary" in str(asked.headers)) == (
            asked.stage != "store" and asked.headers["Authorization"] is not None
        )
    assert not any("canary" in str(asked.headers) for asked in hub.asked("store"))
    for path in folder.parent.rglob("*"):
        assert not path.is_file() or b"canary" not in path.read_bytes()
        assert not path.is_file() or b"s3cr3t" not in path.read_bytes()


def test_offline_says_what_is_missing_and_asks_nobody(hub: LocalHub, access: HubAccess) -> None:
    fails(
        replace(access, offline="--iqeval-offline"),
        "tiny: its data (test/*.jsonl of ModelScope owner/tiny@master or Hugging Face "
        f"owner/tiny@main) is not in the cache {access.cache}",
        "and not to be fetched (--iqeval-offline)",
        "with a network: iqeval fetch tiny; without: put test/*.jsonl (of ModelScope "
        "owner/tiny@master) into DIR/tiny/",
    )
    assert not hub.log


def test_a_file_that_was_changed_in_the_cache_is_refused_until_it_is_fetched_again(
    hub: LocalHub, access: HubAccess
) -> None:
    folder = fetched_folder(tiny(), access)
    file = folder / "test/IQ.jsonl"
    file.write_bytes(IQ.replace(b"1 + 1", b"2 + 2"))
    fails(access, "IQ.jsonl: has another sha256 than", "`iqeval fetch tiny` gets it again")
    file.write_bytes(IQ[:-1])
    fails(access, f"IQ.jsonl: has {len(IQ) - 1:,} bytes instead of {len(IQ):,}")
    del hub.log[:]
    assert fetched_folder(tiny(), replace(access, mend=True)) == folder
    assert file.read_bytes() == IQ
    assert len(hub.asked("store")) == 1  # the other one is as it was


def test_only_a_whole_check_reads_a_file_that_looks_the_same(access: HubAccess) -> None:
    file = fetched_folder(tiny(), access) / "test/IQ.jsonl"
    found = file.stat()
    file.write_bytes(IQ.replace(b"1 + 1", b"2 + 2"))
    os.utime(file, ns=(found.st_atime_ns, found.st_mtime_ns))
    fetched_folder(tiny(), access)
    fails(replace(access, whole=True), "IQ.jsonl: has another sha256 than")
    fetched_folder(tiny(), replace(access, whole=True, mend=True))
    assert file.read_bytes() == IQ


def test_a_file_that_is_gone_comes_back_as_it_was_or_not_at_all(
    hub: LocalHub, access: HubAccess
) -> None:
    file = fetched_folder(tiny(), access) / "test/IQ.jsonl"
    file.unlink()
    fetched_folder(tiny(), access)
    assert file.read_bytes() == IQ
    file.unlink()
    hub.put(REPO, {**FILES, "test/IQ.jsonl": b"new"}, commit="f" * 40)
    fails(access, f"its sha256 is {sha256(b'new')}, but ", f"pins {sha256(IQ)}")
    fetched_folder(tiny(), replace(access, mend=True))
    assert file.read_bytes() == b"new"


def test_a_definition_that_names_other_files_gets_them_and_loses_the_rest(
    hub: LocalHub, access: HubAccess
) -> None:
    fetched_folder(tiny(), access)
    del hub.log[:]
    folder = fetched_folder(tiny(["test/IQ.jsonl", "README.md"]), access)
    assert sorted(contents(folder)) == ["README.md", "test/IQ.jsonl"]
    assert len(hub.asked("store")) == 1


def test_two_sets_of_one_name_do_not_meet_in_the_cache(hub: LocalHub, access: HubAccess) -> None:
    hub.put("other/tiny", {"test/IQ.jsonl": b"theirs"})
    mine = tiny()
    theirs = replace(mine, hub=tuple(replace(one, repo="other/tiny") for one in mine.hub))
    assert fetched_folder(mine, access) != fetched_folder(theirs, access)
    assert fetched_folder(mine, replace(access, offline="--iqeval-offline"))


def test_what_the_definition_pins_must_come(hub: LocalHub, access: HubAccess) -> None:
    good = {"test/IQ.jsonl": sha256(IQ)}
    assert fetched_folder(tiny(good), access)
    bad = {"test/IQ.jsonl": "0" * 64}
    fails(access, f"its sha256 is {sha256(IQ)}, but tiny.yaml pins {'0' * 64}", files=bad)
    hub.told_hashes = False
    elsewhere = replace(access, environ={**access.environ, "IQEVAL_CACHE": f"{access.cache}2"})
    fails(elsewhere, f"its sha256 is {sha256(IQ)}, but tiny.yaml pins {'0' * 64}", files=bad)
    assert not list(Path(f"{access.cache}2").rglob("*.jsonl"))


def test_a_wrong_hash_is_refused_and_no_other_hub_is_asked(
    hub: LocalHub, access: HubAccess
) -> None:
    hub.fail("store", sends(IQ.replace(b"1", b"9")))
    fails(access, "test/IQ.jsonl: damaged on the way: its sha256 is", sha256(IQ))
    assert len(hub.asked("list")) == 1
    assert fetched_folder(tiny(), access)  # the second time it is right


def test_a_disk_without_room_is_told_before_anything_comes(
    hub: LocalHub, access: HubAccess, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(get.shutil, "disk_usage", lambda _path: type("Usage", (), {"free": 10})())
    fails(access, "the disk has room for 10 bytes", "IQEVAL_CACHE=DIR")
    assert not hub.asked("store")


def test_a_cache_that_cannot_be_written_is_told(access: HubAccess, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way", "utf-8")
    environ = {**access.environ, "IQEVAL_CACHE": str(tmp_path / "file")}
    fails(replace(access, environ=environ), "can't be made: Not a directory", "IQEVAL_CACHE=DIR")


def test_a_record_that_cannot_be_read_counts_for_nothing(access: HubAccess) -> None:
    got = fetched(tiny(), access)
    record = got.folder.with_name(f"{got.folder.name}.json")
    for text in ("", "[]", json.dumps({"version": 1, "data": {"hub": 1}})):
        record.write_text(text, "utf-8")
        assert fetched(tiny(), access).lock == replace(
            got.lock,
            files={
                p: replace(f, mtime_ns=_mtime(got.folder / p)) for p, f in got.lock.files.items()
            },
        )


def _mtime(path: Path) -> int:
    return path.stat().st_mtime_ns


def test_a_hostile_list_leads_to_no_file_outside_the_folder(
    hub: LocalHub, access: HubAccess
) -> None:
    hub.put(REPO, {"../../../../evil": b"x", "/abs": b"x", "C:\\evil": b"x", "ok.jsonl": b"{}"})
    folder = fetched_folder(tiny(["*"]), access)
    assert contents(folder) == {"ok.jsonl": b"{}"}
