"""Lists of files as hubs give them, and as nobody should."""

from __future__ import annotations

import json
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from pytest_iqeval.core.hub import is_inside
from pytest_iqeval.sources.hub.faults import Unavailable
from pytest_iqeval.sources.hub.listing import Remote, list_files
from pytest_iqeval.sources.hub.places import place_of
from tests.support.hub_data import tiny

SHA = "a" * 64


class Says:
    """A web whose every answer has one body."""

    def __init__(self, value: object) -> None:
        self.body = json.dumps(value).encode()

    def persist(self, _do: object) -> bytes:
        return self.body

    def clean(self, text: str) -> str:
        return text


def listed(hub: str, value: object) -> Any:
    """The list that a hub's answer gives, or the trouble with it."""
    (source,) = tiny(hubs=hub).hub
    try:
        return list_files(Says(value), place_of(hub, {}), source)  # type: ignore[arg-type]
    except Unavailable as trouble:
        return trouble


def test_hugging_face_names_commit_sizes_and_the_hashes_of_large_files() -> None:
    got = listed(
        "huggingface",
        {
            "sha": "abcdef0123",
            "siblings": [
                {"rfilename": "a.csv", "size": 3, "blobId": "b"},
                {"rfilename": "b.parquet", "size": 1, "lfs": {"sha256": SHA, "size": 9}},
                {"rfilename": "../c", "size": 1},
            ],
        },
    )
    assert got.commit == "abcdef0123"
    assert got.files == (
        Remote(path="a.csv", size=3),
        Remote(path="b.parquet", size=9, sha256=SHA),
    )


def test_modelscope_names_hashes_and_its_commit_by_the_first_digits() -> None:
    commit = "83ee97c66e841048bedc5c02c15ce2f3ed259feb"
    rows = [
        {"Path": "test", "Type": "tree", "Revision": commit},
        {"Path": "a.csv", "Type": "blob", "Size": 3, "Sha256": SHA, "Revision": commit},
        {"Path": "b.csv", "Type": "blob", "Size": 0, "Sha256": "", "Revision": "f" * 40},
    ]
    data = {"Files": rows, "LatestCommitter": {"Id": "", "ShortId": commit[:8]}}
    got = listed("modelscope", {"Code": 200, "Success": True, "Data": data})
    assert got.commit == commit
    assert got.files == (Remote(path="a.csv", size=3, sha256=SHA), Remote(path="b.csv"))


def test_modelscope_says_no_with_a_status_of_200_too() -> None:
    got = listed("modelscope", {"Code": 10990101007, "Success": False, "Message": "denied"})
    assert "ModelScope owner/tiny@master: denied" in str(got)


PLAIN = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5) | st.just(SHA),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(
                [
                    *("Data", "Files", "Path", "Type", "Size", "Sha256", "Revision", "Success"),
                    *("LatestCommitter", "Id", "sha", "siblings", "rfilename", "size", "lfs"),
                ]
            ),
            inner,
            max_size=5,
        )
    ),
    max_leaves=20,
)


@given(st.sampled_from(["modelscope", "huggingface"]), PLAIN)
def test_any_answer_is_a_list_or_a_trouble(hub: str, value: object) -> None:
    got = listed(hub, value)
    if not isinstance(got, Unavailable):
        assert all(is_inside(remote.path) for remote in got.files)
