"""A reply's body as it comes in: unpacked, and never more than the cap."""

from __future__ import annotations

import zlib
from collections.abc import Iterable, Iterator

from pytest_iqeval.endpoint.failures import Explainer
from pytest_iqeval.endpoint.watch import Watch

_PACKED = ("gzip", "x-gzip", "deflate")
_ZLIB_OR_GZIP = 47  # what `zlib.decompressobj` tells apart by the first bytes
_MEMBER = b"\x1f\x8b"  # gzip may be several, one behind the other
_BARE = -15  # deflate without a head, as some servers send it


def incoming(
    chunks: Iterable[bytes], encoding: str, watch: Watch, explain: Explainer, most_bytes: int
) -> Iterator[bytes]:
    """The pieces of a body, unpacked.

    :param encoding: the ``Content-Encoding``. We ask for gzip alone; deflate is understood too.
    :param most_bytes: the cap. It holds for what is unpacked, or a small body could fill the
        memory, and for what was sent.
    :raises NoReply: over the cap, or packed so that it can't be unpacked.
    """
    names = [n for n in encoding.lower().replace(" ", "").split(",") if n not in ("", "identity")]
    came = 0
    for piece in _unpacked(_begun(chunks, watch), names, explain, most_bytes):
        came += len(piece)
        if came > most_bytes:
            raise explain.too_long(most_bytes)
        yield piece


def _begun(chunks: Iterable[bytes], watch: Watch) -> Iterator[bytes]:
    for chunk in chunks:
        watch.body_begins()
        yield chunk


def _unpacked(
    chunks: Iterable[bytes], names: list[str], explain: Explainer, most_bytes: int
) -> Iterable[bytes]:
    if not names:
        return chunks
    if len(names) > 1 or names[0] not in _PACKED:
        raise explain.packed(", ".join(names))
    return _inflated(chunks, explain, most_bytes)


def _inflated(chunks: Iterable[bytes], explain: Explainer, most_bytes: int) -> Iterator[bytes]:
    inflate = zlib.decompressobj(_ZLIB_OR_GZIP)
    head = b""  # what was sent until something came of it
    sent = came = 0
    for chunk in chunks:
        sent += len(chunk)
        if sent > most_bytes:
            raise explain.too_long(most_bytes)
        rest = chunk
        while rest:
            room = most_bytes - came + 1
            head = b"" if came else head + rest
            try:
                piece = inflate.decompress(rest, room)
            except zlib.error as error:
                if not head:
                    raise explain.unreadable(str(error)) from None
                # A server may mean deflate without its head; that shows at once or never.
                inflate = zlib.decompressobj(_BARE)
                try:
                    piece = inflate.decompress(head, room)
                except zlib.error:
                    raise explain.unreadable(str(error)) from None
            came += len(piece)
            if piece:
                yield piece
            if inflate.unconsumed_tail:  # more than the room
                raise explain.too_long(most_bytes)
            rest = b""
            if inflate.eof and inflate.unused_data.startswith(_MEMBER):
                rest, inflate = inflate.unused_data, zlib.decompressobj(_ZLIB_OR_GZIP)
    if sent and not inflate.eof:
        raise explain.unreadable("it ends too early")
