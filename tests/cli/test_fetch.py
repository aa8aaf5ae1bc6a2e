"""`iqeval fetch` against a local hub."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from pytest_iqeval.sources.hub import web
from tests.cli.conftest import Iqeval
from tests.support.hub import COMMIT, LocalHub
from tests.support.hub_data import FILES, IQ, REPO

DEFINITION = f"""\
name: tiny
language: en
data: {{IQ: test/IQ.jsonl}}
hub:
  modelscope: {{repo: {REPO}, files: [test/IQ.jsonl]}}
  huggingface: {{repo: {REPO}, files: [test/IQ.jsonl]}}
"""


@pytest.fixture
def hub(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[LocalHub]:
    """A local hub that the environment names, and `tiny.yaml` whose data it has."""
    monkeypatch.setattr(web, "_WAITS_S", (0.0,) * 5)
    (tmp_path / "tiny.yaml").write_text(DEFINITION, "utf-8")
    with LocalHub() as made:
        made.put(REPO, FILES)
        for name, value in made.environ(IQEVAL_CACHE=str(tmp_path / "cache")).items():
            monkeypatch.setenv(name, value)
        yield made


def test_the_data_comes_once_and_is_told(iqeval: Iqeval, hub: LocalHub, tmp_path: Path) -> None:
    told = iqeval("fetch", "tiny.yaml")
    where = tmp_path / "cache/tiny/modelscope/owner--tiny@master"
    assert told.out == (
        f"tiny: ModelScope owner/tiny@master ({COMMIT[:12]}), 1 file, 1,150 bytes, in {where}\n"
    )
    assert told.code == 0
    assert told.err.splitlines()[0] == (
        "iqeval: fetching tiny (ModelScope owner/tiny@master): 1 file, 1.1 kB"
    )
    asked = len(hub.log)
    again = iqeval("fetch", "tiny.yaml")
    assert (again.out, again.err, len(hub.log)) == (told.out, "", asked)


def test_quiet_shows_no_progress(iqeval: Iqeval, hub: LocalHub) -> None:
    assert hub
    assert iqeval("fetch", "tiny.yaml", "-q").err == ""


def test_a_hub_can_be_chosen(iqeval: Iqeval, hub: LocalHub) -> None:
    assert "Hugging Face owner/tiny@main" in iqeval("fetch", "tiny.yaml", "--hub=huggingface").out
    assert hub.asked("list")[0].path.startswith("/api/datasets/")


def test_the_files_are_copied_for_a_data_folder(
    iqeval: Iqeval, hub: LocalHub, tmp_path: Path
) -> None:
    assert hub
    assert "copied to data/tiny" in iqeval("fetch", "tiny.yaml", "--output=data").out
    copy = tmp_path / "data/tiny/test/IQ.jsonl"
    assert copy.read_bytes() == IQ
    assert iqeval("fetch", "tiny.yaml", "--data-dir=data").code == 0
    copy.write_bytes(b"mine")
    told = iqeval("fetch", "tiny.yaml", "--output=data")
    assert (told.code, copy.read_bytes()) == (4, b"mine")
    assert "IQ.jsonl: is there already, with other content" in told.err


def test_offline_and_check_fetch_nothing(iqeval: Iqeval, hub: LocalHub, tmp_path: Path) -> None:
    for option in ("--offline", "--check"):
        told = iqeval("fetch", "tiny.yaml", option)
        assert told.code == 4
        assert "is not in the cache" in told.err
    assert not hub.log
    iqeval("fetch", "tiny.yaml")
    assert iqeval("fetch", "tiny.yaml", "--check").code == 0
    (file,) = (tmp_path / "cache").rglob("IQ.jsonl")
    file.write_bytes(IQ.replace(b"1", b"3"))
    told = iqeval("fetch", "tiny.yaml", "--check")
    assert told.code == 4
    assert "has another sha256 than" in told.err
    assert iqeval("fetch", "tiny.yaml").code == 0
    assert file.read_bytes() == IQ


def test_a_project_pins_its_data(iqeval: Iqeval, hub: LocalHub, tmp_path: Path) -> None:
    told = iqeval("fetch", "tiny.yaml", "--lock", "--hub=huggingface")
    assert told.lines[1] == "iqeval-data.lock pins tiny"
    lock = tmp_path / "iqeval-data.lock"
    pinned = json.loads(lock.read_text("utf-8"))["benchmarks"]["tiny"]["huggingface"]
    assert pinned["commit"] == COMMIT
    assert list(pinned["files"]["test/IQ.jsonl"]) == ["sha256", "size"]
    # A machine whose cache is empty asks for that commit, and takes nothing else.
    for path in (tmp_path / "cache").rglob("*.json"):
        path.unlink()
    hub.put(REPO, {**FILES, "test/IQ.jsonl": b"new"}, commit="f" * 40)
    told = iqeval("fetch", "tiny.yaml")
    assert f"has no revision {COMMIT}" in told.err
    assert "ModelScope" not in told.err  # its copy is not pinned
    hub.put(REPO, {**FILES, "test/IQ.jsonl": b"new"})
    told = iqeval("fetch", "tiny.yaml")
    assert "but iqeval-data.lock pins" in told.err
    told = iqeval("fetch", "tiny.yaml", "--hub=modelscope")
    assert "pins tiny to what is on Hugging Face, not on ModelScope" in told.err
    assert iqeval("fetch", "tiny.yaml", "--lock").code == 0  # pins that one too, as it is now
    assert set(json.loads(lock.read_text("utf-8"))["benchmarks"]["tiny"]) == {
        "huggingface",
        "modelscope",
    }


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "is no lock of ours, or damaged"),
        ('{"version": 2}', "is of version 2, this pytest-iqeval reads 1"),
    ],
)
def test_a_lock_that_cannot_be_read_is_told(
    iqeval: Iqeval, hub: LocalHub, tmp_path: Path, text: str, words: str
) -> None:
    (tmp_path / "iqeval-data.lock").write_text(text, "utf-8")
    told = iqeval("fetch", "tiny.yaml")
    assert (told.code, hub.log) == (4, [])
    assert words in told.err


def test_what_cannot_be_fetched_says_why(iqeval: Iqeval, tmp_path: Path) -> None:
    assert "unknown benchmark 'nope'" in iqeval("fetch", "nope").err
    (tmp_path / "own.yaml").write_text("name: own\nlanguage: en\ndata: x.jsonl\n", "utf-8")
    assert "own: own.yaml names no hub to fetch its data from" in iqeval("fetch", "own.yaml").err
    assert "exclude each other" in iqeval("fetch", "own.yaml", "--lock", "--check").err
