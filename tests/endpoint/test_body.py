"""A body's pieces, unpacked and capped, however the network cuts them."""

from __future__ import annotations

import contextlib
import gzip
import zlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pytest_iqeval.core.errors import NoReply
from pytest_iqeval.endpoint.body import incoming
from pytest_iqeval.endpoint.failures import Explainer
from pytest_iqeval.endpoint.watch import Limits, Watch
from tests.support.asking import endpoint_of

LIMITS = Limits(timeout_s=60)
EXPLAIN = Explainer(endpoint_of(base_url="http://here:1/v1"), "m", LIMITS)


def bare(data: bytes) -> bytes:
    pack = zlib.compressobj(wbits=-15)
    return pack.compress(data) + pack.flush()


PACKERS = {
    ("", bytes),
    ("identity", bytes),
    ("gzip", gzip.compress),
    ("X-GZip", gzip.compress),
    ("deflate", zlib.compress),
    ("deflate", bare),
}


def unpack(pieces, encoding: str, most: int = 10**6) -> bytes:
    return b"".join(incoming(pieces, encoding, Watch(LIMITS), EXPLAIN, most))


@given(
    st.binary(max_size=3000),
    st.sampled_from(sorted(PACKERS, key=str)),
    st.lists(st.integers(0, 3000), max_size=6),
)
def test_any_cut_of_a_packed_body_unpacks_to_the_same(data, packer, cuts):
    encoding, pack = packer
    packed = pack(data)
    cuts = sorted(min(cut, len(packed)) for cut in cuts)
    pieces = [packed[a:b] for a, b in zip([0, *cuts], [*cuts, len(packed)], strict=True)]
    assert unpack([p for p in pieces if p], encoding) == data


@pytest.mark.parametrize("pack", [bytes, gzip.compress])
def test_the_cap_holds_for_what_is_unpacked_and_not_a_byte_sooner(pack):
    encoding = "" if pack is bytes else "gzip"
    assert len(unpack([pack(b"x" * 1000)], encoding, 1000)) == 1000
    with pytest.raises(NoReply, match=r"longer than 0\.001 MB"):
        unpack([pack(b"x" * 1001)], encoding, 1000)


def test_a_bomb_is_never_unpacked_whole():
    """A piece of 64 kB may hold 64 MB; no more than the cap comes out of it."""
    packed, came = gzip.compress(b"\0" * 60_000_000), 0
    with pytest.raises(NoReply, match=r"longer than 0\.1 MB"):  # noqa: PT012 - the loop raises
        for piece in incoming([packed], "gzip", Watch(LIMITS), EXPLAIN, 100_000):
            came = max(came, len(piece))
    assert came <= 100_001


@given(st.binary(max_size=40), st.sampled_from(["gzip", "deflate", "gzip, gzip", "br", "x"]))
def test_whatever_it_claims_to_be_it_is_bytes_or_a_named_failure(data, encoding):
    with contextlib.suppress(NoReply):
        assert isinstance(unpack([data], encoding), bytes)
