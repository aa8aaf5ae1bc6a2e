"""Files of a folder and of an archive are seen in one way."""

from __future__ import annotations

import gzip
import zipfile
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pytest_iqeval.sources.packed import unpacked
from pytest_iqeval.sources.records import Fault
from pytest_iqeval.sources.tree import Archive, BrokenArchive, Folder, Tree


def zipped(path: Path, files: dict[str, bytes]) -> Path:
    with zipfile.ZipFile(path, "w") as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return path


def folder(path: Path, files: dict[str, bytes]) -> Path:
    for name, content in files.items():
        (path / name).parent.mkdir(parents=True, exist_ok=True)
        (path / name).write_bytes(content)
    return path


FILES = {
    "a.csv": b"a",
    "b.csv.gz": gzip.compress(b"b"),
    "c.csv": b"plain",
    "c.csv.gz": gzip.compress(b"packed"),
    "deep/down/d.json": b"d",
    "deep/e.tsv": b"e",
    "._a.csv": b"left behind",
    "__MACOSX/._a.csv": b"left behind",
}


@pytest.fixture(params=["folder", "archive"])
def tree(request: pytest.FixtureRequest, tmp_path: Path) -> Tree:
    if request.param == "folder":
        return Folder(folder(tmp_path / "x", FILES))
    return Archive(zipped(tmp_path / "x.zip", FILES))


def test_packed_files_stand_under_their_plain_names(tree: Tree) -> None:
    """A plain file comes before its packed twin; what desktops leave behind is not seen."""
    top = tree.listing("")
    assert (sorted(top.files), top.folders) == (["a.csv", "b.csv", "c.csv"], {"deep"})
    assert tree.listing("deep").folders == {"down"}
    assert tree.listing("deep/down").files == {"d.json": "d.json"}
    assert tree.listing("no").files == {}
    paths = ["a.csv", "b.csv", "c.csv", "deep/down/d.json"]
    assert list(tree.read(paths)) == [b"a", b"b", b"plain", b"d"]


def test_a_file_is_named_as_it_stands_there(tree: Tree) -> None:
    names = [tree.own(path) for path in ("a.csv", "b.csv", "deep/e.tsv", "deep/no.csv")]
    assert names == ["a.csv", "b.csv.gz", "deep/e.tsv", "deep/no.csv"]


def test_a_file_that_is_gone_is_a_fault(tmp_path: Path) -> None:
    (fault,) = Folder(tmp_path).read(["x.csv"])
    assert fault == Fault(0, "can't be read: No such file or directory")


def test_broken_gzip_is_told() -> None:
    packed = gzip.compress(b"x" * 10_000)
    for content in (b"plain", packed[:-20], packed[:-5] + b"12345"):
        found = unpacked(content)
        assert isinstance(found, Fault)
        assert found.what.startswith("broken gzip: ")
        assert found.what.endswith("; fetch the file again")


@given(st.binary(max_size=400))
def test_any_bytes_are_unpacked_or_a_fault(content: bytes) -> None:
    assert unpacked(gzip.compress(content)) == content
    assert isinstance(unpacked(content), bytes | Fault)


def test_too_much_is_not_unpacked(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("pytest_iqeval.sources.packed.LARGEST", 1000)
    assert unpacked(gzip.compress(b"x" * 1000)) == b"x" * 1000
    assert "more than 1 GiB" in str(unpacked(gzip.compress(b"x" * 1001)))


@pytest.mark.parametrize("name", ["../x.csv", "a/../../x.csv", "/etc/x.csv", "C:/x.csv"])
def test_an_archive_that_leads_out_of_itself_is_not_read(tmp_path: Path, name: str) -> None:
    with pytest.raises(BrokenArchive, match="which leads out of it; fetch it from elsewhere"):
        Archive(zipped(tmp_path / "x.zip", {"a.csv": b"", name: b""}))


def test_backslashes_are_folders(tmp_path: Path) -> None:
    archive = Archive(zipped(tmp_path / "x.zip", {"test\\a.csv": b"a"}))
    assert archive.listing("").folders == {"test"}
    assert list(archive.read(["test/a.csv"])) == [b"a"]


@pytest.mark.parametrize("content", [b"", b"no archive", b"PK\x03\x04 cut off"])
def test_what_is_no_archive_is_told(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "x.zip").write_bytes(content)
    with pytest.raises(BrokenArchive, match=r"broken zip: .*; fetch the archive again"):
        Archive(tmp_path / "x.zip")


def test_an_encrypted_member_is_told(tmp_path: Path) -> None:
    path = zipped(tmp_path / "x.zip", {"a.csv": b"secret"})
    content = bytearray(path.read_bytes())
    content[6] |= 1  # the flag of the member, and that of the archive's list
    content[content.index(b"PK\x01\x02") + 8] |= 1
    path.write_bytes(content)
    (fault,) = Archive(path).read(["a.csv"])
    assert fault == Fault(0, "is encrypted; unpack the archive beside it with its password")


def test_a_damaged_member_is_told(tmp_path: Path) -> None:
    path = zipped(tmp_path / "x.zip", {"a.csv": b"hello", "b.csv": b"x"})
    path.write_bytes(path.read_bytes().replace(b"hello", b"hullo"))
    damaged, good = Archive(path).read(["a.csv", "b.csv"])
    assert isinstance(damaged, Fault)
    assert damaged.what.startswith("broken zip: Bad CRC-32")
    assert good == b"x"


def test_an_archive_that_is_gone_when_it_is_read_is_told(tmp_path: Path) -> None:
    archive = Archive(zipped(tmp_path / "x.zip", {"a.csv": b""}))
    (tmp_path / "x.zip").unlink()
    assert list(archive.read(["a.csv"])) == [Fault(0, "can't be read: No such file or directory")]
