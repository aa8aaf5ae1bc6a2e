"""Gzipped bytes, unpacked."""

from __future__ import annotations

from pytest_iqeval.sources.records import Fault

LARGEST = 2**30
"""Bytes; a file that unpacks to more is taken for a trap."""
_PART = 2**20
TOO_LARGE = "unpacks to more than 1 GiB; unpack it by hand if it is meant so"


def unpacked(content: bytes) -> bytes | Fault:
    """The bytes in a gzip file, or why they can't be had."""
    # Imported here: most data is not packed.
    import gzip
    import io
    import zlib

    found = bytearray()
    try:
        with gzip.GzipFile(fileobj=io.BytesIO(content)) as file:
            # In parts: a read of n bytes takes n bytes of memory, whatever there is.
            while len(found) <= LARGEST and (part := file.read(_PART)):
                found += part
    except (OSError, EOFError, zlib.error) as error:
        return Fault(0, f"broken gzip: {error}; fetch the file again")
    return Fault(0, TOO_LARGE) if len(found) > LARGEST else bytes(found)
